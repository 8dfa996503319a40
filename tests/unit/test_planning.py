from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.models import DeliveryState, Format, Slot, SubscriptionState, Workdays
from tests.fakes import DAWN, MORNING, SHANGHAI_EIGHT, TODAY, Where, chat, digest, load, subscription
from tests.unit.delivering import World, world

EIGHT = datetime(2025, 10, 12, 0, tzinfo=UTC)
"""08:00 in Shanghai."""
MIDNIGHT = datetime(2025, 10, 12, 16, tzinfo=UTC)
MOMENT = timedelta(seconds=1)
HOUR = timedelta(hours=1)


@pytest.fixture
async def place(where: Where) -> AsyncIterator[World]:
    async with world(where) as place:
        yield place


async def test_plan__once_from_the_send_time_on(place: World) -> None:
    await load(place.store, digest(), now=DAWN)
    await place.subscribe(subscription(chat(1)))
    assert await place.planned_at(EIGHT - MOMENT, EIGHT, EIGHT, EIGHT + HOUR) == [0, 1, 0, 0]
    (line,) = await place.ledger()
    assert (line.occasion, line.state, line.deadline) == ("day:2025-10-12", DeliveryState.PLANNED, MIDNIGHT)


async def test_plan__a_machine_that_slept_plans_as_soon_as_it_wakes_and_not_after_midnight(place: World) -> None:
    await load(place.store, digest(), now=DAWN)
    await place.subscribe(subscription(chat(1)))
    assert await place.planned_at(DAWN, MIDNIGHT - MOMENT) == [0, 1]
    await place.subscribe(subscription(chat(2)))
    assert await place.planned_at(MIDNIGHT, MIDNIGHT + timedelta(days=3)) == [0, 0]


async def test_plan__a_late_digest_goes_out_when_it_comes(place: World) -> None:
    await place.subscribe(subscription(chat(1)))
    assert await place.planned_at(EIGHT, EIGHT + HOUR) == [0, 0]
    await load(place.store, digest(), now=EIGHT + HOUR)
    assert await place.planned_at(EIGHT + HOUR) == [1]


async def test_plan__a_draft_is_not_due_until_it_is_published(place: World) -> None:
    await place.subscribe(subscription(chat(1)))
    await load(place.store, digest(), now=DAWN, publish=False)
    assert await place.planned_at(MORNING) == [0]
    await place.store.digests.publish(TODAY, MORNING)
    assert await place.planned_at(MORNING) == [1]


async def test_plan__a_draft_published_late_leaves_out_who_subscribed_after(place: World) -> None:
    await load(place.store, digest(), now=DAWN, publish=False)
    await place.store.digests.publish(TODAY, MORNING)
    await place.subscribe(subscription(chat(1), since=MORNING), subscription(chat(2), since=MORNING + MOMENT))
    assert await place.planned_at(MORNING + HOUR) == [1]
    assert [line.chat.address for line in await place.ledger()] == ["1"]


async def test_plan__who_subscribes_after_it_fell_due_is_not_pushed_today(place: World) -> None:
    await load(place.store, digest(), now=DAWN)
    await place.subscribe(subscription(chat(1), since=EIGHT), subscription(chat(2), since=EIGHT + MOMENT))
    assert await place.planned_at(EIGHT + HOUR, EIGHT + 2 * HOUR) == [1, 0]
    tomorrow = EIGHT + timedelta(days=1)
    await load(place.store, digest(TODAY + timedelta(days=1)), now=tomorrow - HOUR)
    assert await place.planned_at(tomorrow) == [2]


async def test_plan__nothing_for_who_is_off_or_paused(place: World) -> None:
    await load(place.store, digest(), now=DAWN)
    await place.subscribe(
        subscription(chat(1), state=SubscriptionState.OFF), subscription(chat(2), state=SubscriptionState.PAUSED)
    )
    assert await place.planned_at(MORNING) == [0]


async def test_plan__who_comes_back_before_the_send_time_is_served_after_it_is_not(place: World) -> None:
    await load(place.store, digest(), now=DAWN)
    for number, back in ((1, EIGHT - HOUR), (2, EIGHT + HOUR)):
        await place.subscribe(subscription(chat(number)))
        await place.store.subscriptions.pause(chat(number), "blocked", DAWN)
        await place.store.subscriptions.resume(chat(number), back)
    assert await place.planned_at(EIGHT + 2 * HOUR) == [1]
    assert [line.chat.address for line in await place.ledger()] == ["1"]


