"""The ledger's writes, built once: planning a slot, and recording a delivery and its parts."""

from datetime import date
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Date,
    Insert,
    Integer,
    Select,
    String,
    Text,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from bot.models import DeliveryState, PartState, SubscriptionState
from bot.store.engine import Utc
from bot.store.tables import chats, deliveries, delivery_parts, digests, subscriptions

_S, _D, _P = subscriptions.c, deliveries.c, delivery_parts.c
_CLAIM: Final = deliveries.alias("claim")
_C = _CLAIM.c
_HAS: Final = delivery_parts.alias("has").c
_PLANNED: Final = [
    "subscription_id",
    "occasion",
    "base_id",
    "platform",
    "day",
    "revision_id",
    "categories",
    "format",
    "language",
    "state",
    "planned_at",
    "deadline",
    "next_at",
    "attempts",
]
"""What a planned row of the ledger has, in the order of the columns of what plans it."""
DeliveryColumns = ReadOnlyColumnCollection[str, Column[Any]]


def _waiting_in_slot() -> ColumnElement[bool]:
    """Return the condition to be due: on since before it fell due, not away, and not marked as served."""
    day = bindparam("the_day", type_=Date)
    return and_(
        _S.slot_id == bindparam("slot", type_=Integer),
        _S.state == literal(SubscriptionState.ON.value),
        or_(_S.served_day < day, _S.served_day > day),
        _S.since <= bindparam("fell_due", type_=Utc),
        is_there_on(day),
    )


def is_there_on(day: ColumnElement[date]) -> ColumnElement[bool]:
    """Return the condition for a subscription not to be away on that local day."""
    return or_(_S.away_until.is_(None), _S.away_until <= day)


def is_wanted(of: DeliveryColumns) -> ColumnElement[bool]:
    """Return the condition for the subscription of a delivery to want it still; a week by who still wants weeks."""
    wished_for = or_(of.revision_id.is_not(None), _S.weekly)
    return and_(_S.state == literal(SubscriptionState.ON.value), is_there_on(of.day), wished_for)


def _waiting_for_week() -> ColumnElement[bool]:
    """Return the condition to be due a week: it is wanted, else as for a day, whatever the slot's days are."""
    day = bindparam("the_day", type_=Date)
    return and_(
        _S.slot_id == bindparam("slot", type_=Integer),
        _S.state == literal(SubscriptionState.ON.value),
        _S.weekly,
        or_(_S.served_week < day, _S.served_week > day),
        _S.since <= bindparam("fell_due", type_=Utc),
        is_there_on(day),
    )


UNSERVED: Final = (
    select(_S.slot_id)
    .distinct()
    .where(
        _S.slot_id.in_(bindparam("slots", expanding=True)),
        _S.state == literal(SubscriptionState.ON.value),
        or_(_S.served_day < bindparam("the_day", type_=Date), _S.served_day > bindparam("the_day", type_=Date)),
        is_there_on(bindparam("the_day", type_=Date)),
    )
)
WEEK_UNSERVED: Final = (
    select(_S.slot_id)
    .distinct()
    .where(
        _S.slot_id.in_(bindparam("slots", expanding=True)),
        _S.state == literal(SubscriptionState.ON.value),
        _S.weekly,
        or_(_S.served_week < bindparam("the_day", type_=Date), _S.served_week > bindparam("the_day", type_=Date)),
        is_there_on(bindparam("the_day", type_=Date)),
    )
)


def _planned_already() -> ColumnElement[bool]:
    same = _D.occasion == bindparam("the_occasion", type_=String)
    return exists().where(_D.subscription_id == _S.id, same)


def planning(rows: Select[*tuple[Any, ...]]) -> Insert:
    """Return the one statement that plans these rows, with what is in `_PLANNED`; its result counts them."""
    return (
        insert(deliveries).from_select(_PLANNED, rows, include_defaults=False).execution_options(preserve_rowcount=True)
    )


def _plan(waiting: ColumnElement[bool], revision: ColumnElement[int]) -> Insert:
    """Return what plans a slot: a row for each subscription that waits and has none."""
    return planning(
        select(
            _S.id,
            bindparam("the_occasion", type_=String),
            cast(null(), Integer),
            chats.c.platform,
            bindparam("the_day", type_=Date),
            revision,
            _S.categories,
            _S.format,
            _S.language,
            literal(DeliveryState.PLANNED.value),
            bindparam("now", type_=Utc),
            bindparam("closes", type_=Utc),
            bindparam("now", type_=Utc),
            literal(0),
        )
        .join(chats, chats.c.id == _S.chat_id)
        .where(waiting, ~_planned_already())
    )


PLAN: Final = _plan(_waiting_in_slot(), bindparam("revision", type_=Integer))
PLAN_WEEK: Final = _plan(_waiting_for_week(), cast(null(), Integer))


def _count(waiting: ColumnElement[bool]) -> Select[str, int]:
    """Return what counts the rows that `_plan` would add, by platform."""
    return (
        select(chats.c.platform, func.count().label("number"))
        .select_from(subscriptions)
        .join(chats, chats.c.id == _S.chat_id)
        .where(waiting, ~_planned_already())
        .group_by(chats.c.platform)
    )


WAITING: Final = _count(_waiting_in_slot())
WAITING_WEEK: Final = _count(_waiting_for_week())
MARK_SERVED: Final = update(subscriptions).where(_waiting_in_slot()).values(served_day=bindparam("the_day", type_=Date))
MARK_WEEK_SERVED: Final = (
    update(subscriptions).where(_waiting_for_week()).values(served_week=bindparam("the_day", type_=Date))
)


