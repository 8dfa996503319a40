"""A world to deliver in: the real store, a platform in memory, a clock to turn, and a look into the ledger."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from bot.delivery import Broadcast, Planner, Printer, Sending
from bot.models import Chat, DeliveryState, PartState, Subscription
from bot.pacing import Pacer
from bot.render import Renderer
from bot.schedule import ONE_DAY
from bot.store import Store
from bot.store.tables import chats, deliveries, delivery_parts, subscriptions
from tests.fakes import MORNING, FakePlatform, Where, opened

TEMPLATES = Path(__file__).parents[2] / "templates"
RENDERER = Renderer(TEMPLATES)
TWO_DAYS = timedelta(hours=48)
PATIENCE = 10.0
"""Seconds after which a test gives up waiting for what should come about at once."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """A row of the ledger; `parts` has the state and attempts of each by number."""

    chat: Chat
    occasion: str
    state: DeliveryState
    deadline: datetime
    next_at: datetime
    settled_at: datetime | None
    attempts: int
    code: str | None
    parts: dict[int, tuple[PartState, int]]


@dataclass
class World:
    """One process at work on a store; `now` is its clock."""

    store: Store
    platform: FakePlatform = field(default_factory=FakePlatform)
    now: datetime = MORNING
    catch_up: timedelta = ONE_DAY
    renderer: Renderer = RENDERER

    def __post_init__(self) -> None:
        self.planner = Planner(self.store, catch_up=self.catch_up, correct_for=TWO_DAYS)
        self.sending = self.new_sending()

    def new_sending(self) -> Sending:
        return Sending(
            store=self.store,
            printer=Printer(self.store, self.renderer, self.platform.dialect, lambda: self.now),
            adapter=self.platform,
            pacer=Pacer(self.platform.pace),
            clock=lambda: self.now,
            dice=random.Random(1),  # noqa: S311
        )

    def broadcast(self) -> Broadcast:
        return Broadcast(self.store, self.sending, lambda: self.now)

    async def subscribe(self, *those: Subscription) -> None:
        for one in those:
            await self.store.subscriptions.put(one)

    async def plan(self) -> int:
        return await self.planner.plan(self.now)

    async def round(self) -> int:
        """Claim what may be tried now, try it once, and return how many that were."""
        batch = await self.store.deliveries.claim(
            self.platform.dialect.platform, self.store.leases.owner, self.now, 1000
        )
        await asyncio.gather(*(self.sending.deliver(delivery) for delivery in batch))
        return len(batch)

    async def rounds(self, *, hours: float = 1) -> None:
        """Go on until nothing is open, turning the clock to when it may next be tried, for `hours` at most."""
        end = self.now + timedelta(hours=hours)
        while self.now <= end:
            tried = await self.round()
            open_ = [line.next_at for line in await self.ledger() if line.state is DeliveryState.PLANNED]
            if not open_:
                return
            # One that could be tried and was not waits for another: a week for its Sunday's own digest.
            later = [at for at in open_ if tried or at > self.now]
            self.now = max(self.now, min(later))

    async def planned_at(self, *times: datetime) -> list[int]:
        """Look at each of these times, and return how many were planned."""
        counts = []
        for self.now in times:
            counts.append(await self.plan())  # the clock is turned meanwhile
        return counts

    async def ledger(self) -> list[Line]:
        return await ledger(self.store)

    async def line(self, address: int | str) -> Line:
        """Return the one delivery to the chat at `address`."""
        (line,) = [line for line in await self.ledger() if line.chat.address == str(address)]
        return line


@asynccontextmanager
async def world(where: Where, platform: FakePlatform | None = None) -> AsyncIterator[World]:
    async with opened(where) as store:
        yield World(store, platform or FakePlatform())


async def ledger(store: Store) -> list[Line]:
    """Return every delivery in the order of planning."""
    query = (
        select(deliveries, chats.c.address, subscriptions.c.topic)
        .join(subscriptions, subscriptions.c.id == deliveries.c.subscription_id)
        .join(chats, chats.c.id == subscriptions.c.chat_id)
        .order_by(deliveries.c.id)
    )
    async with store._database.read() as connection:
        rows = (await connection.execute(query)).all()
        parts: dict[int, dict[int, tuple[PartState, int]]] = {row.id: {} for row in rows}
        for part in await connection.execute(select(delivery_parts)):
            parts[part.delivery_id][part.number] = (PartState(part.state), part.attempts)
    return [
        Line(
            chat=Chat(platform=row.platform, address=row.address, topic=row.topic),
            occasion=row.occasion,
            state=DeliveryState(row.state),
            deadline=row.deadline,
            next_at=row.next_at,
            settled_at=row.settled_at,
            attempts=row.attempts,
            code=row.error_code,
            parts=parts[row.id],
        )
        for row in rows
    ]


async def until(holds: Callable[[], bool]) -> None:
    """Wait until `holds`, while the tasks of a broadcast run."""
    async with asyncio.timeout(PATIENCE):
        while not holds():  # noqa: ASYNC110  # what is waited for has no event
            await asyncio.sleep(0.005)
