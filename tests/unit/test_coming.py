"""What the screens say of the next digest is what the planner then does: hours, zones, days and absences at random."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count, takewhile
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from bot.commands.coming import Coming
from bot.delivery import Planner
from bot.models import Reply, Slot
from bot.store import Store
from tests.fakes import opened
from tests.unit.commanding import MORNING, PRIVATE, TODAY, Room, digest, open_room, presses, publish

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
ZONES = (
    "Asia/Shanghai",
    "America/New_York",
    "America/Nuuk",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "Pacific/Kiritimati",
)
CHANGES = (
    datetime(2025, 3, 9, 7, tzinfo=UTC),  # New York
    datetime(2025, 3, 30, 1, tzinfo=UTC),  # Nuuk, whose clocks leave out the last hour of a day
    datetime(2025, 4, 24, 22, tzinfo=UTC),  # Cairo, which skips a midnight
    datetime(2025, 10, 4, 15, 30, tzinfo=UTC),  # Lord Howe
    datetime(2025, 10, 12, 1, tzinfo=UTC),  # none
)
WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, kw_only=True)
class Move:
    """What a reader does `after` some minutes; the hour is some minutes from then, `away` counts days."""

    after: int
    hour: int
    zone: str
    days: str
    away: int
    command: str
    published: frozenset[int]
    """The digests that came meanwhile, in days from the day it is."""


moves = st.builds(
    Move,
    after=st.one_of(st.integers(0, 200), st.integers(0, 1500)),
    hour=st.one_of(st.integers(-200, 200), st.integers(-1000, 1000)),
    zone=st.sampled_from(ZONES),
    days=st.one_of(st.just("每天"), st.just("工作日(调休)"), st.text(WEEKDAYS, min_size=1).map("周{}".format)),
    away=st.one_of(st.just(0), st.just(0), st.integers(1, 9)),
    command=st.sampled_from(("/settings", "/settings", "/subscribe")),
    published=st.frozensets(st.integers(-1, 1)),
)


def words(move: Move, now: datetime) -> str:
    there = (now + move.hour * MINUTE).astimezone(ZoneInfo(move.zone))
    away = f" 暂停到 {(now + 14 * HOUR).date() + move.away * DAY}" if move.away else " back"  # to come wherever it is
    return f"{there:%H:%M} {move.zone} {move.days}{away}"


class Reading:
    """A reader at their screen, and the process that plans."""

    def __init__(self, store: Store, now: datetime) -> None:
        self.room = Room(store=store, now=now)
        at = self.room.settings
        self.planner = Planner(store, catch_up=at.catch_up, correct_for=at.correct_for)

    async def plan(self) -> int:
        return await self.planner.plan(self.room.now)

    async def publish(self, day: date) -> None:
        if not await self.room.store.digests.publications([day]):
            await publish(self.room.store, digest(day, ("chips",)), self.room.now)

    async def move(self, move: Move, *, first: bool) -> Coming:
        """Do it, compare the present with the promise, and return the promise."""
        self.room.now += move.after * MINUTE
        for ahead in move.published:
            await self.publish((self.room.now + ahead * DAY).date())
        await self.plan()
        reply = await self.room.ask(f"{'/subscribe' if first else move.command} {words(move, self.room.now)}")
        coming = promise(reply)
        assert await self.plan() == (coming.kind == "now")
        if coming.missed or coming.kind == "now":
            assert ("+today" in presses(reply)) == (coming.kind != "now" and reply.template == "subscribed")
        return coming

    async def watch(self, coming: Coming) -> None:
        """Let all digests be there, and see that none comes before the one that was promised, and that one does."""
        subscription = await self.room.subscription()
        assert subscription
        day = self.room.now.date() - DAY
        while day <= coming.day:
            await self.publish(day)
            day += DAY
        if coming.kind == "soon":
            assert await self.plan() == 1
        else:
            await self.wait_for(coming, subscription.slot)
        assert await self.room.store.deliveries.served(PRIVATE, coming.day)

    async def wait_for(self, coming: Coming, slot: Slot) -> None:
        """Look when each day before is nearly over, when all of it has fallen due, and just before the hour."""
        comes = local_minute(coming.day, coming.at, ZoneInfo(slot.zone))
        ends = (midnight(self.room.now, ahead, slot) - 10 * SECOND for ahead in count(1))
        for moment in (*takewhile(lambda end: end < comes, ends), comes - SECOND):
            self.room.now = max(moment, self.room.now)
            assert await self.plan() == 0
        self.room.now = comes
        assert await self.plan() == 1


def promise(reply: Reply) -> Coming:
    coming = reply.values["coming"]
    assert isinstance(coming, Coming)
    return coming


def midnight(now: datetime, ahead: int, slot: Slot) -> datetime:
    """Return when the local day begins that is so many days `ahead`."""
    zone = ZoneInfo(slot.zone)
    return local_minute(now.astimezone(zone).date() + ahead * DAY, time.min, zone)


def local_minute(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return when clocks there first show `at` on `day`, or more; by walking on, minute by minute."""
    moment = datetime.combine(day, at, UTC) - 15 * HOUR
    while (here := moment.astimezone(zone)).date() < day or (here.date() == day and here.time() < at):
        moment += MINUTE
    return moment


