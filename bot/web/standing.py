"""How a morning stands, platform by platform, and when it will be over at the present pace. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot.models import DeliveryState, SubscriptionState
from bot.store import DayLine, Settled

PACE_OVER = timedelta(minutes=1)
"""The stretch whose pace is the present one."""
_SHORTEST = timedelta(seconds=1)
_A_MINUTE = timedelta(minutes=1)

Counts = Mapping[tuple[str, DeliveryState], int]
Wishes = Mapping[tuple[str, SubscriptionState], int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A platform's morning, in deliveries; `subscribed` and `paused` count subscriptions now.

    `again` are those that would be sent again, `sender` names the process that sends, empty when none does. `over_at`
    (local) is when the last one waiting will have gone out; None when none is waiting, or none is moving.
    """

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
    again: int = 0
    sender: str = ""
    over_at: datetime | None = None

    @property
    def done(self) -> int:
        """How many have come to an end, good or bad."""
        return self.due - self.waiting

    @property
    def lost(self) -> int:
        """How many have come to a bad end."""
        return self.failed + self.unknown + self.expired


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A chat in trouble, by the number of its subscription, and why, without any secret. `since` is local.

    `place` says where it is, unless its `name` does.
    """

    number: int
    platform: str
    name: str
    place: str
    state: str
    reason: str
    since: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """A file of the watched folder that holds no digest, and why."""

    path: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """All that is shown of a morning. `state` is that of the day's newest revision; lists end where they get long."""

    day: date
    digest: DayLine | None
    state: Literal["draft", "published", "retracted"] | None
    rows: tuple[Row, ...]
    failing: tuple[Line, ...]
    paused: tuple[Line, ...]
    refused: tuple[Refused, ...]

    @property
    def stuck(self) -> tuple[Row, ...]:
        """The platforms where some wait, and none moves."""
        return tuple(row for row in self.rows if row.waiting and not row.over_at)

    @property
    def total(self) -> Row:
        """All platforms together."""
        return together(self.rows)


def row(
    platform: str, counts: Counts, wishes: Wishes, *, again: int, sender: str, over_at: datetime | None = None
) -> Row:
    """Return how `platform` stands, out of what was counted."""
    here = {state: counts.get((platform, state), 0) for state in DeliveryState}
    return Row(
        platform=platform,
        subscribed=wishes.get((platform, SubscriptionState.ON), 0),
        paused=wishes.get((platform, SubscriptionState.PAUSED), 0),
        due=sum(here.values()),
        sent=here[DeliveryState.SENT],
        empty=here[DeliveryState.EMPTY],
        waiting=waiting(platform, counts),
        failed=here[DeliveryState.FAILED],
        unknown=here[DeliveryState.UNKNOWN],
        expired=here[DeliveryState.EXPIRED],
        again=again,
        sender=sender,
        over_at=over_at,
    )


def waiting(platform: str, counts: Counts) -> int:
    """Return how many deliveries of `platform` have not come to an end."""
    return sum(counts.get((platform, state), 0) for state in (DeliveryState.PLANNED, DeliveryState.CLAIMED))


def together(rows: Sequence[Row]) -> Row:
    """Return the sum of `rows`, over when the last of those is that move."""
    ends = [row.over_at for row in rows if row.over_at]
    return Row(
        platform="",
        subscribed=sum(row.subscribed for row in rows),
        paused=sum(row.paused for row in rows),
        due=sum(row.due for row in rows),
        sent=sum(row.sent for row in rows),
        empty=sum(row.empty for row in rows),
        waiting=sum(row.waiting for row in rows),
        failed=sum(row.failed for row in rows),
        unknown=sum(row.unknown for row in rows),
        expired=sum(row.expired for row in rows),
        again=sum(row.again for row in rows),
        over_at=max(ends, default=None),
    )


def over_at(number: int, lately: Settled | None, now: datetime, zone: ZoneInfo) -> datetime | None:
    """Return the minute (local to `zone`) by which `number` more will be settled, at the pace of `lately`."""
    if not number or lately is None:
        return None
    each = max(now - lately.since, _SHORTEST) / lately.number
    end = (now + number * each).astimezone(zone)
    return end.replace(second=0, microsecond=0) + _A_MINUTE
