"""Thirty chats with a day planned for them, and broadcasts that run."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

import pytest
from structlog.testing import capture_logs

from bot.delivery import Broadcast, broadcast
from tests.fakes import FakePlatform, Where, chat, digest, load, opened, subscription
from tests.unit.delivering import PATIENCE, Line, World, world

CROWD = 30
EVERYBODY_ONCE = [str(number) for number in range(CROWD)]


@contextmanager
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Wait a twentieth as long and format no tracebacks, so that the tests take no seconds."""
    monkeypatch.setattr(broadcast, "LOOK_AGAIN", 0.05)
    monkeypatch.setattr(broadcast, "LOST_PATIENCE", 0.2)
    monkeypatch.setattr("bot.store.journal.PATIENCE", 0.02)
    with capture_logs():
        yield


@asynccontextmanager
async def crowd(where: Where) -> AsyncIterator[World]:
    """Give a world with a day planned for thirty chats, in one part each."""
    async with world(where) as place:
        await load(place.store, digest(items=2))
        await place.subscribe(*(subscription(chat(number)) for number in range(CROWD)))
        assert await place.plan() == CROWD
        place.store.leases.owner = "a-host:1:abcd"
        yield place


@asynccontextmanager
async def another(place: World, where: Where) -> AsyncIterator[World]:
    """Give another process on the same database and the same account."""
    async with opened(where) as store:
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


async def any_line(place: World, holds: Callable[[Line], bool]) -> None:
    """Wait until a line of the ledger is as it should."""
    async with asyncio.timeout(PATIENCE):
        while not any(holds(line) for line in await place.ledger()):  # noqa: ASYNC110
            await asyncio.sleep(0.01)


def arrived(platform: FakePlatform) -> list[str]:
    return sorted((message.chat.address for message in platform.messages), key=int)
