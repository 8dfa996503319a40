"""What operators ask and order in chat, how buttons grow old, and that nobody else can."""

import os
from collections.abc import AsyncIterator
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from adapters.telegram.dialect import TelegramDialect
from bot.categories import default_taxonomy
from bot.commands.operate import OPERATE
from bot.config import Settings
from bot.delivery import Order, Planner, compose
from bot.models import Chat, DeliveryState, Format, Reply, Slot, Subscription, SubscriptionState
from tests.fakes import subscription
from tests.unit.commanding import (
    BOB,
    GROUP,
    MORNING,
    RENDERER,
    TODAY,
    Room,
    digest,
    open_room,
    presses,
    publish,
)

TOKEN = f"12345678:{'Ab-' * 12}"
OPERATED = Settings(admins=(("telegram", "7"),), telegram_token=SecretStr(TOKEN))
EIGHT = Slot(zone="Asia/Shanghai", at=time(8))
EVENING = Slot(zone="Asia/Shanghai", at=time(20))


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with open_room(tmp_path) as opened:
        yield Room(store=opened.store, settings=OPERATED)


def reader(number: int, *, slot: Slot = EVENING, state: SubscriptionState = SubscriptionState.ON) -> Subscription:
    return subscription(
        Chat(platform="telegram", address=str(number), title=f"Reader {number}"), slot=slot, state=state
    )


async def subscribed(room: Room, *numbers: int, slot: Slot = EVENING) -> None:
    for number in numbers:
        await room.store.subscriptions.put(reader(number, slot=slot))


async def planned(room: Room) -> int:
    planner = Planner(room.store, catch_up=OPERATED.catch_up, correct_for=OPERATED.correct_for)
    return await planner.plan(room.now)


async def settle(room: Room, state: DeliveryState, *, error: str = "", code: str = "x") -> None:
    """End everything that is open; what is sent has one message."""
    ledger = room.store.deliveries
    for delivery in await ledger.claim("telegram", "test", room.now, 100):
        if state is DeliveryState.SENT:
            await ledger.sending(delivery.id, 1, again=False, now=room.now)
            ledger.show(delivery.id, 1, message_id="1", shows="x", now=room.now)
        await ledger.settle(delivery.id, state, code=code, error=error or None, now=room.now)


async def states(room: Room, day: date = TODAY) -> dict[DeliveryState, int]:
    return {state: number for (_, state), number in (await room.store.status.counts(day)).items()}


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
    assert "Reader 1 (1) · failed: lost &lt;b&gt; *** ***" in said
    assert "Reader 3 (3): 403 at https://example.com/bot***/x?key=***" in said
    assert f"sent by {os.getpid()}@" in said
    assert presses(reply) == [f"resend {TODAY}", f"status {TODAY}"]


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
    assert said.count("failed: no") == 5
    assert "digestbot status 2025-10-12" in said
    assert "… and 4 more" in said


async def test_status__tells_of_a_draft(room: Room) -> None:
    await draft(room, date(2025, 10, 13))
    assert "/preview draft" in room.said(await room.ask("/status"))


# ------------------------------------------------------------------ preview


async def draft(room: Room, day: date) -> None:
    one = digest(day, ("chips",), ("policy",))
    await room.store.digests.save(
        one,
        source=b"draft",
        origin="test",
        categories=default_taxonomy().categories,
        now=room.now,
        publish=False,
        force=True,
    )


@pytest.mark.parametrize("typed", ["/preview draft", "/preview 2025-10-13", "/preview 草稿"])
async def test_preview__is_exactly_what_would_be_sent(room: Room, typed: str) -> None:
    await room.ask("/subscribe 芯片技术 简要")
    await draft(room, date(2025, 10, 13))
    reply = await room.ask(typed)
    parts = RENDERER.reply(reply, TelegramDialect(), "zh-CN", categories=default_taxonomy().categories)
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


# ------------------------------------------------------------------ retract


async def test_retract__says_how_far_it_reaches_and_asks(room: Room) -> None:
    await subscribed(room, 1, 2, slot=EIGHT)
    await planned(room)
    await settle(room, DeliveryState.SENT)
    await subscribed(room, 3, slot=Slot(zone="Asia/Shanghai", at=time(9)))
    await planned(room)
    reply = await room.ask("/retract")
    assert (reply.values["number"], reply.values["waiting"]) == (2, 1)
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


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(
    name=st.sampled_from(sorted(OPERATE)),
    words=st.text(max_size=40)
    | st.from_regex(r"(sure )?(2025-10-12|9999-12-31|0001-01-01)( [0-9]{0,30})?", fullmatch=True),
)
async def test_operate__never_raises_for_what_is_typed(room: Room, name: str, words: str) -> None:
    await room.ask(f"{name} {words}")
