"""Jobs by the clock on the wall, whatever happens to it."""

import asyncio
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
import time_machine
from structlog.testing import capture_logs

from bot import app, clockwork, logs
from bot.app import house
from bot.clockwork import Clockwork
from bot.config import Settings
from bot.delivery import Planner
from bot.web import Health
from tests.fakes import LONG_AGO, database_url, opened
from tests.unit.delivering import until

NOON = datetime(2025, 10, 12, 12, tzinfo=UTC)


async def test_clockwork__a_job_cut_short_leaves_no_traceback(caplog: pytest.LogCaptureFixture) -> None:
    begun = asyncio.Event()

    async def job() -> None:
        begun.set()
        await asyncio.Event().wait()

    one = Clockwork()
    one.every(0.01, job)
    one.start()
    await begun.wait()
    await one.stop(0.05)
    await asyncio.sleep(0.01)
    assert [record.message for record in caplog.records if record.exc_info] == []


@pytest.mark.usefixtures("log_put_back")
async def test_clockwork__a_job_that_outlasts_its_turn_is_no_word_worth(caplog: pytest.LogCaptureFixture) -> None:
    logs.set_up(Settings())
    ended = asyncio.Event()

    async def job() -> None:
        await asyncio.sleep(0.2)
        ended.set()

    one = Clockwork()
    one.every(0.02, job)
    one.start()
    await ended.wait()
    await one.stop(1)
    assert caplog.records == []


@pytest.mark.parametrize("hours", [-36, -1, 1, 24 * 400])
async def test_clockwork__goes_on_when_the_clock_is_set(monkeypatch: pytest.MonkeyPatch, hours: int) -> None:
    monkeypatch.setattr(clockwork, "LOOK", 0.02)
    ran = 0

    async def job() -> None:
        nonlocal ran
        ran += 1

    with time_machine.travel(NOON, tick=True) as clock:
        one = Clockwork()
        one.every(0.05, job)
        one.start()
        following = asyncio.create_task(one.follow())
        await asyncio.sleep(0.2)
        before = ran
        clock.shift(timedelta(hours=hours))
        await asyncio.sleep(0.4)
        following.cancel()
        await one.stop(0.05)
    assert before > 0
    assert ran >= before + 3


async def test_clockwork__a_nightly_job_comes_at_night_though_the_clock_was_set_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is past its hour; set back to just before it, it comes again and need not wait a day."""
    monkeypatch.setattr(clockwork, "LOOK", 0.02)
    ran = asyncio.Event()

    async def job() -> None:
        ran.set()

    with time_machine.travel(NOON, tick=True) as clock:
        one = Clockwork()
        one.daily(time(3, 40), "UTC", job)
        one.start()
        following = asyncio.create_task(one.follow())
        await asyncio.sleep(0.05)
        clock.move_to(NOON.replace(hour=3, minute=39, second=59))
        async with asyncio.timeout(5):
            await ran.wait()
        following.cancel()
        await one.stop(0.05)


async def test_clockwork__what_is_under_way_at_the_end_is_finished() -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def job() -> None:
        begun.set()
        await asyncio.sleep(0.1)
        ended.set()

    one = Clockwork()
    one.every(0.01, job)
    one.start()
    await begun.wait()
    await one.stop(5)
    assert ended.is_set()


@pytest.mark.parametrize(("correct_for", "beats"), [(timedelta(hours=48), True), (timedelta.max, False)])
async def test_tick__whose_planning_fails_is_no_sign_of_health(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, correct_for: timedelta, *, beats: bool
) -> None:
    monkeypatch.setattr(app, "TICK", 0.02)
    settings = Settings(database_url=database_url(tmp_path))
    async with opened(tmp_path), house(settings) as at:
        health = Health(at.store, (), LONG_AGO)
        planner = Planner(at.store, catch_up=settings.catch_up, correct_for=correct_for)
        one = app._clockwork(at, planner, (), health)
        with capture_logs() as logs:
            one.start()
            await until(lambda: not beats or health.since_tick(at.clock()) < timedelta(hours=1))
            await until(lambda: beats or len(logs) > 2)
            await one.stop(5)
        assert (await health.ailments(at.clock()) == ()) is beats
        assert {line["what"] for line in logs} == (set() if beats else {"tick"})
