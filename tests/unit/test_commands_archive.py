"""Asking for digests: today's, a day's, a category's, the archive."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.models import Edition, Format
from bot.store import Store
from tests.unit.commanding import BOB, GROUP, MORNING, Room, digest, labels, open_room, presses, publish, ticked


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with open_room(tmp_path) as opened:
        yield opened


def numbers(reply: object) -> list[int]:
    edition = getattr(reply, "edition", None)
    assert edition is not None
    return [item.number for item in edition.items]


async def test_today__whole_digest_with_its_neighbours_and_categories(room: Room) -> None:
    reply = await room.ask("/today")
    assert numbers(reply) == [1, 2, 3]
    assert presses(reply) == [
        "day 2025-10-11",
        "category chips 2025-10-12",
        "category policy 2025-10-12",
        "category safety 2025-10-12",
        "day 2025-10-12 all",
    ]
    assert [button.label for button in ticked(reply)] == ["all"]


async def test_today__is_the_day_where_the_chat_is(room: Room) -> None:
    await room.ask("/settings new york")
    reply = await room.ask("/today")
    assert reply.edition is not None
    assert reply.edition.day == date(2025, 10, 11)


async def test_today__is_the_day_of_the_setting_for_others(room: Room) -> None:
    room.now = datetime(2025, 10, 12, 16, 0, tzinfo=UTC)  # the 13th in Shanghai
    assert (await room.ask("/today")).template == "no_digest"


async def test_today__not_out_yet_names_the_nearest(room: Room) -> None:
    room.now = MORNING + timedelta(days=1)
    reply = await room.ask("/today")
    assert reply.template == "no_digest"
    assert presses(reply) == ["day 2025-10-12"]
    assert "还没发布" in room.said(reply)


async def test_today__cut_to_what_the_chat_has_chosen(room: Room) -> None:
    await room.ask("/settings safety 仅标题")
    reply = await room.ask("/today")
    assert numbers(reply) == [2]
    assert isinstance(reply.edition, Edition)
    assert reply.edition.format is Format.HEADLINES
    assert [button.press for button in ticked(reply)] == ["category safety 2025-10-12"]
    everything = await room.ask("day 2025-10-12 all")
    assert numbers(everything) == [1, 2, 3]
    assert presses(everything)[-1] == "day 2025-10-12"
    assert labels(everything)[-1] == "mine"
    assert presses(everything)[0] == "day 2025-10-11 all"


async def test_today__nothing_in_what_the_chat_has_chosen(room: Room) -> None:
    await room.ask("/settings AI产业")
    reply = await room.ask("/today")
    assert reply.template == "nothing_that_day"
    assert "day 2025-10-12 all" in presses(reply)
    assert "AI产业" in room.said(reply)


async def test_yesterday__is_the_day_before(room: Room) -> None:
    reply = await room.ask("/yesterday")
    assert numbers(reply) == [1, 2]
    assert presses(reply)[:2] == ["day 2025-10-08", "day 2025-10-12"]


@pytest.mark.parametrize("words", ["2025-10-08", "10-8", "10月8日", "4天前", "周三", "4 days ago"])
async def test_day__forms(room: Room, words: str) -> None:
    reply = await room.ask(f"/day {words}")
    assert reply.edition is not None
    assert reply.edition.day == date(2025, 10, 8)


async def test_day__without_a_digest_names_the_nearest(room: Room) -> None:
    reply = await room.ask("/day 10-9")
    assert reply.template == "no_digest"
    assert presses(reply) == ["day 2025-10-08", "day 2025-10-11"]
    text = room.said(reply)
    assert "2025年10月8日" in text
    assert "2025年10月11日" in text


async def test_day__before_all_digests(room: Room) -> None:
    assert presses(await room.ask("/day 2024-01-01")) == ["day 2025-10-08"]


@pytest.mark.parametrize(
    ("words", "template"),
    [("2-30", "bad_day"), ("明天", "future_day"), ("foo", "unreadable_day"), ("10-11 foo", "unknown_category")],
)
async def test_day__wrong_ones_are_explained(room: Room, words: str, template: str) -> None:
    reply = await room.ask(f"/day {words}")
    assert reply.template == template
    assert not reply.private


@pytest.mark.parametrize("words", ["day 2025-10-12", "/day 明天", "/category chips 2025-10-12", "明天"])
async def test_day__ahead_where_it_is_still_the_day_before_but_out(room: Room, words: str) -> None:
    """At half past nine in Shanghai it is still the 11th in New York, and its buttons name the 12th."""
    await room.ask("/settings new york")
    assert "day 2025-10-12" in presses(await room.ask("/today"))
    reply = await (room.ask(words) if "day" in words or "category" in words else room.plain(words))
    assert reply.edition is not None
    assert reply.edition.day == date(2025, 10, 12)
    assert (await room.ask("/day 2025-10-13")).template == "future_day"


async def test_day__alone_lists_the_archive(room: Room) -> None:
    assert (await room.ask("/day")).template == "days"


async def test_day__of_an_empty_archive(tmp_path: Path) -> None:
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}")
    room = Room(store=store)
    for text in ("/today", "/day 10-10", "/days", "/category", "/category 芯片", "/start", "/categories"):
        reply = await room.ask(text)
        assert reply.edition is None
    assert "还没有发布过" in room.said(await room.ask("/today"))
    await store.close()


async def test_category__of_today(room: Room) -> None:
    reply = await room.ask("/category 芯片技术")
    assert numbers(reply) == [1]
    assert [button.press for button in ticked(reply)] == ["category chips 2025-10-12"]
    assert presses(reply)[0] == "category chips 2025-10-11"


async def test_category__of_a_day(room: Room) -> None:
    reply = await room.ask("/category 10-11 AI产业")
    assert numbers(reply) == [1]
    assert reply.edition is not None
    assert reply.edition.categories == ("ai-industry",)


async def test_category__latest_when_today_has_none(room: Room) -> None:
    reply = await room.ask("/category AI产业")
    assert reply.template == "latest"
    assert presses(reply) == ["category ai-industry 2025-10-11", "category ai-industry 2025-10-08"]
    text = room.said(reply)
    assert text.index("10月11日") < text.index("10月8日")
    assert 'href="https://example.com/2025-10-11/1?a=1&amp;b=2"' in text


async def test_category__latest_names_each_day_once_with_its_year(room: Room) -> None:
    text = room.said(await room.ask("/category 政策监管", chat=GROUP), "en")
    assert "lately" not in text
    room.now = MORNING + timedelta(days=1)
    await publish(room.store, digest(date(2024, 2, 29), ("policy",), ("policy",)), MORNING)
    lines = room.said(await room.ask("/category 政策监管"), "en").splitlines()
    days = [line for line in lines if line.startswith("<b>") and "20" in line]
    assert days == ["<b>Sun 12 Oct 2025</b>", "<b>Sat 11 Oct 2025</b>", "<b>Thu 29 Feb 2024</b>"]
    assert [line[:1] for line in lines if "https" in line] == ["•"] * 4


async def test_category__latest_before_today_is_out(room: Room) -> None:
    room.now = MORNING + timedelta(days=1)
    assert (await room.ask("/category 芯片技术")).template == "latest"


async def test_category__nothing_on_a_named_day(room: Room) -> None:
    reply = await room.ask("/category AI产业 10-12")
    assert reply.template == "nothing_that_day"
    assert "day 2025-10-12 all" in presses(reply)


async def test_category__without_any_item_ever(room: Room) -> None:
    reply = await room.ask("/category 开源生态")
    assert reply.template == "latest"
    assert reply.buttons == ()


async def test_category__alone_offers_all(room: Room) -> None:
    reply = await room.ask("/category")
    assert "category chips" in presses(reply)
    assert len(presses(reply)) == 8


async def test_category__unknown_offers_the_close_ones(room: Room) -> None:
    reply = await room.ask("/category 芯片枝术 10-11")
    assert reply.template == "unknown_category"
    assert "category chips 2025-10-11" in presses(reply)
    assert "芯片枝术" in room.said(reply)


async def test_days__a_category_is_no_day_but_can_be_opened(room: Room) -> None:
    reply = await room.ask("/days chips")
    assert reply.template == "unreadable_day"
    assert presses(reply)[0] == "category chips"
    assert "“chips”" in room.said(reply)


async def test_days__newest_first_in_pages(room: Room) -> None:
    for number in range(1, 9):
        await publish(room.store, digest(date(2025, 9, number), ("chips",)), MORNING)
    first = await room.ask("/days")
    assert len(first.buttons) == 3
    assert presses(first)[:3] == ["day 2025-10-12", "day 2025-10-11", "day 2025-10-08"]
    assert presses(first)[-1] == "days 2025-09-04"
    second = await room.ask(presses(first)[-1])
    assert presses(second) == ["day 2025-09-03", "day 2025-09-02", "day 2025-09-01", "days"]


async def test_days__everyone_in_a_group_may_read(room: Room) -> None:
    for text in ("/today", "/days", "/category 芯片技术", "/help", "/settings", "/categories", "/start"):
        assert not (await room.ask(text, chat=GROUP, actor=BOB)).private


async def test_presses__every_button_leads_somewhere(room: Room) -> None:
    """Walk all buttons from /start, three deep, each press once."""
    seen: set[str] = set()
    edge = ["start", "days", "category", "help", "today"]
    for _ in range(3):
        found = [press.removeprefix("+") for text in edge for press in presses(await room.ask(text))]
        edge = [press for press in dict.fromkeys(found) if press not in seen and not press.startswith("set at ")]
        seen.update(edge)
        assert edge
    for press in seen:
        reply = await room.ask(press)
        assert reply.template not in {"help", "half_read", "unknown_category", "unreadable_day"} or press == "help"


@pytest.mark.parametrize(
    ("words", "template"),
    [
        ("昨天", "digest"),
        ("10-8", "digest"),
        ("芯片", "digest"),
        ("芯片 昨天", "digest"),
        ("AI产业", "latest"),
        ("2-30", "bad_day"),
        ("明天", "future_day"),
        ("hello there", "hint"),
        ("昨天 hello", "hint"),
        ("", "hint"),
        ("<b>" * 2000, "hint"),
    ],
)
async def test_plain__answers_a_day_or_category(room: Room, words: str, template: str) -> None:
    assert (await room.plain(words)).template == template
