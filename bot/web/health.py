"""Whether the bot does its work: the store answers, the clock ticks, and every account has its sender."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from bot.errors import StoreError
from bot.store import Store

log = structlog.get_logger()

TICK_LIMIT = timedelta(seconds=30)
"""How long ago the last tick may be; it comes every second."""
PATIENCE = 5.0
"""How long the store may take to answer, in seconds."""


class Health:
    """The health of this process; the tick reports here by `beat`."""

    def __init__(self, store: Store, platforms: Sequence[str], started: datetime) -> None:
        self._store = store
        self.platforms = platforms
        self._ticked = started

    def beat(self, now: datetime) -> None:
        """Note that the tick did its work."""
        self._ticked = now

    def since_tick(self, now: datetime) -> timedelta:
        """Return how long ago the tick last did its work."""
        return max(now - self._ticked, timedelta())

    async def ailments(self, now: datetime) -> tuple[str, ...]:
        """Return what is wrong, in words that hold no secret; nothing when all is well."""
        found = list(await self._in_store(now))
        if self.since_tick(now) > TICK_LIMIT:
            found.append("the tick has not done its work for 30 seconds")
        return tuple(found)

    async def _in_store(self, now: datetime) -> tuple[str, ...]:
        try:
            async with asyncio.timeout(PATIENCE):
                await self._store.leases.living(now)
                holders = {name: await self._store.leases.holder(name, now) for name in self.platforms}
        except (StoreError, TimeoutError) as error:
            log.error("store does not answer", reason=str(error) or "no answer in time")
            return ("the store does not answer",)
        return tuple(f"nobody sends to {name}" for name, holder in holders.items() if holder is None)
