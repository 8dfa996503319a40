import asyncio
import os
import socket
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.store import LEASE, Store
from bot.store.leases import numbering
from tests.fakes import MORNING, Where, opened

HOST, PID, HERE = socket.gethostname(), os.getpid(), numbering()
MOMENT = timedelta(seconds=1)


@pytest.fixture
async def mine(where: Where) -> AsyncIterator[Store]:
    async with opened(where) as store:
        store.leases.owner = "a-host:77:abcd"
        yield store


@pytest.fixture
async def other(mine: Store, where: Where) -> AsyncIterator[Store]:  # noqa: ARG001  # the file is made by the first
    async with opened(where) as store:
        store.leases.owner = "another-host:77:abcd"
        yield store


async def test_hold__one_owner_at_a_time(mine: Store, other: Store) -> None:
    assert await mine.leases.hold("telegram", MORNING)
    assert not await other.leases.hold("telegram", MORNING)
    assert await mine.leases.hold("telegram", MORNING + MOMENT)
    assert await other.leases.holder("telegram", MORNING) == mine.leases.owner


async def test_hold__each_account_has_its_own(mine: Store, other: Store) -> None:
    assert await mine.leases.hold("telegram", MORNING)
    assert await other.leases.hold("discord", MORNING)


async def test_hold__a_silent_owner_loses_it_when_it_runs_out(mine: Store, other: Store) -> None:
    assert await other.leases.hold("telegram", MORNING)
    assert not await mine.leases.hold("telegram", MORNING + LEASE - MOMENT)
    assert await mine.leases.hold("telegram", MORNING + LEASE)
    assert not await other.leases.hold("telegram", MORNING + LEASE)


AHEAD = timedelta(hours=8)


async def test_hold__what_a_clock_ahead_wrote_runs_out_as_fast(mine: Store, other: Store) -> None:
    assert await other.leases.hold("telegram", MORNING + AHEAD)
    for waited in (timedelta(), LEASE / 2, LEASE - MOMENT):
        assert not await mine.leases.hold("telegram", MORNING + waited)
    assert await mine.leases.hold("telegram", MORNING + LEASE)
    assert await mine.leases.holder("telegram", MORNING + LEASE) == mine.leases.owner


async def test_hold__an_owner_whose_clock_is_ahead_keeps_it_while_it_lives(mine: Store, other: Store) -> None:
    for moment in range(60):
        if moment % 5 == 0:
            assert await other.leases.hold("telegram", MORNING + AHEAD + moment * MOMENT)
        assert not await mine.leases.hold("telegram", MORNING + moment * MOMENT)


async def test_living__not_who_wrote_by_a_clock_that_was_ahead(mine: Store, other: Store) -> None:
    """Whoever looks once can't wait and see, as `restore`; a minute may lie between two machines."""
    for ahead, alive in ((LEASE, True), (AHEAD, False)):
        assert await other.leases.hold("telegram", MORNING + ahead)
        assert await mine.leases.living(MORNING) == ({other.leases.owner} if alive else set())
        assert await mine.leases.holder("telegram", MORNING) == (other.leases.owner if alive else None)
        assert await other.leases.holder("telegram", MORNING) == other.leases.owner, "its clock was just set right"


async def test_hold__renewing_puts_the_end_off(mine: Store, other: Store) -> None:
    assert await other.leases.hold("telegram", MORNING)
    assert await other.leases.hold("telegram", MORNING + LEASE / 2)
    assert not await mine.leases.hold("telegram", MORNING + LEASE + MOMENT)


async def test_hold__an_owner_of_this_host_that_is_dead_is_not_waited_for(mine: Store, other: Store) -> None:
    child = await asyncio.create_subprocess_exec("true")
    await child.wait()
    other.leases.owner = f"{HOST}:{child.pid}:{HERE}-abcd"
    assert await other.leases.hold("telegram", MORNING)
    assert await mine.leases.holder("telegram", MORNING) is None
    assert await mine.leases.hold("telegram", MORNING)


async def test_hold__an_earlier_process_with_our_number_is_dead(mine: Store, other: Store) -> None:
    other.leases.owner = f"{HOST}:{PID}:{HERE}-abcd"
    assert await other.leases.hold("telegram", MORNING)
    assert await mine.leases.hold("telegram", MORNING)


@pytest.mark.parametrize("pid", [PID, 2**22 + 1], ids=["ours", "free"])
async def test_hold__a_process_that_is_numbered_elsewhere_is_waited_for(mine: Store, other: Store, pid: int) -> None:
    """Two containers that share their host's name: our number means another process there, a free one maybe one."""
    other.leases.owner = f"{HOST}:{pid}:elsewhere-abcd"
    assert await other.leases.hold("telegram", MORNING)
    assert not await mine.leases.hold("telegram", MORNING)
    assert await mine.leases.hold("telegram", MORNING + LEASE)


async def test_hold__an_owner_of_this_host_that_lives_is_waited_for(mine: Store, other: Store) -> None:
    other.leases.owner = f"{HOST}:{os.getppid()}:{HERE}-abcd"
    assert await other.leases.hold("telegram", MORNING)
    assert not await mine.leases.hold("telegram", MORNING)


async def test_hold__a_host_name_with_colons(mine: Store, other: Store) -> None:
    other.leases.owner = "fe80::1:5:abcd"
    assert await other.leases.hold("telegram", MORNING)
    assert not await mine.leases.hold("telegram", MORNING)


async def test_release__the_next_need_not_wait(mine: Store, other: Store) -> None:
    assert await mine.leases.hold("telegram", MORNING)
    await mine.leases.release("telegram", MORNING)
    assert await other.leases.holder("telegram", MORNING) is None
    assert await other.leases.hold("telegram", MORNING)


async def test_release__only_what_is_ours(mine: Store, other: Store) -> None:
    assert await mine.leases.hold("telegram", MORNING)
    await other.leases.release("telegram", MORNING)
    assert await other.leases.holder("telegram", MORNING) == mine.leases.owner


async def test_holder__nobody_after_it_ran_out(mine: Store, other: Store) -> None:
    assert await other.leases.holder("telegram", MORNING) is None
    assert await mine.leases.hold("telegram", MORNING)
    assert await other.leases.holder("telegram", MORNING + LEASE) is None