@given(start=st.sampled_from(CHANGES), before=st.integers(-60, 200), done=st.lists(moves, min_size=1, max_size=4))
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=(Phase.reuse, Phase.generate),  # to shrink takes minutes here, and a list of moves can be read as it is
)
def test_coming__is_what_the_planner_does(start: datetime, before: int, done: list[Move]) -> None:
    async def go(folder: Path) -> None:
        async with opened(folder) as store:
            reading = Reading(store, start - before * MINUTE)
            for number, move in enumerate(done):
                coming = await reading.move(move, first=number == 0)
            if coming.kind != "now":
                await reading.watch(coming)

    with TemporaryDirectory() as folder:
        asyncio.run(go(Path(folder)))


# ------------------------------------------------------------------ by example


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with open_room(tmp_path) as opened_room:
        yield opened_room


async def _today_came(room: Room) -> int:
    planner = Planner(room.store, catch_up=room.settings.catch_up, correct_for=room.settings.correct_for)
    return await planner.plan(room.now)


@pytest.mark.parametrize(
    ("before", "change"),
    [
        ("22:00", "set at 07:00"),
        ("22:00", "/subscribe 07:00"),
        ("07:00 New York", "set zone Asia/Shanghai"),
        ("08:00 周一", "/settings 每天"),
    ],
)
async def test_coming__a_time_that_has_passed_now_brings_todays_at_once_and_once(
    room: Room, before: str, change: str
) -> None:
    room.now = MORNING - timedelta(days=2)
    await room.ask(f"/subscribe {before}")
    room.now = MORNING
    reply = await room.ask(change)
    assert "今天的，马上送到" in room.said(reply)
    assert "+today" not in presses(reply)
    assert [await _today_came(room), await _today_came(room)] == [1, 0]
    for later in ("/settings 08:30 每天", "/settings 22:00", "/settings 06:00"):
        assert "明天" in room.said(await room.ask(later))
        assert await _today_came(room) == 0


async def test_coming__todays_taken_back_after_it_came_is_not_promised_again(room: Room) -> None:
    room.now = MORNING - timedelta(hours=2)
    await room.ask("/subscribe 08:00")
    room.now = MORNING
    assert await _today_came(room) == 1
    await room.store.digests.retract(TODAY)
    assert "明天 08:00" in room.said(await room.ask("/settings"))


async def test_coming__a_new_zone_does_not_promise_a_day_that_came_in_the_old_one(room: Room) -> None:
    room.now = MORNING - timedelta(days=2)
    await room.ask("/subscribe 08:00")
    for room.now in (MORNING - timedelta(days=1), MORNING):
        assert await _today_came(room) == 1
    reply = await room.ask("/settings 20:00 New York")  # 21:30 of the 11th, which came there too
    assert "10月13日 周一 20:00" in room.said(reply)
