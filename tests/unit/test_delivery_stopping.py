"""The end of a broadcast: nothing half-done, nothing lost to the next process."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.contract import Pace
from bot.models import DeliveryState, PartState
from bot.store.engine import BUSY_TIMEOUT
from tests.fakes import DATABASE
from tests.unit.crowd import CROWD, EVERYBODY_ONCE, another, any_line, arrived, crowd, in_a_hurry, running, settled
from tests.unit.delivering import World, until


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with in_a_hurry(monkeypatch):
        yield


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[World]:
    async with crowd(tmp_path) as place:
        yield place


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


async def test_stop__what_was_recorded_and_never_left_is_known_not_to_have_arrived(place: World) -> None:
    place.platform.pace = Pace(per_second=20)
    place.sending = place.new_sending()
    place.sending.pacer.hold_all(60)
    async with running(place.broadcast(), patience=0.05):
        await any_line(place, lambda line: line.parts == {1: (PartState.SENDING, 1)})
    assert {part for line in await place.ledger() for part in line.parts.values()} == {(PartState.REFUSED, 0)}
    assert place.platform.messages == []


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


@pytest.mark.parametrize("pending", [False, True], ids=["idle", "with a record to write"])
async def test_stop__a_database_that_is_locked_is_not_waited_for(
    place: World, tmp_path: Path, *, pending: bool
) -> None:
    if pending:
        place.platform.script("0", asyncio.Event())
    one = place.broadcast()
    task = asyncio.create_task(one.run())
    await settled(place, CROWD - pending)
    with closing(sqlite3.connect(tmp_path / DATABASE, isolation_level=None)) as elsewhere, capture_logs() as logs:
        elsewhere.execute("BEGIN IMMEDIATE")
        place.store.hurry(0.2)
        began = time.monotonic()
        await one.stop(0.05)
        assert time.monotonic() - began < BUSY_TIMEOUT / 1000 / 2
        elsewhere.execute("ROLLBACK")
    await task
    (said,) = [line["reason"] for line in logs if line["event"].startswith("account not released")]
    assert "within 2 seconds" in said if pending else "another process keeps it to itself" in said
