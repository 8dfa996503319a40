"""Planning by a clock that was ahead, and is set back."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from bot.delivery.retry import LONGEST_WAIT
from bot.errors import NotDelivered, RateLimited, Unknown
from bot.models import DeliveryState
from bot.store.leases import Hold
from tests.fakes import DAWN, TODAY, Where, chat, digest, load, subscription
from tests.unit.delivering import World, world

EIGHT = datetime(2025, 10, 12, 0, tzinfo=UTC)
"""08:00 in Shanghai."""
LITTLE = timedelta(milliseconds=1)
MOMENT = timedelta(seconds=1)
HOUR = timedelta(hours=1)


@pytest.fixture
async def place(where: Where) -> AsyncIterator[World]:
    async with world(where) as place:
        yield place


async def test_plan__a_clock_set_back_plans_nothing_twice(place: World) -> None:
    for ahead in (0, 1):
        await load(place.store, digest(TODAY + timedelta(days=ahead)), now=DAWN)
    await place.subscribe(subscription(chat(1)))
    day = timedelta(days=1)
    assert await place.planned_at(EIGHT, EIGHT + day, EIGHT + HOUR, EIGHT + day + HOUR) == [1, 1, 0, 0]


@pytest.mark.parametrize("begun", [False, True])
async def test_plan__what_a_clock_ahead_gave_up_is_taken_up_again(place: World, *, begun: bool) -> None:
    await load(place.store, digest(items=8), now=DAWN)
    await place.subscribe(subscription(chat(1)))
    place.platform.script("1", *[0.0] * begun, NotDelivered("down"))
    await place.planned_at(EIGHT)
    await place.round()
    await place.planned_at(EIGHT + 36 * HOUR)
    await place.round()
    given_up = DeliveryState.FAILED if begun else DeliveryState.EXPIRED
    assert [line.state for line in await place.ledger()] == [given_up]
    await place.planned_at(EIGHT + HOUR)
    await place.round()
    assert [(line.state, line.code) for line in await place.ledger()] == [(DeliveryState.SENT, None)]
    assert place.platform.numbers("1") == [1, 2, 3]


@pytest.mark.parametrize(("hours", "ends"), [(1, DeliveryState.SENT), (13, DeliveryState.FAILED)])
async def test_plan__what_had_begun_may_be_finished_though_its_day_is_over(
    place: World, hours: int, ends: DeliveryState
) -> None:
    """So many hours after it; for half a day, then it is given up by the right clock too."""
    await load(place.store, digest(items=8), now=DAWN)
    await place.subscribe(subscription(chat(1)))
    place.platform.script("1", 0.0, *[NotDelivered("down")] * 2)
    await place.planned_at(EIGHT)
    await place.round()
    closes = (await place.line(1)).deadline
    await place.planned_at(closes)
    await place.round()
    await place.planned_at(closes + 30 * HOUR)
    await place.round()
    assert (await place.line(1)).state is DeliveryState.FAILED
    await place.planned_at(closes + hours * HOUR)
    await place.round()
    assert (await place.line(1)).state is ends


async def test_plan__who_waits_by_a_clock_that_was_ahead_waits_no_longer(place: World) -> None:
    await load(place.store, digest(items=2), now=DAWN)
    await place.subscribe(subscription(chat(1)))
    await place.planned_at(EIGHT)
    place.now = EIGHT + 8 * HOUR
    place.platform.script("1", NotDelivered("down"))
    await place.round()
    (before,) = await place.ledger()
    assert await place.planned_at(EIGHT + 8 * HOUR, EIGHT + HOUR) == [0, 0]
    (after,) = await place.ledger()
    assert after.next_at - (EIGHT + HOUR) == before.next_at - (EIGHT + 8 * HOUR) > timedelta()


async def test_plan__what_was_due_by_a_clock_that_was_ahead_is_due_still(place: World) -> None:
    await load(place.store, digest(items=2), now=DAWN)
    await place.subscribe(subscription(chat(1)))
    assert await place.planned_at(EIGHT + 8 * HOUR, EIGHT + 9 * HOUR, EIGHT + HOUR) == [1, 0, 0]
    assert [line.next_at for line in await place.ledger()] == [EIGHT + HOUR]


LITTLE = timedelta(milliseconds=1)


@pytest.mark.parametrize("back", [LITTLE, MOMENT, 8 * HOUR])
async def test_plan__a_clock_set_back_shortens_no_wait(place: World, back: timedelta) -> None:
    """Of an hour after the fourth send that nobody told the end of, and of as long as a flood wait says."""
    await load(place.store, digest(items=2), now=DAWN)
    await place.subscribe(subscription(chat(1)), subscription(chat(2)))
    await place.planned_at(EIGHT + 9 * HOUR)
    place.platform.script("1", *[Unknown("no answer")] * 4)
    place.platform.script("2", RateLimited("slow down", retry_after=2 * HOUR.total_seconds(), scope="chat"))
    for _ in range(4):
        await place.round()
        place.now += timedelta(minutes=5)
    left = [line.next_at - place.now for line in await place.ledger()]
    assert all(wait > 2 * LONGEST_WAIT for wait in left)
    await place.planned_at(place.now, place.now - back)
    assert [line.next_at - place.now for line in await place.ledger()] == left


async def test_plan__a_clock_set_back_leaves_alone_what_another_process_sends(place: World, where: Where) -> None:
    await load(place.store, digest(items=2), now=DAWN)
    await place.subscribe(subscription(chat(1)))
    await place.planned_at(EIGHT)
    place.platform.script("1", RateLimited("slow down", retry_after=7200.0, scope="chat"))
    await place.round()
    async with world(where) as other:
        other.store.leases.owner = "elsewhere:1:x"
        await other.store.leases.hold("console", EIGHT)
    before = await place.ledger()
    await place.planned_at(EIGHT + HOUR, EIGHT)
    assert await place.ledger() == before


async def test_plan__who_subscribed_by_a_clock_that_was_ahead_is_served_as_any_other(place: World) -> None:
    month = timedelta(days=30)
    await place.planned_at(EIGHT, EIGHT + month)
    await place.subscribe(subscription(chat(1), since=EIGHT + month))
    await place.planned_at(EIGHT + HOUR)
    tomorrow = EIGHT + timedelta(days=1)
    await load(place.store, digest(TODAY), now=DAWN)
    await load(place.store, digest(TODAY + timedelta(days=1)), now=DAWN)
    assert await place.planned_at(EIGHT + HOUR, tomorrow) == [0, 1]


@asynccontextmanager
async def next_process(before: World, where: Where) -> AsyncIterator[World]:
    """Another process, that sends on the same platform."""
    async with world(where, before.platform) as after:
        after.store.leases.owner = "elsewhere:2:x"
        yield after


async def leave(place: World, *, killed: bool) -> None:
    """Have the process end by its own clock: it lets its lease go, or is dead."""
    await place.store.leases.hold("console", place.now)
    if not killed:
        await place.store.leases.release("console", place.now)


async def begin(place: World, now: datetime) -> None:
    """Have a process begin at `now`, when the one before has ended."""
    place.now = now
    assert await place.store.leases.hold("console", place.now) is Hold.TAKEN
    assert await place.plan() == 0


@pytest.mark.parametrize("killed", [False, True])
async def test_plan__what_a_clock_ahead_gave_up_is_taken_up_after_a_restart(
    place: World, where: Where, *, killed: bool
) -> None:
    await load(place.store, digest(items=2), now=DAWN)
    await place.subscribe(subscription(chat(1)), subscription(chat(2)))
    place.platform.script("2", NotDelivered("down"))
    await place.planned_at(EIGHT)
    await place.planned_at(EIGHT + 36 * HOUR)
    await place.round()
    assert {line.state for line in await place.ledger()} == {DeliveryState.EXPIRED}
    await leave(place, killed=killed)
    async with next_process(place, where) as after:
        await begin(after, EIGHT + HOUR)
        await after.rounds()
        assert {line.state for line in await after.ledger()} == {DeliveryState.SENT}
    assert [place.platform.numbers(who) for who in "12"] == [[1], [1]]


@pytest.mark.parametrize("killed", [False, True])
async def test_plan__what_waited_by_a_clock_ahead_waits_no_longer_after_a_restart(
    place: World, where: Where, *, killed: bool
) -> None:
    """Nothing was given up: the day was not over by that clock either."""
    await load(place.store, digest(items=2), now=DAWN)
    await place.subscribe(subscription(chat(1)), subscription(chat(2)))
    place.platform.script("1", NotDelivered("down"))
    place.platform.script("2", RateLimited("slow down", retry_after=HOUR.total_seconds(), scope="chat"))
    await place.planned_at(EIGHT, EIGHT + 8 * HOUR)
    await place.round()
    left = {line.chat: line.next_at - place.now for line in await place.ledger()}
    await leave(place, killed=killed)
    async with next_process(place, where) as after:
        await begin(after, EIGHT + HOUR)
        assert {line.chat: line.next_at - after.now for line in await after.ledger()} == left


@pytest.mark.parametrize("back", [timedelta(), MOMENT])
async def test_plan__clocks_of_two_processes_that_hardly_differ_cost_nothing(
    place: World, where: Where, back: timedelta
) -> None:
    await load(place.store, digest(items=2), now=DAWN)
    await place.subscribe(subscription(chat(1)), subscription(chat(2)))
    await place.planned_at(EIGHT)
    place.platform.script("2", RateLimited("slow down", retry_after=HOUR.total_seconds(), scope="chat"))
    await place.round()
    left = (await place.line(2)).next_at - place.now
    await leave(place, killed=False)
    async with next_process(place, where) as after:
        await begin(after, EIGHT - back)
        assert await after.round() == 0
        assert (await after.line(1)).state is DeliveryState.SENT
        assert (await after.line(2)).next_at - after.now == left


async def test_plan__a_restart_leaves_alone_what_waits_for_another_account(place: World, where: Where) -> None:
    await load(place.store, digest(items=2), now=DAWN)
    await place.subscribe(subscription(chat(1)))
    await place.planned_at(EIGHT)
    place.platform.script("1", RateLimited("slow down", retry_after=HOUR.total_seconds(), scope="chat"))
    await place.round()
    before = await place.ledger()
    await place.store.leases.hold("discord", EIGHT + 8 * HOUR)
    await place.store.leases.release("discord", EIGHT + 8 * HOUR)
    async with next_process(place, where) as after:
        assert await after.store.leases.hold("discord", EIGHT)
        assert await after.ledger() == before
