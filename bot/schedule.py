"""When a subscription is due: a pure rule over slots, the clock and what is published."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.models import Days, Slot, Week, Workdays
from bot.workdays import is_worked

ONE_DAY = timedelta(days=1)
_PRECISION = timedelta(seconds=1)
_LAST_MINUTE = timedelta(minutes=1)
"""A gap may reach into the next day (Nuuk, 23:00 to 00:00): the day then opens in its last minute."""

WEEK_GRACE = timedelta(hours=2)
"""How long after the hour a week waits for its Sunday's digest."""
_WEEK_LAST_CALL = timedelta(minutes=30)
"""It waits no longer than until so long before Sunday is over, so that it still gets out."""


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
class DueWeek:
    """Every subscription of `slot_id` that wants weeks and was on by `fell_due` (UTC) is due `week`."""

    slot_id: int
    week: Week
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
    day = now.astimezone(ZoneInfo(slot.zone)).date()
    day = max(day, away_until) if away_until else day
    while not _is_among(slot.days, day) or _window_of(slot, day, ONE_DAY).opens <= now:
        day += ONE_DAY
    return _window_of(slot, day, ONE_DAY).opens


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


def due_weeks(
    slots: Iterable[tuple[int, Slot]], now: datetime, week: Week, published_at: datetime | None, *, catch_up: timedelta
) -> tuple[DueWeek, ...]:
    """Return the slots where the Sunday of `week` lasts and it is time for the week, whatever their days are.

    That is from their hour on, once Sunday's own digest is published (at `published_at`, UTC); a week does not wait
    for it longer than `WEEK_GRACE`, nor until Sunday is nearly over.
    """
    found = ((slot_id, _week_window_of(slot, week, published_at, catch_up)) for slot_id, slot in slots)
    return tuple(
        DueWeek(slot_id=slot_id, week=week, fell_due=span.opens, deadline=span.closes)
        for slot_id, span in found
        if span.opens <= now < span.closes
    )


@lru_cache(maxsize=8192)
def _week_window_of(slot: Slot, week: Week, published_at: datetime | None, catch_up: timedelta) -> Window:
    zone, sunday = ZoneInfo(slot.zone), week.sunday
    hour = _window_of(slot, sunday, catch_up).opens
    midnight = instant(sunday + ONE_DAY, time.min, zone)
    at_last = min(hour + WEEK_GRACE, midnight - _WEEK_LAST_CALL)
    opens = max(hour, min(published_at, at_last) if published_at else at_last)
    return Window(day=sunday, opens=opens, closes=min(midnight, opens + catch_up))


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


def week_at(now: datetime) -> Week | None:
    """Return the week whose Sunday is today somewhere on Earth at `now`; None when it is Sunday nowhere."""
    return next((Week.of(day) for day in days_at(now) if day == Week.of(day).sunday), None)


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
