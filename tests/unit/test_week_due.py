"""When a week falls due: on its Sunday, at the chat's hour, after that day's digest or a while without it."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import hypothesis.strategies as st
import pytest
from hypothesis import given

from bot.models import Slot, Week
from bot.schedule import ONE_DAY, WEEK_GRACE, DueWeek, due_weeks, week_at
from tests.unit.weekly import EIGHT, WEEK

MOMENT = timedelta(seconds=1)
HOUR = timedelta(hours=1)
MIDNIGHT = datetime(2025, 10, 12, 16, tzinfo=UTC)
"""The end of that Sunday in Shanghai."""
SLOT = Slot(zone="Asia/Shanghai", at=time(8))


def due(
    now: datetime,
    slot: Slot = SLOT,
    *,
    published_at: datetime | None = None,
    week: Week = WEEK,
    catch_up: timedelta = ONE_DAY,
) -> DueWeek | None:
    found = due_weeks([(1, slot)], now, week, published_at, catch_up=catch_up)
    return found[0] if found else None


def opening(slot: Slot, week: Week = WEEK, published_at: datetime | None = None) -> datetime:
    """Return the first moment at which the week is due, by trying every quarter of an hour."""
    start = datetime.combine(week.sunday, time.min, UTC) - ONE_DAY
    return next(
        now for n in range(4 * 72) if due(now := start + n * HOUR / 4, slot, week=week, published_at=published_at)
    )


def test_due__from_the_hour_on_when_sunday_is_out_before() -> None:
    published = EIGHT - HOUR
    assert due(EIGHT - MOMENT, published_at=published) is None
    found = due(EIGHT, published_at=published)
    assert found == DueWeek(slot_id=1, week=WEEK, fell_due=EIGHT, deadline=MIDNIGHT)


def test_due__after_sunday_when_that_comes_late() -> None:
    published = EIGHT + HOUR
    found = due(published, published_at=published)
    assert found is not None
    assert found.fell_due == published


def test_due__without_sunday_after_the_grace() -> None:
    assert due(EIGHT + WEEK_GRACE - MOMENT) is None
    assert due(EIGHT + WEEK_GRACE) is not None


def test_due__a_sunday_later_than_the_grace_changes_nothing() -> None:
    found = due(EIGHT + 9 * HOUR, published_at=EIGHT + 8 * HOUR)
    assert found is not None
    assert found.fell_due == EIGHT + WEEK_GRACE


def test_due__not_after_the_sunday_is_over() -> None:
    assert due(MIDNIGHT - MOMENT) is not None
    assert due(MIDNIGHT) is None


@pytest.mark.parametrize("at", [time(22), time(23), time(23, 45), time(23, 59)])
def test_due__late_hours_do_not_wait_past_midnight(at: time) -> None:
    slot = Slot(zone="Asia/Shanghai", at=at)
    hour = datetime(2025, 10, 12, at.hour, at.minute, tzinfo=ZoneInfo(slot.zone))
    assert due(hour - MOMENT, slot) is None
    found = due(MIDNIGHT - MOMENT, slot)
    assert found is not None
    assert hour <= found.fell_due <= max(hour, MIDNIGHT - HOUR / 2)


def test_due__whatever_the_days_of_the_slot() -> None:
    workdays = Slot(zone="Asia/Shanghai", at=time(8), days=frozenset(range(1, 6)))
    assert due(EIGHT + WEEK_GRACE, workdays) is not None


def test_due__a_short_catch_up_counts_from_when_it_fell_due() -> None:
    assert due(EIGHT + WEEK_GRACE, catch_up=HOUR) is not None
    assert due(EIGHT + WEEK_GRACE + HOUR, catch_up=HOUR) is None


@pytest.mark.parametrize(
    ("zone", "at", "sunday", "opens"),
    [
        ("America/New_York", time(2, 30), date(2025, 3, 9), datetime(2025, 3, 9, 7, tzinfo=UTC)),
        ("America/New_York", time(1, 30), date(2025, 11, 2), datetime(2025, 11, 2, 5, 30, tzinfo=UTC)),
        ("Europe/Dublin", time(1, 30), date(2025, 3, 30), datetime(2025, 3, 30, 1, tzinfo=UTC)),
        ("Australia/Lord_Howe", time(8), date(2025, 4, 6), datetime(2025, 4, 5, 21, 30, tzinfo=UTC)),
        ("Pacific/Kiritimati", time(8), date(2025, 10, 12), datetime(2025, 10, 11, 18, tzinfo=UTC)),
        ("Pacific/Pago_Pago", time(8), date(2025, 10, 12), datetime(2025, 10, 12, 19, tzinfo=UTC)),
    ],
)
def test_due__clocks_that_change_and_zones_far_away(zone: str, at: time, sunday: date, opens: datetime) -> None:
    out = datetime.combine(sunday, time.min, UTC) - 2 * ONE_DAY
    assert opening(Slot(zone=zone, at=at), Week.of(sunday), out) == opens


def test_week_at__is_the_one_whose_sunday_lasts_somewhere() -> None:
    assert week_at(EIGHT) == WEEK
    for hours in (-23, 27):
        now = datetime(2025, 10, 12, tzinfo=UTC) + timedelta(hours=hours)
        assert week_at(now) == WEEK
    assert week_at(datetime(2025, 10, 15, tzinfo=UTC)) is None


moments = st.datetimes(datetime(2025, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
zones = st.sampled_from(["Asia/Shanghai", "America/New_York", "Africa/Cairo", "Australia/Lord_Howe", "Asia/Kathmandu"])


@given(moments, zones, st.times().map(lambda at: at.replace(second=0, microsecond=0)), st.none() | moments)
def test_due__only_on_the_local_sunday_and_in_a_window_that_is_one(
    now: datetime, zone: str, at: time, published_at: datetime | None
) -> None:
    week = week_at(now)
    found = due(now, Slot(zone=zone, at=at), week=week, published_at=published_at) if week else None
    if found:
        assert now.astimezone(ZoneInfo(zone)).isoweekday() == 7
        assert found.fell_due <= now < found.deadline
        assert (found.deadline - MOMENT).astimezone(ZoneInfo(zone)).date() == found.week.sunday
