"""One story shown whole: from a search's button, whatever a correction has moved, and typed."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.models import Item
from tests.unit.commanding import MORNING, TODAY, Room, presses, publish
from tests.unit.searching import open_archive, opening, stories


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with open_archive(tmp_path) as opened:
        yield opened


async def test_item__what_is_found_opens_where_its_day_is_yet_to_come(room: Room) -> None:
    await room.ask("/settings los angeles")
    found = await room.ask("/search 新闻")
    (press, *_) = opening(found)
    assert re.fullmatch(rf"item {TODAY:%Y%m%d}~[0-9a-f]{{7}} 新闻", press)
    shown = await room.ask(press)
    assert presses(shown) == [f"day {TODAY} all", "search 新闻"]
    for press in (*opening(found), *presses(shown)):
        reply = await room.ask(press)
        assert reply.edition or reply.template == "search"


@pytest.mark.parametrize(
    ("typed", "template"),
    [
        ("2025-09-22 9", "no_item"),
        ("2025-10-13 1", "no_item"),
        ("明天 1", "future_day"),
        ("2025-09-01 1", "no_item"),
        ("x", "item_how"),
        ("2025-09-22", "item_how"),
        ("2025-09-22 " + "9" * 4400, "item_how"),
        ("2025-09-22 ~1234567", "no_item"),
        ("", "item_how"),
        ("2025-13-40 1", "bad_day"),
    ],
)
async def test_item__that_is_not_there(room: Room, typed: str, template: str) -> None:
    reply = await room.ask(f"/item {typed}")
    assert reply.template == template
    if typed == "2025-09-22 9":
        assert presses(reply) == ["day 2025-09-22 all"]


async def test_item__opens_where_a_correction_moved_it(room: Room) -> None:
    day = date(2025, 9, 22)
    press = opening(await room.ask("/search 存算一体"))[0]
    was = stories(day)
    news = Item(number=1, title="Breaking", url="https://example.com/new")
    moved = tuple(replace(item, number=item.number + 1) for item in was.items)
    await publish(room.store, replace(was, items=(news, *moved)), MORNING)
    shown = await room.ask(press)
    assert shown.edition is not None
    assert [item.title for item in shown.edition.items] == ["存算一体芯片 <22>"]
    assert presses(shown) == [f"day {day} all", "search 存算一体"]


async def test_item__that_a_correction_took_out_is_said_to_be_gone(room: Room) -> None:
    day = date(2025, 9, 22)
    press = opening(await room.ask("/search 存算一体"))[0]
    other = Item(number=1, title="Another", url="https://example.com/another")
    await publish(room.store, replace(stories(day), items=(other, stories(day).items[1])), MORNING)
    reply = await room.ask(press)
    assert (reply.template, reply.edition) == ("no_item", None)
    assert "已更正" in room.said(reply)
    assert presses(reply) == [f"day {day} all", "search 存算一体"]
    await room.store.digests.retract(day)
    reply = await room.ask(press)
    assert "已更正" not in room.said(reply)
    assert presses(reply) == ["search 存算一体"]


async def test_item__buttons_of_before_have_its_number(room: Room) -> None:
    shown = await room.ask("item 2025-09-22 1 +5 存算一体")
    assert shown.edition is not None
    assert presses(shown) == ["day 2025-09-22 all", "search +5 存算一体"]


@pytest.mark.parametrize("typed", ["a" * 58, "芯片技术 " * 20])
async def test_item__the_way_back_is_offered_where_it_fits(room: Room, typed: str) -> None:
    shown = await room.ask(f"/item 2025-09-22 1 {typed}")
    assert shown.edition is not None
    assert presses(shown) == ["day 2025-09-22 all"]
