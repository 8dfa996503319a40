"""What operators see, and what the bot says by itself: pushes, notices, alarms."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from pydantic import SecretStr

from bot import upkeep
from bot.cli.subs import trying
from bot.delivery import Outlet
from bot.models import Chat, ChatKind, DeliveryState, Slot, Subscription
from bot.pacing import Pacer
from bot.platforms import adapters_of
from tests.acceptance.screens.seen import shown
from tests.acceptance.screens.stage import Stage
from tests.acceptance.screens.visitors import Visitor, until

ROBOT = "00000000-robot-of-the-group-000000"
_OPEN = (DeliveryState.PLANNED, DeliveryState.CLAIMED)


async def subscribe(at: Stage, chat: Chat, hour: time = time(0), **wishes: Any) -> Subscription:
    """Have a chat be subscribed since yesterday."""
    since = datetime.now(UTC) - timedelta(days=1)
    slot = Slot(zone=at.settings.zone, at=hour)
    subscription = Subscription(chat=chat, slot=slot, language=at.language, since=since, **wishes)
    await at.house.store.subscriptions.put(subscription)
    return subscription


async def subscribe_robot(at: Stage) -> None:
    """Have a group of WeCom be subscribed; its people are called."""
    at.wecom.robot(ROBOT)
    chat = Chat(platform="wecom", address="group", kind=ChatKind.GROUP, credential=SecretStr(ROBOT))
    await subscribe(at, chat, mention=("@all",))


async def settled(at: Stage) -> None:
    """Wait until nothing of today is on its way."""

    async def nothing_open() -> bool:
        counts = await at.house.store.status.counts(at.today)
        return bool(counts) and not any(number for (_, state), number in counts.items() if state in _OPEN)

    await until(nothing_open, 30)


async def stands(at: Stage, **templates: Sequence[str]) -> None:
    """Wait until readers saw those replies, by platform."""

    async def seen() -> bool:
        there = shown(at)
        return all(set(wanted) <= there[platform] for platform, wanted in templates.items())

    await until(seen)


async def alarms(at: Stage) -> None:
    """Look round before there is a digest, and once more when a file was refused."""
    await at.house.store.files.note("/digests/today.md", "0", "refused: it has no items", datetime.now(UTC))
    adapters = {one.dialect.platform: one for one in adapters_of(at.settings)}
    outlets = {name: Outlet(adapter=one, pacer=Pacer(one.pace)) for name, one in adapters.items()}
    try:
        await upkeep.watch(at.settings, at.house.store, at.renderer, outlets).look(datetime.now(UTC))
    finally:
        for adapter in adapters.values():
            await adapter.close()


async def tries(at: Stage, *subscriptions: Subscription) -> None:
    """Send the test message of `digestbot subs test`."""
    adapters = {one.dialect.platform: one for one in adapters_of(at.settings)}
    try:
        for one in subscriptions:
            await trying._send(at.house, adapters[one.chat.platform], one)
    finally:
        for adapter in adapters.values():
            await adapter.close()


async def looks(at: Stage, visitor: Visitor) -> None:
    """See how things stand, what would be sent, and what belongs where."""
    await visitor.asks("/status")
    await visitor.asks("/preview draft")
    await visitor.asks(f"/preview {at.ago(2)}")
    await visitor.asks(f"/preview {at.ago(1)}")
    listed = await visitor.asks(f"/categorise {at.ago(1)}")
    await visitor.presses(listed)


async def orders(at: Stage, visitor: Visitor, later: Chat) -> None:
    """Push to a chat whose hour is to come, and send once more to those whom today's did not reach."""
    await subscribe(at, later, time(23, 59))
    await visitor.presses(await visitor.asks("/push"))
    await settled(at)
    await visitor.presses(await visitor.asks("/resend"))
    await settled(at)


async def retracts(visitor: Visitor, day: date) -> None:
    """Take a day's digest back."""
    await visitor.presses(await visitor.asks(f"/retract {day}"))


@asynccontextmanager
async def no_store(at: Stage) -> AsyncIterator[None]:
    """Leave the bot without its subscriptions, so that it can answer nothing."""
    await _rename(at, "subscriptions", "hidden")
    yield
    await _rename(at, "hidden", "subscriptions")


async def _rename(at: Stage, table: str, name: str) -> None:
    """Rename a table beside the bot, which may be writing and goes on meanwhile."""

    def rename() -> None:
        path = at.settings.database_url.removeprefix("sqlite+aiosqlite:///")
        with closing(sqlite3.connect(path, timeout=10)) as connection:
            connection.execute(f"ALTER TABLE {table} RENAME TO {name}")

    await asyncio.to_thread(rename)
