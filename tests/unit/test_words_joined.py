"""Wishes as they are written: without spaces in Chinese, with joining words in both languages."""

from datetime import date, time
from itertools import permutations

import pytest

from bot.categories import default_taxonomy
from bot.commands.words import Hour, Wish, read_choice, read_question, read_wish

SUNDAY = date(2025, 10, 12)
CATEGORIES = default_taxonomy().categories
BOTH = frozenset({"chips", "open-source"})


def wish(words: str) -> Wish:
    return read_wish(words, CATEGORIES, SUNDAY)


@pytest.mark.parametrize("pieces", list(permutations(["周一到周五", "纽约时间", "早上8点半"])))
def test_joined__days_place_and_hour_in_any_order(pieces: tuple[str, ...]) -> None:
    wanted = Wish(hour=Hour(at=time(8, 30)), zone="America/New_York", days=frozenset(range(1, 6)))
    assert wish(" ".join(pieces)) == wanted
    assert wish("".join(pieces)) == wanted


@pytest.mark.parametrize(
    "words",
    ["芯片和开源", "芯片与开源", "芯片 和 开源", "开源以及芯片", "chips and open source", "Chips & open source"],
)
def test_joined__categories(words: str) -> None:
    assert wish(words) == Wish(categories=BOTH)
    assert read_choice(words, CATEGORIES) == Wish(categories=BOTH)


@pytest.mark.parametrize("words", ["周一和周四", "周一 和 周四", "周一周四", "mondays and thursdays", "Mon and Thu"])
def test_joined__days(words: str) -> None:
    assert wish(words) == Wish(days=frozenset({1, 4}))


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("东京早上8点", Wish(hour=Hour(at=time(8)), zone="Asia/Tokyo")),
        ("每天早上8点芯片和开源", Wish(hour=Hour(at=time(8)), days=frozenset(range(1, 8)), categories=BOTH)),
        ("周末和周一 8:30", Wish(hour=Hour(at=time(8, 30)), days=frozenset({1, 6, 7}))),
        ("mon and wed 8 30 pm", Wish(hour=Hour(at=time(20, 30)), days=frozenset({1, 3}))),
        ("安全与伦理", Wish(categories=frozenset({"safety"}))),
        ("safety and ethics and chips", Wish(categories=frozenset({"safety", "chips"}))),
    ],
)
def test_joined__several_at_once(words: str, wanted: Wish) -> None:
    assert wish(words) == wanted


@pytest.mark.parametrize(
    "words",
    [
        "中国芯片",  # a place and a category, but what is meant is neither
        "8点和20点",
        "8点20点",
        "8:00 and 20:00",
        "除周一8点",
        "不要周一8点",
        "周一以外8点",
        "芯片昨天",
        "chips and",
        "and chips",
        "foo and chips",
        "芯片和foo",
        "芯片" * 20,
    ],
)
def test_joined__what_is_not_certain_stays_unread(words: str) -> None:
    assert wish(words).unread


def test_joined__nothing_is_cut_up_where_one_thing_is_asked_for() -> None:
    assert read_question("周一芯片", SUNDAY, CATEGORIES).unread == ("周一芯片",)
