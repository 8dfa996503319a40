"""What an operator asks of the ledger: how a day's deliveries stand, what failed, who is paused."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, literal, or_, select, text

from bot.models import Chat, DeliveryState, SubscriptionState
from bot.schedule import days_at
from bot.store.engine import Database
from bot.store.statements import is_there_on
from bot.store.subscriptions import chat_of
from bot.store.tables import chats, daily_sums, deliveries, subscriptions, weekly_sums

_WELL = (DeliveryState.SENT, DeliveryState.EMPTY)
_LATER: Final = deliveries.alias("later")
_LAST: Final = select(func.max(deliveries.c.settled_at)).where(
    deliveries.c.state == bindparam("state"),
    deliveries.c.settled_at.is_not(None),
    deliveries.c.revision_id.is_not(None),
    deliveries.c.base_id.is_(None),
)

HELD_UP_AFTER = timedelta(minutes=30)
"""From when on what is tried again and again is trouble: by then it is no flood wait, nor a platform's restart."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Trouble:
    """A chat that did not get a digest, or gets none for now: which, since when (UTC) and why.

    `number` is that of its subscription.
    """

    number: int
    chat: Chat
    state: str
    reason: str
    since: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """The open deliveries of a platform: how many, and when (UTC) the oldest was planned, or wished for once more."""

    number: int
    since: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """A platform's morning, in deliveries; `subscribed` and `paused` count subscriptions now."""

    platform: str
    subscribed: int = 0
    paused: int = 0
    due: int = 0
    sent: int = 0
    empty: int = 0
    waiting: int = 0
    failed: int = 0
    unknown: int = 0
    expired: int = 0


Counts = Mapping[tuple[str, DeliveryState], int]
Wishes = Mapping[tuple[str, SubscriptionState], int]


def tally(platform: str, counts: Counts, wishes: Wishes, *, unplanned: int = 0) -> Tally:
    """Return how `platform` stands, out of what was counted; what is `unplanned` is due and waits too."""
    here = {state: counts.get((platform, state), 0) for state in DeliveryState}
    return Tally(
        platform=platform,
        subscribed=wishes.get((platform, SubscriptionState.ON), 0),
        paused=wishes.get((platform, SubscriptionState.PAUSED), 0),
        due=sum(here.values()) + unplanned,
        sent=here[DeliveryState.SENT],
        empty=here[DeliveryState.EMPTY],
        waiting=here[DeliveryState.PLANNED] + here[DeliveryState.CLAIMED] + unplanned,
        failed=here[DeliveryState.FAILED],
        unknown=here[DeliveryState.UNKNOWN],
        expired=here[DeliveryState.EXPIRED],
    )


