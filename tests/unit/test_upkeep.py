"""The upkeep as the running application does it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import aiohttp
import pytest
import time_machine

from bot import app, upkeep
from bot.config import Settings
from bot.errors import ConfigError
from tests.fakes import MORNING, TODAY, FakePlatform, chat, database_url, digest, load, opened, subscription
from tests.unit.delivering import World

LATER = MORNING + timedelta(days=100)


def settings(folder: Path, **values: object) -> Settings:
    return Settings(database_url=database_url(folder), language="en", **values)  # type: ignore[arg-type]


@asynccontextmanager
async def running(configured: Settings, platform: FakePlatform) -> AsyncIterator[None]:
    stop = asyncio.Event()
    async with app.house(configured, lambda: MORNING) as at:
        work = asyncio.create_task(app.run(at, [platform], stop))
        try:
            yield
        finally:
            stop.set()
            await work


async def eventually(platform: FakePlatform, address: str) -> str:
    async with asyncio.timeout(5):
        while not (shown := platform.markups(address)):  # noqa: ASYNC110  # a platform in memory tells nobody
            await asyncio.sleep(0.02)
    return shown[0]


async def test_run__tells_the_operator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "LOOK_ROUND", 0.05)
    platform = FakePlatform()
    async with running(settings(tmp_path, admins=(("console", "operator"),), alarm_at=time(9)), platform):
        assert "past 09:00" in await eventually(platform, "operator")


async def test_run__answers_on_the_port(tmp_path: Path, unused_tcp_port: int) -> None:
    platform = FakePlatform()
    async with (
        running(settings(tmp_path, web_port=unused_tcp_port), platform),
        aiohttp.ClientSession(f"http://127.0.0.1:{unused_tcp_port}") as session,
        asyncio.timeout(5),
    ):
        while True:
            try:
                response = await session.get("/healthz")
                if response.status == 200:
                    break
            except aiohttp.ClientConnectionError:
                pass
            await asyncio.sleep(0.02)
        assert (await session.get("/metrics")).status == 200


async def test_run__a_port_that_is_taken_ends_it_with_the_name_of_the_setting(
    tmp_path: Path, unused_tcp_port: int
) -> None:
    taken = await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", unused_tcp_port)
    async with taken:
        with pytest.raises(ConfigError, match="DIGESTBOT_WEB_PORT"):
            async with running(settings(tmp_path, web_port=unused_tcp_port), FakePlatform()):
                await asyncio.sleep(0.2)


async def filled(there: World, *moments: datetime) -> None:
    """Let the digests of these days reach a reader."""
    await there.subscribe(subscription(chat(1)))
    for now in moments:
        there.now = now
        await load(there.store, digest(now.date()), now=now)
        await there.plan()
        await there.rounds()


async def test_run__thins_the_ledger_by_night(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        await filled(World(store), MORNING, LATER)
    night = datetime.combine(LATER, app.NIGHT, UTC)
    with time_machine.travel(night - timedelta(seconds=0.5), tick=True):
        async with app.house(settings(tmp_path, zone="UTC", keep_days=98), lambda: LATER) as at:
            before, stop = await World(at.store).ledger(), asyncio.Event()
            work = asyncio.create_task(app.run(at, [FakePlatform()], stop))
            async with asyncio.timeout(5):
                while len(left := await World(at.store).ledger()) == len(before):  # noqa: ASYNC110  # a job tells nobody
                    await asyncio.sleep(0.02)
            stop.set()
            await work
    assert [line.occasion for line in left] == [f"day:{LATER.date()}"]


async def test_thin__keeps_as_many_days_as_are_set(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        there = World(store)
        await filled(there, MORNING, LATER)
        await upkeep.thin(settings(tmp_path, keep_days=101), store, LATER)
        assert len(await there.ledger()) == 2
        await upkeep.thin(settings(tmp_path, keep_days=98), store, LATER)
        assert [line.occasion for line in await there.ledger()] == [f"day:{LATER.date()}"]


async def test_thin__spares_what_a_correction_may_still_reach(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        there = World(store)
        await filled(there, MORNING, LATER)
        long = timedelta(days=120)
        await upkeep.thin(settings(tmp_path, keep_days=7, correct_for=long), store, LATER)
        assert [line.occasion for line in await there.ledger()] == [f"day:{TODAY}", f"day:{LATER.date()}"]
