"""A small platform in memory, scripted chat by chat, and digests to send to it."""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from pathlib import Path

from bot.categories import default_taxonomy
from bot.contract import Capability, Dialect, Listener, MenuEntry, Pace
from bot.errors import ChatGone, DeliveryError, Vanished
from bot.models import (
    Actor,
    Block,
    Chat,
    ChatKind,
    Command,
    Digest,
    Format,
    Item,
    Part,
    Receipt,
    Run,
    Slot,
    Subscription,
    SubscriptionState,
)
from bot.sorting import Sorter
from bot.sources import Intake
from bot.store import Saved, Store
from tests.unit.dialects import TerminalDialect

MORNING = datetime(2025, 10, 12, 1, 30, tzinfo=UTC)
"""09:30 in Shanghai, a Sunday."""
DAWN = datetime(2025, 10, 11, 20, tzinfo=UTC)
"""04:00 in Shanghai, before anything is due."""
LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)
TODAY = date(2025, 10, 12)
DATABASE = "digestbot.db"
Where = Path | str
"""Where a store is: the folder of a SQLite file, or the address of a database."""
_FRESH: list[bytes] = []
SHANGHAI_EIGHT = Slot(zone="Asia/Shanghai", at=time(8))


@dataclass(frozen=True, kw_only=True)
class Arrived:
    """The message arrives, and yet the call ends with `error`."""

    error: DeliveryError


@dataclass(frozen=True, kw_only=True)
class Message:
    """What a reader sees."""

    id: str
    chat: Chat
    part: Part
    nonce: str
    silent: bool = False


Entry = DeliveryError | Arrived | float | asyncio.Event


