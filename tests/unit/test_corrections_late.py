"""Corrections of what was sent late, and to chats that were gone when they came."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.errors import Rejected
from bot.models import DeliveryState, SubscriptionState
from bot.schedule import ONE_DAY
from tests.fakes import TODAY, FakePlatform, Where, chat, load, subscription
from tests.unit.correcting import BOTH, LONG, again, mended, serve, shown
from tests.unit.delivering import TWO_DAYS, World, world


@pytest.fixture
async def place(where: Where) -> AsyncIterator[World]:
    async with world(where, FakePlatform(capabilities=BOTH)) as place:
        yield place


async def change(place: World, *, withdraw: bool) -> None:
    if withdraw:
        await place.store.digests.retract(TODAY)
    else:
        await load(place.store, mended(LONG, 8), now=place.now)


def is_changed(place: World, *, withdraw: bool) -> bool:
    return not place.platform.markups("1") if withdraw else "mended" in shown(place)


@pytest.mark.parametrize("withdraw", [True, False])
async def test_change__an_old_day_that_was_sent_again(place: World, *, withdraw: bool) -> None:
    place.platform.script("1", Rejected("no"), Rejected("no"))
    await serve(place, LONG, 1)
    place.now += timedelta(days=4)
    await place.plan()
    assert (await place.store.resends.plan(TODAY, place.now, deadline=place.now + ONE_DAY)).number == 1
    await place.rounds()
    assert place.platform.numbers("1") == [1, 2, 3]
    await again(place)
    foretold = await place.store.corrections.reach(TODAY, sent_since=place.now - TWO_DAYS)
    await change(place, withdraw=withdraw)
    assert await place.plan() == foretold["console"] == 1
    await place.rounds()
    assert is_changed(place, withdraw=withdraw)
    assert await again(place) == 0


async def test_change__an_old_day_is_looked_for_although_nothing_is_published_since(place: World) -> None:
    """The first look of a process that was not there when it was sent again."""
    place.platform.script("1", Rejected("no"), Rejected("no"))
    await serve(place, LONG, 1)
    place.now += timedelta(days=4)
    await place.store.resends.plan(TODAY, place.now, deadline=place.now + ONE_DAY)
    await place.rounds()
    await change(place, withdraw=True)
    assert await World(place.store, place.platform, now=place.now).plan() == 1


@pytest.mark.parametrize("withdraw", [True, False])
async def test_change__a_chat_that_was_gone_is_reached_when_it_is_back(place: World, *, withdraw: bool) -> None:
    await serve(place, LONG, 1)
    place.platform.gone.add("1")
    await change(place, withdraw=withdraw)
    assert await again(place) == 1
    await place.rounds()
    place.platform.gone.clear()
    assert await again(place) == 0
    await place.store.subscriptions.resume(chat(1), place.now)
    assert await again(place) == 1
    await place.rounds()
    assert is_changed(place, withdraw=withdraw)
    assert {line.state for line in await place.ledger()} == {DeliveryState.SENT}
    assert await again(place) == 0


async def test_change__a_chat_that_is_back_too_late_keeps_what_it_has(place: World) -> None:
    await serve(place, LONG, 1)
    place.platform.gone.add("1")
    await change(place, withdraw=True)
    await again(place)
    await place.rounds()
    place.platform.gone.clear()
    place.now += TWO_DAYS
    await place.store.subscriptions.resume(chat(1), place.now)
    assert await again(place) == 0


async def test_change__who_unsubscribed_and_is_gone_is_not_tried_for_ever(place: World) -> None:
    await serve(place, LONG, 1)
    await place.subscribe(subscription(chat(1), state=SubscriptionState.OFF))
    place.platform.gone.add("1")
    await change(place, withdraw=True)
    assert await again(place) == 1
    await place.rounds()
    assert await again(place) == 0
    assert place.platform.deletes == {"1": 1}
