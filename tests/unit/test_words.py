"""Reading days, weekdays and wishes out of typed words."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.categories import default_taxonomy
from bot.commands.words import Hour, Wish, read_day, read_day_near, read_days, read_question, read_wish
from bot.errors import BadCommand
from bot.models import Format

SUNDAY = date(2025, 10, 12)
CATEGORIES = default_taxonomy().categories
DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 12, 31))


# ------------------------------------------------------------------ days


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("2025-10-12", (2025, 10, 12)),
        ("2025.10.12", (2025, 10, 12)),
        ("2025/1/2", (2025, 1, 2)),
        ("20251012", (2025, 10, 12)),
        ("2025年10月12日", (2025, 10, 12)),
        ("2025 年 10 月 1 日", (2025, 10, 1)),
        ("２０２５－１０－１２", (2025, 10, 12)),
        ("10-12", (2025, 10, 12)),
        ("10/12", (2025, 10, 12)),
        ("10月12日", (2025, 10, 12)),
        ("10月12号", (2025, 10, 12)),
        ("十月十一日", (2025, 10, 11)),
        ("10⽉12⽇", (2025, 10, 12)),
        ("10-13", (2024, 10, 13)),
        ("2-29", (2024, 2, 29)),
        ("13号", (2025, 9, 13)),
        ("31日", (2025, 8, 31)),
        ("今天", (2025, 10, 12)),
        ("昨天", (2025, 10, 11)),
        ("前天", (2025, 10, 10)),
        ("大前天", (2025, 10, 9)),
        ("3天前", (2025, 10, 9)),
        ("三天前", (2025, 10, 9)),
        ("两天以前", (2025, 10, 10)),
        ("二十天前", (2025, 9, 22)),
        ("两周前", (2025, 9, 28)),
        ("3 days ago", (2025, 10, 9)),
        ("1 day ago", (2025, 10, 11)),
        ("2 weeks ago", (2025, 9, 28)),
        ("Today", (2025, 10, 12)),
        ("YESTERDAY", (2025, 10, 11)),
        ("周三", (2025, 10, 8)),
        ("星期三", (2025, 10, 8)),
        ("礼拜三", (2025, 10, 8)),
        ("wednesday", (2025, 10, 8)),
        ("Wed", (2025, 10, 8)),
        ("周日", (2025, 10, 12)),
        ("星期天", (2025, 10, 12)),
        ("上周三", (2025, 10, 1)),
        ("上个星期日", (2025, 10, 5)),
        ("last sunday", (2025, 10, 5)),
        ("last wednesday", (2025, 10, 8)),
        ("本周三", (2025, 10, 8)),
        ("oct 5", (2025, 10, 5)),
        ("5th of October 2024", (2024, 10, 5)),
    ],
)
def test_read_day__forms(words: str, day: tuple[int, int, int]) -> None:
    assert read_day(words, SUNDAY) == date(*day)


@pytest.mark.parametrize(
    "words", ["", "foo", "10 12", "12", "周八", "last foo", "芯片", "123456789", "7点", "99999天前"]
)
def test_read_day__other_words(words: str) -> None:
    assert read_day(words, SUNDAY) is None


@pytest.mark.parametrize("words", ["2-30", "2025-13-01", "13月1日", "20250230", "0000-01-01", "32日", "0号", "feb 30"])
def test_read_day__impossible(words: str) -> None:
    with pytest.raises(BadCommand) as caught:
        read_day(words, SUNDAY)
    assert caught.value.template == "bad_day"
    assert caught.value.values == {"typed": words, "today": SUNDAY}


@pytest.mark.parametrize("words", ["明天", "后天", "tomorrow", "2025-10-13", "20260101", "oct 13, 2025"])
def test_read_day__future(words: str) -> None:
    with pytest.raises(BadCommand) as caught:
        read_day(words, SUNDAY)
    assert caught.value.template == "future_day"


def test_read_day__rest_of_this_week_is_future() -> None:
    with pytest.raises(BadCommand, match="future_day"):
        read_day("本周五", date(2025, 10, 8))


@given(day=DAYS, back=st.integers(0, 3000))
def test_read_day__every_spelling_of_a_full_date(day: date, back: int) -> None:
    today = day + timedelta(days=back)
    for spelling in (f"{day}", f"{day:%Y.%m.%d}", f"{day:%Y%m%d}", f"{day.year}年{day.month}月{day.day}日"):
        assert read_day(spelling, today) == day


@given(day=DAYS, today=DAYS)
def test_read_day__without_a_year_is_the_latest(day: date, today: date) -> None:
    read = read_day(f"{day.month}-{day.day}", today)
    assert read is not None
    assert (read.month, read.day) == (day.month, day.day)
    assert read <= today
    assert (today - read).days < (366 if (day.month, day.day) != (2, 29) else 366 * 8)


@given(today=DAYS, number=st.integers(0, 6))
def test_read_day__weekday_is_the_latest(today: date, number: int) -> None:
    read = read_day("周" + "一二三四五六日"[number], today)
    assert read is not None
    assert read.weekday() == number
    assert 0 <= (today - read).days < 7


@given(words=st.text(max_size=12) | st.from_regex(r"[0-9/.年月日-]{1,10}"), today=DAYS)
def test_read_day__never_raises_anything_else(words: str, today: date) -> None:
    try:
        day = read_day(words, today)
    except BadCommand:
        return
    assert day is None or day <= today


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("tomorrow", (2025, 10, 13)),
        ("后天", (2025, 10, 14)),
        ("下周三", (2025, 10, 15)),
        ("next monday", (2025, 10, 13)),
        ("2025-12-30", (2025, 12, 30)),
        ("10-13", (2025, 10, 13)),
        ("10月18日", (2025, 10, 18)),
        ("13号", (2025, 10, 13)),
        ("30日", (2025, 9, 30)),
        ("10-12", (2025, 10, 12)),
        ("10-08", (2025, 10, 8)),
        ("12-30", (2024, 12, 30)),
        ("3-15", (2025, 3, 15)),
        ("yesterday", (2025, 10, 11)),
        ("wednesday", (2025, 10, 8)),
        ("周日", (2025, 10, 12)),
        ("last week", (2025, 10, 5)),
    ],
)
def test_read_day_near__over_or_yet_to_come(words: str, day: tuple[int, int, int]) -> None:
    assert read_day_near(words, SUNDAY) == date(*day)


@given(day=DAYS, ahead=st.integers(-15, 13))
def test_read_day_near__without_a_year_is_the_nearest(day: date, ahead: int) -> None:
    today = day - timedelta(days=ahead)
    assert read_day_near(f"{day.month}-{day.day}", today) == day


@given(words=st.text(max_size=12) | st.from_regex(r"[0-9/.年月日-]{1,10}"), today=DAYS)
def test_read_day_near__never_raises_anything_else(words: str, today: date) -> None:
    try:
        read_day_near(words, today)
    except BadCommand as error:
        assert error.template == "bad_day"  # noqa: PT017 - both outcomes are right


# ------------------------------------------------------------------ weekdays


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("weekdays", "12345"),
        ("工作日", "12345"),
        ("周末", "67"),
        ("every day", "1234567"),
        ("每天", "1234567"),
        ("周一到周五", "12345"),
        ("星期一至五", "12345"),
        ("周五-周一", "1567"),
        ("周一三五", "135"),
        ("每周三", "3"),
        ("mon-fri", "12345"),
        ("sat to mon", "167"),
        ("Thursday", "4"),
    ],
)
def test_read_days__forms(words: str, days: str) -> None:
    assert read_days(words) == frozenset(map(int, days))


@pytest.mark.parametrize("words", ["", "month", "sunny", "12345", "周", "foo-bar"])
def test_read_days__other_words(words: str) -> None:
    assert read_days(words) is None


# ------------------------------------------------------------------ whole commands


def test_read_wish__everything_in_any_order() -> None:
    wish = Wish(
        target="@daily",
        hour=Hour(at=time(20, 30)),
        zone="America/New_York",
        days=frozenset({1, 3, 5}),
        categories=frozenset({"chips", "ai-industry"}),
        format=Format.BRIEF,
        language="en",
    )
    phrases = ["@daily", "晚上 8 点半", "new york", "周一、三、五", "芯片技术，AI产业", "brief", "英文"]
    assert read_wish(" ".join(phrases), CATEGORIES, SUNDAY) == wish
    assert read_wish(" ".join(reversed(phrases)), CATEGORIES, SUNDAY) == wish


@pytest.mark.parametrize(
    ("words", "wish"),
    [
        ("", Wish()),
        ("每天早上7点北京时间", Wish(hour=Hour(at=time(7)), zone="Asia/Shanghai", days=frozenset(range(1, 8)))),
        ("工作日07:30", Wish(hour=Hour(at=time(7, 30)), days=frozenset(range(1, 6)))),
        ("全部", Wish(categories=frozenset())),
        ("cat_chips", Wish(categories=frozenset({"chips"}))),
        ("#芯片技术", Wish(categories=frozenset({"chips"}))),
        ("7 芯片技术", Wish(hour=Hour(at=time(7)), categories=frozenset({"chips"}))),
        ("mon wed", Wish(days=frozenset({1, 3}))),
        ("at @-1001234567890", Wish(target="-1001234567890", unread=("at",))),
        ("-1001234567890", Wish(target="-1001234567890")),
        ("-chips 07:30", Wish(hour=Hour(at=time(7, 30)), unread=("-chips",))),
        ("safety –芯片", Wish(categories=frozenset({"safety"}), unread=("–芯片",))),
        ("芯片枝术 07:30", Wish(hour=Hour(at=time(7, 30)), unread=("芯片枝术",))),
    ],
)
def test_read_wish__forms(words: str, wish: Wish) -> None:
    assert read_wish(words, CATEGORIES, SUNDAY) == wish


@given(words=st.text(max_size=60))
def test_read_wish__never_raises_anything_else(words: str) -> None:
    try:
        read_wish(words, CATEGORIES, SUNDAY)
    except BadCommand as error:
        assert error.template in {"bad_hour", "bad_zone", "bad_days", "bad_absence", "past_absence", "timed_absence"}  # noqa: PT017 - both outcomes are right


def test_read_wish__pasted_article_is_not_read_to_the_end() -> None:
    wish = read_wish("foo " * 5000 + "07:30", CATEGORIES, SUNDAY)
    assert wish.hour is None
    assert len(wish.unread) == 5001


@pytest.mark.parametrize(
    ("words", "day", "slugs"),
    [
        ("芯片技术 10-11", (2025, 10, 11), ["chips"]),
        ("3 days ago chips", (2025, 10, 9), ["chips"]),
        ("AI产业", None, ["ai-industry"]),
        ("昨天", (2025, 10, 11), []),
        ("safety 芯片 chips 10-11 昨天", (2025, 10, 11), ["safety", "chips"]),
        ("2025年10月1日 周三", (2025, 10, 1), []),
        ("Wed 1 Oct 2025", (2025, 10, 1), []),
    ],
)
def test_read_question__forms(words: str, day: tuple[int, int, int] | None, slugs: list[str]) -> None:
    question = read_question(words, SUNDAY, CATEGORIES)
    assert question.day == (date(*day) if day else None)
    assert [category.slug for category in question.categories] == slugs
    assert question.unread == ()


@pytest.mark.parametrize("words", ["10-11 10-10", "yesterday chips 周三", "10月1日 周四"])
def test_read_question__of_several_days_none_is_passed_over(words: str) -> None:
    with pytest.raises(BadCommand, match="one_at_a_time"):
        read_question(words, SUNDAY, CATEGORIES)


def test_read_question__everything() -> None:
    assert read_question("10-11 all", SUNDAY, CATEGORIES).everything
