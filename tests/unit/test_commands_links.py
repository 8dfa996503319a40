"""Links to a category (`t.me/bot?start=cat_chips`): what one tap does, whoever makes it."""

from collections.abc import AsyncIterator
from datetime import date, time
from pathlib import Path

import pytest

from bot.models import Subscription, SubscriptionState
from tests.unit.commanding import MORNING, PRIVATE, Room, labels, open_room, presses


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with open_room(tmp_path) as opened:
        yield opened


async def known(room: Room) -> Subscription:
    subscription = await room.subscription()
    assert subscription is not None
    return subscription


async def test_link__somebody_new_gets_that_category_alone(room: Room) -> None:
    reply = await room.ask("/start cat_chips")
    assert reply.template == "subscribed"
    assert (await known(room)).categories == frozenset({"chips"})
    assert "settings" in presses(reply)


async def test_link__joins_what_is_chosen(room: Room) -> None:
    await room.ask("/subscribe 政策监管 20:00")
    await room.ask("/start cat_chips")
    subscription = await known(room)
    assert subscription.categories == frozenset({"chips", "policy"})
    assert (subscription.slot.at, subscription.since) == (time(20), MORNING)


async def test_link__who_gets_everything_keeps_it_and_is_offered_the_one(room: Room) -> None:
    await room.ask("/subscribe")
    reply = await room.ask("/start cat_chips")
    assert (await known(room)).categories == frozenset()
    assert "其中已经有<b>芯片技术</b>" in room.said(reply)
    assert labels(reply)[0] == "only"
    await room.ask(presses(reply)[0])
    assert (await known(room)).categories == frozenset({"chips"})


async def test_link__twice_is_once(room: Room) -> None:
    await room.ask("/start cat_chips")
    before = await known(room)
    reply = await room.ask("/start cat_chips")
    assert await known(room) == before
    assert "only" not in labels(reply)


async def test_link__who_had_left_comes_back_to_the_one(room: Room) -> None:
    await room.ask("/subscribe 20:00")
    await room.ask("/unsubscribe")
    await room.ask("/start cat_chips")
    subscription = await known(room)
    assert (subscription.state, subscription.categories) == (SubscriptionState.ON, frozenset({"chips"}))
    assert subscription.slot.at == time(20)


async def test_link__who_was_blocked_and_got_everything_still_does(room: Room) -> None:
    await room.ask("/subscribe")
    await room.store.subscriptions.pause(PRIVATE, "blocked", MORNING)
    await room.ask("/start cat_chips")
    subscription = await known(room)
    assert (subscription.state, subscription.categories) == (SubscriptionState.ON, frozenset())


async def test_link__ends_an_absence(room: Room) -> None:
    await room.ask("/subscribe 芯片技术 pause until 10-20")
    assert (await known(room)).away_until == date(2025, 10, 20)
    await room.ask("/start cat_policy")
    assert (await known(room)).away_until is None


@pytest.mark.parametrize(("payload", "near"), [("cat_chps", "start cat_chips"), ("cat_zzzzzz", "")])
async def test_link__to_no_category_offers_those_there_are(room: Room, payload: str, near: str) -> None:
    reply = await room.ask(f"/start {payload}")
    assert reply.template == "unknown_category"
    assert await room.subscription() is None
    assert "cat_" not in room.said(reply)
    assert all(press.startswith("start cat_") for press in presses(reply))
    assert (near in presses(reply)) if near else (len(presses(reply)) == 8)
    await room.ask(presses(reply)[0])
    assert len((await known(room)).categories) == 1


@pytest.mark.parametrize("payload", ["", "cat_", "day", "hello_there", "unsubscribe_", "settings_07:30", "forget_sure"])
async def test_link__that_says_nothing_to_be_read_greets_and_changes_nothing(room: Room, payload: str) -> None:
    await room.ask("/subscribe 20:00")
    before = await known(room)
    assert (await room.ask(f"/start {payload}")).template == "start"
    assert await known(room) == before


@pytest.mark.parametrize(
    ("payload", "pressed"),
    [
        ("day_2025-10-11", "+day 2025-10-11"),
        ("day_2025-10-12_all", "+day 2025-10-12 all"),
        ("category_chips_2025-10-11", "+category chips 2025-10-11"),
        ("week_2025-10-06", "+week 2025-10-06"),
        ("week_ai-industry_2025-10-06", "+week ai-industry 2025-10-06"),
    ],
)
async def test_link__from_under_a_channels_post_opens_what_its_button_names(
    room: Room, payload: str, pressed: str
) -> None:
    opened = await room.ask(f"/start {payload}")
    assert opened == await room.ask(pressed)
    assert opened.edition is not None
