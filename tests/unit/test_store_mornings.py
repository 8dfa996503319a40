"""Sums over the ledger, the records of one chat, and what is public, from a real database."""

from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest

from bot.errors import ChatGone, Rejected, Unknown
from bot.models import DeliveryState, SubscriptionState
from bot.schedule import ONE_DAY
from tests.fakes import DAWN, MORNING, TODAY, FakePlatform, Where, chat, digest, load, subscription
from tests.unit.correcting import BOTH
from tests.unit.delivering import World, world

KEEP = timedelta(days=90)
MUCH_LATER = MORNING + timedelta(days=100)


@pytest.fixture
async def place(where: Where) -> AsyncIterator[World]:
    async with world(where, FakePlatform(capabilities=BOTH)) as place:
        yield place


async def serve(place: World, *chats: int) -> date:
    day = place.now.date()
    await place.subscribe(*(subscription(chat(number)) for number in chats))
    await load(place.store, digest(day), now=place.now)
    await place.plan()
    await place.rounds()
    return day


async def test_between__counts_each_day_and_says_when_the_last_one_arrived(place: World) -> None:
    place.platform.script("2", Rejected("bad"), Rejected("bad"))
    await serve(place, 1, 2, 3)
    arrived = place.now
    place.now = MORNING + ONE_DAY
    await serve(place, 1, 2, 3)
    first, second = await place.store.mornings.between(TODAY - ONE_DAY, TODAY + ONE_DAY)
    assert (first.day, second.day) == (TODAY, TODAY + ONE_DAY)
    assert first.counts == {DeliveryState.SENT: 2, DeliveryState.FAILED: 1}
    assert second.counts == {DeliveryState.SENT: 3}
    assert (first.last, second.last) == (arrived, place.now)
    assert await place.store.mornings.between(TODAY + ONE_DAY, TODAY + ONE_DAY) == (second,)


async def test_between__a_correction_is_not_another_digest(place: World) -> None:
    await serve(place, 1, 2)
    place.now += timedelta(minutes=10)
    await load(place.store, digest(word="mended"), now=place.now)
    await place.plan()
    await place.rounds()
    assert len(await place.ledger()) == 4
    (morning,) = await place.store.mornings.between(TODAY, TODAY)
    assert morning.counts == {DeliveryState.SENT: 2}
    assert morning.last == MORNING


async def test_between__thinned_days_are_counted_as_before_but_their_hour_is_gone(place: World) -> None:
    await serve(place, 1, 2)
    before = await place.store.mornings.between(TODAY, TODAY)
    place.now = MUCH_LATER
    await serve(place, 1)
    assert await place.store.thinning.thin(MUCH_LATER, KEEP) == 2
    (after,) = await place.store.mornings.between(TODAY, TODAY)
    assert after.counts == before[0].counts
    assert (before[0].last, after.last) == (MORNING, None)


async def test_settled__what_came_to_an_end_lately_by_platform(place: World) -> None:
    place.platform.script("2", ChatGone("blocked"))
    place.platform.script("3", *[Unknown("silent")] * 99)
    await place.subscribe(*(subscription(chat(number)) for number in (1, 2, 3)))
    await load(place.store, digest(), now=DAWN)
    await place.plan()
    await place.round()
    found = await place.store.mornings.settled(TODAY, since=MORNING - timedelta(minutes=1))
    assert (found["console"].number, found["console"].since) == (2, MORNING)
    assert await place.store.mornings.settled(TODAY, since=MORNING) == {}
    assert await place.store.mornings.settled(TODAY - ONE_DAY, since=MORNING - ONE_DAY) == {}


async def test_audience__who_is_on_by_platform_and_categories(place: World) -> None:
    chips = frozenset({"chips", "products"})
    await place.subscribe(
        subscription(chat(1)),
        subscription(chat(2), categories=chips),
        subscription(chat(3), categories=chips),
        subscription(chat(4, platform="telegram"), categories=chips),
        subscription(chat(5), state=SubscriptionState.OFF),
    )
    assert await place.store.mornings.audience() == {
        ("console", frozenset()): 1,
        ("console", chips): 2,
        ("telegram", chips): 1,
    }


async def test_records__newest_first_with_their_messages_and_errors(place: World) -> None:
    place.platform.script("1", 0.0, Rejected("bad"), Rejected("bad"))
    await load(place.store, digest(items=12), now=DAWN)
    await place.subscribe(subscription(chat(1)))
    await place.plan()
    await place.rounds()
    place.now = MORNING + ONE_DAY
    await serve(place, 1, 2)
    new, old = await place.store.records.of(1, limit=9)
    assert (new.day, new.state, new.error, new.arrived) == (TODAY + ONE_DAY, DeliveryState.SENT, "", new.begun)
    assert (old.occasion, old.state, old.error) == (f"day:{TODAY}", DeliveryState.FAILED, "bad")
    assert (old.begun, old.arrived, old.planned_at) == (2, 1, MORNING)
    assert await place.store.records.of(1, limit=1) == (new,)
    assert await place.store.records.of(99, limit=9) == ()


async def test_named__by_title_or_address_and_signs_are_signs(place: World) -> None:
    await place.subscribe(
        subscription(chat("-100777", title="Reading Room")),
        subscription(chat("42", title="100% news")),
        subscription(chat("43")),
    )

    async def named(text: str) -> list[int]:
        return [entry.number for entry in await place.store.roster.named(text, limit=9)]

    assert await named("reading") == [1]
    assert await named("777") == [1]
    assert await named("%") == [2]
    assert await named("4") == [2, 3]
    assert [entry.number for entry in await place.store.roster.named("4", limit=1)] == [2]


async def test_issues__what_is_public_alone(place: World) -> None:
    store = place.store
    for back in range(4):
        await load(store, digest(TODAY - back * ONE_DAY), now=DAWN)
    await store.digests.retract(TODAY - ONE_DAY)
    await load(store, digest(TODAY + ONE_DAY), publish=False)
    found = await store.issues.latest(limit=2)
    assert [issue.day for issue in found] == [TODAY, TODAY - 2 * ONE_DAY]
    assert await store.issues.on(TODAY) == found[0]
    assert await store.issues.on(TODAY - ONE_DAY) is None
    assert not found[0].corrected
    await load(store, digest(word="mended"), now=MORNING)
    revised = await store.issues.on(TODAY)
    assert revised
    assert (revised.corrected, revised.published_at, revised.updated_at) == (True, DAWN, MORNING)


async def test_origin__stays_when_more_is_loaded(place: World) -> None:
    assert await place.store.issues.origin() == ""
    await load(place.store, digest())
    first = await place.store.issues.origin()
    await load(place.store, digest(word="mended"))
    await load(place.store, digest(TODAY - ONE_DAY))
    assert first == await place.store.issues.origin() != ""
