"""A walk through time with the real store: the clock runs, jumps and is set back; what else happens, each walk adds."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import hypothesis.strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from bot.models import Chat, Subscription
from bot.store import Store
from tests.fakes import FakePlatform, database_url, opened
from tests.unit.delivering import World

MINUTE = timedelta(minutes=1)


class Walk(RuleBasedStateMachine):
    """`wishes` are the subscriptions as they should stand in the store."""

    tick: Callable[[], None]

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = TemporaryDirectory()
        self.platform = FakePlatform()
        self.wishes: dict[Chat, Subscription] = {}
        self.runner.run(self._open())

    async def _open(self) -> None:
        async with opened(Path(self.folder.name)):
            """The file is made; the store of the walk stays open beyond this."""
        self.world = World(await self.another_store(), self.platform)

    async def another_store(self) -> Store:
        """Open the file once more, as another process does."""
        return await Store.open(database_url(Path(self.folder.name)))

    @property
    def now(self) -> datetime:
        return self.world.now

    @now.setter
    def now(self, now: datetime) -> None:
        self.world.now = now

    @rule(minutes=st.one_of(st.integers(1, 90), st.integers(60, 60 * 14)))
    def time_passes(self, minutes: int) -> None:
        self.now += minutes * MINUTE
        self.tick()

    @rule(hours=st.integers(1, 30))
    def the_machine_sleeps(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(minutes=st.integers(1, 1500))
    def the_clock_is_set_back(self, minutes: int) -> None:
        """Turn the clock back; who subscribed by the clock that was ahead has subscribed now."""
        self.now -= minutes * MINUTE
        self.wishes = {who: replace(wish, since=min(wish.since, self.now)) for who, wish in self.wishes.items()}
        self.tick()

    def teardown(self) -> None:
        self.runner.run(self.world.store.close())
        self.runner.close()
        self.folder.cleanup()
