"""What operators order in chat: asked first, and by buttons that grow old."""

from collections.abc import AsyncIterator
from datetime import date, time, timedelta
from pathlib import Path

import pytest

from bot.commands.menu import menu
from bot.models import Chat, DeliveryState, Slot, SubscriptionState
from tests.unit.commanding import (
    MORNING,
    TODAY,
    Room,
    digest,
    presses,
    publish,
)
from tests.unit.operating import (
    EIGHT,
    draft,
    operated_room,
    planned,
    reader,
    settle,
    states,
    subscribed,
)


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with operated_room(tmp_path) as opened:
        yield opened


# ------------------------------------------------------------------ push


async def test_push__asks_then_plans_once(room: Room) -> None:
    await subscribed(room, 1, 2)
    reply = await room.ask("/push")
    assert reply.values["number"] == 2
    assert "2 个会话" in room.said(reply)
    assert await states(room) == {}
    (sure,) = presses(reply)
    assert (await room.ask(sure)).values["number"] == 2
    assert await states(room) == {DeliveryState.PLANNED: 2}
    assert (await room.ask(sure)).values["number"] == 0
    assert await states(room) == {DeliveryState.PLANNED: 2}
    assert presses(await room.ask("/push")) == []


async def test_push__a_button_of_another_revision_or_day_only_asks_again(room: Room) -> None:
    await subscribed(room, 1)
    (old,) = presses(await room.ask("/push"))
    await publish(room.store, digest(TODAY, ("chips",), ("safety",)), room.now)
    again = await room.ask(old)
    assert (again.template, again.values["stale"]) == ("push", True)
    assert await states(room) == {}
    (sure,) = presses(again)
    room.now += timedelta(days=1)
    assert (await room.ask(sure)).template == "nothing_loaded"
    assert await states(room) == {}


async def test_push__a_digest_that_is_no_longer_public(room: Room) -> None:
    await subscribed(room, 1)
    (sure,) = presses(await room.ask("/push"))
    await room.store.digests.retract(TODAY)
    assert (await room.ask(sure)).template == "nothing_loaded"
    assert await states(room) == {}


@pytest.mark.parametrize("typed", ["/push 10-11", "/push yesterday", "/push 明天"])
async def test_push__another_day_than_today_is_refused(room: Room, typed: str) -> None:
    await subscribed(room, 1)
    reply = await room.ask(typed)
    assert (reply.template, presses(reply)) == ("only_today", [])
    assert "/push" in room.said(reply, "en")
    assert (await room.ask(f"/push {TODAY}")).template == "push"


def test_push__has_no_field_for_a_day() -> None:
    (push,) = [entry for entry in menu(operators=True) if entry.name == "push"]
    assert push.options == ()


# ------------------------------------------------------------------ retract


async def test_retract__says_how_far_it_reaches_and_asks(room: Room) -> None:
    await subscribed(room, 1, 2, slot=EIGHT)
    await planned(room)
    await settle(room, DeliveryState.SENT)
    await subscribed(room, 3, slot=Slot(zone="Asia/Shanghai", at=time(9)))
    await planned(room)
    reply = await room.ask("/retract")
    assert (reply.values["number"], reply.values["waiting"]) == (2, 1)
    assert "has reached <b>2 chats</b>. Take it back?" in room.said(reply, "en")
    assert await room.store.digests.published(TODAY)
    (sure,) = presses(reply)
    done = await room.ask(sure)
    assert (done.template, done.values["number"]) == ("retracted", 2)
    assert await room.store.digests.published(TODAY) is None
    assert await planned(room) == 2
    assert (await room.ask(sure)).template == "nothing_loaded"


async def test_retract__of_another_day(room: Room) -> None:
    (sure,) = presses(await room.ask("/retract 昨天"))
    await room.ask(sure)
    assert await room.store.digests.published(date(2025, 10, 11)) is None
    assert await room.store.digests.published(TODAY)


async def test_retract__a_button_from_before_a_new_revision_only_asks_again(room: Room) -> None:
    (old,) = presses(await room.ask("/retract"))
    await publish(room.store, digest(TODAY, ("chips",), ("safety",)), room.now)
    again = await room.ask(old)
    assert (again.template, again.values["stale"]) == ("retract", True)
    assert await room.store.digests.published(TODAY)


async def test_retract__what_is_not_public(room: Room) -> None:
    await draft(room, date(2025, 10, 13))
    assert "digestbot publish 2025-10-13" in room.said(await room.ask("/retract 2025-10-13"))
    assert (await room.ask("/retract 2025-10-10")).values["state"] == ""


# ------------------------------------------------------------------ resend


async def test_resend__asks_then_plans_what_failed_and_leaves_out_the_paused(room: Room) -> None:
    await subscribed(room, 1, 2, 3, 4, slot=EIGHT)
    await planned(room)
    await settle(room, DeliveryState.FAILED, error="no")
    await room.store.subscriptions.pause(Chat(platform="telegram", address="3"), "gone", MORNING)
    await room.store.subscriptions.put(reader(4, state=SubscriptionState.OFF))
    reply = await room.ask("/resend")
    failed = reply.values["failed"]
    assert (failed.number, failed.paused, failed.off) == (2, 1, 1)  # type: ignore[attr-defined]
    (sure,) = presses(reply)
    assert (await room.ask(sure)).template == "resent"
    assert await states(room) == {DeliveryState.PLANNED: 2, DeliveryState.FAILED: 2}
    again = await room.ask(sure)
    assert (again.template, presses(again)) == ("resend", [])


async def test_resend__a_button_of_another_number_only_asks_again(room: Room) -> None:
    await subscribed(room, 1, slot=EIGHT)
    await planned(room)
    await settle(room, DeliveryState.UNKNOWN, error="?")
    (old,) = presses(await room.ask("/resend"))
    await subscribed(room, 2, slot=EIGHT)
    await planned(room)
    await settle(room, DeliveryState.EXPIRED, error="late")
    again = await room.ask(old)
    assert (again.template, again.values["stale"]) == ("resend", True)
    assert (await states(room))[DeliveryState.UNKNOWN] == 1
