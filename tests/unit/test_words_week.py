"""The week a reader names."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.categories import default_taxonomy
from bot.commands import words
from bot.errors import BadCommand
from bot.models import Week

TODAY = date(2025, 10, 10)
"""A Friday."""
THIS, LAST, BEFORE = (Week(monday=date(2025, *monday)) for monday in ((10, 6), (9, 29), (9, 22)))
CATEGORIES = default_taxonomy().categories


@pytest.mark.parametrize(
    ("typed", "week"),
    [
        ("本周", THIS),
        ("这个星期", THIS),
        ("this week", THIS),
        ("上周", LAST),
        ("上个星期", LAST),
        ("Last  Week", LAST),
        ("上上周", BEFORE),
        ("两周前", BEFORE),
        ("2 weeks ago", BEFORE),
        ("2025-W41", THIS),
        ("2025w40", LAST),
        ("2025 第 39 周", BEFORE),
        ("W40", LAST),
        ("第四十周", LAST),
        ("w52", Week(monday=date(2024, 12, 23))),
        ("w53", Week(monday=date(2020, 12, 28))),
        ("周三", None),
        ("2025-10-08", None),
        ("chips", None),
        ("", None),
    ],
)
def test_week__forms(typed: str, week: Week | None) -> None:
    assert words.read_week(typed, TODAY) == week


@pytest.mark.parametrize(
    ("typed", "template"),
    [
        ("下周", "future_week"),
        ("2025-W42", "future_week"),
        ("2024-W53", "bad_week"),
        ("9999-W51", "future_week"),
        ("9999-W52", "bad_week"),
        ("w60", "bad_week"),
        ("w0", "bad_week"),
    ],
)
def test_week__that_there_is_not(typed: str, template: str) -> None:
    with pytest.raises(BadCommand) as caught:
        words.read_week(typed, TODAY)
    assert caught.value.template == template
    assert isinstance(caught.value.values["week"], Week)
    assert caught.value.values["week"].sunday, "what is answered names it"


@pytest.mark.parametrize(
    ("typed", "week"),
    [
        ("2025-10-08", THIS),
        ("2025-10-12", THIS),
        ("9-30", LAST),
        ("周三", THIS),
        ("上周三", LAST),
        ("last week", LAST),
        ("昨天", THIS),
        ("周日", THIS),
        ("sunday", THIS),
        ("10-12", THIS),
        ("10月12日", THIS),
        ("12 Oct", THIS),
        ("12日", THIS),
        ("明天", THIS),
        ("周五", THIS),
        ("上周日", LAST),
        ("10-13", Week(monday=date(2024, 10, 7))),
        ("10-05", LAST),
    ],
)
def test_question__a_day_names_its_week(typed: str, week: Week) -> None:
    assert words.read_week_question(typed, TODAY, CATEGORIES) == words.WeekQuestion(week=week)


@given(
    today=st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    number=st.integers(0, 6),
    spelling=st.sampled_from(
        ("{:%Y-%m-%d}", "{:%m-%d}", "{0.month}月{0.day}日", "{0.day}日", "{:%B} {0.day}", "weekday")
    ),
)
def test_question__any_day_of_this_week_names_it(today: date, number: int, spelling: str) -> None:
    day = Week.of(today).days[number]
    typed = f"周{'一二三四五六日'[number]}" if spelling == "weekday" else spelling.replace("{:", "{0:").format(day)
    assert words.read_week_question(typed, today, CATEGORIES).week == Week.of(today)


def test_question__a_day_of_a_coming_week_is_refused() -> None:
    with pytest.raises(BadCommand):
        words.read_week_question("2025-10-13", TODAY, CATEGORIES)


@pytest.mark.parametrize("typed", ["chips 上周", "上周 芯片技术", "last week chips", "芯片, last week"])
def test_question__a_category_of_a_week_in_any_order(typed: str) -> None:
    question = words.read_week_question(typed, TODAY, CATEGORIES)
    assert [category.slug for category in question.categories] == ["chips"]
    assert (question.week, question.unread) == (LAST, ())


def test_question__of_several_categories_and_only_one_week() -> None:
    question = words.read_week_question("上周 芯片 safety chips last week", TODAY, CATEGORIES)
    assert [category.slug for category in question.categories] == ["chips", "safety"]
    assert question.week == LAST
    with pytest.raises(BadCommand, match="one_at_a_time"):
        words.read_week_question("上周 chips 本周", TODAY, CATEGORIES)


def test_question__everything_and_what_nobody_knows() -> None:
    question = words.read_week_question("all nonsense", TODAY, CATEGORIES)
    assert (question.everything, question.unread, question.week) == (True, ("nonsense",), None)


@pytest.mark.parametrize(
    ("typed", "asks"),
    [
        ("上周", True),
        ("last week chips", True),
        ("上周三", False),
        ("昨天", False),
        ("chips", False),
        ("上周 foo", False),
    ],
)
def test_asks_for_week__by_its_name_alone(typed: str, asks: bool) -> None:  # noqa: FBT001
    assert words.asks_for_week(typed, TODAY, CATEGORIES) is asks
