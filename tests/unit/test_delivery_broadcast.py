"""A broadcast at work: one sender per account, crashes, and a store that fails for a while."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.contract import Pace
from bot.delivery import broadcast
from bot.errors import NotDelivered, StoreConflict, StoreError
from bot.models import Chat, DeliveryState, Edition, PartState
from bot.pacing import Lane, Pacer
from bot.pacing.pacer import Permit
from bot.render import Renderer
from bot.store import LEASE
from tests.fakes import FakePlatform, Where, chat, digest, load, subscription
from tests.unit.crowd import (
    CROWD,
    EVERYBODY_ONCE,
    all_lines,
    another,
    any_line,
    arrived,
    crowd,
    in_a_hurry,
    running,
    settled,
)
from tests.unit.delivering import TEMPLATES, World, until


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with in_a_hurry(monkeypatch):
        yield


@pytest.fixture
def where(tmp_path: Path) -> Where:
    """On SQLite alone: what these wait for takes PostgreSQL twice as long on a busy machine."""
    return tmp_path


@pytest.fixture
async def place(where: Where) -> AsyncIterator[World]:
    async with crowd(where) as place:
        yield place


async def test_run__serves_what_is_planned_and_what_is_planned_later(place: World) -> None:
    one = place.broadcast()
    async with running(one):
        await settled(place)
        await place.subscribe(subscription(chat(CROWD)))
        await place.plan()
        one.wake()
        await settled(place, CROWD + 1)
    assert arrived(place.platform) == [*EVERYBODY_ONCE, str(CROWD)]


async def test_run__more_than_may_be_under_way_at_once(place: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broadcast, "UNDER_WAY", 8)
    monkeypatch.setattr(broadcast, "BATCH", 4)
    monkeypatch.setattr(broadcast, "LOOK_AGAIN", 60.0)
    for number in range(CROWD):
        place.platform.script(str(number), 0.01)
    async with running(place.broadcast()):
        await settled(place)
    assert arrived(place.platform) == EVERYBODY_ONCE


async def test_run__two_processes_never_both_send(place: World, where: Where) -> None:
    async with another(place, where) as other:
        for number in range(CROWD):
            place.platform.script(str(number), 0.02)
        async with running(place.broadcast(), other.broadcast()):
            await settled(place)
            await asyncio.sleep(0.1)
    assert arrived(place.platform) == EVERYBODY_ONCE


async def test_run__the_one_standing_by_takes_over_when_the_owner_stops(place: World, where: Where) -> None:
    async with another(place, where) as other:
        first, second = place.broadcast(), other.broadcast()
        async with running(second):
            async with running(first):
                await asyncio.sleep(0)
            await settled(other)
    assert arrived(place.platform) == EVERYBODY_ONCE


async def test_run__a_dead_owners_claims_are_taken_over_when_its_lease_is_out(place: World, where: Where) -> None:
    assert await place.store.leases.hold("console", place.now)
    dead = await place.store.deliveries.claim("console", place.store.leases.owner, place.now, CROWD)
    await place.store.deliveries.sending(dead[0], 1, ledger=dead[0].id, again=False, now=place.now)
    async with another(place, where) as other, running(other.broadcast()):
        await asyncio.sleep(0.2)
        assert place.platform.messages == []
        other.now += LEASE
        await settled(other)
    assert arrived(place.platform) == EVERYBODY_ONCE
    assert (await place.line(0)).parts == {1: (PartState.SENT, 2)}


class Asleep(Pacer):
    """Gives no turn until it is awake."""

    def __init__(self, pace: Pace) -> None:
        super().__init__(pace)
        self.awake = asyncio.Event()
        self.waiting = 0

    async def begin(self, chat: Chat, lane: Lane) -> Permit:
        self.waiting += 1
        try:
            await self.awake.wait()
        finally:
            self.waiting -= 1
        return await super().begin(chat, lane)


async def test_run__who_slept_and_lost_the_account_drops_what_waited(place: World, where: Where) -> None:
    """It holds thirty claims; while it slept another process took them and sends them."""
    pacer = Asleep(place.platform.pace)
    place.sending = replace(place.sending, pacer=pacer)
    async with another(place, where) as other, running(place.broadcast()):
        await all_lines(place, lambda line: line.state is DeliveryState.CLAIMED)
        other.platform = FakePlatform()
        other.sending = other.new_sending()
        other.now = place.now + LEASE
        async with running(other.broadcast()):
            await settled(other)
            place.now = other.now
            await until(lambda: pacer.waiting == 0)
            pacer.awake.set()
            await asyncio.sleep(0.1)
        assert {(line.state, line.code) for line in await place.ledger()} == {(DeliveryState.SENT, None)}
    assert place.platform.messages == []
    assert arrived(other.platform) == EVERYBODY_ONCE


async def test_run__what_stands_at_the_door_when_the_account_is_lost_stays_there(
    place: World, where: Where, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broadcast, "LOST_PATIENCE", 5.0)
    place.platform.pace = Pace(per_second=20)
    place.sending = place.new_sending()
    place.sending.pacer.hold_all(0.5)
    async with running(place.broadcast()), another(place, where) as other:
        await any_line(place, lambda line: line.parts == {1: (PartState.SENDING, 1)})
        later = place.now + LEASE * 2
        assert await other.store.leases.hold("console", later)
        place.now = other.now = later
        other.platform = FakePlatform()
        other.sending = other.new_sending()
        async with running(other.broadcast()):
            await settled(other)
            await asyncio.sleep(0.6)
    assert place.platform.messages == []
    assert arrived(other.platform) == EVERYBODY_ONCE


async def test_run__two_that_both_think_it_is_theirs_double_nothing(
    place: World, where: Where, caplog: pytest.LogCaptureFixture
) -> None:
    """The first was stopped for so long that the second took its claims; it wakes, and goes on before it knows."""
    batch = await place.store.deliveries.claim("console", place.store.leases.owner, place.now, CROWD)
    async with another(place, where) as other, running(other.broadcast()):
        for number in range(CROWD):
            place.platform.script(str(number), 0.1)
        await other.store.deliveries.take_over("console", other.store.leases.owner, place.now)
        await until(lambda: place.platform.calls.total() == CROWD)
        late = [place.sending.deliver(delivery) for delivery in batch]
        await asyncio.gather(*late)
        for delivery in batch:
            await place.sending.put_back(delivery, StoreConflict("lost"), timedelta(minutes=5))
        await settled(other)
    assert arrived(place.platform) == EVERYBODY_ONCE
    assert {line.state for line in await place.ledger()} == {DeliveryState.SENT}
    assert not [record for record in caplog.records if record.exc_info]


async def test_run__who_lost_the_account_and_has_it_again_takes_over_too(place: World, where: Where) -> None:
    async with another(place, where) as other, running(place.broadcast()):
        await settled(place)
        await place.subscribe(subscription(chat(CROWD)))
        other.now = place.now + LEASE
        assert await other.store.leases.hold("console", other.now)
        assert await other.plan() == 1
        await other.store.deliveries.claim("console", other.store.leases.owner, other.now, 5)
        place.now = other.now + LEASE
        await settled(place, CROWD + 1)
    assert arrived(place.platform) == [*EVERYBODY_ONCE, str(CROWD)]


async def test_run__a_clock_set_back_does_not_lose_the_account(place: World) -> None:
    async with running(place.broadcast()):
        await settled(place)
        place.now -= timedelta(days=2)
        await place.subscribe(subscription(chat(CROWD)))
        await load(place.store, digest(place.now.date(), items=2), now=place.now)
        assert await place.plan() == CROWD + 1
        await settled(place, 2 * CROWD + 1)


class StubbornRenderer(Renderer):
    """Fails on the first editions."""

    failures = 1

    def edition(self, edition: Edition, *args: object, **kwargs: object) -> tuple[object, ...]:  # type: ignore[override]
        if self.failures:
            self.failures -= 1
            raise ZeroDivisionError
        return super().edition(edition, *args, **kwargs)  # type: ignore[arg-type]


async def test_run__a_crash_of_ours_is_tried_again_later(place: World) -> None:
    place.renderer = StubbornRenderer(TEMPLATES)
    place.sending = place.new_sending()
    async with running(place.broadcast()):
        await until(lambda: place.renderer.failures == 0)  # type: ignore[attr-defined]
        await all_lines(place, lambda line: line.code == "crash")
        assert place.platform.messages == []
        place.now += broadcast.AFTER_A_CRASH
        await settled(place)
    assert arrived(place.platform) == EVERYBODY_ONCE


class Weather:
    """Makes every write of a store fail while it is bad."""

    def __init__(self, place: World) -> None:
        self.bad = False
        self.refused = 0
        self._write = place.store._database.write
        place.store._database.write = self.write  # type: ignore[method-assign, assignment]

    def write(self) -> object:
        if self.bad:
            self.refused += 1
            raise StoreError("disk full")
        return self._write()


async def test_run__a_store_that_fails_for_a_while_loses_and_doubles_nothing(place: World) -> None:
    weather = Weather(place)
    release = asyncio.Event()
    for number in range(CROWD // 2):
        place.platform.script(str(number), release)
    async with running(place.broadcast()):
        await settled(place, CROWD // 2)
        weather.bad = True
        release.set()
        await until(lambda: weather.refused > CROWD)
        weather.bad = False
        await settled(place)
    assert arrived(place.platform) == EVERYBODY_ONCE
    assert {line.state for line in await place.ledger()} == {DeliveryState.SENT}


async def test_run__deliveries_that_meet_a_failing_store_at_once_are_not_stuck(place: World) -> None:
    """The store fails between the claim and the first record: nothing was sent, and it is tried again."""
    weather = Weather(place)
    claim = place.store.deliveries.claim

    async def claim_before_the_storm(platform: str, owner: str, now: datetime, limit: int) -> object:
        batch = await claim(platform, owner, now, limit)
        weather.bad = bool(batch)
        return batch

    place.store.deliveries.claim = claim_before_the_storm  # type: ignore[method-assign, assignment]
    async with running(place.broadcast()):
        await until(lambda: weather.refused > CROWD)
        place.store.deliveries.claim = claim  # type: ignore[method-assign]
        weather.bad = False
        await all_lines(place, lambda line: line.state is not DeliveryState.CLAIMED)
        place.now += broadcast.AFTER_A_CRASH
        await settled(place)
    assert arrived(place.platform) == EVERYBODY_ONCE


async def test_run__a_store_that_fails_while_an_edition_is_kept_holds_nobody_up_for_long(place: World) -> None:
    keep, failures = place.store.editions.keep, iter(range(2))

    async def keep_at_last(*args: object) -> str:
        if next(failures, None) is not None:
            raise StoreError("disk full")
        return await keep(*args)  # type: ignore[arg-type]

    place.store.editions.keep = keep_at_last  # type: ignore[method-assign, assignment]
    async with running(place.broadcast()):
        await until(lambda: next(failures, None) is None)
        await all_lines(place, lambda line: line.state is not DeliveryState.CLAIMED)
        place.now += timedelta(seconds=10)
        await settled(place)
    assert arrived(place.platform) == EVERYBODY_ONCE


async def test_run__a_postponed_delivery_waits_for_its_time(place: World) -> None:
    place.platform.script("0", NotDelivered("connection refused"))
    async with running(place.broadcast()):
        await settled(place, CROWD - 1)
        await asyncio.sleep(0.15)
        assert place.platform.calls["0"] == 1
        place.now += timedelta(seconds=2)
        await settled(place)
    assert arrived(place.platform) == EVERYBODY_ONCE
