"""Thinning: deliveries that were settled long ago are kept as sums by day, no longer one by one."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, and_, delete, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.models import DeliveryState
from bot.store.engine import Database
from bot.store.tables import alarms, daily_sums, deliveries, editions, weekly_sums

BATCH = 500
"""How many rows go in one transaction: a hundredth of a second, so that a broadcast does not wait for it."""
BREATH = 0.05
"""How long others may write between two batches, in seconds."""
_OTHER = deliveries.alias("other")
_OPEN = (DeliveryState.PLANNED, DeliveryState.CLAIMED)


class Thinning:
    """Keeps the ledger from growing for ever."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def thin(self, now: datetime, keep: timedelta) -> int:
        """Sum up and delete what was settled longer than `keep` ago; return how many deliveries went.

        Their parts, and editions that nobody refers to any more, go too. A delivery that a later one corrects goes
        after that one; what is open stays. May be broken off at any moment and run again.
        """
        before = await self._before(now, keep)
        if before is None:
            return 0
        thinned = await _until_none(lambda: self._thin_batch(before))
        await _until_none(lambda: self._drop_editions(before))
        async with self._database.write() as connection:
            await connection.execute(delete(alarms).where(alarms.c.day < before.date()))
        return thinned

    async def _before(self, now: datetime, keep: timedelta) -> datetime | None:
        """Count back from the newest day of the ledger, so that a clock set far ahead takes nothing with it."""
        async with self._database.read() as connection:
            newest: date | None = await connection.scalar(select(func.max(deliveries.c.day)))
        if newest is None:
            return None
        return min(now, datetime.combine(newest, time.min, UTC)) - keep

    async def _thin_batch(self, before: datetime) -> int:
        one = deliveries.c
        async with self._database.write() as connection:
            query = select(one.id).where(_done_with(before)).order_by(one.day).limit(BATCH)
            ids = list(await connection.scalars(query))
            told = (one.day, one.platform, one.state, one.base_id, one.revision_id)
            thinned = delete(deliveries).where(one.id.in_(ids)).returning(*told)
            rows = (await connection.execute(thinned)).all() if ids else ()
            await _add_up(connection, daily_sums, (row for row in rows if row.revision_id is not None))
            await _add_up(connection, weekly_sums, (row for row in rows if row.revision_id is None))
        return len(rows)

    async def _drop_editions(self, before: datetime) -> int:
        unused = ~exists().where(deliveries.c.edition == editions.c.key)
        query = select(editions.c.key).where(editions.c.stored_at < before, unused).limit(BATCH)
        async with self._database.write() as connection:
            keys = list(await connection.scalars(query))
            return (await connection.execute(delete(editions).where(editions.c.key.in_(keys)))).rowcount


async def _until_none(batch: Callable[[], Awaitable[int]]) -> int:
    total = 0
    while number := await batch():
        total += number
        await asyncio.sleep(BREATH)
    return total


def _done_with(before: datetime) -> ColumnElement[bool]:
    one = deliveries.c
    return and_(
        one.day < before.date(),
        one.settled_at < before,
        one.state.not_in(_OPEN),
        ~exists().where(_OTHER.c.base_id == one.id),
    )


async def _add_up(connection: AsyncConnection, sums: Table, rows: Iterable[Row[*tuple[Any, ...]]]) -> None:
    """Add to the sums what brought a digest; a correction is not another digest that arrived."""
    numbers = Counter((row.day, row.platform, row.state) for row in rows if row.base_id is None)
    for (day, platform, state), number in numbers.items():
        key = {"day": day, "platform": platform, "state": state}
        more = {"deliveries": sums.c.deliveries + number}
        if not (await connection.execute(update(sums).filter_by(**key).values(more))).rowcount:
            await connection.execute(insert(sums).values(**key, deliveries=number))
