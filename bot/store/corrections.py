"""Which messages no longer say what is published, and the deliveries that will change them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Row,
    Select,
    Update,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    update,
)

from bot.models import DeliveryState, PartState, SubscriptionState
from bot.store.engine import Database, Utc
from bot.store.statements import is_there_on, planning
from bot.store.tables import deliveries, delivery_parts, digests, revisions, subscriptions

_BASE: Final = deliveries.alias("base")
_OTHER: Final = deliveries.alias("other")
_OWED: Final = revisions.alias("owed")
_NOTHING_LEFT = (DeliveryState.SENT, DeliveryState.EMPTY, DeliveryState.EXPIRED)
_IN_VAIN = (DeliveryState.FAILED, DeliveryState.UNKNOWN)
_OPEN = (DeliveryState.PLANNED, DeliveryState.CLAIMED)
_SETTLED = tuple(state for state in DeliveryState if state not in _OPEN)
CHAT_GONE = "chat_gone"
"""The code of a delivery that ended because its chat can't be reached."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """Where a day stands: its newest revision that was ever public, and whether it still is.

    Where that corrects nothing, messages sent before are still `owed` an older one that does, or its withdrawal.
    """

    day: date
    revision_id: int
    published: bool
    corrects: bool
    owed: "Head | None" = None

    @property
    def moves(self) -> bool:
        """Whether messages sent before are to follow it."""
        return self.corrects or not self.published

    @property
    def occasion(self) -> str:
        """Name the occasion on which messages sent before follow this revision, or its withdrawal."""
        return f"{'correction' if self.published else 'retraction'}:{self.day}:{self.revision_id}"


class Corrections:
    """Changes of what was sent."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def served_late(self, before: date, *, since: datetime) -> frozenset[date]:
        """Return the days before `before` of which a delivery was settled after `since` (UTC): sent again, as a rule.

        It looks at all that was settled since: not for every second.
        """
        one = deliveries.c
        late = and_(one.settled_at.is_not(None), one.settled_at > since, one.revision_id.is_not(None), one.day < before)
        query = select(one.day).distinct().where(one.state.in_(_SETTLED), late)
        async with self._database.read() as connection:
            return frozenset(await connection.scalars(query))

    async def heads(self, since: date, *, and_of: Collection[date] = ()) -> tuple[Head, ...]:
        """Return where every day from `since` on stands, and every day of `and_of`."""
        one = revisions.c
        moving = case((or_(one.corrects, one.state == literal("retracted")), one.id))
        newest = (
            select(func.max(one.id).label("id"), func.max(moving).label("moving"))
            .where(one.state != "draft", or_(one.day >= since, one.day.in_(and_of)))
            .group_by(one.day)
            .subquery()
        )
        query = (
            select(one.day, one.id, one.corrects, digests.c.revision_id)
            .add_columns(_OWED.c.id.label("owed"), _OWED.c.state.label("owed_state"), _OWED.c.corrects.label("owes"))
            .join(newest, newest.c.id == one.id)
            .join(digests, digests.c.day == one.day)
            .outerjoin(_OWED, and_(_OWED.c.id == newest.c.moving, _OWED.c.id < one.id))
            .order_by(one.day)
        )
        async with self._database.read() as connection:
            return tuple(map(_head, await connection.execute(query)))

    async def plan(self, head: Head, now: datetime, *, sent_since: datetime, deadline: datetime) -> int:
        """Plan a change for every chat that has something else than `head`, and return how many; idempotent.

        One that found its chat gone is planned again once that is back. Where `head` corrects nothing, only who has
        no message gets one; the others still what they are owed. Only deliveries settled after `sent_since` are
        touched; a change not carried out by `deadline` is given up, and what would be a chat's first message when its
        day is over. All UTC.
        """
        planned = 0
        async with self._database.write() as connection:
            for one in (head.owed, head) if head.owed else (head,):
                row = {
                    "the_day": head.day,
                    "the_occasion": one.occasion,
                    "newest": head.occasion,
                    # The last revision whose messages it changes: its withdrawal takes its own back.
                    "overtaken": one.revision_id - 1 if one.published else one.revision_id,
                    "withdraws": not one.published,
                    "touches": one.moves,
                    "brings": one.published and one is head,
                    "sent_since": sent_since,
                    "now": now,
                    "closes": deadline,
                }
                planned += (await connection.execute(_PLAN_AGAIN, row)).rowcount
                planned += (await connection.execute(_PLAN, row)).rowcount
        return planned

    async def reach(self, day: date, *, sent_since: datetime) -> Mapping[str, int]:
        """Return how many chats have messages of `day` that a new revision will change, by platform; no paused ones."""
        query = (
            select(_BASE.c.platform, func.count().label("number"))
            .join(subscriptions, subscriptions.c.id == _BASE.c.subscription_id)
            .where(_brought(day), _BASE.c.settled_at > sent_since, _has_messages())
            .where(subscriptions.c.state != SubscriptionState.PAUSED)
            .group_by(_BASE.c.platform)
        )
        async with self._database.read() as connection:
            return {row.platform: row.number for row in await connection.execute(query)}


