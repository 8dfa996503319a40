"""A retracted digest is taken back: deleted, or replaced by a notice; and it can come again."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.contract import Capability
from bot.errors import NotDelivered, Rejected, Unknown
from bot.models import DeliveryState, SubscriptionState
from tests.fakes import TODAY, Arrived, Entry, FakePlatform, Where, chat, digest, load, subscription
from tests.unit.correcting import BOTH, LATER, LONG, again, bury, correct, mended, serve, shown
from tests.unit.delivering import World, until, world

TOO_OLD = Rejected("message can't be deleted for everyone")
NOTICE = "withdrawn"
EDIT = frozenset({Capability.EDIT})
LOST = Arrived(error=Unknown("timeout"))


@pytest.fixture
async def place(where: Where) -> AsyncIterator[World]:
    """A day sent to chat 1, in three parts."""
    async with world(where, FakePlatform(capabilities=BOTH)) as place:
        await serve(place, LONG, 1)
        yield place


async def retract(place: World) -> int:
    """Retract the day a minute later, have that carried out, and return how many chats it reached."""
    place.now += LATER
    await place.store.digests.retract(TODAY)
    planned = await place.plan()
    await place.rounds()
    return planned


async def test_retract__deletes_every_part_once(place: World) -> None:
    assert await retract(place) == 1
    assert place.platform.messages == []
    assert place.platform.deletes == {"1": 3}
    assert await again(place) == 0
    assert [line.state for line in await place.ledger()] == [DeliveryState.SENT] * 2


async def test_retract__a_message_too_old_to_delete_becomes_a_notice(place: World) -> None:
    place.platform.script_changes("1", TOO_OLD, 0.0, TOO_OLD, 0.0, TOO_OLD, 0.0)
    await retract(place)
    assert [NOTICE in markup for markup in place.platform.markups("1")] == [True] * 3
    assert "story" not in shown(place)
    assert place.platform.calls == {"1": 3}
    assert await again(place) == 0


async def test_retract__where_messages_can_only_be_edited(where: Where) -> None:
    async with world(where, FakePlatform(capabilities=EDIT)) as place:
        await serve(place, digest(items=2), 1)
        assert await retract(place) == 1
        (notice,) = place.platform.markups("1")
        assert NOTICE in notice
        assert place.platform.deletes.total() == 0
        assert await again(place) == 0


async def test_retract__where_nothing_can_be_changed_a_notice_follows_once(where: Where) -> None:
    async with world(where) as place:
        await serve(place, LONG, 1)
        assert await retract(place) == 1
        assert await again(place) == 0
        assert [NOTICE in markup for markup in place.platform.markups("1")] == [False, False, False, True]


async def test_retract__who_was_not_served_yet_gets_nothing(place: World) -> None:
    await place.subscribe(subscription(chat(2)))
    await place.plan()
    await retract(place)
    assert place.platform.markups("2") == []
    assert [line.state for line in await place.ledger() if line.chat.address == "2"] == [DeliveryState.EXPIRED]


async def test_retract__unsubscribed_chats_too_paused_ones_not(place: World) -> None:
    await place.subscribe(subscription(chat(2)))
    await place.plan()
    await place.rounds()
    await place.subscribe(subscription(chat(1), state=SubscriptionState.OFF))
    await place.store.subscriptions.pause(chat(2), "blocked", place.now)
    assert await retract(place) == 1
    assert place.platform.markups("1") == []
    assert len(place.platform.markups("2")) == 3


async def test_retract__not_what_was_sent_too_long_ago(place: World) -> None:
    place.now += timedelta(hours=48)
    assert await retract(place) == 0
    assert len(place.platform.markups("1")) == 3


async def test_retract__although_the_last_revision_was_to_correct_nothing(place: World) -> None:
    await correct(place, mended(LONG, 8), corrects=False)
    assert await retract(place) == 1
    assert place.platform.messages == []


@pytest.mark.parametrize("entry", [Unknown("timeout"), Arrived(error=Unknown("timeout")), NotDelivered("down")])
async def test_retract__a_deletion_that_failed_is_made_again(
    place: World, entry: Unknown | Arrived | NotDelivered
) -> None:
    place.platform.script_changes("1", 0.0, entry)
    await retract(place)
    assert place.platform.messages == []
    assert [line.state for line in await place.ledger()] == [DeliveryState.SENT] * 2


async def test_retract__killed_in_the_midst_the_next_process_ends_it(place: World) -> None:
    place.platform.script_changes("1", 0.0, asyncio.Event())
    await place.store.digests.retract(TODAY)
    await place.plan()
    dead = asyncio.create_task(place.round())
    await until(lambda: place.platform.deletes.total() == 2)
    await place.store.deliveries.take_over("console", "another process", place.now)
    place.sending = place.new_sending()
    await place.rounds()
    assert place.platform.messages == []
    await bury(dead)


async def test_retract__and_published_again_it_is_there_once(place: World) -> None:
    await retract(place)
    assert await correct(place, LONG) == 1
    assert place.platform.numbers("1") == [1, 2, 3]
    assert await again(place) == 0
    assert await retract(place) == 1
    assert place.platform.messages == []
    assert await correct(place, mended(LONG, 8)) == 1
    assert "mended" in shown(place)
    assert place.platform.numbers("1") == [1, 2, 3]


async def test_retract__and_published_again_before_anything_was_done(place: World) -> None:
    await place.store.digests.retract(TODAY)
    await place.plan()
    await load(place.store, mended(LONG, 8), now=place.now)
    await place.rounds()
    assert "mended" in shown(place)
    assert place.platform.deletes.total() == 0
    assert place.platform.numbers("1") == [1, 2, 3]
    assert await again(place) == 0


async def test_retract__and_published_again_the_notice_becomes_the_digest(where: Where) -> None:
    async with world(where, FakePlatform(capabilities=EDIT)) as place:
        await serve(place, digest(items=2), 1)
        await retract(place)
        await correct(place, mended(digest(items=2), 1))
        (message,) = place.platform.markups("1")
        assert "mended" in message
        assert NOTICE not in message


async def test_retract__published_again_on_another_day_nobody_gets_old_news(place: World) -> None:
    await retract(place)
    place.now += timedelta(hours=20)
    assert await correct(place, LONG) == 0
    assert place.platform.messages == []


async def test_correct__a_part_too_many_that_can_not_be_deleted_does_not_speak_of_withdrawal(place: World) -> None:
    place.platform.script_changes("1", 0.0, TOO_OLD, 0.0, TOO_OLD, 0.0)
    await correct(place, digest(items=2, word="mended"))
    first, *rest = place.platform.markups("1")
    assert "mended" in first
    assert len(rest) == 2
    assert not any(NOTICE in markup or "story" in markup for markup in rest)
    assert await again(place) == 0
    await correct(place, digest(items=8, word="longer"))
    assert place.platform.numbers("1") == [1, 2, 3]
    assert "longer 8" in shown(place)


async def begin(place: World, *calls: Entry) -> None:
    """Try the day once to chat 2, with these outcomes."""
    place.platform.script("2", *calls)
    await place.subscribe(subscription(chat(2)))
    await place.plan()
    await place.round()


async def take_back(place: World) -> None:
    """Retract the day, and look again for who was still under way."""
    await retract(place)
    await again(place)
    await place.rounds()


async def test_retract__of_what_may_be_there_and_nobody_can_delete_a_notice_tells(place: World) -> None:
    """With its answer the number was lost that it could be deleted by."""
    await begin(place, 0.0, LOST)
    await take_back(place)
    assert [NOTICE in markup for markup in place.platform.markups("2")] == [True, False]
    assert await again(place) == 0
    await correct(place, mended(LONG, 8))
    assert sorted(place.platform.numbers("2")) == [1, 2, 2, 3]


@pytest.mark.parametrize("outcomes", [(LOST,), (LOST, TOO_OLD, TOO_OLD)])
async def test_retract__where_all_there_is_may_be_there_a_notice_follows_it(
    place: World, outcomes: tuple[Entry, ...]
) -> None:
    await begin(place, *outcomes)
    if len(outcomes) > 1:
        await place.rounds()
    await take_back(place)
    assert [NOTICE in markup for markup in place.platform.markups("2")] == [False, True]
    assert await again(place) == 0


async def test_retract__a_notice_sent_in_the_place_of_what_may_be_there_stays(place: World) -> None:
    """A reader deleted the first message, nobody knows whether it came anew, and the correction is overtaken."""
    place.platform.messages = place.platform.messages[1:]
    place.platform.script("1", LOST)
    place.now += LATER
    await load(place.store, mended(LONG, 1), now=place.now)
    await place.plan()
    await place.round()
    await take_back(place)
    assert [NOTICE in markup for markup in place.platform.markups("1")] == [False, True]


async def test_retract__what_nobody_knows_the_end_of_ends_as_unknown(place: World) -> None:
    await begin(place, *[LOST] * 5)
    await place.rounds(hours=3)
    await retract(place)
    *_, line = [line for line in await place.ledger() if line.chat.address == "2"]
    assert (line.occasion.split(":")[0], line.state) == ("retraction", DeliveryState.UNKNOWN)
    await place.store.resends.plan(TODAY, place.now, deadline=place.now + timedelta(hours=1))
    await place.rounds()
    assert NOTICE in place.platform.markups("2")[-1]
    assert len(place.platform.markups("2")) == 6
