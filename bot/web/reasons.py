"""Why a chat has its digest of the day, or has it not. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.models import DeliveryState, Subscription, SubscriptionState
from bot.schedule import Publication, instant, window
from bot.store import Record


class Why(StrEnum):
    """What it is due to; each is a sentence of `web/chat_record.j2`."""

    SENT = "sent"
    EMPTY = "empty"
    FAILED = "failed"
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    WAITING = "waiting"
    OFF = "off"
    PAUSED = "paused"
    AWAY = "away"
    NOT_THAT_DAY = "not_that_day"
    """The subscription leaves that day of the week out."""
    UNPUBLISHED = "unpublished"
    TO_COME = "to_come"
    """The chat's hour has not come."""
    TOO_LATE = "too_late"
    """It subscribed, or came back, after the day's digest had fallen due."""
    OVER = "over"
    """The digest was published when it could no longer begin to go out."""
    DUE = "due"
    """It goes out with the next look at the clock."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """Why, of which local `day` of the chat; `at` (UTC) is when that came about or will, `reason` what was said."""

    why: Why
    day: date
    at: datetime | None = None
    reason: str = ""


def local_day(subscription: Subscription, now: datetime) -> date:
    """Return the day it is where the chat is."""
    return now.astimezone(ZoneInfo(subscription.slot.zone)).date()


def judge(
    subscription: Subscription,
    record: Record | None,
    publication: Publication | None,
    now: datetime,
    *,
    catch_up: timedelta,
) -> Verdict:
    """Return why the chat stands as it does today: by the day's `record` if there is one, else by the rule of due."""
    day = local_day(subscription, now)
    if record:
        return _of_record(record)
    if subscription.state is SubscriptionState.OFF:
        return Verdict(why=Why.OFF, day=day, at=subscription.since)
    if subscription.state is SubscriptionState.PAUSED:
        return Verdict(why=Why.PAUSED, day=day, at=subscription.since, reason=subscription.reason)
    if subscription.away_until and day < subscription.away_until:
        back = instant(subscription.away_until, subscription.slot.at, ZoneInfo(subscription.slot.zone))
        return Verdict(why=Why.AWAY, day=day, at=back)
    return _by_rule(subscription, publication, now, catch_up)


def _of_record(record: Record) -> Verdict:
    is_open = record.state in (DeliveryState.PLANNED, DeliveryState.CLAIMED)
    why = Why.WAITING if is_open else Why(record.state)
    return Verdict(why=why, day=record.day, at=record.next_at if is_open else record.settled_at, reason=record.error)


def _by_rule(
    subscription: Subscription, publication: Publication | None, now: datetime, catch_up: timedelta
) -> Verdict:
    day = local_day(subscription, now)
    span = window(subscription.slot, now, catch_up=catch_up)
    if span is None:
        return Verdict(why=Why.NOT_THAT_DAY, day=day)
    if publication is None:
        return Verdict(why=Why.UNPUBLISHED, day=day, at=span.opens)
    if now < span.opens:
        return Verdict(why=Why.TO_COME, day=day, at=span.opens)
    fell_due = max(span.opens, publication.published_at)
    if subscription.since > fell_due:
        return Verdict(why=Why.TOO_LATE, day=day, at=fell_due)
    if now >= span.closes:
        return Verdict(why=Why.OVER, day=day, at=span.closes)
    return Verdict(why=Why.DUE, day=day, at=now)
