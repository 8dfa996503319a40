"""The only place with SQL. One file per noun; `Store` holds them together."""

import asyncio
from contextlib import suppress
from typing import Self

from bot.errors import NoDatabase
from bot.store.alarms import Alarms
from bot.store.answers import Answer, Answers
from bot.store.categories import Categories
from bot.store.corrections import CHAT_GONE, Corrections, Head
from bot.store.deliveries import Deliveries
from bot.store.digests import DayLine, Digests, Newest, Outcome, Saved, fingerprint
from bot.store.drafts import Drafts
from bot.store.editions import Editions
from bot.store.engine import Database, is_there
from bot.store.files import SourceFiles
from bot.store.issues import Issue, Issues
from bot.store.journal import Journal
from bot.store.leases import LEASE, Leases
from bot.store.migrate import migrate
from bot.store.mornings import Morning, Mornings, Settled
from bot.store.records import Record, Records
from bot.store.resends import Failed, Resends
from bot.store.resorts import Resorts
from bot.store.roster import Entry, Roster
from bot.store.search import Hit, Search
from bot.store.shelf import Document, Shelf, Volume
from bot.store.status import Counts, Status, Tally, Trouble, Wishes, tally
from bot.store.subscriptions import Known, Subscriptions
from bot.store.thinning import Thinning
from bot.store.verdicts import Verdict, Verdicts
from bot.store.weeks import Weeks

__all__ = [
    "CHAT_GONE",
    "LEASE",
    "Answer",
    "Counts",
    "DayLine",
    "Document",
    "Entry",
    "Failed",
    "Head",
    "Hit",
    "Issue",
    "Known",
    "Morning",
    "Newest",
    "Outcome",
    "Record",
    "Saved",
    "Settled",
    "Store",
    "Tally",
    "Trouble",
    "Verdict",
    "Volume",
    "Wishes",
    "fingerprint",
    "tally",
]

LAST_RECORDS = 1.0
"""How long the last records may take when the store is closed, in seconds."""


class Store:
    """Everything that is kept, by noun."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.alarms = Alarms(database)
        self.answers = Answers(database)
        self.categories = Categories(database)
        self.corrections = Corrections(database)
        self.issues = Issues(database)
        self._journal = Journal(database)
        self.deliveries = Deliveries(database, self._journal)
        self.digests = Digests(database)
        self.drafts = Drafts(database)
        self.editions = Editions(database)
        self.files = SourceFiles(database)
        self.leases = Leases(database)
        self.mornings = Mornings(database)
        self.records = Records(database)
        self.resends = Resends(database)
        self.resorts = Resorts(database)
        self.roster = Roster(database)
        self.search = Search(database)
        self.shelf = Shelf(database)
        self.status = Status(database)
        self.subscriptions = Subscriptions(database)
        self.thinning = Thinning(database)
        self.verdicts = Verdicts(database)
        self.weeks = Weeks(database)

    @classmethod
    async def open(cls, url: str, *, create: bool = True) -> Self:
        """Open the database at `url` (SQLAlchemy's form) and bring it up to date. Raises StoreError.

        One that is not there is made, or with `create` False it is NoDatabase: who looks for what was loaded, or
        changes it, has mistaken the place.
        """
        database = Database(url)
        try:
            if not create:
                _expect(database)
            await migrate(database)
        except BaseException:
            await database.close()
            raise
        return cls(database)

    @staticmethod
    def exists(url: str) -> bool:
        """Tell whether there is a database at `url` already, as far as that can be seen without opening it."""
        return is_there(url)

    def hurry(self, seconds: float) -> None:
        """Have writes that begin from now on wait only so long for another process's transaction: the end is near."""
        self._database.hurry(seconds)

    async def close(self) -> None:
        """Close the database once what is recorded is written; a store that can't be written to is not waited for."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._journal.flush(), LAST_RECORDS)
        await self._database.close()


def _expect(database: Database) -> None:
    if not is_there(database.url):
        raise NoDatabase(database.file)
