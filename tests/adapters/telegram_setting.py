"""The real adapter against the emulator, and a listener that writes down what it hears."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from adapters.telegram import TelegramAdapter
from bot.contract import ChatEvent, Suggest, Suggestion
from bot.models import Chat, ChatKind, Command, Part
from tests.emulators.telegram import TelegramEmulator

TOKEN = "123456:SECRET-of-the-bot"


@dataclass(kw_only=True)
class Notes:
    """A Listener: keeps what it is told, and lets `act` have its way with commands; suggests what `offers` says."""

    act: Callable[[Command], Awaitable[None]] | None = None
    offers: tuple[Suggestion, ...] = ()
    suggests: list[Suggest] = field(default_factory=list)
    commands: list[Command] = field(default_factory=list)
    events: list[ChatEvent] = field(default_factory=list)

    async def on_command(self, command: Command) -> None:
        self.commands.append(command)
        if self.act:
            await self.act(command)

    async def on_suggest(self, suggest: Suggest) -> tuple[Suggestion, ...]:
        self.suggests.append(suggest)
        return self.offers

    async def on_chat_event(self, event: ChatEvent) -> None:
        self.events.append(event)


@asynccontextmanager
async def at_telegram(**wishes: Any) -> AsyncIterator[tuple[TelegramEmulator, TelegramAdapter]]:
    """An emulator and an adapter that talks to it; short timeouts."""
    timeouts = {"connect_timeout": 0.3, "read_timeout": 0.2, "poll_timeout": 2} | wishes
    async with TelegramEmulator(TOKEN) as emulator:
        adapter = TelegramAdapter(TOKEN, api_url=emulator.url, **timeouts)
        try:
            yield emulator, adapter
            assert [one for one in emulator.violations if "flood wait" not in one] == [], "it is the pacer that waits"
        finally:
            await adapter.close()


@asynccontextmanager
async def listening(adapter: TelegramAdapter, notes: Notes) -> AsyncIterator[None]:
    """The adapter listens meanwhile; what ends it early is raised."""
    task = asyncio.create_task(adapter.listen(notes))
    try:
        yield
    finally:
        if not task.done():
            task.cancel()
        await asyncio.wait([task])
        if not task.cancelled() and (error := task.exception()):
            raise error


def private(user_id: int = 7) -> Chat:
    return Chat(platform="telegram", address=str(user_id))


def group(chat_id: int = -100, topic: str = "") -> Chat:
    return Chat(platform="telegram", address=str(chat_id), topic=topic, kind=ChatKind.GROUP)


def channel(chat_id: int = -200) -> Chat:
    return Chat(platform="telegram", address=str(chat_id), kind=ChatKind.CHANNEL)


def part(markup: str, **rest: Any) -> Part:
    return Part(markup=markup, **rest)
