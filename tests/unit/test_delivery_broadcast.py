"""A broadcast at work: one sender per account, crashes, a store that fails for a while, and the end."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.contract import Pace
from bot.delivery import Broadcast, broadcast
from bot.errors import NotDelivered, StoreError
from bot.models import Chat, DeliveryState, Edition, PartState
from bot.pacing import Lane, Pacer
from bot.pacing.pacer import Permit
from bot.render import Renderer
from bot.store import LEASE
from tests.fakes import FakePlatform, chat, digest, load, opened, subscription
from tests.unit.delivering import PATIENCE, TEMPLATES, Line, World, until, world

CROWD = 30


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Wait a twentieth as long and format no tracebacks, so that the tests take no seconds."""
    monkeypatch.setattr(broadcast, "LOOK_AGAIN", 0.05)
    monkeypatch.setattr(broadcast, "LOST_PATIENCE", 0.2)
    monkeypatch.setattr("bot.store.journal.PATIENCE", 0.02)
    with capture_logs():
        yield


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[World]:
    """A day planned for thirty chats, in one part each."""
    async with world(tmp_path) as place:
        await load(place.store, digest(items=2))
        await place.subscribe(*(subscription(chat(number)) for number in range(CROWD)))
        assert await place.plan() == CROWD
        place.store.leases.owner = "a-host:1:abcd"
        yield place


@asynccontextmanager
async def another(place: World, folder: Path) -> AsyncIterator[World]:
    """Give another process on the same database and the same account."""
    async with opened(folder) as store:
        store.leases.owner = "another-host:1:abcd"
        yield World(store, place.platform, now=place.now)


@asynccontextmanager
async def running(*broadcasts: Broadcast, patience: float = 1.0) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(one.run()) for one in broadcasts]
    try:
        yield
    finally:
        await asyncio.gather(*(one.stop(patience) for one in broadcasts))
        await asyncio.gather(*tasks)


async def settled(place: World, number: int = CROWD) -> None:
    """Wait until so many deliveries are settled."""
    async with asyncio.timeout(PATIENCE):
        while sum(line.settled_at is not None for line in await place.ledger()) < number:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def all_lines(place: World, hold: Callable[[Line], bool]) -> None:
    """Wait until all of the ledger is as it should."""
    async with asyncio.timeout(PATIENCE):
        while not all(hold(line) for line in await place.ledger()):  # noqa: ASYNC110
            await asyncio.sleep(0.01)


def arrived(platform: FakePlatform) -> list[str]:
    return sorted((message.chat.address for message in platform.messages), key=int)


EVERYBODY_ONCE = [str(number) for number in range(CROWD)]


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


async def test_run__two_processes_never_both_send(place: World, tmp_path: Path) -> None:
    async with another(place, tmp_path) as other:
        for number in range(CROWD):
            place.platform.script(str(number), 0.02)
        async with running(place.broadcast(), other.broadcast()):
            await settled(place)
            await asyncio.sleep(0.1)
    assert arrived(place.platform) == EVERYBODY_ONCE


async def test_run__the_one_standing_by_takes_over_when_the_owner_stops(place: World, tmp_path: Path) -> None:
    async with another(place, tmp_path) as other:
        first, second = place.broadcast(), other.broadcast()
        async with running(second):
            async with running(first):
                await asyncio.sleep(0)
            await settled(other)
    assert arrived(place.platform) == EVERYBODY_ONCE


async def test_run__a_dead_owners_claims_are_taken_over_when_its_lease_is_out(place: World, tmp_path: Path) -> None:
    assert await place.store.leases.hold("console", place.now)
    dead = await place.store.deliveries.claim("console", place.store.leases.owner, place.now, CROWD)
    await place.store.deliveries.sending(dead[0].id, 1, again=False, now=place.now)
    async with another(place, tmp_path) as other, running(other.broadcast()):
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

    async def begin(self, chat: Chat, lane: Lane) -> Permit:
        await self.awake.wait()
        return await super().begin(chat, lane)


