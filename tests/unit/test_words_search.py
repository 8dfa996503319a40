"""What a search is read as: days beyond doubt, categories by their sign, all else as words."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.categories import default_taxonomy
from bot.commands.words import Span, quoted, read_sought, read_span
from bot.errors import BadCommand
from bot.terms import Phrase

TODAY = date(2025, 10, 12)
KNOWN = default_taxonomy().categories


def span(typed: str) -> str | None:
    found = read_span(typed, TODAY)
    return None if found is None else str(found)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("2025-10-01..2025-10-12", "2025-10-01..2025-10-12"),
        ("2025-10-12..2025-10-01", "2025-10-01..2025-10-12"),
        ("10-01..10-05", "2025-10-01..2025-10-05"),
        ("2025-10-01～2025-12-31", "2025-10-01..2025-12-31"),
        ("10月1日到10月5日", "2025-10-01..2025-10-05"),
        ("自10月1日至5日", "2025-10-01..2025-10-05"),
        ("2025-10-01 to 2025-10-05", "2025-10-01..2025-10-05"),
        ("9月到10月", "2025-09-01..2025-10-31"),
        ("2025-10-01..", "2025-10-01.."),
        ("..2025-10-05", "..2025-10-05"),
        ("since 10-01", "2025-10-01.."),
        ("自2025-10-01起", "2025-10-01.."),
        ("从十月起", "2025-10-01.."),
        ("10月以来", "2025-10-01.."),
        ("since last week", "2025-09-29.."),
        ("until 10-05", "..2025-10-05"),
        ("截至10月5日", "..2025-10-05"),
        ("before 2025-10-01", "..2025-09-30"),
        ("10月以前", "..2025-09-30"),
        ("10月", "2025-10-01..2025-10-31"),
        ("十二月", "2024-12-01..2024-12-31"),
        ("2025年9月", "2025-09-01..2025-09-30"),
        ("2025-09", "2025-09-01..2025-09-30"),
        ("2024年", "2024-01-01..2024-12-31"),
        ("in october", "2025-10-01..2025-10-31"),
        ("Feb 2024", "2024-02-01..2024-02-29"),
        ("上周", "2025-09-29..2025-10-05"),
        ("this week", "2025-10-06..2025-10-12"),
        ("上个月", "2025-09-01..2025-09-30"),
        ("last year", "2024-01-01..2024-12-31"),
        ("最近七天", "2025-10-06..2025-10-12"),
        ("last 2 weeks", "2025-09-29..2025-10-12"),
        ("昨天", "2025-10-11"),
        ("10月12日", "2025-10-12"),
        ("2025-10-12", "2025-10-12"),
        ("on:10-12", "2025-10-12"),
        ("日期：周三", "2025-10-08"),
        ("on:last week", "2025-09-29..2025-10-05"),
        ("on:9999-12", "9999-12-01..9999-12-31"),
        ("最近9999年", "0001-01-01..2025-10-12"),
        ("last 739537 days", "0001-01-01..2025-10-12"),
        ("last 739536 days", "0001-01-01..2025-10-12"),
        ("last 739535 days", "0001-01-02..2025-10-12"),
        ("before 0001-01-02", "..0001-01-01"),
        ("the day before yesterday", "2025-10-10"),
        ("day before yesterday", "2025-10-10"),
        ("大前天", "2025-10-09"),
        ("3 days ago", "2025-10-09"),
        ("三天前", "2025-10-09"),
        ("before yesterday", "..2025-10-10"),
        ("Oct 12", "2025-10-12"),
        ("October 12, 2025", "2025-10-12"),
        ("12 Oct", "2025-10-12"),
        ("5th of October 2024", "2024-10-05"),
        ("Sept. 30", "2025-09-30"),
        ("past week", "2025-10-06..2025-10-12"),
        ("the past month", "2025-09-13..2025-10-12"),
        ("from 3.5 to 4.1", "2025-03-05..2025-04-01"),
        ("10.1..2025-10-05", "2025-10-01..2025-10-05"),
        ("on:3.5 to 4.1", "2025-03-05..2025-04-01"),
        ("10/1 to 10/5", "2025-10-01..2025-10-05"),
    ],
)
def test_span__as_people_name_it(typed: str, expected: str) -> None:
    assert span(typed) == expected
    assert span(expected) == expected


@pytest.mark.parametrize(
    "typed",
    [
        "sun",
        "3.5",
        "10-12",
        "9-11",
        "2025",
        "may",
        "自由",
        "自动驾驶",
        "到",
        "起",
        "以来",
        "从此以后",
        "A to B",
        "3.5到4.0",
        "3.5 to 4.1",
        "3.5..4.1",
        "mars 2",
        "decision 5",
        "marvel 2024",
        "past",
        "2 weeks ago",
        "前天气预报",
        "达到",
        "..",
        "~",
        "since",
        "一起",
    ],
)
def test_span__what_could_be_a_word_is_one(typed: str) -> None:
    assert span(typed) is None


@pytest.mark.parametrize(
    "typed",
    [
        "2025-13-01",
        "13月",
        "on:soon",
        "2025-02-30..2025-03-01",
        "0000-01",
        "before 0001-01-01",
        "0001年以前",
    ],
)
def test_span__a_day_that_does_not_exist(typed: str) -> None:
    with pytest.raises(BadCommand):
        read_span(typed, TODAY)


FAR = st.from_regex(
    r"(since |until |before |on:|最近|last )?(0001|9999)(-01-01|-12-31|-12|年|天|个月| years)(以前|起|\.\.)?"
)


@given(st.text(max_size=30) | FAR)
def test_sought__reads_anything_and_itself(text: str) -> None:
    try:
        sought = read_sought(text, TODAY, KNOWN)
    except BadCommand:
        return
    if not sought.empty:
        again = read_sought(sought.command, TODAY, KNOWN)
        assert (again.phrases, again.categories, again.span, again.skip) == (
            sought.phrases,
            sought.categories,
            sought.span,
            sought.skip,
        )


def test_sought__words_phrases_category_and_days_in_any_order() -> None:
    sought = read_sought("上周 “open source” #芯片 存算一体", TODAY, KNOWN)
    assert sought.words == ('"open source"', "存算一体")
    assert sought.phrases == (Phrase(words=("open", "source")), Phrase(words=("存", "算", "一", "体")))
    assert [category.slug for category in sought.categories] == ["chips"]
    assert sought.span == Span(first=date(2025, 9, 29), last=date(2025, 10, 5))
    assert sought.text == '"open source" 存算一体 #chips 2025-09-29..2025-10-05'


def test_sought__a_category_without_its_sign_and_an_unknown_one_are_words() -> None:
    assert read_sought("芯片技术 英伟达", TODAY, KNOWN).categories == ()
    assert read_sought("#火星", TODAY, KNOWN).words == ("#火星",)


@pytest.mark.parametrize("day", ["on:10-11", "日期:10月11日", "on:yesterday", "on: 2025-10-11", "day:本周六"])
@pytest.mark.parametrize(
    "others", [("第1条",), ("#chips", "第1条"), ("第1条", "open", "source", "models", "of", "note")]
)
def test_sought__a_day_behind_its_sign_among_other_words(day: str, others: tuple[str, ...]) -> None:
    wanted = read_sought(" ".join(others), TODAY, KNOWN)
    for place in range(len(others) + 1):
        sought = read_sought(" ".join((*others[:place], day, *others[place:])), TODAY, KNOWN)
        assert sought.span == Span(first=date(2025, 10, 11), last=date(2025, 10, 11))
        assert (sought.words, sought.categories) == (wanted.words, wanted.categories)


@pytest.mark.parametrize(
    ("typed", "template"),
    [("on:soon 芯片", "unreadable_day"), ("芯片 on:10-32 第1条", "unreadable_day"), ("on:2025-2-30 第1条", "bad_day")],
)
def test_sought__what_is_no_day_behind_its_sign_is_told(typed: str, template: str) -> None:
    with pytest.raises(BadCommand) as caught:
        read_sought(typed, TODAY, KNOWN)
    assert caught.value.template == template
    assert caught.value.values["typed"] in ("soon", "10-32", "2025-2-30")


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("芯片 the day before yesterday", "芯片 2025-10-10"),
        ("GPT 3.5 to 4.1", "GPT 3.5 to 4.1"),
        ("chips Oct 12", "chips 2025-10-12"),
        ("October 12, 2025 chips", "chips 2025-10-12"),
        ("chips past week", "chips 2025-10-06..2025-10-12"),
        ("chips 3 days ago", "chips 2025-10-09"),
    ],
)
def test_sought__days_in_english_among_the_words(typed: str, text: str) -> None:
    assert read_sought(typed, TODAY, KNOWN).text == text


def test_sought__several_categories_count_together() -> None:
    sought = read_sought("#AI产业 芯 #芯片技术 分类:chips", TODAY, KNOWN)
    assert [category.slug for category in sought.categories] == ["ai-industry", "chips"]
    assert sought.text == "芯 #ai-industry #chips"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("2025-10-01 芯 2025-10-12", "2025-10-01..2025-10-12"),
        ("芯 on:10-12 on:10-01", "2025-10-01..2025-10-12"),
        ("9月 芯 10月", "2025-09-01..2025-10-31"),
        ("since 10-01 芯 until 10-05", "2025-10-01..2025-10-05"),
        ("芯 until 10-01 since 10-05", "2025-10-01..2025-10-05"),
        ("上个月 芯 on:9-22", "2025-09-22"),
        ("2025-10-01 2025-10-12 芯 2025-10-05", "2025-10-01..2025-10-12"),
        ("芯 10月 since 10-08", "2025-10-08..2025-10-31"),
    ],
)
def test_sought__several_days_are_what_they_share_or_what_lies_between(typed: str, expected: str) -> None:
    sought = read_sought(typed, TODAY, KNOWN)
    assert (sought.words, str(sought.span)) == (("芯",), expected)


def test_sought__a_quote_that_is_not_closed_is_none() -> None:
    assert read_sought('12" 晶圆', TODAY, KNOWN).words == ("12", "晶圆")


def test_sought__days_in_quotes_are_words() -> None:
    assert read_sought('"上周" 芯片', TODAY, KNOWN).words == ('"上周"', "芯片")


def test_quoted__what_is_quoted_inside_loses_its_quotes() -> None:
    before, after = read_sought(quoted("美国“SPAC之王”查马斯"), TODAY, KNOWN).phrases
    assert before.words == ("美", "国", "spac", "之", "王")
    assert after.words == ("查", "马", "斯")
    assert not before.open
