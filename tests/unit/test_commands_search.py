"""Searching in a chat: words, phrases, categories and days; pages, items, and what is offered when nothing is found."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.commands.search import Line
from bot.commands.words.text import MOST_WORDS
from bot.models import Reply
from tests.unit.commanding import (
    CHANNEL,
    GROUP,
    RENDERER,
    TODAY,
    Room,
    labels,
    presses,
)
from tests.unit.searching import CHIP, open_archive, opening


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with open_archive(tmp_path) as opened:
        yield opened


def lines(reply: Reply) -> tuple[Line, ...]:
    listed = reply.values["lines"]
    assert isinstance(listed, tuple)
    return listed


def days(reply: Reply) -> list[tuple[date, int]]:
    """Return the day and the number of each result: in `stories`, the chip story is the first."""
    assert [line.day for line in lines(reply)] == [
        date.fromisoformat(press.split()[1].partition("~")[0]) for press in opening(reply)
    ]
    return [(line.day, 1 if text_of(line).startswith("存算") else 2) for line in lines(reply)]


def text_of(line: Line) -> str:
    return "".join(run.text for run in line.title)


async def test_search__newest_first_with_the_words_marked(room: Room) -> None:
    reply = await room.ask("/search 存算一体")
    assert days(reply) == [(TODAY - timedelta(days=back), 1) for back in range(20, 25)]
    said = room.said(reply)
    assert (
        '1. <a href="https://example.com/?a=1&amp;b=2"><b>存算一体</b>芯片 &lt;22&gt;</a> · 2025年9月22日 周一' in said
    )
    assert "团队研发出“新型”的<b>存算一体</b>芯片。 精度很高。" in said
    assert opening(reply)[0] == f"item 20250922{CHIP} 存算一体"
    assert presses(reply)[-1] == "search +5 存算一体"


async def test_search__turns_pages_in_place_and_back(room: Room) -> None:
    second = await room.ask("search +5 存算一体")
    assert [line.number for line in lines(second)] == [6, 7, 8, 9, 10]
    assert presses(second)[-2:] == ["search 存算一体", "search +10 存算一体"]
    last = await room.ask("search +10 存算一体")
    assert len(days(last)) == 2
    assert presses(last)[-1:] == ["search +5 存算一体"]
    assert (await room.ask("search +90 存算一体")).values["lines"] == (await room.ask("search 存算一体")).values[
        "lines"
    ]


async def test_search__opens_the_day_at_the_item_and_leads_back(room: Room) -> None:
    reply = await room.ask("search +5 存算一体")
    press = opening(reply)[0]
    assert press == f"item 20250917{CHIP} +5 存算一体"
    shown = await room.ask(press)
    assert shown.edition is not None
    assert [item.number for item in shown.edition.items] == [1]
    said = room.said(shown)
    assert "2025-09-17 速递" in said
    assert "精度很高。" in said
    assert presses(shown) == ["day 2025-09-17 all", "search +5 存算一体"]
    assert RENDERER.keys(shown.buttons, "zh-CN", ())[0][0].label == "📰 整期 · 9月17日 周三"
    assert (await room.ask(presses(shown)[1])).values == reply.values


async def test_search__titles_before_bodies(room: Room) -> None:
    reply = await room.ask("/search 芯片 关于")
    assert {number for _, number in days(reply)} == {2}
    reply = await room.ask("/search 芯片 2025-09-22")
    assert days(reply) == [(date(2025, 9, 22), 1), (date(2025, 9, 22), 2)]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("芯片 #芯片技术 2025-09-20..2025-09-22", [(22, 1), (21, 1), (20, 1)]),
        ("“open source” since 2025-09-21", [(22, 2), (21, 2)]),
        ('"source open"', []),
        ("source open 自2025-09-22起", [(22, 2)]),
        ("#芯片 on:9-21", [(21, 1)]),
        ("存算一体 9月22日", [(22, 1)]),
        ("存算一体 上个月 分类:chips on:9-22", [(22, 1)]),
        ("#政策 #芯片 9-20..9-22 since 9-21", [(22, 1), (21, 1)]),
        ("存算一体 2025-09-20 9月21日", [(21, 1), (20, 1)]),
    ],
)
async def test_search__narrowed(room: Room, typed: str, expected: list[tuple[int, int]]) -> None:
    reply = await room.ask(f"/search {typed}")
    found = days(reply) if reply.template == "search" else []
    assert [(day.day, number) for day, number in found] == expected


async def test_search__says_what_it_looked_for(room: Room) -> None:
    reply = await room.ask("/search 芯片 #芯片 9月")
    said = room.said(reply)
    assert "🔎 <b>芯片</b> · #芯片技术 · 2025年9月1日–30日" in said
    assert presses(reply)[-1] == "search +5 芯片 #chips 2025-09-01..2025-09-30"
    assert "🔎 <b>芯片</b> · #芯片技术 #政策监管\n" in room.said(await room.ask("/search 芯片 #芯片 #政策"))


async def test_search__a_long_one_opens_items_below_and_says_how_to_go_on(room: Room) -> None:
    reply = await room.ask("/search 团队研发出 新型 存算一体 芯片 精度很高 since 2025-09-01")
    assert opening(reply)[0] == f"+item 20250922{CHIP}"
    assert not [press for press in presses(reply) if press.startswith("search")]
    assert "<code>/search +5 团队研发出 新型 存算一体 芯片 精度很高 2025-09-01..</code>" in room.said(reply)
    await room.ask("/search +5 团队研发出 新型 存算一体 芯片 精度很高 2025-09-01..")


async def test_search__the_name_of_a_category_leads_there_too(room: Room) -> None:
    reply = await room.ask("/search 芯片")
    assert presses(reply)[-1] == "category chips"


async def test_search__nothing_found_offers_fewer_words(room: Room) -> None:
    reply = await room.ask("/search 存算一体 火星")
    assert reply.template == "search_nothing"
    assert presses(reply)[0] == "search 存算一体"
    assert "没有找到“<b>存算一体 火星</b>”。" in room.said(reply)
    assert (await room.ask(presses(reply)[0])).template == "search"


async def test_search__nothing_found_offers_the_search_without_limits(room: Room) -> None:
    reply = await room.ask("/search 存算一体 #policy 2025-09-22")
    assert presses(reply)[0] == "search 存算一体"
    reply = await room.ask("/search #chips 2020年")
    assert presses(reply) == ["search #chips"]


async def test_search__nothing_found_offers_a_shorter_word_and_a_category_like_it(room: Room) -> None:
    reply = await room.ask("/search 存算一体机")
    assert presses(reply)[0] == "search 存算一体"
    reply = await room.ask("/search 上周的芯片")
    assert presses(reply)[0] == "search 芯片"
    reply = await room.ask("/search chipz")
    assert "category chips" in presses(reply)
    reply = await room.ask("/search 火")
    assert (presses(reply), labels(reply)) == (["days"], ["all_days"])


@pytest.mark.parametrize("typed", ["", " ", "***", '""', "+5"])
async def test_search__without_words_explains_itself(room: Room, typed: str) -> None:
    assert (await room.ask(f"/search {typed}")).template == "search_how"


@pytest.mark.parametrize("typed", ["x" * 201, " ".join("abcdefghijklmnopqrst")])
async def test_search__too_long(room: Room, typed: str) -> None:
    said = room.said(await room.ask(f"/search {typed}"))
    assert f"{MOST_WORDS} 个词" in said


async def test_search__a_day_that_does_not_exist(room: Room) -> None:
    assert (await room.ask("/search 芯片 2025-13-40")).template == "bad_day"
    assert (await room.ask("/search 芯片 on:soon")).template == "unreadable_day"
    assert (await room.ask("/search 芯片 before 0001-01-01")).template == "bad_day"


@pytest.mark.parametrize("days", ["最近9999年", "last 99999 years", "since 0001-01-01", "until 9999-12-31"])
async def test_search__as_far_back_as_the_calendar_goes(room: Room, days: str) -> None:
    assert len(lines(await room.ask(f"/search 存算一体 {days}"))) == 5


async def test_search__days_alone_are_words(room: Room) -> None:
    assert (await room.ask("/search 9月")).template == "search_nothing"


@pytest.mark.parametrize(
    "typed", ["AND", "NEAR(a b)", "^x", "a*", "-x", "title:x", "(((", "\ud800", "' OR 1=1", "‖chips", "{title} : x"]
)
async def test_search__operators_are_words(room: Room, typed: str) -> None:
    assert (await room.ask(f"/search {typed}")).template in ("search_nothing", "search_how")


@pytest.mark.parametrize(
    ("typed", "template"), [("#chips 🚀", "search"), ("存算一体 🚀", "search"), ("火星 🚀", "search_nothing")]
)
async def test_search__says_what_it_can_not_search_for(room: Room, typed: str, template: str) -> None:
    reply = await room.ask(f"/search {typed}")
    said = room.said(reply)
    assert reply.template == template
    assert "“🚀”已略过" in said
    assert "🚀" not in said.splitlines()[0]
    assert "已略过" not in room.said(await room.ask(f"/search {typed.removesuffix(' 🚀')}"))


@pytest.mark.parametrize(("typed", "template"), [("团队 -芯片", "search"), ("火星 −open", "search_nothing")])
async def test_search__says_that_words_can_not_be_excluded(room: Room, typed: str, template: str) -> None:
    reply = await room.ask(f"/search {typed}")
    assert reply.template == template
    assert f"“{typed.split()[1]}” has to be there" in room.said(reply, "en")
    for other in ("团队 -5", "团队 存算一体", "open-source", "- 团队"):
        assert "has to be there" not in room.said(await room.ask(f"/search {other}"), "en")


async def test_search__works_in_groups_and_is_silent_in_channels(room: Room) -> None:
    assert (await room.ask("/search 芯片", chat=GROUP)).template == "search"
    assert (await room.ask("/search 芯片", chat=CHANNEL)).template == "in_channel"


async def test_search__in_english(room: Room) -> None:
    reply = await room.ask("/search 芯片 until 2025-09-22")
    parts = RENDERER.reply(reply, room.platform.dialect, "en", categories=())
    assert "until Mon 22 Sep 2025" in parts[0].markup
    assert parts[-1].keys[-2][0].label == "Next page ›"


async def test_plain__words_that_find_something_are_a_search(room: Room) -> None:
    assert (await room.plain("存算一体")).template == "search"
    for typed in ("火星", "存算一体 " * 50, "2025-13-40 存算一体", "***", ""):
        assert (await room.plain(typed)).template in ("hint", "bad_day")
    assert (await room.plain("芯片")).edition is not None
