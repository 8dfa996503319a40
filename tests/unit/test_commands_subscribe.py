"""Subscribing and leaving, in private."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.delivery import Planner
from bot.models import SubscriptionState
from tests.unit.commanding import (
    CHANNEL,
    MORNING,
    PRIVATE,
    Room,
    labels,
    open_room,
    presses,
)


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with open_room(tmp_path) as opened:
        yield opened


# ------------------------------------------------------------------ private


async def test_start__offers_to_subscribe(room: Room) -> None:
    reply = await room.ask("/start")
    assert presses(reply)[0] == "subscribe"
    assert "<b>08:00</b>" in room.said(reply)
    assert await room.subscription() is None


async def test_start__deep_link_subscribes_to_its_category(room: Room) -> None:
    reply = await room.ask("/start cat_chips")
    assert reply.template == "subscribed"
    subscription = await room.subscription()
    assert subscription is not None
    assert subscription.categories == {"chips"}


async def test_start__unknown_payload_greets(room: Room) -> None:
    assert (await room.ask("/start ref42")).template == "start"


async def test_subscribe__to_all_with_the_usual_settings(room: Room) -> None:
    reply = await room.ask("/subscribe")
    subscription = await room.subscription()
    assert subscription is not None
    assert subscription.state is SubscriptionState.ON
    assert subscription.since == MORNING
    assert subscription.categories == frozenset()
    assert (subscription.slot.zone, subscription.slot.at) == ("Asia/Shanghai", time(8))
    assert subscription.language == "zh-CN"
    text = room.said(reply)
    assert "08:00" in text
    assert "上海" in text
    assert "明天 08:00" in text


@pytest.mark.parametrize(
    "words", ["芯片技术 07:30 Asia/Tokyo 工作日", "工作日 asia/tokyo 0730 芯片技术", "东京 早上7点半 芯片 weekdays"]
)
async def test_subscribe__words_in_any_order(room: Room, words: str) -> None:
    reply = await room.ask(f"/subscribe {words}")
    subscription = await room.subscription()
    assert subscription is not None
    assert subscription.categories == {"chips"}
    assert (subscription.slot.zone, subscription.slot.at) == ("Asia/Tokyo", time(7, 30))
    assert subscription.slot.days == frozenset({1, 2, 3, 4, 5})
    text = room.said(reply)
    assert all(word in text for word in ("07:30", "东京", "芯片技术", "周一–周五"))


async def test_subscribe__again_keeps_settings_and_since(room: Room) -> None:
    await room.ask("/subscribe 芯片技术 20:00")
    room.now += timedelta(hours=1)
    await room.ask("/subscribe")
    subscription = await room.subscription()
    assert subscription is not None
    assert subscription.categories == {"chips"}
    assert subscription.slot.at == time(20)
    assert subscription.since == MORNING


async def test_subscribe__brings_a_paused_one_back(room: Room) -> None:
    await room.ask("/subscribe 芯片技术")
    await room.store.subscriptions.pause(PRIVATE, "blocked", MORNING)
    room.now += timedelta(hours=1)
    reply = await room.ask("/subscribe")
    subscription = await room.subscription()
    assert subscription is not None
    assert subscription.state is SubscriptionState.ON
    assert subscription.reason == ""
    assert subscription.since == room.now
    assert subscription.categories == {"chips"}
    assert "欢迎回来，设置都还在" in room.said(reply)


async def test_subscribe__who_comes_back_to_something_else_is_not_told_that_all_is_as_it_was(room: Room) -> None:
    await room.ask("/subscribe 芯片技术")
    await room.store.subscriptions.pause(PRIVATE, "blocked", MORNING)
    said = room.said(await room.ask("/subscribe 21:00 headlines"))
    assert "欢迎回来" in said
    assert "设置都还在" not in said


@pytest.mark.parametrize(
    ("reason", "zh", "en"),
    [
        ("paused by the operator", "运营者", "Paused by the operator."),
        ("the reader blocked the bot", "消息送不到", "could not be delivered"),
        ("Forbidden: bot was kicked", "消息送不到", "could not be delivered"),
    ],
)
async def test_settings__say_truly_why_nothing_comes(room: Room, reason: str, zh: str, en: str) -> None:
    await room.ask("/subscribe")
    await room.store.subscriptions.pause(PRIVATE, reason, MORNING)
    reply = await room.ask("/settings")
    assert zh in room.said(reply)
    assert en in room.said(reply, "en")


async def test_subscribe__today_is_offered_when_its_time_has_passed(room: Room) -> None:
    reply = await room.ask("/subscribe 08:00")
    assert presses(reply)[0] == "+today"
    assert labels(reply)[0] == "read_today"


async def test_subscribe__today_is_not_offered_when_it_will_come(room: Room) -> None:
    reply = await room.ask("/subscribe 20:00")
    assert "+today" not in presses(reply)
    assert "今天 20:00" in room.said(reply)


async def test_subscribe__today_comes_as_soon_as_it_is_out(room: Room) -> None:
    room.now = MORNING + timedelta(days=1)  # 09:30, and no digest of that day
    reply = await room.ask("/subscribe 08:00")
    assert "+today" not in presses(reply)
    assert "一发布就送到" in room.said(reply)


async def test_settings__a_later_hour_does_not_promise_what_came_today_once_more(room: Room) -> None:
    room.now = MORNING - timedelta(hours=2)
    await room.ask("/subscribe 08:00")
    room.now = MORNING
    planner = Planner(room.store, catch_up=room.settings.catch_up, correct_for=room.settings.correct_for)
    assert await planner.plan(room.now) == 1
    assert "明天 20:00" in room.said(await room.ask("/settings 20:00"))
    back = await room.ask("/subscribe")
    assert "明天 20:00" in room.said(back)
    assert "+today" not in presses(back)


async def test_subscribe__next_is_on_the_next_of_its_days(room: Room) -> None:
    reply = await room.ask("/subscribe 周三 08:00")  # it is Sunday
    assert "10月15日 周三 08:00" in room.said(reply)


async def test_subscribe__unknown_words_change_nothing(room: Room) -> None:
    reply = await room.ask("/subscribe 芯片枝术 07:30")
    assert await room.subscription() is None
    assert reply.template == "half_read"
    assert "subscribe chips 07:30" in presses(reply)
    assert "芯片枝术" in room.said(reply)


async def test_subscribe__a_category_written_wrong_does_not_cost_the_rest_of_the_wish(room: Room) -> None:
    reply = await room.ask("/subscribe chpis 07:30 东京 @daily")
    assert presses(reply) == [f"subscribe chips 07:30 Asia/Tokyo @{CHANNEL.address}"]
    await room.ask(presses(reply)[0])
    subscription = await room.subscription(CHANNEL)
    assert subscription is not None
    assert (subscription.slot.zone, subscription.slot.at) == ("Asia/Tokyo", time(7, 30))
    assert subscription.categories == {"chips"}


@pytest.mark.parametrize("command", ["subscribe", "settings"])
async def test_subscribe__what_no_button_holds_is_to_be_sent_once_more(room: Room, command: str) -> None:
    reply = await room.ask(
        f"/{command} chpis 07:30 America/Argentina/Ushuaia headlines safety policy companies products open-source"
    )
    assert presses(reply) == ["settings"]
    assert "“芯片技术”？请改好后再发一次" in room.said(reply)
    assert await room.subscription() is None


async def test_subscribe__impossible_hour_changes_nothing(room: Room) -> None:
    reply = await room.ask("/subscribe 25:00")
    assert await room.subscription() is None
    assert "/settings 07:30" in room.said(reply)


async def test_subscribe__hour_that_may_be_in_the_evening_is_said(room: Room) -> None:
    reply = await room.ask("/subscribe 7点")
    assert "/settings 19:00" in room.said(reply)


async def test_unsubscribe__keeps_the_settings(room: Room) -> None:
    await room.ask("/subscribe 芯片技术 20:00")
    room.now += timedelta(hours=1)
    reply = await room.ask("/unsubscribe")
    subscription = await room.subscription()
    assert subscription is not None
    assert subscription.state is SubscriptionState.OFF
    assert subscription.since == room.now
    assert presses(reply) == ["subscribe"]
    await room.ask(presses(reply)[0])
    subscription = await room.subscription()
    assert subscription is not None
    assert subscription.state is SubscriptionState.ON
    assert subscription.slot.at == time(20)


async def test_unsubscribe__twice_is_once(room: Room) -> None:
    await room.ask("/subscribe")
    await room.ask("/unsubscribe")
    room.now += timedelta(hours=1)
    assert "没有订阅" in room.said(await room.ask("/unsubscribe"))
    subscription = await room.subscription()
    assert subscription is not None
    assert subscription.since == MORNING


async def test_unsubscribe__who_never_subscribed(room: Room) -> None:
    await room.ask("/unsubscribe")
    assert await room.subscription() is None


async def test_unsubscribe__of_one_category_shows_the_choice(room: Room) -> None:
    await room.ask("/subscribe")
    reply = await room.ask("/unsubscribe 芯片技术")
    assert reply.template == "choose_categories"
    subscription = await room.subscription()
    assert subscription is not None
    assert subscription.state is SubscriptionState.ON


@pytest.mark.parametrize("words", ["please", "周报", "07:30", "芯片技术 谢谢"])
async def test_unsubscribe__other_words_change_nothing_and_say_so(room: Room, words: str) -> None:
    await room.ask("/subscribe")
    reply = await room.ask(f"/unsubscribe {words}")
    assert reply.template == "unsure"
    assert words.rpartition(" ")[2] in room.said(reply)
    subscription = await room.subscription()
    assert subscription is not None
    assert subscription.state is SubscriptionState.ON
    assert (await room.ask(presses(reply)[0])).template == "unsubscribed"
    subscription = await room.subscription()
    assert subscription is not None
    assert subscription.state is SubscriptionState.OFF


async def test_unsubscribe__other_words_about_a_channel(room: Room) -> None:
    await room.ask("/subscribe @daily")
    reply = await room.ask("/unsubscribe please @daily")
    assert "Daily &lt;AI&gt;" in room.said(reply, "en")
    assert all(press.endswith(" @-1001234567890") for press in presses(reply))


# ------------------------------------------------------------------ at once


async def test_presses__at_the_same_moment_all_count(room: Room) -> None:
    slugs = ["chips", "policy", "safety", "products", "companies"]
    await room.ask("/subscribe")
    await asyncio.gather(*(room.ask(f"pick {slug}") for slug in slugs))
    subscription = await room.subscription()
    assert subscription is not None
    assert subscription.categories == set(slugs)


async def test_subscribe__clock_that_is_put_back(room: Room) -> None:
    """In New York 01:30 comes twice on 2 November 2025: the first one counts."""
    room.now = datetime(2025, 11, 2, 5, 0, tzinfo=UTC)
    reply = await room.ask("/subscribe 01:30 New York")
    assert "今天 01:30" in room.said(reply)
