"""Weeks beside days: what is retracted, corrected, counted, sent again, thinned and forgotten of each."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.errors import ChatGone
from bot.models import DeliveryState
from bot.schedule import WEEK_GRACE
from tests.fakes import TODAY, FakePlatform, Where, chat, digest, load, subscription
from tests.unit.correcting import BOTH
from tests.unit.delivering import World, world
from tests.unit.test_week_planning import DAYS, HOUR, MIDNIGHT, archive, weeks
from tests.unit.weekly import EIGHT, only, weekly


@pytest.fixture
async def place(where: Where) -> AsyncIterator[World]:
    async with world(where) as place:
        place.now = EIGHT
        yield place


async def test_retract__a_week_not_yet_sent_leaves_the_day_out(place: World) -> None:
    await archive(place, 1, 2)
    await place.subscribe(weekly(chat(1)), weekly(chat(2)))
    place.now = EIGHT + WEEK_GRACE
    await place.plan()
    await place.store.deliveries.claim("console", "another", place.now, 1)
    await place.store.digests.retract(DAYS[0])
    await place.rounds()
    ((said,),) = [place.platform.markups(address) for address in "12" if place.platform.markups(address)]
    assert ("story1 1 of" in said, "story2 1 of" in said) == (False, True)


async def test_retract__a_week_with_nothing_left_is_not_sent(place: World) -> None:
    await archive(place, 1)
    await place.subscribe(weekly(chat(1)))
    place.now = EIGHT + WEEK_GRACE
    await place.plan()
    await place.store.digests.retract(DAYS[0])
    await place.rounds()
    assert [line.state for line in await weeks(place)] == [DeliveryState.EXPIRED]
    assert place.platform.messages == []


async def test_correction__changes_the_day_and_leaves_the_week(where: Where) -> None:
    async with world(where, FakePlatform(capabilities=BOTH)) as place:
        place.now = EIGHT
        await archive(place, 1, 7)
        await place.subscribe(weekly(chat(1)))
        await place.plan()
        await place.rounds()
        day, week = place.platform.markups("1")
        assert await place.store.corrections.reach(TODAY, sent_since=EIGHT - HOUR) == {"console": 1}
        place.now += HOUR
        await load(place.store, digest(TODAY, items=1, word="mended"), now=place.now)
        await load(place.store, digest(DAYS[0], items=1, word="mended"), now=place.now)
        assert await place.plan() == 1
        await place.rounds()
        after = place.platform.markups("1")
        assert "mended" in after[0]
        assert after[0] != day
        assert after[1] == week
        await place.store.digests.retract(TODAY)
        place.now += HOUR
        assert await place.plan() == 1
        await place.rounds()
        assert place.platform.markups("1") == [week]


async def test_status__this_morning_and_the_week_are_counted_apart(place: World) -> None:
    await archive(place, 1, 7)
    await place.subscribe(weekly(chat(1)), weekly(chat(2)), subscription(chat(3)))
    await place.plan()
    await place.round()
    place.platform.gone.add("2")
    await place.rounds()
    status = place.store.status
    assert await status.counts(TODAY) == {("console", DeliveryState.SENT): 3}
    week = await status.counts(TODAY, week=True)
    assert week == {("console", DeliveryState.SENT): 1, ("console", DeliveryState.FAILED): 1}
    assert await status.failed(TODAY) == ()
    assert [one.chat.address for one in await status.failed(TODAY, week=True)] == ["2"]


async def test_status__silence_is_about_days(place: World) -> None:
    await archive(place, 1)
    await place.subscribe(weekly(chat(1)))
    place.now = EIGHT + WEEK_GRACE
    await place.plan()
    await place.rounds()
    assert [line.state for line in await weeks(place)] == [DeliveryState.SENT]
    assert await place.store.status.last_delivery() is None


async def test_resend__of_the_day_leaves_the_week_and_the_other_way_round(place: World) -> None:
    await archive(place, 1, 7)
    await place.subscribe(weekly(chat(1)))
    await place.plan()
    await place.round()
    place.now = MIDNIGHT
    await place.rounds()
    assert [line.state for line in await weeks(place)] == [DeliveryState.EXPIRED]
    resends, deadline = place.store.resends, MIDNIGHT + 9 * HOUR
    assert (await resends.plan(TODAY, place.now, deadline=deadline)).number == 0
    assert (await resends.failed(TODAY, week=True)).again == {"console": 1}
    assert (await resends.plan(TODAY, place.now, deadline=deadline, week=True)).number == 1
    await place.rounds()
    assert [line.state for line in await weeks(place)] == [DeliveryState.SENT]


async def test_resend__a_week_to_who_was_gone_meanwhile_is_left_out(place: World) -> None:
    await archive(place, 1)
    await place.subscribe(weekly(chat(1)))
    place.now = EIGHT + WEEK_GRACE
    await place.plan()
    place.platform.script("1", ChatGone("blocked"))
    await place.rounds()
    failed = await place.store.resends.failed(TODAY, week=True)
    assert (failed.number, failed.paused) == (0, 1)


async def test_thin__weeks_become_sums_of_their_own(place: World) -> None:
    await archive(place, 1, 7)
    await place.subscribe(weekly(chat(1)), subscription(chat(2)))
    await place.plan()
    await place.rounds()
    place.now = EIGHT + timedelta(days=100)
    await load(place.store, digest(place.now.date()), now=place.now - HOUR)
    await place.plan()
    await place.rounds()
    status = place.store.status
    before = await status.counts(TODAY), await status.counts(TODAY, week=True)
    assert await place.store.thinning.thin(place.now, timedelta(days=90)) == 3
    assert only(line.occasion for line in await place.ledger()) == []
    assert (await status.counts(TODAY), await status.counts(TODAY, week=True)) == before
    assert before[1] == {("console", DeliveryState.SENT): 1}


async def test_forget__weeks_are_erased_too(place: World) -> None:
    await archive(place, 1, 7)
    await place.subscribe(weekly(chat(1)))
    await place.plan()
    await place.rounds()
    known = await place.store.subscriptions.forget(chat(1))
    assert known is not None
    assert (known.deliveries, known.first_day) == (2, TODAY)
    assert await place.ledger() == []
