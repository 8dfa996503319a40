"""Asking for several categories at once, for several days, and for a category's week."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.categories import default_taxonomy
from bot.models import Reply, WeekEdition
from tests.unit.commanding import MORNING, Room, digest, labels, open_room, presses, publish, ticked


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with open_room(tmp_path) as opened:
        yield opened


def numbers(reply: Reply) -> list[int]:
    assert reply.edition is not None
    return [item.number for item in reply.edition.items]


async def test_category__several_at_once(room: Room) -> None:
    reply = await room.ask("/category chips 政策监管")
    assert numbers(reply) == [1, 3]
    assert [button.values.get("slug") for button in ticked(reply)] == ["chips", "policy"]
    before = await room.ask(presses(reply)[0])
    assert presses(reply)[0] == "category chips policy 2025-10-11"
    assert numbers(before) == [1, 2]
    unknown = await room.ask("/category chips 政策监菅 10-11")
    assert presses(unknown)[0] == "category chips policy 2025-10-11"


async def test_category__more_than_a_button_holds_are_shown_without_a_way_on(room: Room) -> None:
    names = " ".join(category.slug for category in default_taxonomy().categories)
    reply = await room.ask(f"/category {names}")
    assert numbers(reply) == [1, 2, 3]
    assert "previous_day" not in labels(reply)
    await publish(room.store, digest(date(2025, 9, 30), ("chips",)), MORNING - timedelta(days=12))
    week = await room.ask(f"/week {names}")
    assert week.template == "week"
    assert "previous_week" not in labels(week)
    assert (await room.ask(f"/category {names} 2025-10-01")).template == "no_digest"


@pytest.mark.parametrize("typed", ["/category chips 10-11 10-12", "/day 10-11 10-8", "/week 上周 2025-10-12"])
async def test_ask__several_days_are_told_one_by_one(room: Room, typed: str) -> None:
    reply = await room.ask(typed)
    assert reply.template == "one_at_a_time"
    said = room.said(reply, "en")
    assert "at a time" in said
    assert said.count("<code>/") == 2


@pytest.mark.parametrize("typed", ["/category chips last week", "/category 芯片 上周", "/category 本周 芯片 safety"])
async def test_category__of_a_week_is_that_week(room: Room, typed: str) -> None:
    await publish(room.store, digest(date(2025, 9, 30), ("chips",), ("policy",)), MORNING - timedelta(days=12))
    reply = await room.ask(typed)
    assert reply.template == "week"
    assert isinstance(reply.edition, WeekEdition)
    assert reply.edition.week.monday == (date(2025, 10, 6) if "本周" in typed else date(2025, 9, 29))
    assert "policy" not in {chapter.slug for chapter in reply.edition.chapters}
