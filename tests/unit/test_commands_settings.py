"""Settings and categories: the screen, its pages, and what typing does."""

from collections.abc import AsyncIterator
from datetime import time, timedelta
from pathlib import Path

import pytest

from bot.models import Format, Reply, Slot, SubscriptionState
from tests.fakes import document, intake
from tests.unit.commanding import CHANNEL, MORNING, PRIVATE, Room, open_room, presses, ticked


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with open_room(tmp_path) as opened:
        yield opened


def ticks(reply: Reply) -> list[str]:
    return [button.press for button in ticked(reply)]


async def test_settings__show_what_is_set(room: Room) -> None:
    await room.ask("/subscribe 芯片技术 07:30 东京 工作日 简要")
    text = room.said(await room.ask("/settings"))
    assert all(word in text for word in ("07:30", "东京", "周一–周五", "芯片技术", "首句"))


async def test_settings__typed_change_keeps_the_rest_and_the_state(room: Room) -> None:
    await room.ask("/subscribe 芯片技术 07:30")
    room.now += timedelta(hours=1)
    reply = await room.ask("/settings 21:00 UTC+8 周末 英文")
    subscription = await room.subscription()
    assert subscription is not None
    assert subscription.slot.at == time(21)
    assert subscription.slot.zone == "Etc/GMT-8"
    assert subscription.slot.days == frozenset({6, 7})
    assert subscription.language == "en"
    assert subscription.categories == {"chips"}
    assert subscription.since == MORNING
    assert "已保存" in room.said(reply)
    assert "UTC+8" in room.said(reply)


async def test_settings__without_a_subscription_are_kept_but_do_not_subscribe(room: Room) -> None:
    reply = await room.ask("/settings 21:00")
    subscription = await room.subscription()
    assert subscription is not None
    assert subscription.state is SubscriptionState.OFF
    assert presses(reply)[-1] == "subscribe"
    await room.ask("subscribe")
    subscription = await room.subscription()
    assert subscription is not None
    assert subscription.slot.at == time(21)


async def test_settings__looking_changes_nothing(room: Room) -> None:
    for text in ("/settings", "set at", "set zone", "set days", "set format", "set language", "/categories"):
        await room.ask(text)
    assert await room.subscription() is None


async def test_settings__hour_that_may_be_in_the_evening_can_be_corrected(room: Room) -> None:
    reply = await room.ask("/settings 7点")
    assert presses(reply)[0] == "set at 19:00"
    assert "19:00" in room.said(reply)


@pytest.mark.parametrize(
    ("text", "template"),
    [("/settings 25:00", "bad_hour"), ("/settings utc+15", "bad_zone"), ("/settings foo", "half_read")],
)
async def test_settings__wrong_words_are_explained(room: Room, text: str, template: str) -> None:
    reply = await room.ask(text)
    assert reply.template == template
    assert "/s" in room.said(reply)
    assert await room.subscription() is None


async def test_set__hour(room: Room) -> None:
    reply = await room.ask("set at 06:00")
    assert reply.template == "settings"
    assert ticks(await room.ask("set at")) == ["set at 06:00"]


async def test_set__zone(room: Room) -> None:
    await room.ask("set zone America/New_York")
    assert ticks(await room.ask("set zone")) == ["set zone America/New_York"]


async def test_set__days_stay_on_their_page(room: Room) -> None:
    reply = await room.ask("set days 135")
    assert reply.template == "choose_days"
    assert ticks(reply) == ["set days 35", "set days 15", "set days 13"]
    assert "周一、周三、周五" in room.said(reply)


async def test_set__last_day_stays(room: Room) -> None:
    reply = await room.ask("set days 3")
    assert ticks(reply) == ["set days 3"]
    await room.ask(ticks(reply)[0])
    subscription = await room.subscription()
    assert subscription is not None
    assert subscription.slot.days == frozenset({3})


async def test_set__format(room: Room) -> None:
    await room.ask("set format headlines")
    subscription = await room.subscription()
    assert subscription is not None
    assert subscription.format is Format.HEADLINES


async def test_set__language_is_that_of_the_answer(room: Room) -> None:
    assert await room.language(locale="zh-hans") == "zh-CN"
    await room.ask("set language en")
    assert await room.language(locale="zh-hans") == "en"


@pytest.mark.parametrize("text", ["set", "set foo", "set at foo", "set at 07:30 foo", "set days 89", "set zone"])
async def test_set__odd_presses_change_nothing(room: Room, text: str) -> None:
    await room.ask(text)
    assert await room.subscription() is None


async def test_settings__categories_are_told_in_the_order_of_their_buttons(room: Room) -> None:
    reply = await room.ask("/settings 开源生态 产品应用")
    assert "产品应用、开源生态" in room.said(reply)
    shown = ticks(await room.ask("/categories"))
    assert shown == ["drop products", "drop open-source"]