def _head(row: Row[*tuple[Any, ...]]) -> Head:
    published, owed = row.revision_id == row.id, None
    if row.owed:
        owed = Head(day=row.day, revision_id=row.owed, published=row.owed_state == "published", corrects=row.owes)
    return Head(day=row.day, revision_id=row.id, published=published, corrects=row.corrects, owed=owed)


def _brought(day: date | ColumnElement[date]) -> ColumnElement[bool]:
    """Return the condition for a delivery that brought the digest of `day` itself; a week has no revision to follow."""
    return and_(_BASE.c.day == day, _BASE.c.base_id.is_(None), _BASE.c.revision_id.is_not(None))


def _has_messages() -> ColumnElement[bool]:
    return exists().where(delivery_parts.c.delivery_id == _BASE.c.id, delivery_parts.c.shows.is_not(None))


def _is_touched() -> ColumnElement[bool]:
    return and_(_has_messages(), _is("touches"))


def _is_taken_from_who_may_have_it() -> ColumnElement[bool]:
    """Return the condition for a withdrawal from a chat of which nobody knows whether a message arrived."""
    part = delivery_parts.c
    astray = and_(part.state != literal(PartState.SENT.value), part.attempts > 0)
    return and_(_is("withdraws"), exists().where(part.delivery_id == _BASE.c.id, astray))


def _has_nothing_yet() -> ColumnElement[bool]:
    """Return the condition for a chat that got nothing, or nothing that was left to it, and whose day still lasts.

    Who has switched it off and on again since has it no longer due; unless it was there, and was taken back.
    """
    return and_(
        ~_has_messages(),
        or_(_BASE.c.state.in_(_NOTHING_LEFT), and_(_BASE.c.state.in_(_IN_VAIN), _was_retracted())),
        _BASE.c.deadline > bindparam("now", type_=Utc),
        subscriptions.c.state == literal(SubscriptionState.ON.value),
        is_there_on(_BASE.c.day),
        or_(_BASE.c.state == literal(DeliveryState.SENT.value), subscriptions.c.since <= _BASE.c.planned_at),
        _is("brings"),
    )


def _was_retracted() -> ColumnElement[bool]:
    """Return the condition for a delivery whose revision was taken back: to end it is not the way to be served."""
    retracted = select(revisions.c.id).where(revisions.c.day == bindparam("the_day", type_=Date))
    return _BASE.c.revision_id.in_(retracted.where(revisions.c.state == literal("retracted")))


def _is(what: str) -> ColumnElement[bool]:
    return bindparam(what) == literal(True)  # noqa: FBT003


def _stale() -> Select[*tuple[Any, ...]]:
    now = bindparam("now", type_=Utc)
    mine = _OTHER.c.subscription_id == _BASE.c.subscription_id
    return (
        select(
            _BASE.c.subscription_id,
            bindparam("the_occasion"),
            _BASE.c.id,
            _BASE.c.platform,
            _BASE.c.day,
            _BASE.c.revision_id,
            _BASE.c.categories,
            _BASE.c.format,
            _BASE.c.language,
            literal(DeliveryState.PLANNED.value),
            now,
            case((_has_messages(), bindparam("closes", type_=Utc)), else_=_BASE.c.deadline),
            now,
            literal(0),
        )
        .join(subscriptions, subscriptions.c.id == _BASE.c.subscription_id)
        .where(
            _brought(bindparam("the_day", type_=Date)),
            _BASE.c.settled_at > bindparam("sent_since", type_=Utc),
            subscriptions.c.state != literal(SubscriptionState.PAUSED.value),
            _BASE.c.revision_id <= bindparam("overtaken", type_=Integer),
            _BASE.c.state.not_in(_OPEN),
            or_(_is_touched(), _has_nothing_yet(), _is_taken_from_who_may_have_it()),
            ~exists().where(mine, _OTHER.c.occasion.in_((bindparam("the_occasion"), bindparam("newest")))),
            ~exists().where(_OTHER.c.base_id == _BASE.c.id, _OTHER.c.state.in_(_OPEN)),
        )
    )


def _came_back() -> Update:
    """Return what plans a change again whose chat was gone: it was paused for that, and now is on."""
    one, now = deliveries.c, bindparam("now", type_=Utc)
    base_sent = _BASE.c.settled_at > bindparam("sent_since", type_=Utc)
    is_on = subscriptions.c.state == literal(SubscriptionState.ON.value)
    return (
        update(deliveries)
        .where(one.day == bindparam("the_day", type_=Date), one.occasion == bindparam("the_occasion"))
        .where(one.state == literal(DeliveryState.FAILED.value), one.error_code == literal(CHAT_GONE))
        .where(one.deadline > now)
        .where(exists().where(_BASE.c.id == one.base_id, base_sent))
        .where(exists().where(subscriptions.c.id == one.subscription_id, is_on))
        .values(state=literal(DeliveryState.PLANNED.value), next_at=now, attempts=0)
        .values(settled_at=null(), error_code=null(), error=null())
    )


_PLAN: Final = planning(_stale())
_PLAN_AGAIN: Final = _came_back()
