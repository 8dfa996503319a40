"""What the composition root does by itself."""

import asyncio
from datetime import UTC

import pytest
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.app import ends_quietly


async def test_ends_quietly__a_job_cut_short_leaves_no_traceback(caplog: pytest.LogCaptureFixture) -> None:
    begun = asyncio.Event()

    async def job() -> None:
        begun.set()
        await asyncio.Event().wait()

    scheduler = AsyncIOScheduler(timezone=UTC)
    scheduler.add_job(ends_quietly(job))
    scheduler.start()
    await begun.wait()
    scheduler.shutdown(wait=False)
    await asyncio.sleep(0.01)
    assert [record.message for record in caplog.records if record.exc_info] == []
