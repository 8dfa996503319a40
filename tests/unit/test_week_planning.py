"""A week in the ledger: planned once, after its Sunday's own digest, made of what is published when it begins."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.categories import default_taxonomy
from bot.errors import NotDelivered, Unknown
from bot.models import DeliveryState, Format, Slot, SubscriptionState
from bot.schedule import WEEK_GRACE
from tests.fakes import SHANGHAI_EIGHT, TODAY, Where, chat, digest, load, subscription
from tests.unit.delivering import Line, World, world
from tests.unit.weekly import EIGHT, WEEK, weekly

MIDNIGHT = datetime(2025, 10, 12, 16, tzinfo=UTC)
HOUR = timedelta(hours=1)
MOMENT = timedelta(seconds=1)
DAYS = WEEK.days
NAME = "week:2025-W41"


@pytest.fixture
async def place(where: Where) -> AsyncIterator[World]:
    async with world(where) as place:
        place.now = EIGHT
        yield place


async def archive(place: World, *numbers: int, items: int = 1) -> None:
    """Load the digests of those weekdays, each at midnight of its day."""
    for number in numbers:
        one = digest(DAYS[number - 1], items=items, word=f"story{number}")
        await load(place.store, one, now=datetime.combine(one.day, time.min, UTC) - 8 * HOUR)


async def weeks(place: World) -> list[Line]:
    return [line for line in await place.ledger() if line.occasion == NAME]


async def planned_at(place: World, *times: datetime) -> list[int]:
    counts = []
    for place.now in times:
        await place.plan()  # the clock is turned meanwhile
        counts.append(len(await weeks(place)))
    return counts


async def test_plan__once_for_who_wants_weeks(place: World) -> None:
    await archive(place, 1, 3, 7)
    await place.subscribe(weekly(chat(1)), subscription(chat(2)), weekly(chat(3), state=SubscriptionState.OFF))
    assert await planned_at(place, EIGHT - MOMENT, EIGHT, EIGHT, EIGHT + HOUR) == [0, 1, 1, 1]
    (line,) = await weeks(place)
    assert (line.chat, line.state, line.deadline) == (chat(1), DeliveryState.PLANNED, MIDNIGHT)
    assert {one.occasion for one in await place.ledger() if one.chat == chat(2)} == {f"day:{TODAY}"}


async def test_plan__waits_for_sundays_own_digest(place: World) -> None:
    await archive(place, 1, 2)
    await place.subscribe(weekly(chat(1)))
    assert await planned_at(place, EIGHT, EIGHT + HOUR) == [0, 0]
    await load(place.store, digest(TODAY), now=EIGHT + HOUR)
    assert await planned_at(place, EIGHT + HOUR) == [1]


async def test_plan__without_one_after_the_grace(place: World) -> None:
    await archive(place, 1)
    await place.subscribe(weekly(chat(1)))
    assert await planned_at(place, EIGHT + WEEK_GRACE - MOMENT, EIGHT + WEEK_GRACE) == [0, 1]
    await load(place.store, digest(TODAY), now=EIGHT + 3 * HOUR)
    assert await planned_at(place, EIGHT + 3 * HOUR, MIDNIGHT - MOMENT) == [1, 1]


async def test_plan__nothing_for_a_week_without_digests_nor_after_its_sunday(place: World) -> None:
    await load(place.store, digest(DAYS[0] - timedelta(days=1)), now=EIGHT - 9 * timedelta(days=1))
    await place.subscribe(weekly(chat(1)))
    assert await planned_at(place, EIGHT + WEEK_GRACE) == [0]
    await archive(place, 2)
    assert await planned_at(place, MIDNIGHT, MIDNIGHT + timedelta(days=3)) == [0, 0]


async def test_plan__whose_days_leave_sunday_out_get_it_too(place: World) -> None:
    await archive(place, 1, 7)
    workdays = replace(SHANGHAI_EIGHT, days=frozenset(range(1, 6)))
    await place.subscribe(replace(weekly(chat(1)), slot=workdays))
    assert await planned_at(place, EIGHT) == [1]
    assert [line.occasion for line in await place.ledger()] == [NAME]


async def test_plan__not_for_who_subscribed_after_it_fell_due_or_is_away(place: World) -> None:
    await archive(place, 1, 7)
    await place.subscribe(
        weekly(chat(1), since=EIGHT),
        weekly(chat(2), since=EIGHT + MOMENT),
        weekly(chat(3), away_until=TODAY),
        weekly(chat(4), away_until=TODAY + timedelta(days=1)),
    )
    await planned_at(place, EIGHT + HOUR)
    assert {line.chat.address for line in await weeks(place)} == {"1", "3"}


async def test_plan__switched_on_late_it_comes_at_once_and_never_twice(place: World) -> None:
    await archive(place, 1, 7)
    await place.subscribe(subscription(chat(1)))
    assert await planned_at(place, EIGHT + HOUR) == [0]
    for wish in (weekly(chat(1)), subscription(chat(1)), weekly(chat(1), at=time(23))):
        await place.subscribe(wish)
        await planned_at(place, EIGHT + 2 * HOUR)
    assert len(await weeks(place)) == 1


async def test_plan__a_changed_zone_or_a_clock_set_back_brings_it_once(place: World) -> None:
    await archive(place, 1, 7)
    await place.subscribe(weekly(chat(1)))
    for zone in ("Asia/Shanghai", "America/New_York", "Pacific/Kiritimati"):
        await place.subscribe(replace(weekly(chat(1)), slot=Slot(zone=zone, at=time(8))))
        await planned_at(place, EIGHT, EIGHT + 13 * HOUR, EIGHT - HOUR)
    assert len(await weeks(place)) == 1


async def test_plan__two_processes_at_once_plan_once(place: World, where: Where) -> None:
    await archive(place, 1)
    await place.subscribe(*(weekly(chat(number)) for number in range(5)))
    place.now = EIGHT + WEEK_GRACE
    async with world(where) as other:
        other.now = place.now
        assert sorted([await place.plan(), await other.plan()]) == [0, 5]


# ---------------------------------------------------------------- what is sent


async def test_send__after_the_last_message_of_sundays_own(place: World) -> None:
    await archive(place, 1, 2)
    await load(place.store, digest(TODAY, items=8), now=EIGHT - HOUR)
    await place.subscribe(weekly(chat(1)))
    place.platform.script("1", NotDelivered("no connection"))
    await place.plan()
    assert await place.round() == 1, "the week is not claimed beside the day's"
    assert await place.round() == 0, "nor while the day's waits for its next try"
    await place.rounds()
    said = place.platform.markups("1")
    of_the_week = ["The week" in one for one in said]
    assert of_the_week == sorted(of_the_week), "none of its messages comes in between"
    assert of_the_week.count(False) == 3


async def test_send__stories_of_all_days_once_and_in_the_wanted_categories(place: World) -> None:
    await archive(place, 1, 4, 7)
    await load(place.store, digest(DAYS[1], slug="policy", word="rule"), now=EIGHT - 50 * HOUR)
    workdays = Slot(zone="Asia/Shanghai", at=time(8), days=frozenset({1}))
    wishes = {1: frozenset[str](), 2: frozenset({"policy"}), 3: frozenset({"safety"})}
    await place.subscribe(*(replace(weekly(chat(n)), slot=workdays, categories=slugs) for n, slugs in wishes.items()))
    await place.plan()
    await place.rounds()
    whole, cut = ("\n".join(place.platform.markups(address)) for address in "12")
    assert [whole.count(f"story{number} 1 of") for number in (1, 4, 7)] == [1, 1, 1]
    name = next(one.en for one in default_taxonomy().categories if one.slug == "products")
    assert whole.count(name) == 1
    assert ("rule 3 of" in cut, "story1" in cut) == (True, False)
    states = {line.chat.address: line.state for line in await weeks(place)}
    assert states == {"1": DeliveryState.SENT, "2": DeliveryState.SENT, "3": DeliveryState.EMPTY}
    assert place.platform.markups("3") == []


async def test_send__goes_on_at_the_first_part_not_sent_from_what_was_pinned(place: World, where: Where) -> None:
    await archive(place, 1, 2, 3, 4, 5, 6, items=4)
    await place.subscribe(weekly(chat(1)))
    place.now = EIGHT + WEEK_GRACE
    await place.plan()
    place.platform.script("1", 0.0, NotDelivered("no connection"))
    await place.round()
    assert place.platform.numbers("1") == [1]
    await place.store.digests.retract(DAYS[0])
    async with world(where, place.platform) as restarted:
        restarted.now = place.now
        await restarted.store.deliveries.take_over("console", restarted.store.leases.owner, restarted.now)
        await restarted.rounds()
    numbers = place.platform.numbers("1")
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) > 1
    assert "story1 1 of" in "\n".join(place.platform.markups("1")), "what was begun is finished as it was begun"


async def test_send__an_unknown_outcome_is_sent_again_and_settles(place: World) -> None:
    await archive(place, 1)
    await place.subscribe(weekly(chat(1)))
    place.now = EIGHT + WEEK_GRACE
    await place.plan()
    place.platform.script("1", Unknown("no answer"))
    await place.rounds()
    (line,) = await weeks(place)
    assert (line.state, line.parts[1][1]) == (DeliveryState.SENT, 2)


async def test_send__not_to_who_switched_weeks_off_meanwhile(place: World) -> None:
    await load(place.store, digest(), now=place.now)
    await place.subscribe(replace(subscription(chat(1)), weekly=True))
    await place.plan()
    await place.subscribe(subscription(chat(1)))
    await place.rounds()
    (message,) = place.platform.messages
    assert "News of 2025-10-12" in message.part.markup
    assert {line.occasion: line.state for line in await place.ledger()} == {
        "day:2025-10-12": DeliveryState.SENT,
        "week:2025-W41": DeliveryState.EXPIRED,
    }


async def test_send__not_after_the_sunday_is_over(place: World) -> None:
    await archive(place, 1)
    await place.subscribe(weekly(chat(1)))
    place.now = EIGHT + WEEK_GRACE
    await place.plan()
    place.now = MIDNIGHT
    await place.rounds()
    assert [line.state for line in await weeks(place)] == [DeliveryState.EXPIRED]
    assert place.platform.messages == []


@pytest.mark.parametrize("format_", [Format.HEADLINES, Format.NEWS])
async def test_send__headlines_have_no_sentences(place: World, format_: Format) -> None:
    await archive(place, 1)
    await place.subscribe(replace(weekly(chat(1)), format=format_))
    place.now = EIGHT + WEEK_GRACE
    await place.plan()
    await place.rounds()
    (said,) = place.platform.markups("1")
    assert ("What story1 1 says" in said) == (format_ is Format.NEWS)