@dataclass
class FakePlatform:
    """Does with the next sends to a chat what its script says, one entry a send; then all goes well.

    An entry is an error (nothing arrives), `Arrived`, a number of seconds that the send takes, or an event to wait
    for. An `idempotent` platform answers a nonce it knows with the first message's receipt. Edits and deletions have
    a script of their own; `edits` and `deletes` count those that were asked for, by chat.
    """

    dialect: Dialect = field(default_factory=lambda: TerminalDialect(limits=(600,)))
    pace: Pace = field(default_factory=lambda: Pace(per_second=None))
    idempotent: bool = False
    capabilities: frozenset[Capability] = frozenset()
    messages: list[Message] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    edits: Counter[str] = field(default_factory=Counter)
    deletes: Counter[str] = field(default_factory=Counter)
    responses: list[tuple[Command, Part, bool]] = field(default_factory=list)
    response_errors: deque[DeliveryError] = field(default_factory=deque)
    gone: set[str] = field(default_factory=set)
    _scripts: dict[str, deque[Entry]] = field(default_factory=dict)
    _change_scripts: dict[str, deque[Entry]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.dialect.capabilities = self.dialect.capabilities | self.capabilities

    def script(self, address: str, *entries: Entry) -> None:
        self._scripts.setdefault(address, deque()).extend(entries)

    def script_changes(self, address: str, *entries: Entry) -> None:
        self._change_scripts.setdefault(address, deque()).extend(entries)

    def markups(self, address: str) -> list[str]:
        """Return what the chat at `address` shows, in order."""
        return [message.part.markup for message in self.messages if message.chat.address == address]

    def numbers(self, address: str) -> list[int]:
        return [message.part.number for message in self.messages if message.chat.address == address]

    async def send(self, chat: Chat, part: Part, *, nonce: str, silent: bool = False) -> Receipt:
        self.calls[chat.address] += 1
        assert len(nonce) <= 25
        if chat.address in self.gone:
            raise ChatGone("bot was blocked by the user")
        match _next(self._scripts, chat.address):
            case Arrived() as entry:
                self._arrive(chat, part, nonce, silent=silent)
                raise entry.error
            case DeliveryError() as error:
                raise error
            case asyncio.Event() as event:
                await event.wait()
            case float(seconds):
                await asyncio.sleep(seconds)
        return self._arrive(chat, part, nonce, silent=silent)

    def _arrive(self, chat: Chat, part: Part, nonce: str, *, silent: bool) -> Receipt:
        if self.idempotent:
            for message in self.messages:
                if (message.chat, message.nonce) == (chat, nonce):
                    return Receipt(message_id=message.id)
        message = Message(id=str(self.calls.total()), chat=chat, part=part, nonce=nonce, silent=silent)
        self.messages.append(message)
        return Receipt(message_id=message.id)

    async def respond(self, command: Command, parts: Sequence[Part], *, private: bool = False) -> None:
        if self.response_errors:
            raise self.response_errors.popleft()
        self.responses += [(command, part, private) for part in parts]

    async def identify(self) -> str:
        return "fake"

    async def listen(self, listener: Listener) -> None:  # noqa: ARG002
        await asyncio.Event().wait()

    async def may_manage(self, chat: Chat, actor: Actor) -> bool:
        return chat.address == actor.address

    async def find_chat(self, name: str) -> Chat:
        raise ChatGone(f"{name} was not found")

    async def publish_commands(self, menu: Sequence[MenuEntry]) -> None:
        """Take the menu and forget it."""

    async def edit(self, chat: Chat, message_id: str, part: Part) -> None:
        assert Capability.EDIT in self.dialect.capabilities
        self.edits[chat.address] += 1

        def change() -> None:
            at = self._place(chat, message_id)
            self.messages[at] = replace(self.messages[at], part=part)

        await self._change(chat, change)

    async def delete(self, chat: Chat, message_id: str) -> None:
        self.deletes[chat.address] += 1
        await self._change(chat, lambda: self._remove(chat, message_id))

    async def _change(self, chat: Chat, change: Callable[[], None]) -> None:
        if chat.address in self.gone:
            raise ChatGone("bot was blocked by the user")
        match _next(self._change_scripts, chat.address):
            case Arrived() as entry:
                change()
                raise entry.error
            case DeliveryError() as error:
                raise error
            case asyncio.Event() as event:
                await event.wait()
            case float(seconds):
                await asyncio.sleep(seconds)
        change()

    def _remove(self, chat: Chat, message_id: str) -> None:
        """Take a message back; one that is not there is a success, as the contract's deletions are."""
        self.messages = [one for one in self.messages if (one.chat, one.id) != (chat, message_id)]

    def _place(self, chat: Chat, message_id: str) -> int:
        for place, message in enumerate(self.messages):
            if (message.chat, message.id) == (chat, message_id):
                return place
        raise Vanished("message to edit not found")

    async def close(self) -> None:
        """Hold nothing open."""


def _next(scripts: dict[str, deque[Entry]], address: str) -> Entry | None:
    script = scripts.get(address)
    return script.popleft() if script else None


def database_url(where: Where) -> str:
    return where if isinstance(where, str) else f"sqlite+aiosqlite:///{where / DATABASE}"


async def _fresh(folder: Path) -> bytes:
    if not _FRESH:
        file = folder / "fresh.db"
        store = await Store.open(f"sqlite+aiosqlite:///{file}")
        await store.close()
        _FRESH.append(file.read_bytes())
    return _FRESH[0]


@asynccontextmanager
async def opened(where: Where) -> AsyncIterator[Store]:
    """Open a store; a new file starts as a copy, since the migrations take a tenth of a second."""
    if isinstance(where, Path) and not (where / DATABASE).exists():
        (where / DATABASE).write_bytes(await _fresh(where))
    store = await Store.open(database_url(where))
    try:
        yield store
    finally:
        await store.close()


def chat(number: int | str, *, platform: str = "console", topic: str = "", title: str = "") -> Chat:
    return Chat(platform=platform, address=str(number), topic=topic, title=title, kind=ChatKind.PRIVATE)


def subscription(
    of: Chat,
    *,
    slot: Slot = SHANGHAI_EIGHT,
    since: datetime = LONG_AGO,
    categories: frozenset[str] = frozenset(),
    state: SubscriptionState = SubscriptionState.ON,
    language: str = "en",
    format: Format = Format.FULL,  # noqa: A002
) -> Subscription:
    return Subscription(
        chat=of, slot=slot, since=since, categories=categories, state=state, language=language, format=format
    )


def digest(day: date = TODAY, *, items: int = 3, word: str = "story", slug: str = "products") -> Digest:
    """Return a digest; a hundred letters an item, so that few fit a message of the fake platform."""
    return Digest(
        day=day,
        title=f"News of {day}",
        items=tuple(
            Item(
                number=number,
                title=f"{word} {number} of {day}",
                url=f"https://example.com/{day}/{number}",
                body=(Block(runs=(Run(text=f"What {word} {number} says. " * 5),)),),
                categories=(slug,),
            )
            for number in range(1, items + 1)
        ),
    )


async def load(
    store: Store,
    one: Digest,
    *,
    now: datetime = MORNING,
    publish: bool = True,
    force: bool = True,
    corrects: bool = True,
) -> Saved:
    """Save a digest whose bytes are its own words."""
    return await store.digests.save(
        one,
        source=repr(one).encode(),
        origin="test",
        categories=default_taxonomy().categories,
        now=now,
        publish=publish,
        force=force,
        corrects=corrects,
    )


def document(word: str = "Story", *, day: str = "2025-10-12", items: int = 3) -> str:
    """Return a document in the format of the sample digests."""
    listed = "\n\n".join(
        f"{number}. **[{word} {number}](https://example.com/{number})**\n\n   What happened in {word} {number}."
        for number in range(1, items + 1)
    )
    return f'---\ntitle: "News of {day}"\ndate: {day}T08:00:00+08:00\n---\n\nThe lead.\n\n---\n\n{listed}\n'


def sorter(store: Store) -> Sorter:
    return Sorter(store=store, taxonomy=default_taxonomy(), clock=lambda: MORNING)


def intake(store: Store) -> Intake:
    return Intake(store=store, sorter=sorter(store), clock=lambda: MORNING)


async def titles(store: Store, day: date = TODAY) -> list[str]:
    found = await store.digests.published(day)
    return [item.title for item in found.items] if found else []
