"""Sound, empty days, the week, working days, and the zone of a place: by buttons and by words."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from bot.models import Reply, Subscription, Workdays
from tests.unit.commanding import (
    CHANNEL,
    GROUP,
    MORNING,
    PRIVATE,
    TODAY,
    Room,
    labels,
    open_room,
    presses,
    ticked,
)


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with open_room(tmp_path) as opened:
        yield opened


async def known(room: Room) -> Subscription:
    subscription = await room.subscription()
    assert subscription is not None
    return subscription


def ticks(reply: Reply) -> list[str]:
    return [button.press for button in ticked(reply)]


# ------------------------------------------------------------------ switches


@pytest.mark.parametrize(
    ("field", "label", "on", "off"),
    [
        ("silent", "silent", "settings silent", "settings sound"),
        ("weekly", "weekly", "settings weekly", "settings no-weekly"),
        ("tells_empty", "tells_empty", "settings tell-empty", "settings hide-empty"),
    ],
)
async def test_switch__by_its_button_there_and_back(room: Room, field: str, label: str, on: str, off: str) -> None:
    before = await room.ask("/subscribe")
    assert not getattr(await known(room), field)
    screen = await room.ask("/settings")
    assert on in presses(screen)
    for _ in range(2):  # pressing twice is pressing once
        screen = await room.ask(on)
        assert getattr(await known(room), field)
        assert label in [button.label for button in ticked(screen)]
        assert "已保存" in room.said(screen)
    assert off in presses(screen)
    screen = await room.ask(off)
    assert not getattr(await known(room), field)
    assert on in presses(screen)
    assert before.template == "subscribed"


async def test_settings__typed_wishes_are_shown_and_keep_the_rest(room: Room) -> None:
    await room.ask("/subscribe 芯片技术 07:30")
    screen = await room.ask("/settings 静音 没有也说一声 周报 工作日(调休)")
    subscription = await known(room)
    assert (subscription.silent, subscription.tells_empty, subscription.weekly) == (True, True, True)
    assert (subscription.slot.days, subscription.slot.at) == (Workdays.CHINA, time(7, 30))
    assert (subscription.categories, subscription.since) == (frozenset({"chips"}), MORNING)
    for text, words in (
        (room.said(screen), ("静音送达", "周日推送一周回顾", "没有内容也说一声", "含调休")),
        (room.said(screen, "en"), ("without a sound", "the week on Sundays", "empty days", "working days in China")),
    ):
        assert all(word in text for word in words)


async def test_subscribe__takes_wishes_too(room: Room) -> None:
    reply = await room.ask("/subscribe 芯片技术 静音 workdays cn")
    subscription = await known(room)
    assert (subscription.silent, subscription.slot.days) == (True, Workdays.CHINA)
    assert "静音送达" in room.said(reply)


async def test_settings__two_kinds_of_days_are_explained(room: Room) -> None:
    reply = await room.ask("/settings 调休 周六")
    assert reply.template == "bad_days"
    assert await room.subscription() is None


async def test_forget__names_the_wishes(room: Room) -> None:
    await room.ask("/subscribe 静音 周报 暂停到 10-20")
    text = room.said(await room.ask("/forget"))
    assert all(word in text for word in ("静音送达", "周日推送一周回顾", "10月20日"))


# ------------------------------------------------------------------ what is half understood


@pytest.mark.parametrize("command", ["subscribe", "settings"])
@pytest.mark.parametrize(
    "words",
    ["silent foo", "静音 别", "除周末", "周末除外", "back on Monday", "weekly maybe", "chpis not silent", "chpis 周一"],
)
async def test_half_read__no_button_grants_what_an_unknown_word_may_turn_round(
    room: Room, command: str, words: str
) -> None:
    await room.ask("/subscribe 芯片技术 07:30 工作日")
    before = await room.subscription()
    reply = await room.ask(f"/{command} {words}")
    assert reply.template == "half_read"
    assert presses(reply) == ["settings"]
    assert ("请改好后再发一次" in room.said(reply)) == ("chpis" in words)
    await room.ask(presses(reply)[0])
    assert await room.subscription() == before


async def test_half_read__a_joining_word_is_like_no_category(room: Room) -> None:
    assert presses(await room.ask("/subscribe chpis and foo")) == ["subscribe chips"]


@pytest.mark.parametrize("words", ["language chinese", "foo", "07:30 sharply"])
async def test_half_read__no_category_is_offered_for_words_that_are_like_none(room: Room, words: str) -> None:
    assert presses(await room.ask(f"/subscribe {words}")) == ["settings"]


# ------------------------------------------------------------------ days


async def test_days__working_days_of_china_and_weekdays_turn_each_other_off(room: Room) -> None:
    reply = await room.ask("set days cn")
    assert reply.template == "choose_days"
    assert (await known(room)).slot.days is Workdays.CHINA
    assert ticks(reply) == ["set days cn"]
    assert "中国工作日" in room.said(reply)
    reply = await room.ask("set days 3")
    assert ticks(reply) == ["set days 3"]
    assert (await known(room)).slot.days == frozenset({3})
    assert ticks(await room.ask("set days 12345"))[-1] == "set days 12345"


async def test_days__next_one_skips_what_is_free(room: Room) -> None:
    room.now = datetime(2025, 10, 1, 4, tzinfo=UTC)  # a Wednesday, and free
    await room.ask("/subscribe 08:00 工作日(调休)")
    assert "10月9日" in room.said(await room.ask("/settings"))


async def test_days__of_a_channel(room: Room) -> None:
    await room.ask("/subscribe @daily")
    reply = await room.ask(f"set days cn @{CHANNEL.address}")
    subscription = await room.subscription(CHANNEL)
    assert subscription is not None
    assert subscription.slot.days is Workdays.CHINA
    assert all(press.endswith(f" @{CHANNEL.address}") for press in presses(reply))


# ------------------------------------------------------------------ places


async def test_here__takes_the_zone_of_the_place(room: Room) -> None:
    reply = await room.ask("here 35.6762 139.6503")
    assert reply.template == "settings"
    assert (await known(room)).slot.zone == "Asia/Tokyo"
    assert "东京" in room.said(reply)


async def test_here__what_is_no_place_shows_the_zones(room: Room) -> None:
    assert (await room.ask("here 135.0 200.0")).template == "choose_zone"
    assert await room.subscription() is None


async def test_zones__a_location_is_asked_for_where_one_can_be_sent(room: Room) -> None:
    assert "位置" in room.said(await room.ask("set zone"))
    assert "位置" not in room.said(await room.ask("set zone", chat=GROUP))
    await room.ask("/subscribe @daily")
    assert "位置" not in room.said(await room.ask(f"set zone @{CHANNEL.address}"))


# ------------------------------------------------------------------ the screen


async def test_screen__is_full_and_fits_in_every_state(room: Room) -> None:
    """What `Room.said` checks of buttons holds for a channel with all that can be set, at its longest."""
    await room.ask(
        "/subscribe @daily 芯片技术 静音 周报 没有也说 工作日(调休) 暂停到 2025-12-31 America/Argentina/Ushuaia"
    )
    for text in (
        "settings",
        "settings 7点",
        "set away",
        "set days",
        "set at",
        "set zone",
        "set format",
        "set language",
    ):
        reply = await room.ask(f"{text} @{CHANNEL.address}")
        assert len(reply.buttons) <= 10
    assert {"silent", "weekly", "tells_empty", "away", "back_now"} <= set(
        labels(await room.ask(f"settings @{CHANNEL.address}"))
    )


async def test_screen__of_another_topic_is_its_own(room: Room) -> None:
    await room.ask("/settings silent", chat=replace(GROUP, topic="17"))
    assert await room.subscription(GROUP) is None
    assert await room.subscription(PRIVATE) is None
    assert room.now.date() == TODAY
