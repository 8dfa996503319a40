"""Absences: until when nothing comes, by buttons and by words."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from adapters.telegram.dialect import TelegramDialect
from bot.categories import default_taxonomy
from bot.models import Reply, Subscription
from tests.unit.commanding import (
    BOB,
    GROUP,
    MORNING,
    RENDERER,
    Room,
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


def keys(reply: Reply) -> list[str]:
    """Return what stands on the buttons."""
    parts = RENDERER.reply(reply, TelegramDialect(), "zh-CN", categories=default_taxonomy().categories)
    return [key.label for row in parts[-1].keys for key in row]


def ticks(reply: Reply) -> list[str]:
    return [button.press for button in ticked(reply)]


async def test_absence__page_offers_days_by_date(room: Room) -> None:
    await room.ask("/subscribe")
    page = await room.ask("set away")
    assert presses(page) == [
        "set away until 2025-10-13",  # the next Monday
        "set away until 2025-10-15",
        "set away until 2025-10-19",
        "set away until 2025-10-26",
        "settings",
    ]
    assert "/settings 暂停到 2025-10-26" in room.said(page)


async def test_absence__by_button_and_back_by_button(room: Room) -> None:
    await room.ask("/subscribe 20:00")
    screen = await room.ask("set away until 2025-10-19")
    assert screen.template == "settings"
    text = room.said(screen)
    assert "暂停到" in text
    assert "10月19日 周日 20:00" in text
    assert (await known(room)).away_until == date(2025, 10, 19)
    assert ticks(await room.ask("set away")) == ["set away until 2025-10-19"]
    assert presses(await room.ask("set away"))[0] == "set away back"
    assert "settings back" in presses(screen)
    screen = await room.ask("settings back")
    assert (await known(room)).away_until is None
    assert "settings back" not in presses(screen)
    assert "今天 20:00" in room.said(screen)


async def test_absence__typed_for_a_subscription_and_over_by_itself(room: Room) -> None:
    await room.ask("/subscribe 08:00")
    await room.ask("/settings 暂停到 10-20")
    room.now = datetime(2025, 10, 19, 17, tzinfo=UTC)  # 01:00 of the 20th in Shanghai
    screen = await room.ask("/settings")
    assert "暂停到" not in room.said(screen)
    assert "今天 08:00" in room.said(screen)
    assert "settings back" not in presses(screen)


async def test_absence__its_end_is_that_of_the_subscriptions_place(room: Room) -> None:
    await room.ask("/subscribe 08:00 new york")
    await room.ask("/settings pause until 10-20")
    room.now = datetime(2025, 10, 20, 3, tzinfo=UTC)  # 23:00 of the 19th in New York
    assert "暂停到" in room.said(await room.ask("/settings"))


async def test_absence__coming_back_sooner_begins_anew_and_a_longer_one_does_not(room: Room) -> None:
    await room.ask("/subscribe")
    room.now += timedelta(hours=1)
    await room.ask("/settings pause until 10-20")
    await room.ask("/settings pause until 10-22")
    assert (await known(room)).since == MORNING
    room.now += timedelta(hours=1)
    await room.ask("/settings back")
    assert (await known(room)).since == room.now


async def test_absence__other_settings_leave_it_alone(room: Room) -> None:
    await room.ask("/subscribe")
    await room.ask("/settings pause until 10-20")
    await room.ask("set at 06:00")
    subscription = await known(room)
    assert (subscription.away_until, subscription.since) == (date(2025, 10, 20), MORNING)


async def test_absence__subscribing_ends_it_unless_one_is_named(room: Room) -> None:
    await room.ask("/subscribe pause until 10-20")
    assert (await known(room)).away_until == date(2025, 10, 20)
    assert "暂停到" in room.said(await room.ask("/start"))
    await room.ask("/subscribe")
    assert (await known(room)).away_until is None


async def test_absence__what_can_not_be_is_explained_and_changes_nothing(room: Room) -> None:
    await room.ask("/subscribe")
    before = await known(room)
    for text in ("/settings 暂停", "/settings pause until 2027-01-01"):
        reply = await room.ask(text)
        assert reply.template == "bad_absence"
        assert "/settings 暂停到 2025-10-19" in room.said(reply)
    assert await known(room) == before


@pytest.mark.parametrize(
    "text", ["set away until 2025-10-01", "/settings pause until 2024-01-01", "/settings 暂停到 2025-10-12"]
)
async def test_absence__that_would_be_over_is_said_to_be_and_changes_nothing(room: Room, text: str) -> None:
    await room.ask("/subscribe")
    before = await known(room)
    reply = await room.ask(text)
    said = room.said(reply)
    assert "现在就已经结束了" in said
    assert "没有说清" not in said
    assert "/settings 暂停到 2025-10-19" in said
    assert await known(room) == before


@pytest.mark.parametrize("text", ["/settings 07:30 pause until 10-20", "set away until 2025-10-20"])
async def test_absence__of_who_gets_nothing_is_not_saved_and_how_to_is_said(room: Room, text: str) -> None:
    await room.ask("/subscribe")
    screen = await room.ask("/settings")
    assert "set away" in presses(screen)
    await room.ask("/unsubscribe")
    before = await known(room)
    reply = await room.ask(text)
    assert reply.template == "nothing_to_pause"
    assert await known(room) == before
    assert "/subscribe 暂停到 2025-10-20" in room.said(reply)
    screen = await room.ask("/settings")
    assert "set away" not in presses(screen)
    await room.ask("/subscribe 暂停到 2025-10-20")
    assert (await known(room)).away_until == date(2025, 10, 20)


async def test_absence__of_a_channel_that_gets_nothing_is_told_with_its_name(room: Room) -> None:
    said = room.said(await room.ask("/settings 暂停三天 @daily"))
    assert "Daily &lt;AI&gt;" in said
    assert "/subscribe 暂停到 2025-10-15 @-1001234567890" in said


async def test_absence__that_names_an_hour_changes_nothing_and_says_how_to_have_either(room: Room) -> None:
    await room.ask("/subscribe")
    before = await known(room)
    said = room.said(await room.ask("/settings pause until Friday 5pm"))
    assert "/settings 暂停到 2025-10-17" in said
    assert "/settings 17:00" in said
    assert await known(room) == before


async def test_absence__today_can_still_be_read(room: Room) -> None:
    await room.ask("/subscribe 08:00")
    await room.ask("/settings pause 3 days")
    assert (await room.ask("/today")).edition is not None


@pytest.mark.parametrize(
    ("typed", "until"),
    [
        ("2026-10-13", "2026年10月13日 周二"),
        ("1月2日", "2026年1月2日 周五"),
        ("10-20", "10月20日 周一"),
        ("12-31", "12月31日 周三"),
    ],
)
async def test_absence__a_day_of_another_year_is_named_with_it(room: Room, typed: str, until: str) -> None:
    for command in (f"/subscribe 暂停到 {typed}", "/settings", "/start", "set away", "/forget"):
        reply = await room.ask(command)
        text = room.said(reply)
        assert f"<b>{until}</b>" in text
        assert "下一期" not in text or f"下一期：{until} 08:00" in text
        written = [label for label in keys(reply) if label.startswith("⏸")]
        assert written == ([f"⏸ 到{until}"] if command == "/settings" else [])


async def test_absence__buttons_name_the_year_where_it_is_another(room: Room) -> None:
    room.now = datetime(2025, 12, 24, 4, tzinfo=UTC)
    written = keys(await room.ask("set away"))[:4]
    assert written == ["到12月27日 周六", "到12月29日 周一", "到12月31日 周三", "到2026年1月7日 周三"]


@pytest.mark.parametrize("text", ["settings silent", "set away until 2025-10-19", "set days cn", "/here 35.68 139.69"])
async def test_group__only_managers_change_things(room: Room, text: str) -> None:
    assert (await room.ask(text, chat=GROUP, actor=BOB)).template == "refused"
    assert await room.subscription(GROUP) is None