async def test_plan__a_changed_hour_does_not_bring_the_day_twice(place: World) -> None:
    await load(place.store, digest(), now=DAWN)
    await place.subscribe(subscription(chat(1)))
    assert await place.planned_at(EIGHT) == [1]
    for hour in (9, 7, 23):
        await place.subscribe(subscription(chat(1), slot=replace(SHANGHAI_EIGHT, at=time(hour)), since=place.now))
        assert await place.planned_at(MIDNIGHT - HOUR) == [0]


async def test_plan__a_changed_hour_does_not_lose_the_day(place: World) -> None:
    """Settings alone do not begin a subscription anew: whoever moves 20:00 to 07:00 at 10:00 has nothing yet."""
    await load(place.store, digest(), now=DAWN)
    await place.subscribe(subscription(chat(1), slot=replace(SHANGHAI_EIGHT, at=time(20))))
    assert await place.planned_at(EIGHT + 2 * HOUR) == [0]
    changed = subscription(chat(1), slot=replace(SHANGHAI_EIGHT, at=time(7)), since=EIGHT + 2 * HOUR)
    await place.subscribe(changed)
    assert await place.planned_at(EIGHT + 2 * HOUR) == [1]


async def test_plan__a_changed_zone_brings_each_day_once(place: World) -> None:
    for back in (0, 1):
        await load(place.store, digest(TODAY - timedelta(days=back)), now=DAWN - timedelta(days=back))
    await place.subscribe(subscription(chat(1)))
    yesterday = EIGHT - timedelta(days=1)
    assert await place.planned_at(yesterday, EIGHT) == [1, 1]
    for zone in ("America/New_York", "Pacific/Kiritimati", "Asia/Shanghai"):
        await place.subscribe(subscription(chat(1), slot=Slot(zone=zone, at=time(8))))
        assert await place.planned_at(EIGHT + HOUR, EIGHT + 10 * HOUR) == [0, 0]


async def test_plan__each_zone_has_its_own_morning(place: World) -> None:
    await load(place.store, digest(), now=datetime(2025, 10, 11, 10, tzinfo=UTC))
    hours = {"Pacific/Kiritimati": -6, "Asia/Tokyo": -1, "Europe/London": 7, "America/New_York": 12}
    for zone in hours:
        await place.subscribe(subscription(chat(zone), slot=Slot(zone=zone, at=time(8))))
    for zone, hour in hours.items():
        opens = EIGHT + timedelta(hours=hour)
        assert await place.planned_at(opens - MOMENT, opens) == [0, 1]
        assert (await place.ledger())[-1].chat.address == zone


async def test_plan__weekdays_left_out(place: World) -> None:
    await load(place.store, digest(), now=DAWN)
    workdays = replace(SHANGHAI_EIGHT, days=frozenset(range(1, 6)))
    await place.subscribe(subscription(chat(1), slot=workdays))
    assert TODAY.isoweekday() == 7
    assert await place.planned_at(MORNING) == [0]


async def test_plan__working_days_of_china(place: World) -> None:
    """28 September 2025 is a Sunday that is worked; 1 October a Wednesday that is free."""
    await place.subscribe(subscription(chat(1), slot=replace(SHANGHAI_EIGHT, days=Workdays.CHINA)))
    counts = {}
    for day in (date(2025, 9, 27), date(2025, 9, 28), date(2025, 10, 1), date(2025, 10, 9)):
        morning = datetime(day.year, day.month, day.day, tzinfo=UTC)
        await load(place.store, digest(day), now=morning - HOUR)
        counts[day.isoformat()] = await place.planned_at(morning)
    assert counts == {"2025-09-27": [0], "2025-09-28": [1], "2025-10-01": [0], "2025-10-09": [1]}


async def test_plan__nothing_before_an_absence_ends_then_by_itself(place: World) -> None:
    for ahead in (0, 1, 2):
        await load(place.store, digest(TODAY + timedelta(days=ahead)), now=DAWN)
    await place.subscribe(replace(subscription(chat(1)), away_until=TODAY + timedelta(days=2)))
    day = timedelta(days=1)
    assert await place.planned_at(EIGHT, EIGHT + day, EIGHT + 2 * day) == [0, 0, 1]
    assert [line.occasion for line in await place.ledger()] == ["day:2025-10-14"]


