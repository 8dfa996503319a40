"""Sending again what failed: what did arrive stays, nothing is doubled, and a correction is made good too."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.errors import NotDelivered, Rejected, Unknown
from bot.models import DeliveryState
from bot.schedule import ONE_DAY
from bot.store.status import HELD_UP_AFTER
from tests.fakes import TODAY, FakePlatform, Where, chat, digest, load, subscription
from tests.unit.correcting import BOTH, LONG, MARK, again, correct, mended, serve, shown
from tests.unit.delivering import World, world

BAD = Rejected("can't parse")
LOST = Unknown("timeout")


@pytest.fixture
async def place(where: Where) -> AsyncIterator[World]:
    async with world(where, FakePlatform(capabilities=BOTH)) as place:
        yield place


async def resend(place: World) -> int:
    found = await place.store.resends.plan(TODAY, place.now, deadline=place.now + ONE_DAY)
    await place.rounds()
    return found.number


async def states(place: World) -> list[DeliveryState]:
    return [line.state for line in await place.ledger()]


async def test_resend__goes_on_at_the_part_that_was_refused(place: World) -> None:
    place.platform.script("1", 0.0, BAD, BAD)
    await serve(place, LONG, 1)
    assert await states(place) == [DeliveryState.FAILED]
    assert await resend(place) == 1
    assert place.platform.numbers("1") == [1, 2, 3]
    assert await states(place) == [DeliveryState.SENT]
    assert await resend(place) == 0


async def test_resend__an_unknown_part_has_new_tries(place: World) -> None:
    place.platform.script("1", *[LOST] * 7)
    await serve(place, LONG, 1)
    assert await states(place) == [DeliveryState.UNKNOWN]
    assert await resend(place) == 1
    assert place.platform.numbers("1") == [1, 2, 3]


async def test_resend__on_the_next_day_too_because_it_is_asked_for(place: World) -> None:
    place.platform.script("1", *[NotDelivered("down")] * 500)
    await load(place.store, LONG, now=place.now)
    await place.subscribe(subscription(chat(1)))
    await place.plan()
    await place.rounds(hours=20)
    assert await states(place) == [DeliveryState.EXPIRED]
    place.platform._scripts.clear()
    place.now += timedelta(hours=8)
    assert await resend(place) == 1
    assert place.platform.numbers("1") == [1, 2, 3]


async def test_resend__what_never_began_takes_the_revision_of_now(place: World) -> None:
    place.platform.script("1", BAD, BAD)
    await serve(place, LONG, 1)
    await load(place.store, mended(LONG, 8), now=place.now)
    assert await resend(place) == 1
    assert "mended" in shown(place)
    assert MARK not in shown(place)
    assert await again(place) == 0


async def test_resend__what_began_ends_as_it_began_and_is_corrected_then(place: World) -> None:
    place.platform.script("1", *[LOST] * 5)
    await serve(place, LONG, 1)
    await load(place.store, mended(LONG, 8), now=place.now)
    assert await resend(place) == 1
    assert "mended" not in shown(place)
    assert await again(place) == 1
    await place.rounds()
    assert "mended" in shown(place)
    assert place.platform.numbers("1") == [1, 2, 3]


async def test_resend__not_what_a_correction_has_made_good(place: World) -> None:
    place.platform.script("1", 0.0, BAD, BAD)
    await serve(place, LONG, 1)
    assert await correct(place, mended(LONG, 8)) == 1
    assert place.platform.numbers("1") == [1, 2, 3]
    assert await resend(place) == 0
    assert place.platform.calls["1"] == 5


async def test_resend__a_correction_that_failed_alone(place: World) -> None:
    await serve(place, LONG, 1)
    place.platform.script_changes("1", BAD, BAD)
    await correct(place, mended(LONG, 8))
    assert await states(place) == [DeliveryState.SENT, DeliveryState.FAILED]
    status = place.store.status
    assert await status.changes_lost(TODAY) == {"console": 1}
    assert await status.changes_lost(TODAY, lasting=place.now + 3 * ONE_DAY) == {}
    assert [len(await status.failed(TODAY, changes=which)) for which in (True, False, None)] == [1, 0, 1]
    assert await resend(place) == 1
    assert await status.changes_lost(TODAY) == {}
    assert "mended" in shown(place)
    assert place.platform.calls == {"1": 3}
    assert await states(place) == [DeliveryState.SENT] * 2


async def test_resend__of_several_that_failed_only_the_last_correction(place: World) -> None:
    await serve(place, LONG, 1)
    place.platform.script_changes("1", BAD, BAD, BAD, BAD)
    await correct(place, mended(LONG, 8, "second"))
    await correct(place, mended(LONG, 8, "third"))
    assert await resend(place) == 1
    assert "third" in shown(place)
    assert place.platform.numbers("1") == [1, 2, 3]


async def test_resend__nobody_else_is_touched(place: World) -> None:
    place.platform.script("2", BAD, BAD)
    await serve(place, digest(items=2), 1, 2, 3)
    assert await resend(place) == 1
    assert place.platform.calls == {"1": 1, "2": 3, "3": 1}


async def test_resend__counts_from_when_it_was_asked_for_not_from_the_morning(place: World) -> None:
    """One hiccup hours later is no trouble that has lasted all that time."""
    place.platform.script("1", BAD, BAD, NotDelivered("one hiccup"))
    await serve(place, digest(items=1), 1)
    place.now += timedelta(hours=3)
    await place.store.resends.plan(TODAY, place.now, deadline=place.now + ONE_DAY)
    await place.round()
    assert (await place.store.status.waiting())["console"].since == place.now
    assert await place.store.status.held_up(TODAY, place.now) == 0
    assert await place.store.status.held_up(TODAY, place.now + HELD_UP_AFTER) == 1


async def publish_again(place: World) -> None:
    """Retract the day, have that carried out, and publish it anew."""
    await place.store.digests.retract(TODAY)
    await again(place)
    await place.rounds()
    assert await correct(place, mended(LONG, 8)) == 2


async def test_resend__who_was_failed_by_what_was_retracted_since_gets_what_is_published_again(place: World) -> None:
    place.platform.script("1", 0.0, BAD, BAD)
    await serve(place, LONG, 1, 2)
    await publish_again(place)
    assert place.platform.numbers("1") == place.platform.numbers("2") == [1, 2, 3]
    assert "mended" in shown(place)
    assert await resend(place) == 0


async def test_resend__what_may_be_there_of_a_retracted_day_has_new_tries_with_what_is_published_again(
    place: World,
) -> None:
    """It was sent as often as may be: only the operator's word gives it more, and then nothing retracted goes out."""
    place.platform.script("1", *[LOST] * 5)
    await load(place.store, LONG, now=place.now)
    await place.subscribe(subscription(chat(1)), subscription(chat(2)))
    await place.plan()
    await place.rounds(hours=3)
    await publish_again(place)
    assert place.platform.numbers("1") == []
    assert await resend(place) == 1
    assert place.platform.numbers("1") == [1, 2, 3]
    assert "mended" in shown(place)
    assert await again(place) == 0


async def test_resend__a_day_retracted_and_published_again_at_one_stroke_brings_nothing_retracted(place: World) -> None:
    place.platform.script("1", *[LOST] * 5)
    await load(place.store, LONG, now=place.now)
    await place.subscribe(subscription(chat(1)))
    await place.plan()
    await place.rounds(hours=3)
    await place.store.digests.retract(TODAY)
    assert await correct(place, mended(LONG, 8)) == 1
    assert await resend(place) == 1
    assert place.platform.edits.total() == 0
    assert "mended" in shown(place)
