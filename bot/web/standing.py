"""How a morning stands, platform by platform, and when it will be over at the present pace. Pure."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot.store import Counts, DayLine, Settled, Tally, Wishes, tally

PACE_OVER = timedelta(minutes=1)
"""The stretch whose pace is the present one."""
_SHORTEST = timedelta(seconds=1)
_A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Row(Tally):
    """How a platform stands.

    `again` are those that would be sent again, `sender` names the process that sends, empty when none does. `over_at`
    (local) is when the last one waiting will have gone out; None when none is waiting, or none is moving.
    """

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
    return Row(**asdict(tally(platform, counts, wishes)), again=again, sender=sender, over_at=over_at)


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
