"""A broadcast on its way, for trouble of one kind at a time."""

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.acceptance import ledger
from tests.acceptance.application import Application
from tests.acceptance.chaos.count import Count, complete, count
from tests.acceptance.chaos.readers import Readers
from tests.acceptance.chaos.telegram import TelegramSide, people
from tests.acceptance.documents import document, here
from tests.acceptance.seeding import subscribe
from tests.emulators.telegram import TelegramEmulator

SENTENCES = 36
"""For a digest of three parts."""


@dataclass(frozen=True, kw_only=True)
class Stage:
    """The bot, its readers, and the digest they are sent."""

    application: Application
    readers: Readers
    source: bytes

    @property
    def parts(self) -> int:
        """How many parts there are to be sent."""
        subscribers = self.readers.side.subscribers
        return sum(len(self.readers.edition(self.source, one, corrected=False)) for one in subscribers)

    async def until_done(self, seconds: float) -> Count:
        """Wait until everybody has everything, and count."""
        database = self.application.database
        await self.application.until(
            lambda: self.unsettled() == 0 and complete(self.readers, self.source, database), seconds
        )
        return count(self.readers, self.source, database)

    def unsettled(self) -> int:
        return ledger.unsettled(self.application.database)


@asynccontextmanager
async def stage(
    folder: Path, emulator: TelegramEmulator, *, chats: int = 30, clock: Path | None = None, **settings: str
) -> AsyncIterator[Stage]:
    """Subscribe so many chats, load the digest of today, and start; `clock` as for the application."""
    place = here()
    side = TelegramSide(emulator, people(emulator, place.zone, chats))
    application = Application(folder, emulator, **side.settings, **settings)
    application.clock = clock
    readers = Readers(side=side)
    source = document(place.today, sentences=SENTENCES)
    readers.learn(source)
    await subscribe(application, side.subscribers)
    await application.load("today.md", source)
    async with application:
        yield Stage(application=application, readers=readers, source=source)


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """Keep everybody else from writing."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")