class Status:
    """Counts and troubles, read only."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def counts(self, day: date, *, week: bool = False) -> Mapping[tuple[str, DeliveryState], int]:
        """Return how many deliveries of `day` are in each state, by platform; those that were thinned too.

        With `week`, those of the week that ends on `day`.
        """
        one = deliveries.c
        query = (
            select(one.platform, one.state, func.count().label("number"))
            .where(one.day == day, one.base_id.is_(None), _is_week(week))
            .group_by(one.platform, one.state)
        )
        sums = weekly_sums if week else daily_sums
        thinned = select(sums).where(sums.c.day == day)
        counts: Counter[tuple[str, DeliveryState]] = Counter()
        async with self._database.read() as connection:
            for row in await connection.execute(query):
                counts[row.platform, DeliveryState(row.state)] += row.number
            for row in await connection.execute(thinned):
                counts[row.platform, DeliveryState(row.state)] += row.deliveries
        return counts

    async def too_late(self, day: date, *, week: bool = False) -> Mapping[str, int]:
        """Return how many deliveries of `day` have expired because their time was over, by platform.

        The others were no longer wanted, or their digest was retracted: nobody misses those. With `week`, of the week
        that ends on `day`.
        """
        one = deliveries.c
        query = (
            select(one.platform, func.count().label("number"))
            .where(one.day == day, one.base_id.is_(None), _is_week(week))
            .where(one.state == DeliveryState.EXPIRED, one.settled_at >= one.deadline)
            .group_by(one.platform)
        )
        async with self._database.read() as connection:
            return {row.platform: row.number for row in await connection.execute(query)}

    async def changes_lost(self, day: date, *, lasting: datetime | None = None) -> Mapping[str, int]:
        """Return how many corrections and retractions of `day` failed, are unknown or were too late, by platform.

        A chat's last counts alone: the one before it was to be made good by that. With `lasting` (UTC), those whose
        time is not over then.
        """
        one = deliveries.c
        too_late = and_(one.state == DeliveryState.EXPIRED, one.settled_at >= one.deadline)
        lost = or_(one.state.in_((DeliveryState.FAILED, DeliveryState.UNKNOWN)), too_late)
        query = (
            select(one.platform, func.count().label("number"))
            .where(one.day == day, _is_last_change(), lost, *_lasts(lasting))
            .group_by(one.platform)
        )
        async with self._database.read() as connection:
            return {row.platform: row.number for row in await connection.execute(query)}

    async def elsewhere(self, day: date, now: datetime) -> Mapping[date, Mapping[tuple[str, DeliveryState], int]]:
        """Return the counts of other days than `day`: of those deliveries whose time is not over at `now`."""
        one = deliveries.c
        query = (
            select(one.day, one.platform, one.state, func.count().label("number"))
            .where(one.day.in_(days_at(now)), one.day != day, one.base_id.is_(None), _is_week(week=False))
            .where(one.deadline > now)
            .group_by(one.day, one.platform, one.state)
        )
        found: dict[date, dict[tuple[str, DeliveryState], int]] = {}
        async with self._database.read() as connection:
            for row in await connection.execute(query):
                found.setdefault(row.day, {})[row.platform, DeliveryState(row.state)] = row.number
        return found

    async def last_delivery(self) -> datetime | None:
        """Return when (UTC) a day's digest was last settled well, as sent or with nothing in it; None: never.

        What changes a digest or takes it back brings nobody one.
        """
        async with self._database.read() as connection:
            times = [await connection.scalar(_LAST, {"state": state}) for state in _WELL]
        return max((moment for moment in times if moment), default=None)

    async def subscribed_since(self, *, there_on: date) -> datetime | None:
        """Return since when (UTC) the oldest subscription that is on is so; None when nobody is subscribed.

        Those are left out that were away on the day `there_on`, or still are. It looks at every subscription: not for
        every minute.
        """
        on = and_(subscriptions.c.state == SubscriptionState.ON, is_there_on(literal(there_on)))
        query = select(func.min(subscriptions.c.since)).where(on)
        async with self._database.read() as connection:
            since: datetime | None = await connection.scalar(query)
        return since

    async def waiting(self) -> Mapping[str, Waiting]:
        """Return what is planned or under way, corrections and weeks too, by platform."""
        one = deliveries.c
        query = (
            select(one.platform, func.count().label("number"), func.min(one.planned_at).label("since"))
            .where(text("state IN ('planned', 'claimed')"))
            .group_by(one.platform)
        )
        async with self._database.read() as connection:
            rows = await connection.execute(query)
            return {row.platform: Waiting(number=row.number, since=row.since) for row in rows}

    async def held_up(self, day: date, now: datetime) -> int:
        """Return how many deliveries of `day` have failed so far and are still being tried, long after their hour."""
        one = deliveries.c
        query = (
            select(func.count())
            .where(one.day == day, one.base_id.is_(None), _is_week(week=False))
            .where(one.state.in_((DeliveryState.PLANNED, DeliveryState.CLAIMED)), one.error.is_not(None))
            .where(one.planned_at <= now - HELD_UP_AFTER)
        )
        async with self._database.read() as connection:
            return await connection.scalar(query) or 0

    async def subscriptions(self) -> Mapping[tuple[str, SubscriptionState], int]:
        """Return how many subscriptions are in each state, by platform."""
        query = (
            select(chats.c.platform, subscriptions.c.state, func.count().label("number"))
            .join(chats, chats.c.id == subscriptions.c.chat_id)
            .group_by(chats.c.platform, subscriptions.c.state)
        )
        async with self._database.read() as connection:
            rows = await connection.execute(query)
            return {(row.platform, SubscriptionState(row.state)): row.number for row in rows}

    async def failed(
        self,
        day: date,
        *,
        week: bool = False,
        changes: bool | None = None,
        lasting: datetime | None = None,
        limit: int = 50,
    ) -> tuple[Trouble, ...]:
        """Return deliveries of `day` that came to a bad end, or have met an error so far.

        With `week`, those of the week that ends on `day`. With `changes`, the last correction or retraction of each
        chat alone; where that is false, the digest itself alone. With `lasting` (UTC), those whose time is not over
        then.
        """
        one = deliveries.c
        kind = () if changes is None else (_is_last_change() if changes else one.base_id.is_(None),)
        query = (
            select(chats, subscriptions.c.topic, one.subscription_id, one.state, one.error, one.settled_at)
            .select_from(deliveries)
            .join(subscriptions, subscriptions.c.id == one.subscription_id)
            .join(chats, chats.c.id == subscriptions.c.chat_id)
            .where(one.day == day, _is_week(week), *kind, *_lasts(lasting))
            .where(one.state.not_in((DeliveryState.SENT, DeliveryState.EMPTY)), one.error.is_not(None))
            .order_by(one.id)
            .limit(limit)
        )
        async with self._database.read() as connection:
            rows = await connection.execute(query)
            return tuple(
                Trouble(
                    number=row.subscription_id,
                    chat=chat_of(row),
                    state=row.state,
                    reason=row.error,
                    since=row.settled_at,
                )
                for row in rows
            )

    async def paused(self, *, limit: int = 50) -> tuple[Trouble, ...]:
        """Return the subscriptions that are paused, the latest first."""
        one = subscriptions.c
        query = (
            select(chats, one.topic, one.id.label("number"), one.state, one.reason, one.since)
            .join(chats, chats.c.id == one.chat_id)
            .where(one.state == SubscriptionState.PAUSED)
            .order_by(one.since.desc())
            .limit(limit)
        )
        async with self._database.read() as connection:
            rows = await connection.execute(query)
            return tuple(
                Trouble(number=row.number, chat=chat_of(row), state=row.state, reason=row.reason, since=row.since)
                for row in rows
            )


def _is_week(week: bool) -> ColumnElement[bool]:  # noqa: FBT001
    """Return the condition for a delivery of a week, or of a day and what changes it."""
    revision = deliveries.c.revision_id
    return revision.is_(None) if week else revision.is_not(None)


def _is_last_change() -> ColumnElement[bool]:
    """Return the condition for the last correction or retraction of what a chat has."""
    one = deliveries.c
    return and_(one.base_id.is_not(None), ~exists().where(_LATER.c.base_id == one.base_id, _LATER.c.id > one.id))


def _lasts(until: datetime | None) -> tuple[ColumnElement[bool], ...]:
    return (deliveries.c.deadline > until,) if until else ()
