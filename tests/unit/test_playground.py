"""The playground: its clock goes forward alone, and a digest comes out on every day that it reaches."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot import app, markdown, playground
from bot.config import Settings
from bot.models import Chat, Line, Slot, Subscription
from bot.playground import HEAD_START, Clock, Playground
from bot.web import Leap

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
async def stage() -> AsyncIterator[Playground]:
    async with playground.opened(Settings(), playground.samples()) as stage:
        yield stage


async def subscribe(stage: Playground, address: str, slot: Slot) -> None:
    chat = Chat(platform="web", address=address)
    one = Subscription(chat=chat, slot=slot, language="zh-CN", since=datetime(2025, 1, 1, tzinfo=UTC))
    await stage.at.store.subscriptions.put(one)


async def test_opened__stands_just_before_the_newest_sample_is_due(stage: Playground) -> None:
    due = datetime(2025, 10, 19, tzinfo=UTC)
    assert due - HEAD_START <= stage.now() < due
    assert [line.day.day for line in await stage.at.store.digests.days()] == [19, 18, 17, 16, 15, 14, 13]


async def test_leap__an_hour(stage: Playground) -> None:
    before = stage.now()
    landing = await stage.leap(Leap.HOUR)
    assert timedelta(hours=1) <= landing.now - before < timedelta(hours=1, seconds=5)


async def test_leap__of_two_pages_at_once_goes_to_one_morning_after_the_other(stage: Playground) -> None:
    landings = await asyncio.gather(*(stage.leap(Leap.MORNING) for _ in range(3)))
    assert [landing.due.day for landing in landings if landing.due] == [20, 21, 22]
    for landing in landings:
        assert landing.due
        assert timedelta() < landing.due - landing.now <= HEAD_START


async def test_leap__to_the_morning_of_whoever_is_first(stage: Playground) -> None:
    await subscribe(stage, "here", Slot(zone="Asia/Shanghai", at=time(8)))
    await subscribe(stage, "there", Slot(zone="Europe/Berlin", at=time(7, 30)))
    landing = await stage.leap(Leap.MORNING)
    assert landing.zone == "Europe/Berlin"
    assert landing.due == datetime(2025, 10, 19, 5, 30, tzinfo=UTC)
    assert timedelta() < landing.due - landing.now <= HEAD_START
    assert (await stage.leap(Leap.MORNING)).zone == "Asia/Shanghai"


async def test_leap__brings_out_the_digest_of_every_day_it_reaches(stage: Playground) -> None:
    for _ in range(9):
        await stage.leap(Leap.MORNING)
        day = stage.now().astimezone(ZoneInfo("Asia/Shanghai")).date()
        digest = await stage.at.store.digests.published(day)
        assert digest is not None
        assert f"{day:%Y.%m.%d}" in digest.title
    assert day == date(2025, 10, 27) or day == date(2025, 10, 28)


async def test_leap__to_a_day_when_the_clocks_change(stage: Playground) -> None:
    await subscribe(stage, "there", Slot(zone="Europe/Berlin", at=time(8)))
    landing = await stage.leap(Leap.CHANGE)
    assert landing.due is not None
    assert f"{landing.due.astimezone(BERLIN):%Y-%m-%d %H:%M %z}" == "2025-10-26 08:00 +0100"
    assert (await stage.leap(Leap.CHANGE)).now.astimezone(BERLIN).date() == date(2026, 3, 29)


async def test_leap__where_the_clocks_never_change_looks_elsewhere(stage: Playground) -> None:
    landing = await stage.leap(Leap.CHANGE)
    assert landing.zone == "Europe/Berlin"


async def test_morning__arrives_in_the_room_within_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(playground, "HEAD_START", timedelta(seconds=1))
    async with playground.opened(Settings(), playground.samples()) as stage:
        stop = asyncio.Event()
        running = asyncio.create_task(app.run(stage.at, [stage.rooms], stop))
        await stage.rooms.say("room1", "/subscribe 芯片技术", locale="zh-CN")
        await stage.leap(Leap.MORNING)
        pushed = await asyncio.wait_for(_pushed(stage, "room1"), timeout=20)
        stop.set()
        await running
    assert "芯片" in pushed.markup


async def _pushed(stage: Playground, room: str) -> Line:
    async for _, line in stage.rooms.look_in(room):
        if line.pushed:
            return line
    raise AssertionError("nothing was pushed")


def test_sample__moves_to_any_day() -> None:
    for sample in playground.samples():
        moved = sample.on(date(2031, 2, 3))
        parsed = markdown.parse(moved)
        assert parsed.digest.day == date(2031, 2, 3)
        assert not parsed.problems
        assert len(parsed.digest.items) == len(markdown.parse(sample.source).digest.items)


def test_clock__never_goes_back() -> None:
    clock = Clock(datetime(2025, 10, 12, tzinfo=UTC))
    clock.put_forward(datetime(2025, 10, 11, tzinfo=UTC))
    assert clock() >= datetime(2025, 10, 12, tzinfo=UTC)
    clock.put_forward(datetime(2025, 10, 13, tzinfo=UTC))
    assert clock() >= datetime(2025, 10, 13, tzinfo=UTC)
