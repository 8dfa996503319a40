"""The bot as it runs, with subscriptions by the thousand and a clock that can be moved."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, Select, create_engine, func, insert, literal, select, text

from bot import categories, editions, logs, markdown
from bot.app import TEMPLATES, Account, House, house
from bot.buttons import under_push
from bot.config import Settings
from bot.contract import Dialect, Pace
from bot.delivery import Planner
from bot.models import ChatKind, Format, Part, PartState, SubscriptionState
from bot.platforms import adapters_of
from bot.render import Renderer
from bot.store.tables import NEVER, chats, deliveries, delivery_parts, slots, subscriptions

ZONE = "Asia/Shanghai"
_START = datetime(2025, 10, 12, 0, 30, tzinfo=UTC)
"""Half past eight in Shanghai."""
_LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)
_ROWS = 10_000
_IS_OPEN: Final = select(literal(1)).select_from(deliveries).where(text("state IN ('planned', 'claimed')")).limit(1)
"""By the index of what is open: to count a crowd so often would cost a tenth of what is measured."""
_SENT: Final = select(func.count()).where(delivery_parts.c.state == PartState.SENT)


class Clock:
    """Wall time that begins at a set moment and can be put forward."""

    def __init__(self, start: datetime = _START) -> None:
        self._start = start
        self._origin = time.monotonic()

    @property
    def day(self) -> date:
        """The day it began."""
        return self._start.date()

    def __call__(self) -> datetime:
        """Return the time."""
        return self._start + timedelta(seconds=time.monotonic() - self._origin)

    def forward(self, by: timedelta) -> None:
        """Put the clock forward."""
        self._start += by


def settings(database: Path, *, token: str, api_url: str) -> Settings:
    """Return the settings of an installation with that database and Bot API."""
    return Settings.model_validate(
        {
            "database_url": f"sqlite+aiosqlite:///{database}",
            "telegram_token": token,
            "telegram_api_url": api_url,
            "log_level": "warning",
        }
    )


@dataclass(frozen=True, kw_only=True)
class Household:
    """An installation with its one account."""

    at: House
    account: Account
    planner: Planner
    ledger: Engine
    """Its database, to be looked into from outside."""

    async def publish(self, source: bytes, origin: str) -> None:
        """Take a document in."""
        loaded = await self.at.intake.take(source, origin=origin)
        if loaded.saved is None:
            raise SystemExit(f"{origin} was refused: {loaded.problems}")

    async def subscribe(self, count: int, *, at: str, first: int) -> None:
        """Add `count` private chats, numbered from `first`, that want their digest at that time."""
        wish = Wish(zone=ZONE, at=at)
        await asyncio.to_thread(fill, self._path, ((number, wish) for number in range(first, first + count)))

    async def deliver(self, expected: int, *, look_every: float = 0.05) -> None:
        """Plan what is due and wait until it is settled."""
        planned = await self.planner.plan(self.at.clock())
        if planned != expected:
            raise SystemExit(f"{planned} deliveries were planned, not {expected}")
        self.account.broadcast.wake()
        while await self._look(_IS_OPEN):  # noqa: ASYNC110  # the store tells nobody
            await asyncio.sleep(look_every)

    async def sent_parts(self) -> int:
        """Return how many parts the ledger holds as sent."""
        return await self._look(_SENT)

    async def _look(self, query: Select[int]) -> int:
        def looked() -> int:
            with self.ledger.connect() as connection:
                return connection.scalar(query) or 0

        return await asyncio.to_thread(looked)

    @property
    def _path(self) -> Path:
        return Path(self.at.settings.database_url.partition("///")[2])


@asynccontextmanager
async def opened(settings: Settings, clock: Clock, *, paced: bool = True) -> AsyncIterator[Household]:
    """Build everything as the application does; without `paced`, as if the platform set no limit."""
    logs.set_up(settings)
    async with house(settings, clock) as at:
        adapter = next(one for one in adapters_of(settings) if one.dialect.platform == "telegram")
        if not paced:
            adapter.pace = Pace(per_second=None)
        planner = Planner(at.store, catch_up=settings.catch_up, correct_for=settings.correct_for)
        ledger = create_engine(settings.database_url.replace("+aiosqlite", ""))
        try:
            yield Household(at=at, account=Account(at, adapter), planner=planner, ledger=ledger)
        finally:
            ledger.dispose()


def printed(source: bytes, name: str, dialect: Dialect, language: str = "zh-CN") -> tuple[Part, ...]:
    """Return the messages of the whole edition of a document, as a subscription gets them."""
    taxonomy = categories.default_taxonomy()
    digest = categories.sort(markdown.parse(source, name=name).digest, taxonomy).digest
    buttons = under_push(digest, taxonomy.categories, before=None)
    edition = editions.cut(digest)
    return Renderer(TEMPLATES).edition(edition, dialect, language, categories=taxonomy.categories, buttons=buttons)


# ------------------------------------------------------------------ rows by the thousand


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What a made-up chat wants. `served` is the day it was last served."""

    zone: str
    at: str
    days: str = "1234567"
    served: date = NEVER


def fill(database: Path, wanted: Iterable[tuple[int, Wish]]) -> None:
    """Insert a private chat and its subscription for each numbered wish."""
    engine = create_engine(f"sqlite:///{database}")
    try:
        with engine.begin() as connection:
            known: dict[tuple[str, str, str], int] = {}
            for batch in _batches(wanted):
                _insert(connection, batch, known)
    finally:
        engine.dispose()


def _batches(wanted: Iterable[tuple[int, Wish]]) -> Iterator[list[tuple[int, Wish]]]:
    batch: list[tuple[int, Wish]] = []
    for one in wanted:
        batch.append(one)
        if len(batch) == _ROWS:
            yield batch
            batch = []
    if batch:
        yield batch


def _insert(connection: Connection, batch: list[tuple[int, Wish]], known: dict[tuple[str, str, str], int]) -> None:
    places = [
        {"id": number, "platform": "telegram", "address": str(number), "kind": ChatKind.PRIVATE, "title": ""}
        for number, _ in batch
    ]
    connection.execute(insert(chats), places)
    rows = [_row(number, wish, _slot(connection, wish, known)) for number, wish in batch]
    connection.execute(insert(subscriptions), rows)


def _row(number: int, wish: Wish, slot: int) -> dict[str, object]:
    return {
        "chat_id": number,
        "topic": "",
        "slot_id": slot,
        "categories": "",
        "format": Format.FULL,
        "language": "zh-CN",
        "state": SubscriptionState.ON,
        "since": _LONG_AGO,
        "reason": "",
        "served_day": wish.served,
    }


def _slot(connection: Connection, wish: Wish, known: dict[tuple[str, str, str], int]) -> int:
    key = wish.zone, wish.at, wish.days
    if key not in known:
        values = dict(zip(("zone", "at", "days"), key, strict=True))
        found = connection.scalar(select(slots.c.id).filter_by(**values))
        if found is None:
            connection.execute(insert(slots).values(values))
            found = connection.scalar(select(slots.c.id).filter_by(**values))
        known[key] = int(found or 0)
    return known[key]
