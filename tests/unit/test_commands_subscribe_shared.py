"""Subscribing and leaving in groups and for channels: who may, and for which chat it is."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest

from bot.errors import RateLimited
from bot.models import Chat, ChatKind, Format, SubscriptionState
from tests.unit.commanding import (
    ANN,
    BOB,
    CHANNEL,
    GROUP,
    Room,
    open_room,
    presses,
)


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with open_room(tmp_path) as opened:
        yield opened


# ------------------------------------------------------------------ groups and topics


@pytest.mark.parametrize(
    "text",
    ["/subscribe", "/unsubscribe", "/settings 07:30", "set at 07:30", "pick chips", "drop chips", "/start cat_chips"],
)
async def test_group__only_managers_change_things(room: Room, text: str) -> None:
    refused = await room.ask(text, chat=GROUP, actor=BOB)
    assert refused.private
    assert "管理员" in room.said(refused)
    assert len(room.said(refused)) <= 200  # Telegram shows it as an alert
    assert await room.subscription(GROUP) is None
    assert not (await room.ask(text, chat=GROUP, actor=ANN)).private


async def test_group__each_topic_has_its_own(room: Room) -> None:
    topic = replace(GROUP, topic="17")
    await room.ask("/subscribe 芯片技术", chat=topic)
    assert await room.subscription(GROUP) is None
    subscription = await room.subscription(topic)
    assert subscription is not None
    assert subscription.chat.topic == "17"
    assert subscription.chat.kind is ChatKind.GROUP


async def test_group__platform_that_does_not_answer(room: Room) -> None:
    room.platform.trouble = RateLimited("flood", retry_after=3, scope="account")
    assert (await room.ask("/subscribe", chat=GROUP)).template == "try_again"
    assert await room.subscription(GROUP) is None


# ------------------------------------------------------------------ channels


async def test_channel__managed_from_private(room: Room) -> None:
    reply = await room.ask("/subscribe @daily 芯片技术 21:15")
    subscription = await room.subscription(CHANNEL)
    assert subscription is not None
    assert subscription.chat.kind is ChatKind.CHANNEL
    assert subscription.categories == {"chips"}
    assert await room.subscription() is None
    assert "Daily &lt;AI&gt;" in room.said(reply)
    assert presses(reply) == ["settings @-1001234567890", "categories @-1001234567890"]


async def test_channel__buttons_carry_its_address(room: Room) -> None:
    await room.ask("/subscribe @daily")
    await room.ask("set at 06:00 @-1001234567890")
    await room.ask("set days 12345 @-1001234567890")
    await room.ask("pick chips @-1001234567890")
    await room.ask("set format brief @-1001234567890")
    subscription = await room.subscription(CHANNEL)
    assert subscription is not None
    assert subscription.slot.at == time(6)
    assert subscription.slot.days == frozenset({1, 2, 3, 4, 5})
    assert subscription.categories == {"chips"}
    assert subscription.format is Format.BRIEF
    for page in ("settings", "categories", "set at", "set zone", "set days", "set format", "set language"):
        reply = await room.ask(f"{page} @-1001234567890")
        assert all(press.endswith(" @-1001234567890") for press in presses(reply))
    await room.ask("unsubscribe @-1001234567890")
    subscription = await room.subscription(CHANNEL)
    assert subscription is not None
    assert subscription.state is SubscriptionState.OFF


@pytest.mark.parametrize(
    "text", ["/subscribe @daily", "/settings @daily", "/categories @daily", "set at @-1001234567890"]
)
async def test_channel__only_its_managers(room: Room, text: str) -> None:
    reply = await room.ask(text, chat=Chat(platform="telegram", address="8"), actor=BOB)
    assert reply.template == "refused"
    assert reply.private
    assert await room.subscription(CHANNEL) is None


async def test_channel__that_nobody_sees(room: Room) -> None:
    reply = await room.ask("/subscribe @nobody")
    assert reply.template == "chat_not_found"
    assert "@nobody" in room.said(reply)


async def test_channel__not_from_a_group(room: Room) -> None:
    reply = await room.ask("/subscribe @daily", chat=GROUP)
    assert reply.template == "elsewhere_in_private"
    assert await room.subscription(CHANNEL) is None


async def test_channel__somebody_elses_private_chat_is_out_of_reach(room: Room) -> None:
    reply = await room.ask("/subscribe @99")
    assert reply.template == "chat_not_found"
    assert await room.subscription(Chat(platform="telegram", address="99")) is None