async def test_run__who_slept_and_lost_the_account_drops_what_waited(place: World, tmp_path: Path) -> None:
    """It holds thirty claims; while it slept another process took them and sends them."""
    pacer = Asleep(place.platform.pace)
    place.sending = replace(place.sending, pacer=pacer)
    async with another(place, tmp_path) as other, running(place.broadcast()):
        await all_lines(place, lambda line: line.state is DeliveryState.CLAIMED)
        other.platform = FakePlatform()
        other.sending = other.new_sending()
        other.now = place.now + LEASE
        async with running(other.broadcast()):
            await settled(other)
            place.now = other.now
            await asyncio.sleep(0.2)
            pacer.awake.set()
            await asyncio.sleep(0.1)
        assert {(line.state, line.code) for line in await place.ledger()} == {(DeliveryState.SENT, None)}
    assert place.platform.messages == []
    assert arrived(other.platform) == EVERYBODY_ONCE


async def test_run__who_lost_the_account_and_has_it_again_takes_over_too(place: World, tmp_path: Path) -> None:
    async with another(place, tmp_path) as other, running(place.broadcast()):
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


async def test_stop__what_is_in_flight_is_answered_and_recorded(place: World) -> None:
    for number in range(CROWD):
        place.platform.script(str(number), 0.15)
    async with running(place.broadcast()):
        await until(lambda: place.platform.calls.total() == CROWD)
    assert arrived(place.platform) == EVERYBODY_ONCE
    assert {line.parts[1] for line in await place.ledger()} == {(PartState.SENT, 1)}
    assert not {line.state for line in await place.ledger()} & {DeliveryState.CLAIMED}


async def test_stop__what_hangs_is_unknown_and_nothing_is_left_sending(place: World) -> None:
    never = asyncio.Event()
    place.platform.script("0", never)
    async with running(place.broadcast(), patience=0.05):
        await settled(place, CROWD - 1)
    line = await place.line(0)
    assert (line.state, line.parts) == (DeliveryState.PLANNED, {1: (PartState.UNKNOWN, 1)})


async def test_stop__what_waits_for_its_turn_is_left_to_the_next_process(place: World, tmp_path: Path) -> None:
    place.platform.pace = Pace(per_second=10)
    place.sending = place.new_sending()
    async with running(place.broadcast()):
        await until(lambda: len(place.platform.messages) >= 3)
    sent = len(place.platform.messages)
    await asyncio.sleep(0.3)
    assert len(place.platform.messages) == sent < CROWD
    place.platform.pace = Pace(per_second=None)
    async with another(place, tmp_path) as other, running(other.broadcast()):
        await settled(other)
    assert arrived(place.platform) == EVERYBODY_ONCE


async def test_stop__gives_the_account_away(place: World) -> None:
    async with running(place.broadcast()):
        await settled(place)
        assert await place.store.leases.holder("console", place.now) == place.store.leases.owner
    assert await place.store.leases.holder("console", place.now) is None


async def test_stop__while_it_claims_sends_nothing_more(place: World) -> None:
    claim = place.store.deliveries.claim
    claimed, go_on = asyncio.Event(), asyncio.Event()

    async def slow_claim(platform: str, owner: str, now: datetime, limit: int) -> object:
        batch = await claim(platform, owner, now, limit)
        claimed.set()
        await go_on.wait()
        return batch

    place.store.deliveries.claim = slow_claim  # type: ignore[method-assign, assignment]
    one = place.broadcast()
    task = asyncio.create_task(one.run())
    await claimed.wait()
    await one.stop(0.05)
    go_on.set()
    await task
    await asyncio.sleep(0.05)
    assert place.platform.messages == []


async def test_run__a_postponed_delivery_waits_for_its_time(place: World) -> None:
    place.platform.script("0", NotDelivered("connection refused"))
    async with running(place.broadcast()):
        await settled(place, CROWD - 1)
        await asyncio.sleep(0.15)
        assert place.platform.calls["0"] == 1
        place.now += timedelta(seconds=2)
        await settled(place)
    assert arrived(place.platform) == EVERYBODY_ONCE
