from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.models import Slot, Workdays
from bot.schedule import ONE_DAY, Publication, due, instant, next_opening, window

NEW_YORK = ZoneInfo("America/New_York")
ZONES = (
    "Asia/Shanghai",
    "America/New_York",
    "Pacific/Apia",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "America/St_Johns",
    "America/Nuuk",
)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


def test_instant__ordinary_day() -> None:
    assert instant(date(2025, 10, 12), time(8), ZoneInfo("Asia/Shanghai")) == utc(2025, 10, 12, 0)


def test_instant__in_a_gap_is_its_end() -> None:
    assert instant(date(2025, 3, 9), time(2, 30), NEW_YORK) == utc(2025, 3, 9, 7)


def test_instant__in_a_repeated_hour_is_the_first() -> None:
    assert instant(date(2025, 11, 2), time(1, 30), NEW_YORK) == utc(2025, 11, 2, 5, 30)


def test_instant__midnight_that_does_not_exist() -> None:
    assert instant(date(2025, 4, 25), time.min, ZoneInfo("Africa/Cairo")) == utc(2025, 4, 24, 22)


def test_window__closes_with_the_local_day() -> None:
    span = window(Slot(zone="Asia/Tokyo", at=time(7, 30)), utc(2025, 10, 12, 3))
    assert span is not None
    assert (span.day, span.opens, span.closes) == (date(2025, 10, 12), utc(2025, 10, 11, 22, 30), utc(2025, 10, 12, 15))


def test_window__catch_up_limit_is_shorter_than_the_day() -> None:
    span = window(Slot(zone="UTC", at=time(8)), utc(2025, 10, 12, 3), catch_up=timedelta(hours=2))
    assert span is not None
    assert span.closes == utc(2025, 10, 12, 10)


def test_window__a_gap_into_the_next_day_opens_in_the_last_minute() -> None:
    span = window(Slot(zone="America/Nuuk", at=time(23, 30)), utc(2024, 3, 30, 20))
    assert span is not None
    assert (span.opens, span.closes) == (utc(2024, 3, 31, 0, 59), utc(2024, 3, 31, 1))


def test_window__a_weekday_left_out() -> None:
    sunday = utc(2025, 10, 12, 9)
    assert window(Slot(zone="UTC", at=time(8), days=frozenset({1, 2, 3, 4, 5})), sunday) is None


@pytest.mark.parametrize(
    ("now", "is_due"),
    [
        (utc(2025, 10, 12, 7, 59), False),
        (utc(2025, 10, 12, 8), True),
        (utc(2025, 10, 12, 23, 59), True),
        (utc(2025, 10, 13, 0), False),
    ],
)
def test_due__from_the_send_time_to_the_end_of_the_day(now: datetime, *, is_due: bool) -> None:
    published = {date(2025, 10, 12): Publication(revision_id=1, published_at=utc(2025, 10, 11))}
    assert bool(due([(1, Slot(zone="UTC", at=time(8)))], now, published, catch_up=ONE_DAY)) is is_due


def test_due__a_late_digest_falls_due_when_it_is_published() -> None:
    late = utc(2025, 10, 12, 9, 11)
    published = {date(2025, 10, 12): Publication(revision_id=7, published_at=late)}
    (found,) = due([(3, Slot(zone="UTC", at=time(8)))], utc(2025, 10, 12, 10), published, catch_up=ONE_DAY)
    assert (found.slot_id, found.revision_id, found.fell_due) == (3, 7, late)


def test_next_opening__skips_the_days_left_out() -> None:
    friday_noon = utc(2025, 10, 10, 12)
    slot = Slot(zone="UTC", at=time(8), days=frozenset({1, 2, 3, 4, 5}))
    assert next_opening(slot, friday_noon) == utc(2025, 10, 13, 8)


