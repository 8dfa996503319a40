"""What operators look at in chat, and that nobody else can."""

import os
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.telegram.dialect import TelegramDialect
from bot.categories import default_taxonomy
from bot.commands.conversation import _REASONS
from bot.commands.operate import OPERATE
from bot.delivery import Order, compose
from bot.models import Chat, DeliveryState, Format, Reply, SubscriptionState
from tests.unit.commanding import (
    BOB,
    GROUP,
    MORNING,
    RENDERER,
    TODAY,
    Room,
    presses,
)
from tests.unit.operating import (
    EIGHT,
    TOKEN,
    draft,
    operated_room,
    planned,
    reader,
    settle,
    subscribed,
)


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with operated_room(tmp_path) as opened:
        yield opened


# ------------------------------------------------------------------ who may


@pytest.mark.parametrize("name", sorted(OPERATE))
async def test_operate__for_others_there_is_no_such_command(room: Room, name: str) -> None:
    chat = Chat(platform="telegram", address="8")
    typed = await room.ask(f"/{name}", chat=chat, actor=BOB)
    assert typed == Reply(template="help", values={"unknown": name, "operates": False})
    pressed = await room.ask(f"{name} sure {TODAY} 3", chat=chat, actor=BOB)
    assert (pressed.template, pressed.buttons) == ("help", ())
    assert await room.store.digests.published(TODAY)


async def test_operate__the_same_address_on_another_platform_is_somebody_else(room: Room) -> None:
    console = Chat(platform="console", address="7")
    assert (await room.ask("/status", chat=console)).template == "help"


@pytest.mark.parametrize("name", sorted(OPERATE))
async def test_operate__in_a_group_nothing_is_said_or_done(room: Room, name: str) -> None:
    reply = await room.ask(f"{name} sure {TODAY} 3", chat=GROUP)
    assert (reply.template, reply.private, dict(reply.values)) == ("operate_in_private", True, {})
    assert (await room.ask(f"/{name}", chat=GROUP, actor=BOB)).template == "help"


async def test_help__tells_operators_in_private_of_their_commands(room: Room) -> None:
    said = room.said(await room.ask("/help"))
    assert [name for name in OPERATE if f"/{name}" not in said] == []
    assert "/retract" not in room.said(await room.ask("/help", chat=GROUP))
    assert "/retract" not in room.said(await room.ask("/help", chat=Chat(platform="telegram", address="8"), actor=BOB))


# ------------------------------------------------------------------ status


async def test_status__counts_and_names_and_hides_secrets(room: Room) -> None:
    await subscribed(room, 1, 2, slot=EIGHT)
    await room.store.subscriptions.put(reader(3, state=SubscriptionState.ON))
    await room.store.subscriptions.pause(
        Chat(platform="telegram", address="3"), f"403 at https://example.com/bot{TOKEN}/x?key=abc-def", MORNING
    )
    await planned(room)
    await settle(room, DeliveryState.FAILED, error=f"lost <b> {TOKEN} 987654321:{'A' * 35}")
    await room.store.leases.hold("telegram", room.now)
    reply = await room.ask("/status")
    said = room.said(reply, "en")
    assert TOKEN not in said
    assert "AAAA" not in said
    assert "abc-def" not in said
    assert "due 2, sent 0, waiting 0, empty 0" in said
    assert "failed 2, unknown 0, expired 0" in said
    assert "subscribed 2, paused 1" in said
    assert "Reader 1 (1) · failed: <code>lost &lt;b&gt; *** ***</code>" in said
    assert "Reader 3 (3): <code>403 at https://example.com/bot***/x?key=***</code>" in said
    assert f"sent by {os.getpid()}@" in said
    assert presses(reply) == [f"resend {TODAY}", f"status {TODAY}"]


@pytest.mark.parametrize("reason", [*_REASONS.values(), "paused by the operator"])
async def test_status__what_the_bot_says_of_a_pause_is_translated(room: Room, reason: str) -> None:
    await room.store.subscriptions.put(reader(3, state=SubscriptionState.ON))
    await room.store.subscriptions.pause(Chat(platform="telegram", address="3"), reason, MORNING)
    reply = await room.ask("/status")
    assert f"Reader 3 (3): {reason}" in room.said(reply, "en")
    assert reason not in room.said(reply, "zh-CN")


async def test_status__of_an_empty_house(room: Room) -> None:
    said = room.said(await room.ask("/status 2025-10-09"), "en")
    assert "Nothing is published" in said
    assert "Nobody has subscribed" in said


async def test_status__more_than_it_names(room: Room) -> None:
    await subscribed(room, *range(1, 10), slot=EIGHT)
    await planned(room)
    await settle(room, DeliveryState.FAILED, error="no")
    for number in range(1, 10):
        await room.store.subscriptions.pause(Chat(platform="telegram", address=str(number)), "gone", MORNING)
    said = room.said(await room.ask("/status"), "en")
    assert said.count("failed: <code>no</code>") == 5
    assert "digestbot status 2025-10-12" in said
    assert "… and 4 more" in said


async def test_status__tells_of_a_draft(room: Room) -> None:
    await draft(room, date(2025, 10, 13))
    assert "/preview draft" in room.said(await room.ask("/status"))


# ------------------------------------------------------------------ preview


@pytest.mark.parametrize(
    "typed", ["/preview draft", "/preview 2025-10-13", "/preview 草稿", "/preview tomorrow", "/preview 10-13"]
)
async def test_preview__is_exactly_what_would_be_sent(room: Room, typed: str) -> None:
    await room.ask("/subscribe 芯片技术 简要")
    await draft(room, date(2025, 10, 13))
    reply = await room.ask(typed)
    assert presses(reply)[-1] == "+categorise 2025-10-13"
    sent = replace(reply, buttons=reply.buttons[:-1])
    parts = RENDERER.reply(sent, TelegramDialect(), "zh-CN", categories=default_taxonomy().categories)
    newest = await room.store.digests.newest(date(2025, 10, 13))
    assert newest is not None
    order = Order(
        revision_id=newest.revision_id, categories=frozenset({"chips"}), format=Format.BRIEF, language="zh-CN"
    )
    assert parts == await compose(room.store, RENDERER, TelegramDialect(), order)
    assert await room.store.digests.published(date(2025, 10, 13)) is None


async def test_preview__of_today_is_the_newest_revision_draft_or_not(room: Room) -> None:
    first = await room.ask("/preview")
    await draft(room, TODAY)
    second = await room.ask("/preview")
    assert first.edition
    assert second.edition
    assert (len(first.edition.items), len(second.edition.items)) == (3, 2)
    assert len((await room.ask("/today")).edition.items) == 3  # type: ignore[union-attr]


async def test_preview__what_is_not_there(room: Room) -> None:
    assert (await room.ask("/preview draft")).template == "no_draft"
    assert (await room.ask("/preview 2025-10-30")).template == "nothing_loaded"
    assert (await room.ask("/preview gibberish")).template == "unreadable_day"
    await room.ask("/subscribe 机器人")
    assert (await room.ask("/preview")).template == "nothing_that_day"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(
    name=st.sampled_from(sorted(OPERATE)),
    words=st.text(max_size=40)
    | st.from_regex(r"(sure )?(2025-10-12|9999-12-31|0001-01-01)( [0-9]{0,30})?", fullmatch=True),
)
async def test_operate__never_raises_for_what_is_typed(room: Room, name: str, words: str) -> None:
    await room.ask(f"{name} {words}")
