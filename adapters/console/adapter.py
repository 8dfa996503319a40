"""The adapter: one private chat, that of whoever sits at the terminal."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from adapters.console.dialect import ConsoleDialect, printable
from adapters.console.keyboard import PROMPT, Keyboard
from adapters.console.screen import Screen
from bot.contract import Dialect, Listener, MenuEntry, Pace
from bot.errors import ChatGone, NotDelivered
from bot.models import Actor, Chat, Command, Key, Part, Receipt

_PLATFORM = ConsoleDialect.platform
_HERE = Chat(platform=_PLATFORM, address=_PLATFORM)
_READER = Actor(address=_PLATFORM)
_SLASHES = "/／"
_LEAVING = frozenset({"quit", "exit"})
_ALWAYS = frozenset({"start", "help", "quit"})
_NEW_MESSAGE = "+"
"""Before a button's data: answer with a new message instead of changing the one it stands under."""
_QUIET = 0.5
"""How long the screen must be still before it is left, in seconds."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Press:
    message: int


class ConsoleAdapter:
    """A chat in the terminal.

    `script` is typed for the reader first. When the input ends, listening ends too, but not before a push has come
    or `linger` seconds have passed.
    """

    def __init__(self, keyboard: Keyboard, screen: Screen, *, script: Iterable[str] = (), linger: float = 0) -> None:
        self.dialect: Dialect = ConsoleDialect()
        self.pace = Pace(per_second=None)
        self.pushed = asyncio.Event()
        self._keyboard = keyboard
        self._screen = screen
        self._script = tuple(script)
        self._linger = linger
        self._names = _ALWAYS
        self._messages = 0
        self._keys: tuple[Key, ...] = ()
        self._keyed = 0

    async def identify(self) -> str:
        """Return the name of the account."""
        return "this terminal"

    async def listen(self, listener: Listener) -> None:
        """Report what is typed until `/quit`, the end of the input, or the end of the terminal."""
        for ready in self._script:
            self._screen.say(PROMPT + ready, style="bold")
            await self._obey(ready, listener)
        while not self._screen.gone and (line := await self._keyboard.line()) is not None:
            typed = printable(line).strip()
            if not typed:
                continue
            if self._keyboard.echoes:
                self._screen.typed()
            else:
                self._screen.say(PROMPT + typed, style="bold")
            if not await self._obey(typed, listener):
                return
        await self._see_out()

    async def _obey(self, typed: str, listener: Listener) -> bool:
        """Have a line answered; False when it says goodbye."""
        command = self._read(typed)
        if command.name in _LEAVING:
            return False
        await listener.on_command(command)
        return True

    async def _see_out(self) -> None:
        if not self._linger or self._screen.gone:
            return
        try:
            await asyncio.wait_for(self.pushed.wait(), self._linger)
        except TimeoutError:
            return
        seen = 0
        while seen != self._messages:
            seen = self._messages
            await asyncio.sleep(_QUIET)

    def _read(self, typed: str) -> Command:
        if typed.isdecimal() and 0 < int(typed) <= len(self._keys):
            return self._pressed(self._keys[int(typed) - 1])
        name, words = _split(typed.lstrip(_SLASHES))
        if typed[0] not in _SLASHES and name not in self._names | _LEAVING:
            name, words = "", typed
        return Command(name=name, words=words, actor=_READER, chat=_HERE)

    def _pressed(self, key: Key) -> Command:
        name, words = _split(key.data.removeprefix(_NEW_MESSAGE))
        return Command(
            name=name,
            words=words,
            actor=_READER,
            chat=_HERE,
            handle=_Press(message=self._keyed),
            in_place=not key.data.startswith(_NEW_MESSAGE),
        )

    async def respond(self, command: Command, parts: Sequence[Part], *, private: bool = False) -> None:
        """Print the answer; one that takes the place of a message is marked as its edited form."""
        for place, part in enumerate(parts):
            if place == 0 and command.in_place and not private and isinstance(command.handle, _Press):
                self._show(part, command.handle.message, "✎ message {}, edited")
            else:
                self._show(part, self._next(), "")

    def hint(self, text: str) -> None:
        """Print a word that is not the bot's own."""
        self._screen.say(text, style="green")

    async def may_manage(self, chat: Chat, actor: Actor) -> bool:  # noqa: ARG002
        """Whoever sits here may."""
        return True

    async def find_chat(self, name: str) -> Chat:
        """There are no others. Raises ChatGone."""
        raise ChatGone(f"a terminal is a chat of its own; it knows no {name}")

    async def publish_commands(self, menu: Sequence[MenuEntry]) -> None:
        """Take these words for commands without a slash too, and complete them."""
        self._names = _ALWAYS | {entry.name for entry in menu}
        self._keyboard.offer(f"/{name}" for name in self._names)

    async def send(self, chat: Chat, part: Part, *, nonce: str, silent: bool = False) -> Receipt:  # noqa: ARG002
        """Print a push under a heading of its own."""
        number = self._next()
        self._show(part, number, "✉ message {}")
        if self._screen.gone:
            raise NotDelivered("the terminal is closed")
        self.pushed.set()
        return Receipt(message_id=str(number))

    async def edit(self, chat: Chat, message_id: str, part: Part) -> None:  # noqa: ARG002
        """Print the message anew: what has scrolled by stays."""
        self._show(part, int(message_id), "✎ message {}, edited")

    async def delete(self, chat: Chat, message_id: str) -> None:  # noqa: ARG002
        """Say that a message no longer holds."""
        self._screen.say(f"✗ message {message_id}, deleted")

    async def close(self) -> None:
        """Leave the terminal as it was found."""
        self._keyboard.close()

    def _next(self) -> int:
        self._messages += 1
        return self._messages

    def _show(self, part: Part, number: int, heading: str) -> None:
        if part.keys:
            self._keys = tuple(key for row in part.keys for key in row)
            self._keyed = number
        self._screen.show(part, heading=heading.format(number))


def _split(text: str) -> tuple[str, str]:
    name, _, words = text.strip().partition(" ")
    return name.casefold(), words.strip()
