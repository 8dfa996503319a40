"""How mornings went, how fast this one goes, and who is to be served: sums, read only."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import bindparam, func, select

from bot.models import DeliveryState, SubscriptionState
from bot.store import codec
from bot.store.engine import Database
from bot.store.tables import chats, daily_sums, deliveries, subscriptions

_D: Final = deliveries.c
_OF_A_DAY: Final = _D.occasion.startswith("day:")
"""Neither what changes a digest nor a week's is another digest that a morning brought."""
_OPEN: Final = (DeliveryState.PLANNED, DeliveryState.CLAIMED)
_KEPT: Final = (
    select(_D.day, _D.state, func.count().label("number"), func.max(_D.settled_at).label("last"))
    .where(_D.day.between(bindparam("first"), bindparam("final")), _OF_A_DAY)
    .group_by(_D.day, _D.state)
)
_THINNED: Final = (
    select(daily_sums.c.day, daily_sums.c.state, func.sum(daily_sums.c.deliveries).label("number"))
    .where(daily_sums.c.day.between(bindparam("first"), bindparam("final")))
    .group_by(daily_sums.c.day, daily_sums.c.state)
)
_PACE: Final = (
    select(_D.platform, func.count().label("number"), func.min(_D.settled_at).label("since"))
    .where(_D.settled_at > bindparam("since"), _D.day == bindparam("the_day"), _OF_A_DAY)
    .where(_D.state.in_([state for state in DeliveryState if state not in _OPEN]))
    .group_by(_D.platform)
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Morning:
    """How a day's digest went, in deliveries; `last` (UTC) is when the last one arrived, None where none is known."""

    day: date
    counts: Mapping[DeliveryState, int]
    last: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Settled:
    """How many deliveries of a platform came to an end lately, and when (UTC) the first of these did."""

    number: int
    since: datetime


class Mornings:
    """The sums of days and of subscriptions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def between(self, first: date, final: date) -> tuple[Morning, ...]:
        """Return how the days from `first` to `final` went, oldest first, thinned ones too; none without deliveries."""
        counts: dict[date, dict[DeliveryState, int]] = defaultdict(lambda: defaultdict(int))
        last: dict[date, datetime] = {}
        async with self._database.read() as connection:
            for row in await connection.execute(_KEPT, {"first": first, "final": final}):
                counts[row.day][DeliveryState(row.state)] += row.number
                if row.state == DeliveryState.SENT:
                    last[row.day] = row.last
            for row in await connection.execute(_THINNED, {"first": first, "final": final}):
                counts[row.day][DeliveryState(row.state)] += row.number
        return tuple(Morning(day=day, counts=dict(counts[day]), last=last.get(day)) for day in sorted(counts))

    async def settled(self, day: date, *, since: datetime) -> Mapping[str, Settled]:
        """Return how many deliveries of `day` came to an end after `since` (UTC), by platform."""
        async with self._database.read() as connection:
            rows = await connection.execute(_PACE, {"the_day": day, "since": since})
            return {row.platform: Settled(number=row.number, since=row.since) for row in rows}

    async def audience(self) -> Mapping[tuple[str, frozenset[str]], int]:
        """Return how many subscriptions are on, by platform and categories (none: all of them).

        It looks at every subscription: not for every second.
        """
        query = (
            select(chats.c.platform, subscriptions.c.categories, func.count().label("number"))
            .join(chats, chats.c.id == subscriptions.c.chat_id)
            .where(subscriptions.c.state == SubscriptionState.ON)
            .group_by(chats.c.platform, subscriptions.c.categories)
        )
        async with self._database.read() as connection:
            rows = await connection.execute(query)
            return {(row.platform, codec.slugs_from_text(row.categories)): row.number for row in rows}
