"""The clockwork: jobs that run by the clock on the wall, and go on when somebody sets it back."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger

log = structlog.get_logger()

Job = Callable[[], Coroutine[object, object, None]]

LOOK = 1.0
"""How often it is asked whether the clock was set back, in seconds."""


class Every(BaseTrigger):  # type: ignore[misc]  # APScheduler has no types
    """Again and again. APScheduler's own counts all the times that were missed: for minutes, after a year's jump."""

    def __init__(self, seconds: float) -> None:
        self._interval = timedelta(seconds=seconds)

    def get_next_fire_time(self, _previous: datetime | None, now: datetime) -> datetime:
        """Return when to run next."""
        return now + self._interval


class Clockwork:
    """Jobs, each at its times; one that is late runs once, and never beside itself."""

    def __init__(self) -> None:
        defaults = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        self._scheduler = AsyncIOScheduler(timezone=UTC, job_defaults=defaults)
        self._triggers: dict[str, BaseTrigger] = {}
        self._running: set[asyncio.Future[None]] = set()

    def every(self, seconds: float, job: Job) -> None:
        """Have `job` run every so many seconds."""
        self._add(job, Every(seconds))

    def daily(self, at: time, zone: str, job: Job) -> None:
        """Have `job` run once a day, when it is `at` in `zone`."""
        self._add(job, CronTrigger(hour=at.hour, minute=at.minute, timezone=zone))

    def _add(self, job: Job, trigger: BaseTrigger) -> None:
        self._triggers[self._scheduler.add_job(self._apart(job), trigger).id] = trigger

    def start(self) -> None:
        """Begin."""
        self._scheduler.start()

    async def stop(self, patience: float) -> None:
        """End; what is running has `patience` seconds to end by itself: cut short, it may leave the database locked."""
        self._scheduler.shutdown(wait=False)
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=patience)
            for job in late:
                job.cancel()

    async def follow(self) -> None:
        """Watch the clock until cancelled. APScheduler would wait until it is again as late as it was."""
        seen = datetime.now(UTC)
        while True:
            await asyncio.sleep(LOOK)
            now = datetime.now(UTC)
            if now < seen:
                log.warning("the clock was set back", by=str(seen - now))
                self._begin_anew()
            seen = now

    def _begin_anew(self) -> None:
        for name, trigger in self._triggers.items():
            self._scheduler.reschedule_job(name, trigger=trigger)

    def _apart(self, job: Job) -> Job:
        """Return `job` so that APScheduler, shut down, neither cuts it short nor logs that as a failure."""

        async def run() -> None:
            running = asyncio.ensure_future(job())
            self._running.add(running)
            running.add_done_callback(self._running.discard)
            with suppress(asyncio.CancelledError):
                await asyncio.shield(running)

        return run
