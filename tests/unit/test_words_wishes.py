"""What readers wish for beside hours and places: working days, sound, empty days, weeks, absences."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.categories import default_taxonomy
from bot.commands.words import BACK, Hour, Wish, is_free, read_absence, read_choice, read_days, read_wish, zone_at
from bot.commands.words.ahead import read_day_ahead
from bot.errors import BadCommand
from bot.models import Category, Workdays

SUNDAY = date(2025, 10, 12)
CATEGORIES = default_taxonomy().categories


@pytest.mark.parametrize(
    "words",
    [
        "workdays cn",
        "cn workdays",
        "workdays (CN)",
        "Chinese working days",
        "working days in China",
        "调休",
        "工作日(调休)",
        "工作日（含调休）",
        "工作日 调休",
        "法定工作日",
        "中国工作日",
    ],
)
def test_read_wish__working_days_of_china(words: str) -> None:
    assert read_days(words) is Workdays.CHINA
    assert read_wish(words, CATEGORIES, SUNDAY) == Wish(days=Workdays.CHINA)


@pytest.mark.parametrize(
    "slug",
    ["daily", "all", "silent", "weekly", "brief", "headlines", "en", "tokyo", "monday", "0730", "today", "10-12"],
)
def test_is_free__what_a_command_reads_otherwise(slug: str) -> None:
    assert not is_free(slug, SUNDAY)
    assert is_free(f"{slug}-news", SUNDAY)


def test_is_free__the_slugs_that_come_with_the_bot() -> None:
    assert all(is_free(category.slug, SUNDAY) for category in CATEGORIES)


@pytest.mark.parametrize(("words", "slug"), [("chips", "chips"), ("cat_chips", "chips"), ("芯片", "other")])
def test_read_choice__a_slug_goes_before_the_names_of_others(words: str, slug: str) -> None:
    other = Category(slug="other", zh="别的", en="Other", aliases=("chips", "芯片"))
    assert read_choice(words, (other, *CATEGORIES)).categories == frozenset({slug})


@pytest.mark.parametrize("words", ["cn", "中国", "working", "workdays us"])
def test_read_days__other_words_are_no_calendar(words: str) -> None:
    assert read_days(words) is None


@pytest.mark.parametrize("words", ["调休 周六", "mon-fri workdays cn"])
def test_read_wish__two_kinds_of_days_are_refused(words: str) -> None:
    with pytest.raises(BadCommand) as refused:
        read_wish(words, CATEGORIES, SUNDAY)
    assert refused.value.template == "bad_days"


@pytest.mark.parametrize(
    ("words", "wish"),
    [
        ("silent", Wish(silent=True)),
        ("静音", Wish(silent=True)),
        ("sound", Wish(silent=False)),
        ("取消静音", Wish(silent=False)),
        ("tell-empty", Wish(tells_empty=True)),
        ("say so", Wish(tells_empty=True)),
        ("没有也说一声", Wish(tells_empty=True)),
        ("没有就不发", Wish(tells_empty=False)),
        ("hide-empty", Wish(tells_empty=False)),
        ("weekly", Wish(weekly=True)),
        ("周报", Wish(weekly=True)),
        ("no-weekly", Wish(weekly=False)),
        ("不要周报", Wish(weekly=False)),
        ("静音 工作日(调休) 周报", Wish(silent=True, days=Workdays.CHINA, weekly=True)),
        ("silent sound", Wish(silent=False)),
        ("silent on", Wish(silent=True)),
        ("silent off", Wish(silent=False)),
        ("sound off", Wish(silent=True)),
        ("静音 关", Wish(silent=False)),
        ("静音开", Wish(silent=True)),
        ("周报关闭", Wish(weekly=False)),
        ("weekly off 07:30", Wish(weekly=False, hour=Hour(at=time(7, 30)))),
        ("tell-empty on", Wish(tells_empty=True)),
    ],
)
def test_read_wish__switches(words: str, wish: Wish) -> None:
    assert read_wish(words, CATEGORIES, SUNDAY) == wish


@pytest.mark.parametrize(
    ("words", "until"),
    [
        ("暂停到 10-20", date(2025, 10, 20)),
        ("暂停到10月20日", date(2025, 10, 20)),
        ("暂停到 10 月 20 日", date(2025, 10, 20)),
        ("暂停至20号", date(2025, 10, 20)),
        ("暂停到 10-12", date(2026, 10, 12)),  # today's is the next year's
        ("暂停到1月3日", date(2026, 1, 3)),
        ("暂停到 2025-12-01", date(2025, 12, 1)),
        ("暂停到明天", date(2025, 10, 13)),
        ("暂停到后天", date(2025, 10, 14)),
        ("暂停到下周一", date(2025, 10, 13)),
        ("暂停到下周三", date(2025, 10, 15)),
        ("暂停到周日", date(2025, 10, 19)),
        ("暂停到下个月", date(2025, 11, 1)),
        ("暂停三天", date(2025, 10, 15)),
        ("暂停 3 天", date(2025, 10, 15)),
        ("暂停一周", date(2025, 10, 19)),
        ("暂停两个星期", date(2025, 10, 26)),
        ("暂停一个月", date(2025, 11, 12)),
        ("暂停半个月", date(2025, 10, 27)),
        ("暂停到月底", date(2025, 11, 1)),
        ("pause until the end of the month", date(2025, 11, 1)),
        ("休假到10-20", date(2025, 10, 20)),
        ("pause until 10-20", date(2025, 10, 20)),
        ("pause until 20 October", date(2025, 10, 20)),
        ("pause until Oct 20th", date(2025, 10, 20)),
        ("pause until next monday", date(2025, 10, 13)),
        ("pause until monday", date(2025, 10, 13)),
        ("pause until next week", date(2025, 10, 13)),
        ("Pause until next month", date(2025, 11, 1)),
        ("pause 3 days", date(2025, 10, 15)),
        ("pause for 2 weeks", date(2025, 10, 26)),
        ("pause a week", date(2025, 10, 19)),
        ("away till tomorrow", date(2025, 10, 13)),
        ("until 2025-10-20", date(2025, 10, 20)),
        ("到10-20", date(2025, 10, 20)),
        ("back", BACK),
        ("I'm back", BACK),
        ("回来了", BACK),
        ("取消暂停", BACK),
    ],
)
def test_read_wish__absences(words: str, until: date) -> None:
    assert read_wish(words, CATEGORIES, SUNDAY) == Wish(away_until=until)


@pytest.mark.parametrize(
    "words",
    [
        "暂停",
        "pause",
        "pause until",
        "暂停900天",
        "pause until 2-30",
        "until 2027-01-01",
        "暂停到2025-13-01",
        "pause until 9999-12-31",
        "暂停到放假",
        "静音 暂停到忙完这阵 07:30",
        "暂停一阵子",
        "请假吧",
    ],
)
def test_read_wish__absences_that_can_not_be_are_refused_with_a_day_that_can(words: str) -> None:
    with pytest.raises(BadCommand) as refused:
        read_wish(words, CATEGORIES, SUNDAY)
    assert refused.value.template == "bad_absence"
    assert refused.value.values["example"] == date(2025, 10, 19)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("pause until 2024-01-01", date(2024, 1, 1)),
        ("pause until 2025-10-12", SUNDAY),
        ("pause 0 days", SUNDAY),
        ("暂停到今天", SUNDAY),
        ("pause until today", SUNDAY),
        ("暂停到昨天", date(2025, 10, 11)),
        ("away until yesterday", date(2025, 10, 11)),
        ("暂停到本周日", SUNDAY),
    ],
)
def test_read_wish__absences_that_would_be_over_are_refused_with_a_day_that_can(words: str, day: date) -> None:
    with pytest.raises(BadCommand) as refused:
        read_wish(words, CATEGORIES, SUNDAY)
    assert refused.value.template == "past_absence"
    assert refused.value.values == {"day": day, "example": date(2025, 10, 19)}


@pytest.mark.parametrize(
    ("words", "day", "at"),
    [
        ("pause until Friday 5pm", date(2025, 10, 17), time(17)),
        ("pause until Friday at 5 pm chips", date(2025, 10, 17), time(17)),
        ("chips pause until 20 October 2025 17:00", date(2025, 10, 20), time(17)),
        ("暂停到 10-20 下午 5 点", date(2025, 10, 20), time(17)),
        ("until 10-20 0730", date(2025, 10, 20), time(7, 30)),
        ("暂停 周五 8", date(2025, 10, 17), time(8)),
    ],
)
def test_read_wish__an_hour_of_the_day_a_pause_ends_is_not_the_daily_one(words: str, day: date, at: time) -> None:
    with pytest.raises(BadCommand) as refused:
        read_wish(words, CATEGORIES, SUNDAY)
    assert (refused.value.template, refused.value.values) == ("timed_absence", {"day": day, "at": at})


@pytest.mark.parametrize("words", ["17:00 pause until 10-17", "pause until 10-17 chips 17:00", "暂停5天 17:00"])
def test_read_wish__an_hour_elsewhere_is_the_daily_one_beside_a_pause_too(words: str) -> None:
    wish = read_wish(words, CATEGORIES, SUNDAY)
    assert (wish.hour, wish.away_until) == (Hour(at=time(17)), date(2025, 10, 17))


@pytest.mark.parametrize("words", ["", "到", "foo", "untilted", "周一到周五", "10-20", "pausing until 10-20"])
def test_read_absence__other_words(words: str) -> None:
    assert read_absence(words, SUNDAY) is None


def test_read_wish__the_rest_of_this_week_is_an_end_of_an_absence() -> None:
    assert read_wish("暂停到本周五", CATEGORIES, date(2025, 10, 13)) == Wish(away_until=date(2025, 10, 17))


def test_read_wish__an_absence_beside_other_wishes() -> None:
    wish = read_wish("@daily 静音 暂停到 10月20日 芯片技术", CATEGORIES, SUNDAY)
    assert wish == Wish(target="@daily", silent=True, away_until=date(2025, 10, 20), categories=frozenset({"chips"}))


@given(today=st.dates(date(2000, 1, 1), date(2100, 1, 1)), ahead=st.integers(1, 365))
def test_read_day_ahead__finds_what_was_written_of_the_next_year(today: date, ahead: int) -> None:
    day = today + timedelta(days=ahead)
    assert read_day_ahead(day.isoformat(), today) == day
    for written in (f"{day:%m-%d}", f"{day.month}月{day.day}日", f"{day:%B} {day.day}"):
        assert read_day_ahead(written, today) == day
    found = read_day_ahead(f"{day.day}号", today)
    assert found is not None
    assert today < found <= day
    assert found.day == day.day


# ------------------------------------------------------------------ places on Earth


@pytest.mark.parametrize(
    ("point", "zone"),
    [
        ("31.2304 121.4737", "Asia/Shanghai"),
        ("35.6762 139.6503", "Asia/Tokyo"),
        ("40.7128 -74.0060", "America/New_York"),
        ("-33.8688,151.2093", "Australia/Sydney"),
        ("22.3193 114.1694", "Asia/Hong_Kong"),
        ("-0.5 -160", "Etc/GMT+11"),  # the Pacific
    ],
)
def test_zone_at__is_that_of_the_place(point: str, zone: str) -> None:
    assert zone_at(point) == zone


@pytest.mark.parametrize("point", ["", "here", "31.2", "91 0", "0 181", "31.2 121.4 7", "1e5 2"])
def test_zone_at__what_is_no_place(point: str) -> None:
    assert zone_at(point) is None
