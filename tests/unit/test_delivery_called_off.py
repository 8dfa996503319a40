"""What is claimed and has not begun may still be called off, until a message of it is recorded."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.contract import Pace
from bot.errors import NotDelivered
from bot.models import Delivery, DeliveryState, PartState, SubscriptionState
from bot.store import LEASE, Store
from tests.fakes import TODAY, FakePlatform, Where, chat, digest, load, subscription
from tests.unit.correcting import BOTH, MARK, again
from tests.unit.crowd import another, running
from tests.unit.delivering import Line, World, until, world
from tests.unit.test_week_planning import DAYS, archive
from tests.unit.weekly import EIGHT, weekly

CROWD = [str(number) for number in range(24)]
OLD, NEW = digest(items=4, word="old"), digest(items=4, word="new")
"""In two parts each."""
LAST = chat(CROWD[-1])
Act = Callable[[Store], Awaitable[object]]


async def retract(store: Store) -> None:
    assert await store.digests.retract(TODAY)


async def revise(store: Store) -> None:
    await load(store, NEW)


async def unsubscribe(store: Store) -> None:
    await store.subscriptions.put(subscription(LAST, state=SubscriptionState.OFF))


async def forget(store: Store) -> None:
    assert await store.subscriptions.forget(LAST)


async def pause(store: Store) -> None:
    assert await store.subscriptions.pause(LAST, "paused by the operator", EIGHT)


async def travel(store: Store) -> None:
    await store.subscriptions.put(replace(subscription(LAST), away_until=TODAY + timedelta(days=3)))


async def crowd(place: World) -> None:
    await load(place.store, OLD)
    await place.subscribe(*(subscription(chat(address)) for address in CROWD))
    assert await place.plan() == len(CROWD)


@asynccontextmanager
async def halfway(where: Where, act: Act) -> AsyncIterator[tuple[World, frozenset[str]]]:
    """Let another process `act` while a crowd is being served, all of it claimed; give who had begun by then."""
    async with world(where, FakePlatform(pace=Pace(per_second=40), capabilities=BOTH)) as place:
        await crowd(place)
        async with another(place, where) as elsewhere, running(place.broadcast()):
            await until(lambda: len(place.platform.messages) >= 3)
            await act(elsewhere.store)
            begun = frozenset(line.chat.address for line in await place.ledger() if line.parts)
            assert len(begun) < len(CROWD) / 2
            await closed(place)
            yield place, begun


async def closed(place: World) -> None:
    """Wait until nothing is open."""
    async with asyncio.timeout(20):
        while any(line.settled_at is None for line in await place.ledger()):  # noqa: ASYNC110
            await asyncio.sleep(0.02)


def served(place: World) -> frozenset[str]:
    return frozenset(message.chat.address for message in place.platform.messages)


async def test_retract__halfway_reaches_nobody_who_had_nothing_and_takes_the_rest_back(where: Where) -> None:
    async with halfway(where, retract) as (place, begun):
        assert served(place) <= begun
        assert await again(place) == len(served(place)) > 0
        await closed(place)
        assert place.platform.messages == []
        ended = {line.chat.address: line.state for line in await place.ledger() if line.occasion.startswith("day:")}
        assert {address for address, state in ended.items() if state is DeliveryState.EXPIRED} >= set(CROWD) - begun


async def test_correct__halfway_who_had_nothing_gets_the_new_revision_alone_and_once(where: Where) -> None:
    async with halfway(where, revise) as (place, begun):
        for address in CROWD:
            old, new = ("old", "new") if address in begun else ("new", "old")
            assert place.platform.numbers(address) == [1, 2]
            assert all(old in markup and new not in markup for markup in place.platform.markups(address))
        assert MARK not in "".join(message.part.markup for message in place.platform.messages)
        assert await again(place) == len(begun)
        await closed(place)
        assert all("new" in message.part.markup for message in place.platform.messages)
        assert place.platform.calls == dict.fromkeys(CROWD, 2)
        assert set(place.platform.edits) == begun


@pytest.mark.parametrize("act", [unsubscribe, forget, pause, travel])
async def test_reader__who_leaves_halfway_gets_nothing_and_all_others_everything(where: Where, act: Act) -> None:
    async with halfway(where, act) as (place, begun):
        assert LAST.address not in begun
        assert place.platform.calls == dict.fromkeys(CROWD[:-1], 2)
        left = [line.state for line in await place.ledger() if line.chat.address == LAST.address]
        assert left == ([] if act is forget else [DeliveryState.EXPIRED])


# ------------------------------------------------------------------ one delivery, step by step


@pytest.fixture
async def place(where: Where) -> AsyncIterator[World]:
    async with world(where, FakePlatform(capabilities=BOTH)) as place:
        yield place


async def claimed(place: World) -> tuple[Delivery, ...]:
    return await place.store.deliveries.claim("console", place.store.leases.owner, place.now, 100)


async def served_late(place: World, act: Act) -> list[Line]:
    """Claim all there is, let `act` happen, then send what was claimed; return how the ledger stands."""
    batch = await claimed(place)
    assert batch
    await act(place.store)
    await asyncio.gather(*(place.sending.deliver(delivery) for delivery in batch))
    return await place.ledger()


@pytest.mark.parametrize("act", [retract, unsubscribe, revise])
async def test_deliver__what_is_called_off_is_given_back_to_be_judged_anew(place: World, act: Act) -> None:
    await load(place.store, OLD)
    await place.subscribe(subscription(LAST))
    await place.plan()
    assert [(line.state, line.next_at, line.parts, line.code) for line in await served_late(place, act)] == [
        (DeliveryState.PLANNED, place.now, {}, None)
    ]
    assert place.platform.calls.total() == 0
    await place.rounds()
    (line,) = await place.ledger()
    assert line.state is (DeliveryState.SENT if act is revise else DeliveryState.EXPIRED)
    assert ["new" in markup for markup in place.platform.markups(LAST.address)] == [True, True] * (act is revise)


@pytest.mark.parametrize(("act", "numbers"), [(retract, [1]), (unsubscribe, [1, 2]), (revise, [1, 2])])
async def test_deliver__what_has_begun_is_finished_unless_it_is_retracted(
    place: World, act: Act, numbers: list[int]
) -> None:
    place.platform.script(LAST.address, 0.0, NotDelivered("down"))
    await load(place.store, OLD)
    await place.subscribe(subscription(LAST))
    await place.plan()
    await place.round()
    place.now += timedelta(minutes=1)
    await served_late(place, act)
    assert place.platform.numbers(LAST.address) == numbers
    assert not any("new" in markup for markup in place.platform.markups(LAST.address))


async def test_deliver__a_part_refused_before_is_called_off_as_well(place: World) -> None:
    place.platform.script(LAST.address, NotDelivered("down"))
    await load(place.store, OLD)
    await place.subscribe(subscription(LAST))
    await place.plan()
    await place.round()
    place.now += timedelta(minutes=1)
    (line,) = await served_late(place, retract)
    assert (line.state, line.parts) == (DeliveryState.PLANNED, {1: (PartState.REFUSED, 0)})
    assert place.platform.messages == []


async def test_correct__a_change_that_is_overtaken_makes_the_latest_one(place: World) -> None:
    await load(place.store, OLD)
    await place.subscribe(subscription(LAST))
    await place.plan()
    await place.rounds()
    await revise(place.store)
    place.now += timedelta(minutes=1)
    assert await place.plan() == 1
    await served_late(place, retract)
    assert place.platform.edits.total() == 0
    await place.rounds()
    assert place.platform.messages == []


async def test_week__claimed_and_a_day_of_it_retracted_goes_out_without_that_day(place: World) -> None:
    place.now = EIGHT + timedelta(hours=3)
    await archive(place, 1, 2)
    await place.subscribe(weekly(LAST))
    assert await place.plan() == 1
    await served_late(place, lambda store: store.digests.retract(DAYS[0]))
    assert place.platform.messages == []
    await place.rounds()
    (said,) = place.platform.markups(LAST.address)
    assert ("story1 1 of" in said, "story2 1 of" in said) == (False, True)


async def test_week__claimed_and_no_longer_wished_for_is_not_sent(place: World) -> None:
    place.now = EIGHT + timedelta(hours=3)
    await archive(place, 1)
    await place.subscribe(weekly(LAST))
    assert await place.plan() == 1
    await served_late(place, lambda store: store.subscriptions.put(subscription(LAST)))
    await place.rounds()
    assert place.platform.messages == []
    assert [line.state for line in await place.ledger()] == [DeliveryState.EXPIRED]


# ------------------------------------------------------------------ a process that slept over its lease


@pytest.mark.parametrize("tried", [0, 1])
async def test_deliver__who_slept_over_the_lease_doubles_nothing(place: World, where: Where, tried: int) -> None:
    await load(place.store, OLD)
    await place.subscribe(subscription(LAST))
    await place.plan()
    for _ in range(tried):
        place.platform.script(LAST.address, NotDelivered("down"))
        await place.round()
        place.now += timedelta(minutes=1)
    batch = await claimed(place)
    async with another(place, where) as other:
        other.now = place.now + 2 * LEASE
        assert await other.store.deliveries.take_over("console", other.store.leases.owner, other.now) == 1
        await other.round()
        place.now = other.now
        await asyncio.gather(*(place.sending.deliver(delivery) for delivery in batch))
        assert place.platform.numbers(LAST.address) == [1, 2]
        assert (await other.line(LAST.address)).state is DeliveryState.SENT


async def test_deliver__who_slept_while_it_sent_leaves_the_other_ones_record_alone(place: World, where: Where) -> None:
    held = asyncio.Event()
    place.platform.script(LAST.address, held)
    await load(place.store, OLD)
    await place.subscribe(subscription(LAST))
    await place.plan()
    asleep = asyncio.create_task(place.round())
    await until(lambda: place.platform.calls.total() == 1)
    async with another(place, where) as other:
        await other.store.deliveries.take_over("console", other.store.leases.owner, other.now)
        await other.round()
        before = await other.ledger()
        held.set()
        await asleep
        assert await other.ledger() == before
        theirs = {message.id for message in place.platform.messages[:2]}
        await other.store.digests.retract(TODAY)
        await again(other)
        await other.rounds()
        assert not theirs & {message.id for message in place.platform.messages}
