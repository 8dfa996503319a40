"""The adapter: rooms for as many chats as pages open, each with a reader who may do everything in it."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass

from adapters.web.dialect import WebDialect
from adapters.web.room import UNREAD, Feed, Room
from bot.contract import Dialect, Listener, MenuEntry, MenuScope, Pace
from bot.errors import ChatGone, NotDelivered, Vanished
from bot.models import Actor, Chat, Command, Line, Part, Receipt

_ROOMS = 100
"""How many chats are open at once; the one that was silent longest makes room."""
_NEW_MESSAGE = "+"
"""Before a button's data: answer with a new message instead of changing the one it stands under."""
_SLASHES = "/／"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Press:
    line: int


class WebAdapter:
    """Chats in the browser. `say` and `press` return when the answer is there."""

    def __init__(self) -> None:
        self.dialect: Dialect = WebDialect()
        self.pace = Pace(per_second=None)
        self._rooms: OrderedDict[str, Room] = OrderedDict()
        self._menu: tuple[MenuEntry, ...] = ()
        self._listener: asyncio.Future[Listener] | None = None

    # ------------------------------------------------------------------ what the page asks of it

    async def look_in(self, *addresses: str) -> AsyncIterator[tuple[str, Line]]:
        """Yield what was said in those chats, then what is said and changed, each with the chat's address."""
        feed: Feed = asyncio.Queue(UNREAD * len(addresses))
        rooms: list[Room] = []
        try:
            for address in addresses:
                rooms.append(self._room(address))
                rooms[-1].admit(feed)
            while (told := await feed.get()) is not None:
                yield told
        finally:
            for room in rooms:
                room.feeds.discard(feed)

    async def say(self, address: str, text: str, *, locale: str) -> None:
        """Say `text` in the chat `address`, as its reader."""
        self._room(address).add(str(self.dialect.escape(text)), mine=True)
        name, words = _split(text.lstrip(_SLASHES)) if text[:1] in _SLASHES else ("", text)
        await self._hear(Command(name=name, words=words, actor=_reader(address), chat=_chat(address), locale=locale))

    async def press(self, address: str, line: int, data: str, *, locale: str) -> None:
        """Press the button with that `data` under a line. Nothing happens when there is none."""
        shown = self._room(address).lines.get(line)
        if shown is None or all(key.data != data for row in shown.keys for key in row):
            return
        name, words = _split(data.removeprefix(_NEW_MESSAGE))
        command = Command(
            name=name,
            words=words,
            actor=_reader(address),
            chat=_chat(address),
            locale=locale,
            handle=_Press(line=line),
            in_place=not data.startswith(_NEW_MESSAGE),
        )
        await self._hear(command)

    def menu(self, language: str) -> Mapping[str, str]:
        """Return the commands and what they do, the most wanted first."""
        return {
            entry.name: entry.descriptions.get(language, entry.descriptions["en"])
            for entry in self._menu
            if entry.scope is not MenuScope.OPERATORS
        }

    # ------------------------------------------------------------------ what the bot asks of it

    async def identify(self) -> str:
        """Return the name of the account."""
        return "this page"

    async def listen(self, listener: Listener) -> None:
        """Report what is said and pressed, until cancelled."""
        self._awaited().set_result(listener)
        try:
            await asyncio.Event().wait()
        finally:
            self._listener = None

    async def respond(self, command: Command, parts: Sequence[Part], *, private: bool = False) -> None:
        """Show the answer, in place where it asks for that; what is private to a press is a passing word."""
        room = self._room(command.chat.address)
        for place, part in enumerate(parts):
            pressed = command.handle if isinstance(command.handle, _Press) else None
            if pressed and private:
                room.whisper(part.markup)
            elif not (
                place == 0 and pressed and command.in_place and room.change(pressed.line, part.markup, part.keys)
            ):
                room.add(part.markup, keys=part.keys)

    async def may_manage(self, chat: Chat, actor: Actor) -> bool:  # noqa: ARG002
        """Whoever looks into a room may."""
        return True

    async def find_chat(self, name: str) -> Chat:
        """There are none but one's own. Raises ChatGone."""
        raise ChatGone(f"a page is a chat of its own; it knows no {name}")

    async def publish_commands(self, menu: Sequence[MenuEntry]) -> None:
        """Offer these commands while somebody types."""
        self._menu = tuple(menu)

    async def send(self, chat: Chat, part: Part, *, nonce: str, silent: bool = False) -> Receipt:  # noqa: ARG002
        """Show a push, and whether a phone would have made a sound."""
        number = self._room(chat.address).add(part.markup, keys=part.keys, pushed=True, silent=silent)
        return Receipt(message_id=str(number))

    async def edit(self, chat: Chat, message_id: str, part: Part) -> None:
        """Change a line. One that is gone is Vanished."""
        if not self._room(chat.address).change(int(message_id), part.markup, part.keys):
            raise Vanished("the line has scrolled away")

    async def delete(self, chat: Chat, message_id: str) -> None:
        """Take a line away. One that is not there is a success."""
        self._room(chat.address).take_back(int(message_id))

    async def close(self) -> None:
        """Let the pages go."""
        for room in self._rooms.values():
            for feed in room.feeds:
                if not feed.full():
                    feed.put_nowait(None)

    async def _hear(self, command: Command) -> None:
        try:
            listener = await asyncio.wait_for(asyncio.shield(self._awaited()), timeout=5)
        except TimeoutError as error:
            raise NotDelivered("nobody listens yet") from error
        async with self._room(command.chat.address).turn:
            await listener.on_command(command)

    def _awaited(self) -> "asyncio.Future[Listener]":
        if self._listener is None:
            self._listener = asyncio.get_running_loop().create_future()
        return self._listener

    def _room(self, address: str) -> Room:
        room = self._rooms.setdefault(address, Room(name=address))
        self._rooms.move_to_end(address)
        if len(self._rooms) > _ROOMS:
            silent = next((name for name, one in self._rooms.items() if not one.feeds), None)
            if silent is not None and silent != address:
                del self._rooms[silent]
        return room


def _chat(address: str) -> Chat:
    return Chat(platform=WebDialect.platform, address=address)


def _reader(address: str) -> Actor:
    return Actor(address=address)


def _split(text: str) -> tuple[str, str]:
    name, _, words = text.strip().partition(" ")
    return name.casefold(), words.strip()
