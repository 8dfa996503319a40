"""People who ask and press, the same way on every platform."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

from tests.emulators.discord import DiscordEmulator
from tests.emulators.discord.message import BUTTON, walk
from tests.emulators.discord.message import Message as DiscordMessage
from tests.emulators.telegram import Message as TelegramMessage
from tests.emulators.telegram import Place, TelegramEmulator

PATIENCE = 15.0
"""Seconds until an answer: a chat on Telegram is answered once a second."""


class Visitor(Protocol):
    """Somebody in some place."""

    async def asks(self, text: str) -> Any:
        """Give a command, and return the message that answers it."""

    async def presses(self, message: Any, named: str = "") -> Any:
        """Press a button by its press, its label or a part of that, by default the first; return what came of it."""


@dataclass(frozen=True, kw_only=True)
class OnTelegram:
    """A person in a chat of Telegram."""

    emulator: TelegramEmulator
    user: int
    place: Place

    async def asks(self, text: str) -> TelegramMessage:
        before = len(self.place.messages)
        await self.emulator.types(self.user, text, chat=self.place)
        return (await self.emulator.wait_for(lambda: self.place.messages[before:], PATIENCE))[-1]

    async def presses(self, message: TelegramMessage, named: str = "") -> TelegramMessage:
        edits, before = message.edits, len(self.place.messages)
        query = await self.emulator.presses(self.user, message, named or message.buttons[0][0])
        answered = self.emulator.answered_callbacks
        await self.emulator.wait_for(lambda: query in answered, PATIENCE)
        if not answered[query].get("show_alert"):
            await self.emulator.wait_for(lambda: message.edits > edits or len(self.place.messages) > before, PATIENCE)
        return message if message.edits > edits else self.place.messages[-1]


@dataclass(frozen=True, kw_only=True)
class OnDiscord:
    """A person in a channel of Discord, or in direct messages; `bold` ones call what they are not offered."""

    emulator: DiscordEmulator
    user: int
    channel: int | None = None
    bold: bool = False

    async def asks(self, text: str) -> DiscordMessage | None:
        name, _, words = text.removeprefix("/").partition(" ")
        options = {self._field(name): words} if words else {}
        asked = await self.emulator.runs(
            self.user, name, channel=self.channel, options=options, uninvited=self.bold, timeout=PATIENCE
        )
        return asked.followups[-1] if asked.followups else asked.message

    async def presses(self, message: DiscordMessage, named: str = "") -> DiscordMessage | None:
        first = next(part["custom_id"] for part in walk(message.components) if part.get("type") == BUTTON)
        asked = await self.emulator.presses(self.user, message, named or first, timeout=PATIENCE)
        return asked.message

    def _field(self, command: str) -> str:
        """Return the first field of a command: all of them are read as what is typed behind its name."""
        return str(self.emulator.registry.known[command]["options"][0]["name"])


async def until(holds: Callable[[], Awaitable[object]], seconds: float = PATIENCE) -> None:
    """Wait until `holds`. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while True:
            if await holds():
                return
            await asyncio.sleep(0.02)
