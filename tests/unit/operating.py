"""An operator's room, readers to operate on, and how their deliveries ended."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, time
from pathlib import Path

from pydantic import SecretStr

from bot.categories import default_taxonomy
from bot.config import Settings
from bot.delivery import Planner
from bot.models import Chat, DeliveryState, Slot, Subscription, SubscriptionState
from tests.fakes import subscription
from tests.unit.commanding import (
    TODAY,
    Room,
    digest,
    open_room,
)

TOKEN = f"12345678:{'Ab-' * 12}"
OPERATED = Settings(admins=(("telegram", "7"),), telegram_token=SecretStr(TOKEN))
EIGHT = Slot(zone="Asia/Shanghai", at=time(8))
EVENING = Slot(zone="Asia/Shanghai", at=time(20))


@asynccontextmanager
async def operated_room(folder: Path) -> AsyncIterator[Room]:
    """Open a room whose Ann is an operator."""
    async with open_room(folder) as opened:
        yield Room(store=opened.store, settings=OPERATED)


def reader(number: int, *, slot: Slot = EVENING, state: SubscriptionState = SubscriptionState.ON) -> Subscription:
    return subscription(
        Chat(platform="telegram", address=str(number), title=f"Reader {number}"), slot=slot, state=state
    )


async def subscribed(room: Room, *numbers: int, slot: Slot = EVENING) -> None:
    for number in numbers:
        await room.store.subscriptions.put(reader(number, slot=slot))


async def planned(room: Room) -> int:
    planner = Planner(room.store, catch_up=OPERATED.catch_up, correct_for=OPERATED.correct_for)
    return await planner.plan(room.now)


async def settle(room: Room, state: DeliveryState, *, error: str = "", code: str = "x") -> None:
    """End everything that is open; what is sent has one message."""
    ledger = room.store.deliveries
    for delivery in await ledger.claim("telegram", "test", room.now, 100):
        if state is DeliveryState.SENT:
            await ledger.sending(delivery, 1, ledger=delivery.id, again=False, now=room.now)
            ledger.show(delivery, 1, ledger=delivery.id, message_id="1", shows="x", now=room.now)
        await ledger.settle(delivery, state, code=code, error=error or None, now=room.now)


async def states(room: Room, day: date = TODAY) -> dict[DeliveryState, int]:
    return {state: number for (_, state), number in (await room.store.status.counts(day)).items()}


async def draft(room: Room, day: date) -> None:
    one = digest(day, ("chips",), ("policy",))
    await room.store.digests.save(
        one,
        source=b"draft",
        origin="test",
        categories=default_taxonomy().categories,
        now=room.now,
        publish=False,
        force=True,
    )
