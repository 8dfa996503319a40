"""A room to give commands in: a real store, a clock to turn, and a platform that knows who manages what."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from adapters.telegram.dialect import TelegramDialect
from bot.categories import default_taxonomy
from bot.commands import Commands
from bot.config import Settings
from bot.contract import Dialect
from bot.errors import ChatGone, DeliveryError
from bot.models import (
    Actor,
    Block,
    Button,
    Chat,
    ChatKind,
    Command,
    Digest,
    Item,
    Reply,
    Run,
    Subscription,
)
from bot.render import Renderer
from bot.store import Store
from tests.emulators.telegram.markup import Reader
from tests.fakes import sorter

TEMPLATES = Path(__file__).parents[2] / "templates"
MORNING = datetime(2025, 10, 12, 1, 30, tzinfo=UTC)
"""09:30 in Shanghai, 10:30 in Tokyo, 21:30 of the day before in New York."""
TODAY = date(2025, 10, 12)
PRIVATE = Chat(platform="telegram", address="7", title="Ann")
GROUP = Chat(platform="telegram", address="-1001", kind=ChatKind.GROUP, title="Readers")
CHANNEL = Chat(platform="telegram", address="-1001234567890", kind=ChatKind.CHANNEL, title="Daily <AI>")
ANN = Actor(address="7", name="Ann")
BOB = Actor(address="8", name="Bob")
RENDERER = Renderer(TEMPLATES)
READER = Reader()


class Platform:
    """Knows a channel, a stranger's private chat, and who manages what."""

    def __init__(self) -> None:
        self.dialect: Dialect = TelegramDialect()
        self.managers = {("-1001", "7"), (CHANNEL.address, "7"), ("99", "7"), ("7", "7"), ("8", "8")}
        self.trouble: DeliveryError | None = None

    async def may_manage(self, chat: Chat, actor: Actor) -> bool:
        if self.trouble:
            raise self.trouble
        return (chat.address, actor.address) in self.managers

    async def find_chat(self, name: str) -> Chat:
        known = {"@daily": CHANNEL, CHANNEL.address: CHANNEL, "99": Chat(platform="telegram", address="99")}
        if name not in known:
            raise ChatGone("chat not found")
        return known[name]


@dataclass
class Room:
    """Where a reader talks to the bot."""

    store: Store
    platform: Platform = field(default_factory=Platform)
    now: datetime = MORNING
    settings: Settings = field(default_factory=Settings)

    def __post_init__(self) -> None:
        self.commands = Commands(self.store, self.settings, lambda: self.now, sorter(self.store))

    async def ask(self, text: str, *, chat: Chat = PRIVATE, actor: Actor = ANN, locale: str = "zh-hans") -> Reply:
        """Give a command as it is typed (`/day 10-12`) or pressed (`day 10-12`), check what is said, and return it."""
        reply = await self.commands.handle(_command(text, chat, actor, locale), self.platform)
        self.said(reply)
        self.said(reply, "en")
        return reply

    async def plain(self, text: str) -> Reply:
        """Send words that are no command."""
        reply = await self.commands.handle(Command(name="", words=text, actor=ANN, chat=PRIVATE), self.platform)
        self.said(reply)
        return reply

    async def language(self, *, locale: str = "", chat: Chat = PRIVATE) -> str:
        return await self.commands.language(_command("help", chat, ANN, locale))

    async def subscription(self, chat: Chat = PRIVATE) -> Subscription | None:
        return await self.store.subscriptions.get(chat)

    def said(self, reply: Reply, language: str = "zh-CN") -> str:
        """Render the reply for Telegram, by whose own parser it has to pass, and return its text."""
        parts = RENDERER.reply(reply, self.platform.dialect, language, categories=default_taxonomy().categories)
        for part in parts:
            assert READER.read(part.markup, "HTML")[0].strip()
            assert not READER.spoilt(part.markup, "HTML")
        keys = [key for row in parts[-1].keys for key in row]
        assert len(keys) <= 25
        assert all(0 < len(key.data.encode()) <= 64 and key.label.strip("✓ ") for key in keys)
        return "\n".join(part.markup for part in parts)


def _command(text: str, chat: Chat, actor: Actor, locale: str) -> Command:
    name, _, words = text.removeprefix("/").removeprefix("+").partition(" ")
    in_place = not text.startswith(("/", "+"))
    return Command(name=name, words=words, actor=actor, chat=chat, locale=locale, in_place=in_place)


def presses(reply: Reply) -> list[str]:
    return [button.press for row in reply.buttons for button in row]


def labels(reply: Reply) -> list[str]:
    return [button.label for row in reply.buttons for button in row]


def ticked(reply: Reply) -> list[Button]:
    return [button for row in reply.buttons for button in row if button.on]


def digest(day: date, *categories: tuple[str, ...]) -> Digest:
    """Return a digest with an item for each tuple of categories."""
    return Digest(
        day=day,
        title=f"{day} 速递",
        lead=(_block("今天的要点。"),),
        items=tuple(
            Item(
                number=number,
                title=f"第{number}条 <新闻> & {day}",
                url=f"https://example.com/{day}/{number}?a=1&b=2",
                body=(_block("先说一句。再说一句。"),),
                categories=slugs,
            )
            for number, slugs in enumerate(categories, start=1)
        ),
    )


def _block(text: str) -> Block:
    return Block(runs=(Run(text=text),))


@asynccontextmanager
async def open_room(folder: Path) -> AsyncIterator[Room]:
    """Open a room with three digests in its archive: of 12 (today, published at 09:00), 11 and 8 October 2025."""
    store = await Store.open(f"sqlite+aiosqlite:///{folder / 'room.db'}")
    try:
        await store.categories.follow(default_taxonomy().categories)
        await publish(store, digest(date(2025, 10, 8), ("ai-industry",), ("chips",)), MORNING - timedelta(days=4))
        await publish(
            store, digest(date(2025, 10, 11), ("ai-industry", "chips"), ("policy",)), MORNING - timedelta(days=1)
        )
        await publish(store, digest(TODAY, ("chips",), ("safety",), ("policy",)), MORNING - timedelta(minutes=30))
        yield Room(store=store)
    finally:
        await store.close()


async def publish(store: Store, one: Digest, at: datetime) -> None:
    categories = default_taxonomy().categories
    await store.digests.save(one, source=repr(one).encode(), origin="test", categories=categories, now=at)
