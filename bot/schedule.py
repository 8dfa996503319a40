"""When a subscription is due: a pure rule over slots, the clock and what is published."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.models import Days, Slot, Workdays
from bot.workdays import is_worked

ONE_DAY = timedelta(days=1)
_PRECISION = timedelta(seconds=1)
_LAST_MINUTE = timedelta(minutes=1)
"""A gap may reach into the next day (Nuuk, 23:00 to 00:00): the day then opens in its last minute."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """When (UTC) the digest of a local `day` may begin to go out: from `opens` until before `closes`."""

    day: date
    opens: datetime
    closes: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """Every subscription of `slot_id` that was on by `fell_due` (UTC) is due the digest of `day`."""

    slot_id: int
    day: date
    revision_id: int
    fell_due: datetime
    deadline: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Publication:
    """The published revision of a day and when (UTC) the day was first published."""

    revision_id: int
    published_at: datetime


def window(slot: Slot, now: datetime, *, catch_up: timedelta = ONE_DAY) -> Window | None:
    """Return the window of the local day that `now` is in; None on a day the slot leaves out."""
    day = now.astimezone(ZoneInfo(slot.zone)).date()
    return _window_of(slot, day, catch_up) if _is_among(slot.days, day) else None


def _is_among(days: Days, day: date) -> bool:
    return is_worked(day, days) if isinstance(days, Workdays) else day.isoweekday() in days


@lru_cache(maxsize=8192)
def _window_of(slot: Slot, day: date, catch_up: timedelta) -> Window:
    """Return the window of that day; remembered, since every tick asks for each slot's again."""
    zone = ZoneInfo(slot.zone)
    midnight = instant(day + ONE_DAY, time.min, zone)
    opens = min(instant(day, slot.at, zone), midnight - _LAST_MINUTE)
    return Window(day=day, opens=opens, closes=min(midnight, opens + catch_up))


def next_opening(slot: Slot, now: datetime, *, away_until: date | None = None) -> datetime:
    """Return when (UTC) the next window opens, after `now` and not on a local day before `away_until`."""
    zone = ZoneInfo(slot.zone)
    day = now.astimezone(zone).date()
    day = max(day, away_until) if away_until else day
    while not _is_among(slot.days, day) or instant(day, slot.at, zone) <= now:
        day += ONE_DAY
    return instant(day, slot.at, zone)


def still_away(until: date | None, today: date) -> date | None:
    """Return the day that an absence ends; None where there is none, or it is over `today`."""
    return until if until and until > today else None


def due(
    slots: Iterable[tuple[int, Slot]], now: datetime, published: Mapping[date, Publication], *, catch_up: timedelta
) -> tuple[Due, ...]:
    """Return the slots whose window is open and whose day is published."""
    return tuple(
        _due(slot_id, span, publication, max(span.opens, publication.published_at))
        for slot_id, span, publication in _published(slots, now, published, catch_up)
        if span.opens <= now < span.closes
    )


def early(
    slots: Iterable[tuple[int, Slot]], now: datetime, published: Mapping[date, Publication], *, catch_up: timedelta
) -> tuple[Due, ...]:
    """Return the slots whose day is published and whose hour is still to come today, due as if it were now."""
    return tuple(
        _due(slot_id, span, publication, now)
        for slot_id, span, publication in _published(slots, now, published, catch_up)
        if now < span.opens
    )


def _published(
    slots: Iterable[tuple[int, Slot]], now: datetime, published: Mapping[date, Publication], catch_up: timedelta
) -> Iterator[tuple[int, Window, Publication]]:
    for slot_id, slot in slots:
        span = window(slot, now, catch_up=catch_up)
        if span and span.day in published:
            yield slot_id, span, published[span.day]


def _due(slot_id: int, span: Window, publication: Publication, fell_due: datetime) -> Due:
    return Due(
        slot_id=slot_id,
        day=span.day,
        revision_id=publication.revision_id,
        fell_due=fell_due,
        deadline=span.closes,
    )


def days_at(now: datetime) -> tuple[date, ...]:
    """Return every date that is today somewhere on Earth at `now`."""
    today = now.astimezone(UTC).date()
    return (today - ONE_DAY, today, today + ONE_DAY)


def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return when (UTC) it is `at` on `day` in `zone`.

    A time that the clocks jump over means the end of the gap; one that comes twice means the first.
    """
    local = datetime.combine(day, at, zone)
    moment = local.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return moment
    return _end_of_gap(local)


def _end_of_gap(local: datetime) -> datetime:
    """Find the moment the clocks jump: before it the zone has the offset of fold 0, from it on that of fold 1."""
    before = local.replace(fold=1).astimezone(UTC)
    after = local.replace(fold=0).astimezone(UTC)
    offset = after.astimezone(local.tzinfo).utcoffset()
    while after - before > _PRECISION:
        middle = before + (after - before) / 2
        if middle.astimezone(local.tzinfo).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after.replace(microsecond=0)