async def test_plan__an_absence_ends_where_the_chat_is(place: World) -> None:
    """At 22:00 UTC of the 11th it is the 12th in Tokyo, and still the 11th in New York."""
    now = datetime(2025, 10, 11, 22, tzinfo=UTC)
    for day in (TODAY - timedelta(days=1), TODAY):
        await load(place.store, digest(day), now=now - timedelta(days=2))
    for zone in ("Asia/Tokyo", "America/New_York"):
        slot = Slot(zone=zone, at=time(6))
        await place.subscribe(replace(subscription(chat(zone), slot=slot), away_until=TODAY))
    assert await place.planned_at(now) == [1]
    assert (await place.ledger())[0].chat.address == "Asia/Tokyo"


async def test_plan__who_comes_back_sooner_is_as_one_who_subscribes(place: World) -> None:
    await load(place.store, digest(), now=DAWN)
    away = replace(subscription(chat(1)), away_until=TODAY + timedelta(days=5))
    await place.subscribe(away)
    assert await place.planned_at(EIGHT + HOUR) == [0]
    await place.subscribe(replace(away, away_until=None, since=EIGHT + 2 * HOUR))
    assert await place.planned_at(EIGHT + 2 * HOUR) == [0]
    await load(place.store, digest(TODAY + timedelta(days=1)), now=DAWN)
    assert await place.planned_at(EIGHT + timedelta(days=1)) == [1]


async def test_plan__a_push_for_all_leaves_out_who_is_away(place: World) -> None:
    await load(place.store, digest(), now=DAWN)
    await place.subscribe(subscription(chat(1)), replace(subscription(chat(2)), away_until=TODAY + timedelta(days=1)))
    early = await place.planner.early(TODAY, DAWN)
    assert await place.store.deliveries.waiting(early) == {"console": 1}
    assert await place.planner.push_now(TODAY, DAWN) == 1


async def test_plan__topics_of_a_chat_are_apart(place: World) -> None:
    await load(place.store, digest(), now=DAWN)
    await place.subscribe(subscription(chat(1)), subscription(chat(1, topic="7")))
    assert await place.planned_at(MORNING) == [2]


async def test_plan__what_is_planned_is_what_was_wished_for_then(place: World) -> None:
    await load(place.store, digest(items=1), now=DAWN)
    wish = subscription(
        chat(1, title="Ann"), categories=frozenset({"chips", "policy"}), format=Format.BRIEF, language="zh-CN"
    )
    await place.subscribe(wish)
    await place.planned_at(MORNING)
    await place.subscribe(subscription(chat(1)))
    (delivery,) = await place.store.deliveries.claim("console", "me", MORNING, 10)
    assert (delivery.categories, delivery.format, delivery.language) == (
        frozenset({"chips", "policy"}),
        Format.BRIEF,
        "zh-CN",
    )
    assert (delivery.chat.title, delivery.day, delivery.wanted) == ("Ann", TODAY, True)


async def test_plan__a_shorter_catch_up_ends_the_day_sooner(place: World) -> None:
    place.catch_up = 2 * HOUR
    place.__post_init__()
    await load(place.store, digest(), now=DAWN)
    await place.subscribe(subscription(chat(1)))
    assert await place.planned_at(EIGHT + 2 * HOUR, EIGHT + 2 * HOUR - MOMENT) == [0, 1]


async def test_plan__two_processes_at_once_plan_once(place: World, where: Where) -> None:
    await load(place.store, digest(), now=DAWN)
    await place.subscribe(*(subscription(chat(number)) for number in range(5)))
    async with world(where) as other:
        assert sorted([await place.plan(), await other.plan()]) == [0, 5]
    assert len(await place.ledger()) == 5


async def test_plan__a_day_that_is_only_today_far_away(place: World) -> None:
    """At 10:30 UTC it is three different dates somewhere on Earth."""
    now = datetime(2025, 10, 12, 10, 30, tzinfo=UTC)
    for day in (11, 12, 13):
        await load(place.store, digest(date(2025, 10, day)), now=now - timedelta(days=3))
    for zone in ("Pacific/Kiritimati", "UTC", "Pacific/Midway"):
        await place.subscribe(subscription(chat(zone), slot=Slot(zone=zone, at=time(0))))
    assert await place.planned_at(now) == [3]
    assert [line.occasion for line in await place.ledger()] == [
        "day:2025-10-13",
        "day:2025-10-12",
        "day:2025-10-11",
    ]
