"""Asking for weeks."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.contract import Suggest
from bot.models import DeliveryState, Reply, Week, WeekEdition
from tests.unit.commanding import MORNING, PRIVATE, Room, digest, labels, open_room, presses, publish, ticked
from tests.unit.operating import operated_room, planned, settle, states
from tests.unit.weekly import WEEK, weekly

LAST_WEEK = Week(monday=date(2025, 9, 29))


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with open_room(tmp_path) as opened:
        yield opened


def edition(reply: Reply) -> WeekEdition:
    assert isinstance(reply.edition, WeekEdition)
    return reply.edition


def slugs(reply: Reply) -> list[str]:
    return [chapter.slug for chapter in edition(reply).chapters]


async def test_week__so_far_by_category(room: Room) -> None:
    reply = await room.ask("/week")
    assert (edition(reply).week, edition(reply).total) == (WEEK, 7)
    assert slugs(reply) == ["ai-industry", "chips", "policy", "safety"]
    assert presses(reply) == [
        "week ai-industry 2025-10-06",
        "week chips 2025-10-06",
        "week policy 2025-10-06",
        "week safety 2025-10-06",
        "week all 2025-10-06",
    ]
    assert labels(reply)[-1:] == [button.label for button in ticked(reply)] == ["all"]
    assert "10月6日–12日" in room.said(reply)
    assert "6–12 Oct 2025" in room.said(reply, "en")


async def test_week__a_coming_day_of_it_is_not_shown_yet(room: Room) -> None:
    room.now = MORNING - timedelta(days=1)
    assert edition(await room.ask("/week")).total == 4


async def test_week__of_one_category_or_what_the_chat_has_chosen(room: Room) -> None:
    one = await room.ask("/week 芯片技术")
    assert slugs(one) == ["chips"]
    assert len(edition(one).items) == 3
    assert [button.press for button in ticked(one)] == ["week chips 2025-10-06"]
    await room.ask("/settings safety")
    mine = await room.ask("/week")
    assert slugs(mine) == ["safety"]
    whole = await room.ask("week all 2025-10-06")
    assert len(slugs(whole)) == 4
    assert (labels(whole)[-1], presses(whole)[-1]) == ("mine", "week 2025-10-06")


async def test_week__before_and_after_by_buttons_that_keep_the_view(room: Room) -> None:
    await publish(room.store, digest(date(2025, 9, 30), ("chips",), ("policy",)), MORNING - timedelta(days=12))
    reply = await room.ask("/week chips")
    assert (labels(reply)[0], presses(reply)[0]) == ("previous_week", "week chips 2025-09-29")
    earlier = await room.ask(presses(reply)[0])
    assert edition(earlier).week == LAST_WEEK
    assert (labels(earlier)[0], presses(earlier)[0]) == ("next_week", "week chips 2025-10-06")
    everything = await room.ask("/week all 2025-10-08")
    assert presses(everything)[0] == "week all 2025-09-29"


@pytest.mark.parametrize("words", ["上周", "last week", "2025-W40", "2025-09-30", "上周三", "9-29"])
async def test_week__forms(room: Room, words: str) -> None:
    await publish(room.store, digest(date(2025, 9, 30), ("chips",)), MORNING - timedelta(days=12))
    assert edition(await room.ask(f"/week {words}")).week == LAST_WEEK


async def test_week__in_plain_words(room: Room) -> None:
    assert (await room.plain("本周")).template == "week"
    assert (await room.plain("last week")).template == "no_week"
    assert (await room.plain("下周")).template == "future_week"


async def test_week__is_that_of_the_chats_own_day(room: Room) -> None:
    room.now = datetime(2025, 10, 12, 17, tzinfo=UTC)
    assert (await room.ask("/week")).template == "no_week", "it is Monday in Shanghai"
    await room.ask("/settings new york")
    assert edition(await room.ask("/week")).week == WEEK


async def test_week__with_nothing_in_it_says_so_and_offers_what_there_is(room: Room) -> None:
    reply = await room.ask("/week 开源生态")
    assert reply.template == "no_week"
    assert "开源生态" in room.said(reply)
    assert "week all 2025-10-06" in presses(reply)
    empty = await room.ask("/week 上周")
    assert presses(empty) == ["week 2025-10-06"]
    assert "9月29日–10月5日" in room.said(empty)


@pytest.mark.parametrize(
    ("words", "template"),
    [
        ("2-30", "bad_day"),
        ("2025-W60", "bad_week"),
        ("下周", "future_week"),
        ("2025-10-13", "future_day"),
        ("芯片枝术", "unknown_category"),
    ],
)
async def test_week__wrong_ones_are_explained(room: Room, words: str, template: str) -> None:
    reply = await room.ask(f"/week {words}")
    assert reply.template == template
    if template == "unknown_category":
        assert "week chips 2025-10-06" in presses(reply)


async def test_week__wrong_ones_are_told_in_weeks(room: Room) -> None:
    bad, ahead = await room.ask("/week 2025-W60"), await room.ask("/week 下周")
    assert "<code>/week 2025-W41</code>" in room.said(bad)
    assert "<code>/week 2025-10-06</code>" in room.said(bad)
    assert "2025年10月13日–19日" in room.said(ahead)


async def test_week__every_button_leads_to_a_week(room: Room) -> None:
    await publish(room.store, digest(date(2025, 9, 1), ("chips",), ("safety",)), MORNING - timedelta(days=40))
    await room.ask("/settings safety")
    seen: set[str] = set()
    edge = ["week"]
    while edge:
        found = [press for text in edge for press in presses(await room.ask(text))]
        edge = [press for press in dict.fromkeys(found) if press not in seen]
        seen.update(edge)
    assert len(seen) > 10
    for press in seen:
        assert (await room.ask(press)).template in {"week", "no_week"}


async def test_week__the_next_is_not_offered_before_it_begins_where_the_chat_is(room: Room) -> None:
    await publish(room.store, digest(date(2025, 10, 13), ("chips",)), MORNING + timedelta(hours=23))
    await room.ask("/settings los angeles")
    room.now = datetime(2025, 10, 13, 1, 30, tzinfo=UTC)
    assert "next_week" not in labels(await room.ask("/week"))
    asked = Suggest(name="week", option="week", typed="", chat=PRIVATE)
    assert [one.value for one in await room.commands.suggest(asked)] == ["2025-W41"]
    room.now = datetime(2025, 10, 13, 7, tzinfo=UTC)
    before = await room.ask("/week 上周")
    assert (labels(before)[0], presses(before)[0]) == ("next_week", "week 2025-10-13")
    assert edition(await room.ask("week 2025-10-13")).total == 1


async def test_suggest__weeks_there_are(room: Room) -> None:
    await publish(room.store, digest(date(2025, 9, 30), ("chips",)), MORNING - timedelta(days=12))

    async def suggested(typed: str) -> list[str]:
        asked = Suggest(name="week", option="week", typed=typed, chat=PRIVATE)
        return [one.value for one in await room.commands.suggest(asked)]

    assert await suggested("") == ["2025-W41", "2025-W40"]
    assert await suggested("上周") == ["2025-W40"]
    assert await suggested("W41") == ["2025-W41"]
    assert await suggested("2025-10-08") == ["2025-W41"]
    assert await suggested("2-30") == []
    assert edition(await room.ask("/week 2025-W40")).week == LAST_WEEK


async def test_status__has_the_week_as_a_line_of_its_own_on_sundays(tmp_path: Path) -> None:
    async with operated_room(tmp_path) as room:
        before = room.said(await room.ask("/status"), "en")
        assert "The week" not in before
        await room.store.subscriptions.put(weekly(PRIVATE))
        assert await planned(room) == 2
        await settle(room, DeliveryState.SENT)
        assert await planned(room) == 0
        await settle(room, DeliveryState.FAILED, error="no way through", code="rejected")
        said = room.said(await room.ask("/status"), "en")
        day, _, week = said.partition("The week, 6–12 Oct 2025")
        assert "due 1, sent 1, waiting 0, empty 0" in day
        assert "failed" not in day
        assert "due 1, sent 0, waiting 0, empty 0" in week
        assert "failed 1" in week
        assert "no way through" in week
        assert await states(room) == {DeliveryState.SENT: 1}
        assert "The week" not in room.said(await room.ask("/status 2025-10-11"), "en")
