"""The ledger's writes, built once: planning a slot, and recording a delivery and its parts."""

from datetime import date
from typing import Any, Final

from sqlalchemy import (
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

from bot.models import DeliveryState, PartState, SubscriptionState
from bot.store.engine import Utc
from bot.store.tables import chats, deliveries, delivery_parts, subscriptions

_S, _D, _P = subscriptions.c, deliveries.c, delivery_parts.c
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
_THIS: Final = _D.id == bindparam("the_id")
_THIS_PART: Final = and_(_P.delivery_id == bindparam("the_id"), _P.number == bindparam("the_number"))
_NOW: Final = bindparam("now", type_=Utc)
PIN: Final = update(deliveries).where(_THIS).values(edition=bindparam("edition"), revision_id=bindparam("revision_id"))
SEND_FIRST: Final = insert(delivery_parts).from_select(
    ["delivery_id", "number", "state", "attempts", "changed_at"],
    select(
        _D.id,
        bindparam("the_number", type_=Integer),
        literal(PartState.SENDING.value),
        literal(1),
        bindparam("now", type_=Utc),
    ).where(_THIS),
    include_defaults=False,
)
"""Writes nothing for a delivery that was forgotten meanwhile: its batch must not fail with it."""
_WAS_THERE: Final = _P.state == literal(PartState.SENT.value)
_TRIES: Final = case((_WAS_THERE, 1), else_=_P.attempts + 1)
"""Of this act alone: what is changed or sent anew after it was there has its tries again."""
SEND_AGAIN: Final = (
    update(delivery_parts)
    .where(_THIS_PART)
    .values(
        state=literal(PartState.SENDING.value),
        attempts=_TRIES,
        untold=case((_WAS_THERE, 0), else_=_P.untold),
        changed_at=_NOW,
    )
)
SHOW: Final = (
    update(delivery_parts)
    .where(_THIS_PART)
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
    .where(_THIS_PART)
    .values(state=bindparam("state"), attempts=_MAY_HAVE_ARRIVED, untold=_UNTOLD, changed_at=_NOW)
)
FOLLOW: Final = update(deliveries).where(_THIS).values(revision_id=bindparam("revision_id"))
FULFIL: Final = FOLLOW.values(state=literal(DeliveryState.SENT.value), error_code=None, error=None)
"""However the delivery had ended: a correction has brought what was missing."""
SETTLE: Final = (
    update(deliveries)
    .where(_THIS)
    .values(
        state=bindparam("state"),
        error_code=bindparam("code", type_=String),
        error=bindparam("error", type_=Text),
        settled_at=_NOW,
    )
)
POSTPONE: Final = (
    update(deliveries)
    .where(_THIS, _D.state == literal(DeliveryState.CLAIMED.value), _D.claimed_by == bindparam("owner"))
    .values(
        state=literal(DeliveryState.PLANNED.value),
        next_at=bindparam("until", type_=Utc),
        error_code=bindparam("code", type_=String),
        error=bindparam("error", type_=Text),
    )
)
