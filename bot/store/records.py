"""What the ledger says of one subscription, for whoever asks why a digest did not come."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import case, func, select

from bot.models import DeliveryState, PartState
from bot.store.engine import Database
from bot.store.tables import deliveries, delivery_parts

_D, _P = deliveries.c, delivery_parts.c
_ARRIVED: Final = func.sum(case((_P.state == PartState.SENT, 1), else_=0))


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """A delivery as it is looked at later. All times are UTC.

    `occasion` is `day:2025-10-12` for the digest itself. Of its `begun` messages so many have `arrived`; `next_at` is
    when an open one is tried next. `error` is what the platform said last.
    """

    occasion: str
    day: date
    state: DeliveryState
    attempts: int
    begun: int
    arrived: int
    error: str
    planned_at: datetime
    next_at: datetime
    settled_at: datetime | None


class Records:
    """The deliveries of one subscription, read only."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, number: int, *, limit: int) -> tuple[Record, ...]:
        """Return the last deliveries of the subscription `number`, newest first."""
        begun = select(func.count()).where(_P.delivery_id == _D.id).scalar_subquery()
        arrived = select(func.coalesce(_ARRIVED, 0)).where(_P.delivery_id == _D.id).scalar_subquery()
        query = (
            select(deliveries, begun.label("begun"), arrived.label("arrived"))
            .where(_D.subscription_id == number)
            .order_by(_D.day.desc(), _D.id.desc())
            .limit(limit)
        )
        async with self._database.read() as connection:
            return tuple(
                Record(
                    occasion=row.occasion,
                    day=row.day,
                    state=DeliveryState(row.state),
                    attempts=row.attempts,
                    begun=row.begun,
                    arrived=row.arrived,
                    error=row.error or "",
                    planned_at=row.planned_at,
                    next_at=row.next_at,
                    settled_at=row.settled_at,
                )
                for row in await connection.execute(query)
            )
