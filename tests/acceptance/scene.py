"""An archive of twelve days, one of them missing, and the people of a test, each in a chat of their own."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Coroutine, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from bot.models import Chat, Subscription
from bot.store import Store
from tests.acceptance.application import Application
from tests.acceptance.documents import SUBJECTS, document, here
from tests.acceptance.talk import Talk
from tests.emulators.telegram import Message, Place, TelegramEmulator

LATELY = SUBJECTS[:3]
"""What today's and yesterday's digests have; older ones have all subjects."""
MISSING = 2
"""So many days ago there was no digest."""


@dataclass(frozen=True, kw_only=True)
class Scene:
    """The bot at work, its archive loaded, and a view of its store."""

    emulator: TelegramEmulator
    application: Application
    store: Store
    zone: str
    today: date
    _ids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(100))

    def ago(self, days: int) -> date:
        return self.today - timedelta(days=days)

    def reader(self, language: str = "zh-hans") -> Talk:
        """Somebody new, in private."""
        place = self.emulator.private(next(self._ids), language_code=language)
        return Talk(emulator=self.emulator, user=place.id, place=place)

    async def wish(self, place: Place, topic: int | None = None) -> Subscription:
        """Return what a place has subscribed to, on or off."""
        found = await self.store.subscriptions.get(
            Chat(platform="telegram", address=str(place.id), topic=str(topic or ""))
        )
        assert found is not None, f"{place.id} has no subscription"
        return found


@asynccontextmanager
async def scene(folder: Path, emulator: TelegramEmulator, days: Iterable[int] = range(12)) -> AsyncIterator[Scene]:
    """Load the digests of so many days ago, and run the bot."""
    place = here()
    archive = folder / "archive"
    archive.mkdir()
    for back in set(days) - {MISSING}:
        day = place.today - timedelta(days=back)
        source = document(day, subjects=LATELY if back < MISSING else SUBJECTS)
        (archive / f"{day}.md").write_bytes(source)
    application = Application(folder, emulator, zone=place.zone)
    ended = await application.command("load", archive)
    assert ended.code == 0, ended
    async with application:
        store = await Store.open(application.database_url)
        try:
            yield Scene(emulator=emulator, application=application, store=store, zone=place.zone, today=place.today)
        finally:
            await store.close()


def title(day: date) -> str:
    """Return the first line of a day's digest."""
    return f"{day:%Y.%m.%d} 每日速递"


def stories(message: Message) -> int:
    """Return how many items a message shows."""
    return message.text.count("的第1句话")


async def at_once(*talks: Coroutine[object, object, None]) -> None:
    """Hold conversations side by side: in one chat the bot says one thing a second."""
    async with asyncio.TaskGroup() as group:
        for talk in talks:
            group.create_task(talk)
