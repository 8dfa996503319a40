"""Charts: every bar has the length of its number, whatever the numbers are."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.models import DeliveryState
from bot.schedule import ONE_DAY
from bot.store import Morning
from bot.web.charts import DEPTH, EVERYTHING, HEIGHT, Mornings, by_category, by_platform, ceiling, mornings

SHANGHAI = ZoneInfo("Asia/Shanghai")
FINAL = date(2025, 10, 12)


def morning(back: int = 0, *, sent: int = 0, failed: int = 0, last: datetime | None = None) -> Morning:
    counts = {DeliveryState.SENT: sent, DeliveryState.FAILED: failed}
    return Morning(day=FINAL - back * ONE_DAY, counts=counts, last=last)


def chart(*history: Morning, days: int = 30) -> Mornings:
    return mornings(history, FINAL, SHANGHAI, days=days)


def at(hour: int, minute: int = 0, *, back: int = 0) -> datetime:
    day = FINAL - back * ONE_DAY
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC) + timedelta(hours=hour, minutes=minute)


def test_mornings__has_a_column_for_each_day_also_where_nothing_was() -> None:
    drawn = chart(morning(3, sent=10))
    assert [column.day for column in drawn.columns] == [FINAL - back * ONE_DAY for back in reversed(range(30))]
    assert [column.arrived for column in drawn.columns if column.arrived] == [10]
    assert drawn.columns[-4].good == HEIGHT


def test_mornings__bars_are_in_proportion_and_stand_on_each_other() -> None:
    column = chart(morning(sent=30, failed=10)).columns[-1]
    assert (column.good, column.bad) == (HEIGHT * 30 / 40, HEIGHT * 10 / 40)


def test_mornings__of_nothing_at_all() -> None:
    drawn = chart()
    assert {column.good for column in drawn.columns} == {0}
    assert drawn.times == ()


def test_mornings__every_seventh_day_is_labelled_the_last_one_too() -> None:
    labelled = [column.day for column in chart().columns if column.labelled]
    assert labelled == [FINAL - weeks * 7 * ONE_DAY for weeks in (4, 3, 2, 1, 0)]


def test_times__lie_between_whole_hours() -> None:
    drawn = chart(morning(1, sent=1, last=at(8, 30, back=1)), morning(sent=1, last=at(9, 15)))
    assert [mark.value for mark in drawn.times] == [time(8), time(9), time(10)]
    assert [column.dot for column in drawn.columns[-2:]] == [DEPTH * 0.25, DEPTH * 0.625]


def test_times__past_midnight_are_below_and_keep_their_day() -> None:
    drawn = chart(morning(sent=1, last=at(25, 30)))
    assert [mark.value for mark in drawn.times] == [time(1), time(2), time(3)]
    assert drawn.columns[-1].last == datetime(2025, 10, 13, 1, 30, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("number", "end"), [(0, 2), (1, 2), (2, 2), (3, 4), (5, 10), (11, 20), (100, 100), (101, 200), (1500, 2000)]
)
def test_ceiling__is_near_and_its_half_is_whole(number: int, end: int) -> None:
    assert ceiling(number) == end


@given(st.integers(min_value=0, max_value=10**9))
def test_ceiling__is_never_less_nor_far_off(number: int) -> None:
    assert number <= ceiling(number) <= max(2, 2.5 * number)
    assert ceiling(number) % 2 == 0


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), min_size=1, max_size=30))
def test_mornings__nothing_leaves_the_picture(numbers: list[tuple[int, int]]) -> None:
    drawn = chart(*(morning(back, sent=sent, failed=failed) for back, (sent, failed) in enumerate(numbers)))
    for column in drawn.columns:
        assert 0 <= column.good + column.bad <= HEIGHT + 0.1
        assert 0 <= column.x < column.middle < column.x + column.width <= 100


def test_audience__by_platform_and_by_category() -> None:
    audience = {
        ("telegram", frozenset({"chips", "products"})): 3,
        ("telegram", frozenset[str]()): 5,
        ("discord", frozenset({"chips"})): 2,
    }
    assert [(bar.name, bar.number, bar.length) for bar in by_platform(audience)] == [
        ("telegram", 8, 100),
        ("discord", 2, 25),
    ]
    assert [(bar.name, bar.number) for bar in by_category(audience)] == [(EVERYTHING, 5), ("chips", 5), ("products", 3)]
    assert by_platform({}) == by_category({}) == ()
