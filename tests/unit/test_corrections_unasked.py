"""A revision that is to correct nothing: what is there stays, what is under way is finished, all else is new."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.errors import NotDelivered, RateLimited, Rejected
from bot.models import DeliveryState
from tests.fakes import TODAY, FakePlatform, Where, chat, digest, load, subscription
from tests.unit.correcting import BOTH, LATER, LONG, MARK, again, correct, mended, serve, shown
from tests.unit.delivering import World, world

BAD, DOWN = Rejected("can't parse"), NotDelivered("down")
SECOND, THIRD = mended(LONG, 8, "second"), mended(LONG, 8, "third")


@pytest.fixture
async def place(where: Where) -> AsyncIterator[World]:
    """A day sent to chat 1, in three parts."""
    async with world(where, FakePlatform(capabilities=BOTH)) as place:
        await serve(place, LONG, 1)
        yield place


async def unasked(place: World, one: object) -> None:
    """Load a revision that corrects nothing, and go on until all is quiet."""
    await load(place.store, one, now=place.now, corrects=False)  # type: ignore[arg-type]
    for _ in range(4):
        await place.plan()
        await place.rounds()
        place.now += LATER


async def retract(place: World) -> None:
    """Retract the day a minute later; whatever is open by then is tried once."""
    place.now += LATER
    await place.store.digests.retract(TODAY)
    await place.plan()
    await place.round()


async def test_unasked__who_has_nothing_since_it_was_retracted_gets_it(place: World) -> None:
    """Chat 1 had it taken back, chat 2 was never served, and chat 3's is still to be taken back."""
    place.platform.script("2", RateLimited("slow down", retry_after=1.0, scope="chat"))
    await place.subscribe(subscription(chat(2)), subscription(chat(3)))
    await place.plan()
    await place.round()
    place.platform.script_changes("3", DOWN)
    await retract(place)
    assert [len(place.platform.markups(address)) for address in "123"] == [0, 0, 3]
    await unasked(place, SECOND)
    for address in "123":
        assert place.platform.numbers(address) == [1, 2, 3]
        assert "second" in shown(place, address)
    assert place.platform.edits.total() == 0
    assert await again(place) == 0


async def test_unasked__who_got_nothing_of_the_first_gets_it(place: World) -> None:
    await place.subscribe(subscription(chat(2), categories=frozenset({"chips"})))
    await place.plan()
    await place.rounds()
    before = place.platform.markups("1")
    await unasked(place, digest(items=3, slug="chips"))
    assert place.platform.numbers("2") == [1]
    assert MARK not in shown(place, 2)
    assert place.platform.markups("1") == before


async def test_unasked__a_correction_under_way_ends_where_it_was_to(place: World) -> None:
    place.platform.script_changes("1", DOWN)
    place.now += LATER
    await load(place.store, SECOND, now=place.now)
    await place.plan()
    await place.round()
    await unasked(place, THIRD)
    assert "second" in shown(place)
    assert place.platform.numbers("1") == [1, 2, 3]
    assert {line.state for line in await place.ledger()} == {DeliveryState.SENT}


async def test_unasked__what_it_brought_in_part_is_finished_and_then_left_alone(place: World) -> None:
    await retract(place)
    place.platform.script("1", 0.0, DOWN)
    await load(place.store, SECOND, now=place.now, corrects=False)
    await again(place)
    await place.round()
    assert place.platform.numbers("1") == [1]
    await unasked(place, THIRD)
    assert place.platform.numbers("1") == [1, 2, 3]
    assert "second" in shown(place)
    assert place.platform.deletes == {"1": 3}


async def test_unasked__the_latest_is_what_a_first_message_says(place: World) -> None:
    await retract(place)
    place.platform.script("1", DOWN)
    await load(place.store, SECOND, now=place.now, corrects=False)
    await again(place)
    await place.round()
    await unasked(place, THIRD)
    assert "third" in shown(place)


async def test_unasked__the_next_that_corrects_reaches_all(place: World) -> None:
    await unasked(place, SECOND)
    assert "second" not in shown(place)
    assert await correct(place, THIRD) == 1
    assert "third" in shown(place)


async def test_unasked__and_retracted_takes_it_back(place: World) -> None:
    await retract(place)
    await unasked(place, SECOND)
    assert len(place.platform.messages) == 3
    place.now += timedelta(hours=1)
    await retract(place)
    assert place.platform.messages == []


async def test_unasked__a_correction_that_nobody_has_planned_yet_is_made_all_the_same(place: World) -> None:
    """As when both are loaded while the bot is down; who has nothing gets the latest."""
    await place.subscribe(subscription(chat(2), categories=frozenset({"chips"})))
    await place.plan()
    await place.rounds()
    place.now += LATER
    await load(place.store, SECOND, now=place.now)
    await unasked(place, digest(items=8, slug="chips", word="third"))
    assert "second" in shown(place)
    assert "third" not in shown(place)
    assert "third" in shown(place, 2)
    assert MARK not in shown(place, 2)
    assert await again(place) == 0


async def test_unasked__who_was_half_way_when_the_correction_came_is_corrected(place: World) -> None:
    await place.subscribe(subscription(chat(2)))
    place.platform.script("2", 0.0, DOWN)
    await place.plan()
    await place.round()
    await load(place.store, SECOND, now=place.now)
    await place.plan()
    await place.round()
    assert "second" in shown(place)
    await unasked(place, THIRD)
    assert "second" in shown(place, 2)
    assert place.platform.numbers("2") == [1, 2, 3]
    assert await again(place) == 0


async def test_unasked__who_was_gone_at_the_correction_has_it_when_back(place: World) -> None:
    place.platform.gone.add("1")
    assert await correct(place, SECOND) == 1
    await unasked(place, THIRD)
    place.platform.gone.clear()
    await place.store.subscriptions.resume(chat(1), place.now)
    assert await again(place) == 1
    await place.rounds()
    assert "second" in shown(place)


async def test_unasked__a_retraction_that_nobody_has_planned_yet_is_carried_out(place: World) -> None:
    await place.store.digests.retract(TODAY)
    await unasked(place, SECOND)
    assert place.platform.deletes == {"1": 3}
    assert place.platform.numbers("1") == [1, 2, 3]
    assert "second" in shown(place)


async def test_unasked__what_it_brought_in_part_is_not_taken_back_by_the_retraction_before_it(place: World) -> None:
    await place.subscribe(subscription(chat(2), categories=frozenset({"chips"})))
    await place.plan()
    await place.rounds()
    await retract(place)
    place.platform.script("2", 0.0, BAD, BAD)
    await unasked(place, digest(items=8, slug="chips"))
    assert place.platform.numbers("2") == [1]
    assert place.platform.deletes == {"1": 3}
