"""The real adapter against the emulator, and a listener that writes down what it hears."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from adapters.discord import DiscordAdapter
from bot.commands import menu
from bot.contract import ChatEvent, Suggest, Suggestion
from bot.models import About, Chat, ChatKind, Command, Key, Part
from tests.emulators.discord import DiscordEmulator, Permission

TOKEN = "discord-test-token"
GUILD, ROOM, READER, MANAGER = 1, 10, 7, 8
DAY = date(2025, 10, 12)


@dataclass(kw_only=True)
class Notes:
    """A Listener: keeps what it is told, and lets `act` have its way with commands."""

    act: Callable[[Command], Awaitable[None]] | None = None
    suggestions: tuple[Suggestion, ...] = ()
    commands: list[Command] = field(default_factory=list)
    typed: list[Suggest] = field(default_factory=list)
    events: list[ChatEvent] = field(default_factory=list)

    async def on_command(self, command: Command) -> None:
        self.commands.append(command)
        if self.act:
            await self.act(command)

    async def on_suggest(self, suggest: Suggest) -> tuple[Suggestion, ...]:
        self.typed.append(suggest)
        return self.suggestions

    async def on_chat_event(self, event: ChatEvent) -> None:
        self.events.append(event)


@asynccontextmanager
async def at_discord(**wishes: Any) -> AsyncIterator[tuple[DiscordEmulator, DiscordAdapter]]:
    """An emulator with a server, a channel, a reader and a manager; an adapter that talks to it."""
    timeouts = {"connect_timeout": 0.3, "read_timeout": 0.3} | wishes
    async with DiscordEmulator(TOKEN) as emulator:
        emulator.guild(GUILD, locale="zh-CN")
        emulator.member(GUILD, READER, locale="zh-CN")
        emulator.member(GUILD, MANAGER, permissions=Permission.MANAGE_CHANNELS)
        emulator.text(ROOM, GUILD)
        adapter = DiscordAdapter(TOKEN, api_url=emulator.url, **timeouts)
        try:
            yield emulator, adapter
        finally:
            await adapter.close()


@asynccontextmanager
async def listening(adapter: DiscordAdapter, emulator: DiscordEmulator, notes: Notes) -> AsyncIterator[None]:
    """The adapter's commands are registered, and it listens meanwhile; what ends it early is raised."""
    await adapter.publish_commands(menu(operators=True))
    task = asyncio.create_task(adapter.listen(notes))
    try:
        await emulator.wait_for(lambda: task.done() or emulator.gateway.connected(), timeout=10)
        yield
    finally:
        if not task.done():
            task.cancel()
        await asyncio.wait([task])
        if not task.cancelled() and (error := task.exception()):
            raise error


@asynccontextmanager
async def answering(
    answer: Callable[[DiscordAdapter, Command], Awaitable[None]], **wishes: Any
) -> AsyncIterator[tuple[DiscordEmulator, DiscordAdapter, Notes]]:
    """An adapter that listens, and answers commands as `answer` does."""
    async with at_discord(**wishes) as (emulator, adapter):
        notes = Notes(act=lambda command: answer(adapter, command))
        async with listening(adapter, emulator, notes):
            yield emulator, adapter, notes


def room(address: object = ROOM) -> Chat:
    return Chat(platform="discord", address=str(address), kind=ChatKind.GROUP)


def direct(address: object) -> Chat:
    return Chat(platform="discord", address=str(address), kind=ChatKind.PRIVATE)


def part(markup: str = "Hello", **rest: Any) -> Part:
    return Part(markup=markup, **rest)


def day_part(number: int = 1, of: int = 1, *, subjects: tuple[str, ...] = ()) -> Part:
    about = About(day=DAY, title="2025.10.12 News", subjects=subjects)
    return Part(markup=f"Part {number}", number=number, of=of, about=about)


def keys(*rows: str) -> tuple[tuple[Key, ...], ...]:
    """Rows of buttons as `label=press label=press`."""
    made = []
    for row in rows:
        pairs = (word.partition("=") for word in row.split())
        made.append(tuple(Key(label=label, data=press.replace("_", " ")) for label, _, press in pairs))
    return tuple(made)
