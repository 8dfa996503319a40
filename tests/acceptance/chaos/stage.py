"""A broadcast on its way, for trouble of one kind at a time."""

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.acceptance import ledger
from tests.acceptance.application import Application
from tests.acceptance.chaos.count import Count, complete, count
from tests.acceptance.chaos.readers import Readers, gather
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
        return sum(
            len(self.readers.edition(self.source, one.subjects, corrected=False)) for one in self.readers.subscribers
        )

    async def until_done(self, seconds: float) -> Count:
        """Wait until everybody has everything, and count."""
        database = self.application.database
        await self.application.until(lambda: complete(self.readers, self.source, database), seconds)
        return count(self.readers, self.source, database)

    def unsettled(self) -> int:
        return ledger.unsettled(self.application.database)


@asynccontextmanager
async def stage(
    folder: Path, emulator: TelegramEmulator, *, chats: int = 30, clock: Path | None = None, **settings: str
) -> AsyncIterator[Stage]:
    """Subscribe so many chats, load the digest of today, and start; `clock` as for the application."""
    place = here()
    application = Application(folder, emulator, telegram_paid_broadcast="true", **settings)
    application.clock = clock
    readers = gather(emulator, place, chats)
    source = document(place.today, sentences=SENTENCES)
    readers.learn(source)
    await subscribe(application, readers.subscribers)
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
