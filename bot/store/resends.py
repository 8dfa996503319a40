"""What did not get through, put back into the ledger because the operator asks for it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from sqlalchemy import ColumnElement, Row, Select, and_, exists, or_, select, update

from bot.models import DeliveryState, PartState, SubscriptionState
from bot.store.engine import Database
from bot.store.statements import is_there_on
from bot.store.tables import deliveries, delivery_parts, digests, subscriptions

_D, _P, _S = deliveries.c, delivery_parts.c, subscriptions.c
_LATER: Final = deliveries.alias("later")
_AT_ONCE = 500
"""Rows to a statement: databases take a limited number of parameters."""
_LOST = (DeliveryState.FAILED, DeliveryState.UNKNOWN, DeliveryState.EXPIRED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Failed:
    """Deliveries of a day or week that did not get through: those to send again, by platform, and those left out.

    `paused` are for chats that can't be reached, `off` for those that are no longer subscribed, are away, or whose
    digest was retracted.
    """

    again: Mapping[str, int] = field(default_factory=dict)
    paused: int = 0
    off: int = 0

    @property
    def number(self) -> int:
        """How many are sent again."""
        return sum(self.again.values())


class Resends:
    """Deliveries that failed, are unknown or have expired."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def failed(self, day: date, *, platform: str | None = None, week: bool = False) -> Failed:
        """Return what `plan` would send again."""
        async with self._database.read() as connection:
            return _sum((await connection.execute(_lost(day, platform, week=week))).all())[0]

    async def plan(
        self, day: date, now: datetime, *, deadline: datetime, platform: str | None = None, week: bool = False
    ) -> Failed:
        """Plan what failed of `day` again, to begin before `deadline` (UTC); what did arrive is not sent again.

        With `week`, what failed of the week that ends on `day`.
        """
        async with self._database.write() as connection:
            found, ids = _sum((await connection.execute(_lost(day, platform, week=week))).all())
            for start in range(0, len(ids), _AT_ONCE):
                some = ids[start : start + _AT_ONCE]
                values = {
                    "state": DeliveryState.PLANNED,
                    "planned_at": now,
                    "deadline": deadline,
                    "next_at": now,
                    "attempts": 0,
                    "error_code": None,
                    "error": None,
                    "settled_at": None,
                }
                await connection.execute(update(deliveries).where(_D.id.in_(some)).values(values))
                theirs = select(_D.id).where(_D.id.in_(some)).union(select(_D.base_id).where(_D.id.in_(some)))
                # Not 0: what may have arrived has begun, and is finished as it was begun.
                tried = update(delivery_parts).where(_P.delivery_id.in_(theirs), _P.attempts > 0)
                await connection.execute(tried.where(_P.state != PartState.SENT).values(attempts=1, untold=0))
        return found


def _lost(day: date, platform: str | None, *, week: bool) -> Select[int, str, str, bool]:
    """Select the lost deliveries: those of a chat whose later changes have not made it good, and are not under way."""
    public = exists().where(digests.c.day == _D.day, digests.c.revision_id.is_not(None))
    there = and_(_S.state == SubscriptionState.ON, is_there_on(_D.day))
    wanted = or_(_D.base_id.is_not(None), and_(there, or_(_D.revision_id.is_(None), public)))
    kind = _D.revision_id.is_(None) if week else _D.revision_id.is_not(None)
    made_good = exists().where(or_(_LATER.c.base_id == _D.id, _LATER.c.base_id == _D.base_id), _LATER.c.id > _D.id)
    query = (
        select(_D.id, _D.platform, _S.state, wanted.label("wanted"))
        .join(subscriptions, _S.id == _D.subscription_id)
        .where(_D.day == day, kind, _D.state.in_(_LOST), ~made_good, *_on(platform))
    )
    return query.order_by(_D.id)


def _on(platform: str | None) -> tuple[ColumnElement[bool], ...]:
    return (_D.platform == platform,) if platform else ()


def _sum(rows: Sequence[Row[int, str, str, bool]]) -> tuple[Failed, list[int]]:
    again = [row for row in rows if row.wanted and row.state != SubscriptionState.PAUSED]
    paused = sum(row.state == SubscriptionState.PAUSED for row in rows)
    found = Failed(again=Counter(row.platform for row in again), paused=paused, off=len(rows) - len(again) - paused)
    return found, [row.id for row in again]
