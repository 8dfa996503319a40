"""Pushing now what is due later today: once, to those it is due to, and to nobody else."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.models import DeliveryState, Slot, SubscriptionState
from bot.schedule import early
from tests.fakes import MORNING, TODAY, chat, digest, load, subscription
from tests.unit.delivering import World, world

EVENING = Slot(zone="Asia/Shanghai", at=time(20))
MIDNIGHT = datetime(2025, 10, 12, 16, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as place:
        await load(place.store, digest(), now=MORNING - HOUR)
        yield place


async def test_push_now__brings_the_digest_before_its_hour_and_only_once(place: World) -> None:
    await place.subscribe(subscription(chat(1), slot=EVENING), subscription(chat(2), slot=EVENING))
    assert await place.plan() == 0
    assert await place.planner.push_now(TODAY, place.now) == 2
    assert await place.planner.push_now(TODAY, place.now) == 0
    await place.rounds()
    place.now = datetime(2025, 10, 12, 12, tzinfo=UTC)
    assert await place.plan() == 0
    assert len(place.platform.messages) == 2
    assert {line.deadline for line in await place.ledger()} == {MIDNIGHT}


async def test_push_now__leaves_those_whose_hour_has_come_to_the_tick(place: World) -> None:
    await place.subscribe(subscription(chat(1)), subscription(chat(2), since=MORNING))
    assert await place.planner.push_now(TODAY, place.now) == 0
    assert await place.plan() == 1


async def test_push_now__nobody_who_is_off_paused_or_has_another_day_today(place: World) -> None:
    new_york = Slot(zone="America/New_York", at=time(23))
    await place.subscribe(
        subscription(chat(1), slot=EVENING, state=SubscriptionState.OFF),
        subscription(chat(2), slot=EVENING, state=SubscriptionState.PAUSED),
        subscription(chat(3), slot=new_york),
        subscription(chat(4), slot=Slot(zone="Asia/Shanghai", at=time(20), days=frozenset({1}))),
    )
    assert await place.planner.push_now(TODAY, place.now) == 0


async def test_push_now__nothing_without_a_published_digest(place: World) -> None:
    await place.subscribe(subscription(chat(1), slot=EVENING))
    await place.store.digests.retract(TODAY)
    assert await place.planner.push_now(TODAY, place.now) == 0


async def test_push_now__who_changes_the_hour_afterwards_gets_nothing_twice(place: World) -> None:
    await place.subscribe(subscription(chat(1), slot=EVENING))
    assert await place.planner.push_now(TODAY, place.now) == 1
    await place.subscribe(subscription(chat(1), slot=Slot(zone="Asia/Shanghai", at=time(21))))
    assert await place.planner.push_now(TODAY, place.now) == 0
    place.now = datetime(2025, 10, 12, 13, tzinfo=UTC)
    assert await place.plan() == 0


async def test_waiting__counts_what_a_push_would_plan(place: World) -> None:
    await place.subscribe(
        subscription(chat(1), slot=EVENING),
        subscription(chat(2), slot=EVENING),
        subscription(chat(3, platform="telegram"), slot=EVENING),
        subscription(chat(4)),
    )
    due = await place.planner.early(TODAY, place.now)
    assert await place.store.deliveries.waiting(due) == {"console": 2, "telegram": 1}
    await place.planner.push_now(TODAY, place.now)
    assert await place.store.deliveries.waiting(due) == {}


async def test_push_now__a_short_catch_up_still_counts_from_the_hour(place: World) -> None:
    slots, published = [(1, EVENING)], await place.store.digests.publications([TODAY])
    (due,) = early(slots, MORNING, published, catch_up=HOUR)
    assert due.deadline == datetime(2025, 10, 12, 13, tzinfo=UTC)
    assert due.fell_due == MORNING


async def test_push_now__to_those_who_left_meanwhile_nothing_is_sent(place: World) -> None:
    await place.subscribe(subscription(chat(1), slot=EVENING))
    await place.planner.push_now(TODAY, place.now)
    await place.subscribe(subscription(chat(1), slot=EVENING, state=SubscriptionState.OFF))
    await place.rounds()
    assert place.platform.messages == []
    assert (await place.line(1)).state is DeliveryState.EXPIRED
