"""A clock that was ahead, and was set back: what it did to the ledger and to subscriptions is undone."""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, bindparam, or_, select, update

from bot.models import DeliveryState
from bot.store.claiming import IS_OPEN
from bot.store.tables import NOBODY, deliveries, leases, subscriptions

_D, _S = deliveries.c, subscriptions.c


def set_back(connection: Connection, now: datetime, *, looked: datetime, whose: ColumnElement[bool]) -> None:
    """Undo what a clock did that said `looked` before it said `now`, its verdicts of being too late among it.

    What was due is so still; what had begun and was given up is judged anew, for it may be finished after its day. What
    waited waits as long as it had left: no shorter, for the platform or we had a reason. `whose` says which of the
    deliveries waited by that clock.
    """
    _go_on_waiting(connection, now, looked, whose)
    too_late = and_(
        _D.state.in_((DeliveryState.EXPIRED, DeliveryState.FAILED)),
        _D.error_code == _D.state,
        _D.settled_at > now,  # which it is found by, in its index
        _D.settled_at >= _D.deadline,
        or_(_D.state == DeliveryState.FAILED, _D.deadline > now),
    )
    again = {"state": DeliveryState.PLANNED, "settled_at": None, "error_code": None, "error": None}
    connection.execute(update(deliveries).where(too_late).values(next_at=now, **again))
    connection.execute(update(subscriptions).where(_S.since > now).values(since=now))


def _go_on_waiting(connection: Connection, now: datetime, looked: datetime, whose: ColumnElement[bool]) -> None:
    waits = and_(_D.state == DeliveryState.PLANNED, IS_OPEN, whose)
    later = connection.execute(select(_D.id, _D.next_at).where(waits, _D.next_at > looked)).all()
    was_due = update(deliveries).where(waits, _D.next_at > now, _D.next_at <= looked)
    connection.execute(was_due.values(next_at=now))
    if later:
        sooner = update(deliveries).where(_D.id == bindparam("the_id")).values(next_at=bindparam("at"))
        connection.execute(sooner, [{"the_id": row.id, "at": now + (row.next_at - looked)} for row in later])


def of(account: str) -> ColumnElement[bool]:
    """Return the condition to be sent for `account`."""
    return _D.platform == account


def not_of_another(owner: str) -> ColumnElement[bool]:
    """Return the condition to be sent by no other process than `owner`: another has a clock itself."""
    return _D.platform.not_in(select(leases.c.account).where(leases.c.owner.not_in((owner, NOBODY))))