IN_CHINA = Slot(zone="Asia/Shanghai", at=time(8), days=Workdays.CHINA)


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2025, 9, 28), True),  # a Sunday, worked for a day of the holidays
        (date(2025, 9, 27), False),
        (date(2025, 10, 1), False),  # a Wednesday, the National Day
        (date(2025, 10, 9), True),
    ],
)
def test_window__working_days_of_china(day: date, *, worked: bool) -> None:
    span = window(IN_CHINA, datetime(day.year, day.month, day.day, 3, tzinfo=UTC))
    assert (span.day if span else None) == (day if worked else None)


def test_next_opening__after_the_holidays_of_october() -> None:
    assert next_opening(IN_CHINA, utc(2025, 9, 30, 12)) == utc(2025, 10, 9, 0)


@pytest.mark.parametrize(
    ("until", "opens"),
    [
        (None, utc(2025, 10, 13, 8)),
        (date(2025, 10, 1), utc(2025, 10, 13, 8)),
        (date(2025, 10, 13), utc(2025, 10, 13, 8)),
        (date(2025, 10, 18), utc(2025, 10, 20, 8)),  # back on a Saturday that the slot leaves out
    ],
)
def test_next_opening__not_before_an_absence_ends(until: date | None, opens: datetime) -> None:
    weekdays = Slot(zone="UTC", at=time(8), days=frozenset(range(1, 6)))
    assert next_opening(weekdays, utc(2025, 10, 12, 12), away_until=until) == opens


@pytest.mark.parametrize("days", [frozenset[int](), frozenset({0}), frozenset({1, 8})])
def test_slot__weekdays_that_are_none_are_refused(days: frozenset[int]) -> None:
    with pytest.raises(ValueError, match="some of 1 to 7"):
        Slot(zone="UTC", at=time(8), days=days)


@given(
    zone=st.sampled_from(ZONES),
    days=st.one_of(st.just(Workdays.CHINA), st.frozensets(st.integers(1, 7), min_size=1)),
    at=st.times().map(lambda moment: moment.replace(second=0, microsecond=0)),
    now=st.datetimes(datetime(2018, 1, 1), datetime(2030, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC)),  # noqa: DTZ001
    away=st.one_of(st.none(), st.integers(-5, 400)),
)
def test_next_opening__is_the_first_window_that_opens_later_and_not_while_away(
    zone: str, days: frozenset[int] | Workdays, at: time, now: datetime, away: int | None
) -> None:
    slot, place = Slot(zone=zone, at=at, days=days), ZoneInfo(zone)
    today = now.astimezone(place).date()
    until = None if away is None else today + timedelta(days=away)
    opens = next_opening(slot, now, away_until=until)
    candidates = (max(today, until or today) + timedelta(days=ahead) for ahead in range(30))
    windows = (window(slot, instant(day, time(12), place)) for day in candidates)
    assert opens == next(span.opens for span in windows if span and span.opens > now)


@given(
    zone=st.sampled_from(ZONES),
    at=st.times().map(lambda moment: moment.replace(second=0, microsecond=0)),
    start=st.integers(0, 15 * 366 * 24 * 60).map(lambda minutes: utc(2011, 12, 25) + timedelta(minutes=minutes)),
    steps=st.lists(st.integers(1, 60 * 30), min_size=1, max_size=60),
)
def test_due__exactly_one_opening_for_each_local_day_walked_through(
    zone: str, at: time, start: datetime, steps: list[int]
) -> None:
    """Whatever steps (minutes) a clock takes, a local day has one opening, inside that day, and it stays open."""
    slot = Slot(zone=zone, at=at)
    seen: dict[date, datetime] = {}
    now = start
    for step in steps:
        span = window(slot, now)
        assert span is not None
        assert seen.setdefault(span.day, span.opens) == span.opens
        assert span.opens < span.closes
        assert span.opens.astimezone(ZoneInfo(zone)).date() == span.day
        assert (span.closes - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).date() == span.day
        now += timedelta(minutes=step)
