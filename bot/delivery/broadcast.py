"""The broadcast of one account: claims what may be sent now and keeps a bounded number of deliveries under way."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.delivery.sending import Sending
from bot.errors import StoreConflict, StoreError
from bot.models import Delivery
from bot.store import LEASE, Store
from bot.store.leases import Hold

log = structlog.get_logger()

UNDER_WAY = 1024
"""How many deliveries are open at once: enough to fill the pace of any platform at any delay."""
BATCH = 512
LOOK_AGAIN = 1.0
"""How often an idle broadcast looks into the ledger unasked, in seconds."""
RENEW_EVERY = LEASE / 3
LOST_PATIENCE = 5.0
"""How long what is in flight may still be answered when another process has taken the account, in seconds."""
LAST_RECORDS = 1.0
"""How long the records of what was cut off may take, in seconds."""
LETTING_GO = 2.0
"""How long it may take to free what was claimed and the lease when we stop, in seconds: a disk can be busy.

A write that waits for another process's transaction is not cut off; how long it may wait, the store says.
"""
AFTER_A_CRASH = timedelta(minutes=5)
AFTER_THE_STORE = timedelta(seconds=5)
"""How long a delivery waits that the store held up: no fault of its own."""


class Broadcast:
    """Sends what the ledger holds for one account, as long as this process has its lease."""

    def __init__(self, store: Store, sending: Sending, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._sending = sending
        self._clock = clock
        self._platform = sending.adapter.dialect.platform
        self._tasks: set[asyncio.Task[None]] = set()
        self._awake = asyncio.Event()
        self._stopping = False
        self._renew_at: datetime | None = None

    def wake(self) -> None:
        """Look into the ledger now: something was planned."""
        self._awake.set()

    async def run(self) -> None:
        """Hold the lease and send until stopped."""
        while not self._stopping:
            try:
                if await self._holds_lease():
                    await self._claim()
            except StoreError as error:
                log.error("store unavailable, trying on", reason=str(error))
            await self._rest()

    async def stop(self, patience: float) -> None:
        """Claim no more, let what is in flight be answered for `patience` seconds, and leave nothing half-done.

        A call that hangs beyond that is recorded as `unknown`; what was claimed is there for the next process.
        """
        self._stopping = True
        self.wake()
        await self._drop(patience)
        try:
            async with asyncio.timeout(LETTING_GO):
                await self._store.deliveries.let_go(self._platform, self._store.leases.owner, self._clock())
                await self._store.leases.release(self._platform, self._clock())
        except (StoreError, TimeoutError) as error:
            reason = str(error) or f"the store was not done within {LETTING_GO:g} seconds"
            log.error("account not released, the next process will wait for it", reason=reason)

    async def _holds_lease(self) -> bool:
        """Take the lease or renew it in time; whoever takes it frees what the owner before had claimed.

        Whoever lost it, were it only for a while as a machine that slept, drops what it was about to send.
        """
        now = self._clock()
        if self._renew_at and abs(now - self._renew_at) < RENEW_EVERY and now < self._renew_at:
            return True
        holds = await self._store.leases.hold(self._platform, now)
        if holds is not Hold.KEPT and self._renew_at:
            log.warning("another process sends for account", platform=self._platform)
            await self._drop(LOST_PATIENCE)
            self._renew_at = None
        if holds and not self._renew_at:
            await self._store.deliveries.let_go(self._platform, self._store.leases.owner, now)
            await self._store.deliveries.take_over(self._platform, self._store.leases.owner, now)
            log.info("sends for account", platform=self._platform)
        self._renew_at = now + RENEW_EVERY if holds else None
        return bool(holds)

    async def _drop(self, patience: float) -> None:
        """Give up what waits for its turn, and let what is in flight be answered for `patience` seconds."""
        self._sending.dropping.set()
        for task in self._tasks - self._sending.in_flight:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=patience)
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=LAST_RECORDS)
        self._sending.dropping.clear()

    async def _claim(self) -> None:
        """Fill up to the bound; again at once while there is more, so that a crowd is not served by the second."""
        while (room := UNDER_WAY - len(self._tasks)) > 0 and not self._stopping:
            batch = await self._store.deliveries.claim(
                self._platform, self._store.leases.owner, self._clock(), min(room, BATCH)
            )
            for delivery in batch:
                self._start(delivery)
            if len(batch) < min(room, BATCH):
                return

    def _start(self, delivery: Delivery) -> None:
        if self._stopping:
            return
        task = asyncio.create_task(self._sending.deliver(delivery))
        self._tasks.add(task)
        task.add_done_callback(lambda done: self._finished(done, delivery))

    def _finished(self, task: asyncio.Task[None], delivery: Delivery) -> None:
        self._tasks.discard(task)
        if len(self._tasks) <= UNDER_WAY - BATCH:
            self.wake()
        if task.cancelled() or not (error := task.exception()):
            return
        if isinstance(error, StoreConflict):
            log.warning("another process was at this delivery", delivery=delivery.id, reason=str(error))
            self._put_back(delivery, error, AFTER_THE_STORE)
        elif isinstance(error, StoreError):
            log.error("store unavailable, trying on", delivery=delivery.id, reason=str(error))
            self._put_back(delivery, error, AFTER_THE_STORE)
        else:
            log.error("delivery crashed, trying later", delivery=delivery.id, exc_info=error)
            self._put_back(delivery, error, AFTER_A_CRASH)

    def _put_back(self, delivery: Delivery, error: BaseException, wait: timedelta) -> None:
        task = asyncio.create_task(self._sending.put_back(delivery, error, wait))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _rest(self) -> None:
        try:
            await asyncio.wait_for(self._awake.wait(), LOOK_AGAIN)
        except TimeoutError:
            return
        finally:
            self._awake.clear()
