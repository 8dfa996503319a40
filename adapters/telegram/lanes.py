"""Work side by side, but one after the other within a lane."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

log = structlog.get_logger(__name__)


class Lanes:
    """Runs work in tasks: lanes don't wait for each other, the work of one lane keeps its order."""

    def __init__(self) -> None:
        self._tails: dict[str, asyncio.Task[None]] = {}
        self._running: set[asyncio.Task[None]] = set()

    def add(self, lane: str, work: Callable[[], Awaitable[object]]) -> None:
        """Run `work` once all that was added to `lane` before is done. What it raises is logged."""
        task = asyncio.create_task(_after(self._tails.get(lane), work))
        self._tails[lane] = task
        self._running.add(task)
        task.add_done_callback(lambda done: self._settle(lane, done))

    async def drain(self, *, seconds: float) -> None:
        """Wait up to `seconds` for what is running, then cancel the rest."""
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _settle(self, lane: str, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if self._tails.get(lane) is task:
            del self._tails[lane]
        if not task.cancelled() and (error := task.exception()):
            log.error("an update could not be handled", exc_info=error)


async def _after(previous: asyncio.Task[None] | None, work: Callable[[], Awaitable[object]]) -> None:
    if previous is not None:
        await asyncio.wait([previous])
    await work()