@pytest.mark.parametrize(
    ("press", "said"),
    [
        ("set at half past seven", "看不懂“half past seven”是几点"),
        ("set zone Springfield", "没有“Springfield”这个城市或时区"),
        ("set zone @-1001 Springfield", "没有“Springfield”这个城市或时区"),
        ("set at 07:30 sharp", "看不懂“07:30 sharp”是几点"),
        ("set days sometimes", "没看懂“sometimes”"),
    ],
)
async def test_set__what_is_not_understood_is_named_and_the_screen_stays(room: Room, press: str, said: str) -> None:
    await room.ask("/subscribe 08:00")
    before = await room.subscription()
    reply = await room.ask(press)
    assert said in room.said(reply)
    assert reply.private
    assert await room.subscription() == before


_ANSWERS = {
    "at": "06:15",
    "zone": "Asia/Tokyo",
    "days": "周末",
    "format": "headlines",
    "language": "en",
    "away": "pause 3 days",
    "": "chips",
    "switch": "silent",
}


@pytest.mark.parametrize("aspect", ["at", "zone", "days", "format", "language", "away"])
async def test_set__one_setting_takes_no_answer_that_is_of_another(room: Room, aspect: str) -> None:
    await room.ask("/subscribe 08:00 policy 工作日")
    before = await room.subscription()
    for other, answer in _ANSWERS.items():
        if other != aspect:
            for typed in (answer, f"{_ANSWERS[aspect]} {answer}"):
                reply = await room.ask(f"set {aspect} {typed}")
                assert reply.template == "unread_setting"
                assert typed in room.said(reply)
    assert await room.subscription() == before
    await room.ask(f"set {aspect} {_ANSWERS[aspect]}")
    assert await room.subscription() != before


@pytest.mark.parametrize("typed", ["8", "+8", "UTC+8", "东8区", "８", "8 @-1001234567890", "@-1001234567890 8"])
async def test_set__zone_by_its_hours_from_utc(room: Room, typed: str) -> None:
    await room.ask("/subscribe @daily 07:30")
    await room.ask("/subscribe 07:30")
    await room.ask(f"set zone {typed}")
    subscription = await room.subscription(CHANNEL if "@" in typed else PRIVATE)
    assert subscription is not None
    assert subscription.slot == Slot(zone="Etc/GMT-8", at=time(7, 30))


async def test_categories__tick_and_untick(room: Room) -> None:
    assert ticks(await room.ask("/categories")) == ["pick all"]
    assert ticks(await room.ask("pick chips")) == ["drop chips"]
    assert ticks(await room.ask("pick safety")) == ["drop chips", "drop safety"]
    assert ticks(await room.ask("drop chips")) == ["drop safety"]
    assert ticks(await room.ask("drop safety")) == ["pick all"]


async def test_categories__pressing_twice_is_pressing_once(room: Room) -> None:
    await room.ask("pick chips")
    assert ticks(await room.ask("pick chips")) == ["drop chips"]
    await room.ask("drop chips")
    assert ticks(await room.ask("drop chips")) == ["pick all"]


async def test_categories__all(room: Room) -> None:
    await room.ask("pick chips")
    assert ticks(await room.ask("pick all")) == ["pick all"]


async def test_categories__typed_ones_become_the_choice(room: Room) -> None:
    await room.ask("pick safety")
    assert ticks(await room.ask("/categories 芯片技术 AI产业")) == ["drop ai-industry", "drop chips"]


async def test_categories__unknown_one_changes_nothing(room: Room) -> None:
    reply = await room.ask("/categories 政策 芯片枝术")
    assert presses(reply) == ["categories chips policy"]
    assert await room.subscription() is None


@pytest.mark.parametrize("words", ["芯片技术 静音", "静音", "07:30"])
async def test_categories__a_setting_among_them_changes_nothing_and_is_named(room: Room, words: str) -> None:
    await room.ask("pick safety")
    reply = await room.ask(f"/categories {words}")
    assert reply.template == "only_categories"
    assert f"/settings {words.rpartition(' ')[2]}" in room.said(reply)
    assert ticks(await room.ask("/categories")) == ["drop safety"]


async def test_categories__a_setting_of_a_channel_is_led_to_that_channel(room: Room) -> None:
    reply = await room.ask("/categories 静音 @daily")
    assert "/settings 静音 @-1001234567890" in room.said(reply)


@pytest.mark.parametrize("heading", ["Headlines", "Brief", "Weekly", "Daily", "English", "Tokyo", "Silent", "Today"])
async def test_pick__a_section_called_like_a_setting(room: Room, heading: str) -> None:
    text = document(word="Word").replace("\n\n1. ", f"\n\n## {heading}\n\n1. ", 1)
    assert (await intake(room.store).take(text.encode(), origin="x.md", publish=True, force=True)).saved
    slug = heading.lower()
    assert f"pick {slug}" in presses(await room.ask("/categories"))
    assert ticks(await room.ask(f"pick {slug}")) == [f"drop {slug}"]
    assert ticks(await room.ask("pick chips")) == ["drop chips", f"drop {slug}"]
    assert ticks(await room.ask(f"drop {slug}")) == ["drop chips"]
    assert ticks(await room.ask(f"/categories {slug}")) == [f"drop {slug}"]