def _stands() -> ColumnElement[bool]:
    """Return the condition for a message to go out now: what was known of its delivery at the claim holds still.

    A digest that has begun goes on with a new revision out, or when it is switched off, but not once it is retracted;
    a week that has begun goes on whatever becomes of its days. Of all that was published of these the sum is compared:
    what is published later has a greater id, so any change shows.
    """
    days = digests.c.day.between(bindparam("first_day", type_=Date), _C.day)
    published = select(func.coalesce(func.sum(digests.c.revision_id), 0)).where(days).scalar_subquery()
    same = published == bindparam("published", type_=Integer)
    may_be_there = or_(_HAS.attempts > 0, _HAS.shows.is_not(None))
    begun = exists().where(_HAS.delivery_id == func.coalesce(_C.base_id, _C.id), may_be_there)
    goes_on = or_(same, and_(_C.base_id.is_(None), or_(_C.revision_id.is_(None), published > 0)))
    return or_(and_(same, is_wanted(_C)), and_(begun, goes_on))


_THIS: Final = _D.id == bindparam("the_id")
_IS_CLAIMED: Final = and_(_D.state == literal(DeliveryState.CLAIMED.value), _D.claimed_by == bindparam("owner"))
_IN_OUR_NAME: Final = and_(_C.id == bindparam("claim", type_=Integer), _C.claimed_by == bindparam("owner"))
_OURS: Final = exists().where(_IN_OUR_NAME)
"""Nobody else has claimed it meanwhile, as after a sleep longer than the lease; it may have been settled since."""
_MAY_GO: Final = and_(_IN_OUR_NAME, _C.state == literal(DeliveryState.CLAIMED.value), _stands())
_ITS_SUBSCRIPTION: Final = _S.id == _C.subscription_id
_THIS_PART: Final = and_(_P.delivery_id == bindparam("the_id"), _P.number == bindparam("the_number"))
_NOW: Final = bindparam("now", type_=Utc)
PIN: Final = (
    update(deliveries)
    .where(_THIS, _D.claimed_by == bindparam("owner"))
    .values(edition=bindparam("edition"), revision_id=bindparam("revision_id"))
)
SEND_FIRST: Final = (
    insert(delivery_parts)
    .from_select(
        ["delivery_id", "number", "state", "attempts", "changed_at"],
        select(
            bindparam("the_id", type_=Integer),
            bindparam("the_number", type_=Integer),
            literal(PartState.SENDING.value),
            literal(1),
            bindparam("now", type_=Utc),
        )
        .select_from(_CLAIM.join(subscriptions, _ITS_SUBSCRIPTION))
        .where(_MAY_GO),
        include_defaults=False,
    )
    .execution_options(preserve_rowcount=True)
)
"""Writes nothing for what is not to go out any more: taken over, forgotten, called off or overtaken meanwhile."""
_WAS_THERE: Final = _P.state == literal(PartState.SENT.value)
_TRIES: Final = case((_WAS_THERE, 1), else_=_P.attempts + 1)
"""Of this act alone: what is changed or sent anew after it was there has its tries again."""
SEND_AGAIN: Final = (
    update(delivery_parts)
    .where(_THIS_PART, exists().select_from(_CLAIM.join(subscriptions, _ITS_SUBSCRIPTION)).where(_MAY_GO))
    .values(
        state=literal(PartState.SENDING.value),
        attempts=_TRIES,
        untold=case((_WAS_THERE, 0), else_=_P.untold),
        changed_at=_NOW,
    )
)
SHOW: Final = (
    update(delivery_parts)
    .where(_THIS_PART, _OURS)
    .values(
        state=literal(PartState.SENT.value),
        message_id=bindparam("message_id"),
        shows=bindparam("shows"),
        changed_at=_NOW,
    )
)
_MAY_HAVE_ARRIVED: Final = case((bindparam("state") == PartState.REFUSED.value, _P.attempts - 1), else_=_P.attempts)
_UNTOLD: Final = case((bindparam("state") == PartState.UNKNOWN.value, _P.untold + 1), else_=_P.untold)
FAIL: Final = (
    update(delivery_parts)
    .where(_THIS_PART, _OURS)
    .values(state=bindparam("state"), attempts=_MAY_HAVE_ARRIVED, untold=_UNTOLD, changed_at=_NOW)
)
FOLLOW: Final = update(deliveries).where(_THIS, _OURS).values(revision_id=bindparam("revision_id"))
FULFIL: Final = FOLLOW.values(state=literal(DeliveryState.SENT.value), error_code=None, error=None)
"""However the delivery had ended: a correction has brought what was missing."""
SETTLE: Final = (
    update(deliveries)
    .where(_THIS, _IS_CLAIMED)
    .values(
        state=bindparam("state"),
        error_code=bindparam("code", type_=String),
        error=bindparam("error", type_=Text),
        settled_at=_NOW,
    )
)
POSTPONE: Final = (
    update(deliveries)
    .where(_THIS, _IS_CLAIMED)
    .values(
        state=literal(DeliveryState.PLANNED.value),
        next_at=bindparam("until", type_=Utc),
        error_code=bindparam("code", type_=String),
        error=bindparam("error", type_=Text),
    )
)
GIVE_BACK: Final = (
    update(deliveries).where(_THIS, _IS_CLAIMED).values(state=literal(DeliveryState.PLANNED.value), next_at=_NOW)
)
