"""A correction that is refused, killed, overtaken or late still ends right, and doubles nothing."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.contract import Capability
from bot.errors import NotDelivered, RateLimited, Rejected, Unknown
from bot.models import DeliveryState, SubscriptionState
from tests.fakes import MORNING, Arrived, FakePlatform, chat, digest, load, opened, subscription
from tests.unit.correcting import BOTH, LATER, LONG, MARK, again, bury, correct, mended, serve, settled, shown, stories
from tests.unit.delivering import World, until, world


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[World]:
    """A day sent to chat 1, in three parts."""
    async with world(tmp_path, FakePlatform(capabilities=BOTH)) as place:
        await serve(place, LONG, 1)
        yield place


@pytest.mark.parametrize("entry", [Unknown("timeout"), Arrived(error=Unknown("timeout")), NotDelivered("down")])
async def test_correct__an_edit_that_failed_is_made_again(
    place: World, entry: Unknown | Arrived | NotDelivered
) -> None:
    place.platform.script_changes("1", entry)
    await correct(place, digest(items=14, word="mended"))
    assert place.platform.numbers("1") == [1, 2, 3, 4, 5]
    assert stories(place, "mended") == list(range(1, 15))
    assert place.platform.calls == {"1": 5}
    assert [line.state for line in await place.ledger()] == [DeliveryState.SENT] * 2


async def test_correct__a_new_part_that_may_be_there_says_what_is_published_by_then(tmp_path: Path) -> None:
    platform = FakePlatform(capabilities=BOTH | {Capability.IDEMPOTENT}, idempotent=True)
    async with world(tmp_path, platform) as place:
        await serve(place, LONG, 1)
        platform.script("1", Arrived(error=Unknown("timeout")))
        place.now += LATER
        await load(place.store, digest(items=14, word="mended"), now=place.now)
        await place.plan()
        await place.round()
        await correct(place, digest(items=14, word="better"))
        assert place.platform.numbers("1") == [1, 2, 3, 4, 5]
        assert stories(place, "better") == list(range(1, 15))


async def test_correct__edits_that_stay_unknown_are_made_as_often_as_it_takes(place: World) -> None:
    place.platform.script_changes("1", *[Unknown("timeout")] * 12)
    await correct(place, mended(LONG, 8))
    assert "mended" in shown(place)
    assert place.platform.numbers("1") == [1, 2, 3]


async def test_correct__a_deletion_that_may_have_happened_is_made_again(place: World) -> None:
    place.platform.script_changes("1", 0.0, Arrived(error=Unknown("timeout")))
    await correct(place, digest(items=2, word="mended"))
    assert place.platform.numbers("1") == [1]
    assert [line.state for line in await place.ledger()] == [DeliveryState.SENT] * 2


async def test_correct__a_flood_wait_holds_it_back_and_nothing_else(place: World) -> None:
    place.platform.script_changes("1", RateLimited("slow down", retry_after=0.2, scope="chat"))
    await correct(place, mended(LONG, 8))
    assert "mended" in shown(place)
    assert place.now >= MORNING + LATER + timedelta(seconds=0.2)


async def test_correct__markup_that_is_refused_is_edited_in_plain(place: World) -> None:
    place.platform.script_changes("1", Rejected("can't parse"))
    await correct(place, mended(LONG, 8))
    *_, last = place.platform.markups("1")
    assert "\x1b[" not in last
    assert MARK in last
    assert "mended" in last


async def test_correct__a_message_that_was_deleted_there_is_sent_anew(place: World) -> None:
    place.platform.messages = [message for message in place.platform.messages if message.part.number != 3]
    await correct(place, mended(LONG, 8))
    assert place.platform.numbers("1") == [1, 2, 3]
    assert "mended" in place.platform.markups("1")[-1]
    assert [line.state for line in await place.ledger()] == [DeliveryState.SENT, DeliveryState.SENT]
    assert await again(place) == 0


async def test_correct__what_a_retraction_cut_short_had_deleted_comes_back(place: World) -> None:
    place.platform.script_changes("1", Arrived(error=Unknown("killed before the answer")))
    await place.store.digests.retract(LONG.day)
    await place.plan()
    await place.round()
    assert place.platform.numbers("1") == [2, 3]
    await load(place.store, digest(items=8, word="mended"), now=place.now)
    await place.rounds()
    assert await again(place) == 0
    assert sorted(place.platform.numbers("1")) == [1, 2, 3]
    assert sorted(stories(place, "mended")) == list(range(1, 9))
    assert {line.state for line in await place.ledger()} == {DeliveryState.SENT}


@pytest.mark.parametrize("reached", range(5))
async def test_correct__killed_in_the_midst_the_next_process_ends_it(
    place: World, tmp_path: Path, reached: int
) -> None:
    place.platform.script_changes("1", *[0.0] * min(reached, 3), *[asyncio.Event()] * (reached < 3))
    place.platform.script("1", *[0.0] * max(reached - 3, 0), *[asyncio.Event()] * (reached >= 3))
    place.now += LATER
    await load(place.store, digest(items=14, word="mended"), now=place.now)
    await place.plan()
    dead = asyncio.create_task(place.broadcast().run())
    await until(lambda: place.platform.edits.total() + place.platform.calls.total() == 4 + reached)
    async with opened(tmp_path) as store:
        living = World(store, place.platform, now=place.now + LATER)
        broadcast = living.broadcast()
        work = asyncio.create_task(broadcast.run())
        await settled(living)
        await broadcast.stop(1)
        await work
        assert place.platform.numbers("1") == [1, 2, 3, 4, 5]
        assert stories(place, "mended") == list(range(1, 15))
        assert await living.plan() == 0
    await bury(dead)


async def test_correct__a_third_revision_during_the_second(place: World) -> None:
    held = asyncio.Event()
    place.platform.script_changes("1", held)
    place.now += LATER
    await load(place.store, mended(LONG, 8, "second"), now=place.now)
    await place.plan()
    work = asyncio.create_task(place.round())
    await until(lambda: place.platform.edits.total() == 1)
    await load(place.store, mended(LONG, 8, "third"), now=place.now)
    assert await place.plan() == 0
    held.set()
    await work
    assert await again(place) == 1
    await place.rounds()
    assert "third" in shown(place)
    assert "second" not in shown(place)
    assert place.platform.numbers("1") == [1, 2, 3]
    assert await again(place) == 0


async def test_correct__a_third_revision_before_the_second_was_begun_is_made_at_once(place: World) -> None:
    place.now += LATER
    await load(place.store, mended(LONG, 8, "second"), now=place.now)
    await place.plan()
    await load(place.store, mended(LONG, 8, "third"), now=place.now)
    assert await place.plan() == 0
    await place.rounds()
    assert place.platform.edits == {"1": 1}
    assert "third" in shown(place)
    assert await again(place) == 0


async def test_correct__who_is_served_meanwhile_gets_the_new_revision_once(place: World) -> None:
    await place.subscribe(subscription(chat(2)))
    await place.plan()
    place.now += LATER
    await load(place.store, mended(LONG, 8), now=place.now)
    assert await place.plan() == 1
    await place.rounds()
    assert place.platform.calls == {"1": 3, "2": 3}
    assert place.platform.edits == {"1": 1}
    assert "mended" in shown(place, 2)
    assert MARK not in shown(place, 2)
    assert await again(place) == 0


async def test_correct__who_had_begun_the_old_one_ends_it_and_is_corrected_then(place: World) -> None:
    await place.subscribe(subscription(chat(2)))
    place.platform.script("2", 0.0, NotDelivered("down"))
    await place.plan()
    await place.round()
    await load(place.store, mended(LONG, 8), now=place.now)
    assert await place.plan() == 1
    await place.rounds()
    assert "mended" not in shown(place, 2)
    assert await again(place) == 1
    await place.rounds()
    assert "mended" in shown(place, 2)
    assert place.platform.numbers("2") == [1, 2, 3]
    assert place.platform.calls["2"] == 4


async def test_correct__a_reader_who_blocked_meanwhile_is_paused(place: World) -> None:
    place.platform.gone.add("1")
    await correct(place, mended(LONG, 8))
    assert [line.state for line in await place.ledger()] == [DeliveryState.SENT, DeliveryState.FAILED]
    known = await place.store.subscriptions.get(chat(1))
    assert known is not None
    assert known.state is SubscriptionState.PAUSED
