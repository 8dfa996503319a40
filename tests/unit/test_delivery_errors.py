"""Every error of the tree: what it does to the parts, the delivery and the subscription."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from bot.delivery.retry import CUT_OFF_LIMIT
from bot.errors import ChatGone, ChatMoved, NotDelivered, RateLimited, Rejected, Unknown
from bot.models import Chat, DeliveryState, PartState, SubscriptionState
from bot.pacing import Lane
from tests.fakes import TODAY, Arrived, chat, digest, load, subscription
from tests.unit.delivering import World, until, world

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
ONE_ATTEMPT = dict.fromkeys((1, 2, 3), (PartState.SENT, 1))


def limited(seconds: float = 30) -> RateLimited:
    return RateLimited("retry after", retry_after=seconds, scope="chat")


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[World]:
    """A day planned for the chats 1 and 2, in three parts."""
    async with world(tmp_path) as place:
        await load(place.store, digest(items=8))
        await place.subscribe(subscription(chat(1)), subscription(chat(2)))
        assert await place.plan() == 2
        yield place


async def state(place: World, address: int | str = 1) -> SubscriptionState | None:
    found = await place.store.subscriptions.get(chat(address))
    return found.state if found else None


async def test_deliver__all_parts_in_order_to_every_chat(place: World) -> None:
    await place.round()
    for number in (1, 2):
        assert place.platform.numbers(str(number)) == [1, 2, 3]
        line = await place.line(number)
        assert (line.state, line.parts, line.code, line.settled_at) == (
            DeliveryState.SENT,
            ONE_ATTEMPT,
            None,
            place.now,
        )
    shown = "".join(place.platform.markups("1"))
    assert [shown.count(f"story {number} of {TODAY}") for number in range(1, 9)] == [1] * 8
    assert await place.round() == 0


async def test_deliver__a_flood_wait_holds_that_chat_alone_and_repeats_that_part(place: World) -> None:
    place.platform.script("1", 0.0, limited(0.05))
    await place.round()
    line = await place.line(1)
    assert (line.state, line.code) == (DeliveryState.PLANNED, "RateLimited")
    assert line.parts == {1: (PartState.SENT, 1), 2: (PartState.REFUSED, 0)}
    assert line.next_at == place.now + 0.05 * SECOND
    assert (await place.line(2)).state is DeliveryState.SENT
    assert await place.round() == 0
    await place.rounds()
    assert place.platform.numbers("1") == [1, 2, 3]
    assert (await place.line(1)).state is DeliveryState.SENT


async def test_deliver__a_flood_wait_holds_the_answers_to_that_chat_too(place: World) -> None:
    place.platform.script("1", limited(0.4))
    begun = time.monotonic()
    await place.round()
    answered: list[str] = []

    async def answer(to: Chat) -> None:
        async with place.sending.pacer.turn(to, Lane.REPLY):
            answered.append(to.address)

    await asyncio.gather(answer(chat(1)), answer(chat(2)))
    assert answered == ["2", "1"]
    assert time.monotonic() - begun >= 0.4


async def test_deliver__who_blocked_is_paused_with_the_reason_and_not_tried_again(place: World) -> None:
    place.platform.gone.add("1")
    await place.rounds()
    line = await place.line(1)
    assert (line.state, line.code) == (DeliveryState.FAILED, "chat_gone")
    assert place.platform.calls["1"] == 1
    found = await place.store.subscriptions.get(chat(1))
    assert found is not None
    assert (found.state, found.reason) == (SubscriptionState.PAUSED, "bot was blocked by the user")
    assert [(one.chat, one.reason) for one in await place.store.status.failed(TODAY)] == [
        (chat(1), "bot was blocked by the user")
    ]
    assert place.platform.numbers("2") == [1, 2, 3]


async def test_deliver__gone_in_the_midst_fails_though_a_part_arrived(place: World) -> None:
    place.platform.script("1", 0.0, ChatGone("kicked"))
    await place.rounds()
    line = await place.line(1)
    assert line.state is DeliveryState.FAILED
    assert line.parts == {1: (PartState.SENT, 1), 2: (PartState.REFUSED, 0)}
    assert await state(place) is SubscriptionState.PAUSED


async def test_deliver__a_moved_chat_gets_the_rest_at_its_new_address(place: World) -> None:
    place.platform.script("1", 0.0, ChatMoved("upgraded", chat=chat(-1009)))
    await place.rounds()
    assert (place.platform.numbers("1"), place.platform.numbers("-1009")) == ([1], [2, 3])
    assert (await place.line(-1009)).state is DeliveryState.SENT
    assert (await state(place, 1), await state(place, -1009)) == (None, SubscriptionState.ON)


async def test_deliver__a_chat_that_moves_to_itself_is_not_tried_without_rest(place: World) -> None:
    place.platform.script("1", *[ChatMoved("upgraded", chat=chat(1))] * 50)
    await place.rounds(hours=0.01)
    assert place.platform.calls["1"] < 10
    assert await state(place) is SubscriptionState.ON


async def test_deliver__chats_that_move_in_a_circle_are_not_tried_without_rest(place: World) -> None:
    for here, there in ((1, 9), (9, 1)):
        place.platform.script(str(here), *[ChatMoved("upgraded", chat=chat(there))] * 50)
    await place.rounds(hours=0.01)
    assert place.platform.calls["1"] + place.platform.calls["9"] < 10


async def test_deliver__markup_that_is_rejected_is_sent_plain(place: World) -> None:
    place.platform.script("1", 0.0, Rejected("can't parse entities"))
    await place.round()
    assert place.platform.numbers("1") == [1, 2, 3]
    assert ["\x1b" in markup for markup in place.platform.markups("1")] == [True, False, True]
    plain = place.platform.dialect.plain(place.platform.markups("2")[1])
    assert place.platform.markups("1")[1] == plain
    line = await place.line(1)
    assert (line.state, set(line.parts)) == (DeliveryState.SENT, {1, 2, 3})


async def test_deliver__what_is_rejected_plain_too_fails_and_the_chat_stays_on(place: World) -> None:
    place.platform.script("1", Rejected("can't parse"), Rejected("message text is empty"))
    await place.rounds()
    line = await place.line(1)
    assert (line.state, line.code) == (DeliveryState.FAILED, "rejected")
    assert line.parts == {1: (PartState.REFUSED, 0)}
    assert await state(place) is SubscriptionState.ON
    assert place.platform.calls["1"] == 2


async def test_deliver__a_flood_wait_between_the_rejection_and_the_plain_text(place: World) -> None:
    place.platform.script("1", Rejected("can't parse"), limited(0.01), Rejected("can't parse"))
    await place.rounds()
    assert place.platform.numbers("1") == [1, 2, 3]
    assert (await place.line(1)).state is DeliveryState.SENT


async def test_deliver__what_certainly_did_not_arrive_is_retried_as_often_as_it_takes(place: World) -> None:
    place.platform.script("1", *[NotDelivered("connection refused")] * 25)
    await place.rounds(hours=6)
    line = await place.line(1)
    assert (line.state, line.parts) == (DeliveryState.SENT, ONE_ATTEMPT)
    assert place.platform.numbers("1") == [1, 2, 3]
    assert place.platform.calls["1"] == 28


async def test_deliver__retries_wait_longer_and_longer_up_to_a_bound(place: World) -> None:
    place.platform.script("1", *[NotDelivered("connection refused")] * 15)
    waits = []
    for _ in range(15):
        await place.round()
        next_at = (await place.line(1)).next_at
        waits.append((next_at - place.now).total_seconds())
        place.now = next_at
    assert 1 <= waits[0] <= 2
    assert all(early < 2.01 * late for early, late in pairwise(waits))
    assert 300 <= waits[-1] <= 600


async def test_deliver__chats_that_failed_together_are_not_tried_again_together(place: World) -> None:
    await place.subscribe(*(subscription(chat(number)) for number in range(3, 21)))
    await place.plan()
    for number in range(1, 21):
        place.platform.script(str(number), NotDelivered("connection refused"))
    await place.round()
    waits = [(line.next_at - place.now).total_seconds() for line in await place.ledger()]
    assert len(set(waits)) > 15
    assert max(waits) - min(waits) > 0.5


@pytest.mark.parametrize("idempotent", [False, True])
async def test_deliver__an_unknown_that_arrived_is_sent_again_under_the_same_nonce(
    place: World, *, idempotent: bool
) -> None:
    place.platform.idempotent = idempotent
    place.platform.script("1", 0.0, Arrived(error=Unknown("read timeout")))
    await place.rounds()
    assert place.platform.numbers("1") == ([1, 2, 3] if idempotent else [1, 2, 2, 3])
    line = await place.line(1)
    assert (line.state, line.parts[2]) == (DeliveryState.SENT, (PartState.SENT, 2))


async def test_deliver__an_unknown_that_did_not_arrive_is_not_lost(place: World) -> None:
    place.platform.script("1", Unknown("read timeout"), Unknown("bad gateway"))
    await place.rounds()
    assert place.platform.numbers("1") == [1, 2, 3]


async def test_deliver__nonces_differ_by_chat_and_part(place: World) -> None:
    await place.round()
    assert len({message.nonce for message in place.platform.messages}) == 6


async def test_deliver__what_stays_unknown_is_given_up_and_shows(place: World) -> None:
    place.platform.script("1", *[Unknown("read timeout")] * 20)
    begun = place.now
    await place.rounds(hours=2)
    line = await place.line(1)
    assert (line.state, line.code) == (DeliveryState.UNKNOWN, "unknown")
    assert line.parts == {1: (PartState.UNKNOWN, 5)}
    assert place.platform.calls["1"] == 5
    assert line.settled_at
    assert line.settled_at - begun > 30 * MINUTE
    assert [one.chat for one in await place.store.status.failed(TODAY)] == [chat(1)]


async def test_deliver__half_an_hour_in_which_nobody_answers_costs_nobody_their_digest(place: World) -> None:
    """A proxy with an error page for everything: it may have arrived, each time."""
    over = place.now + 30 * MINUTE
    place.platform.script("1", *[Unknown("Bad Gateway")] * 3)
    while place.now < over:
        await place.round()
        place.now = max(place.now + SECOND, min(line.next_at for line in await place.ledger()))
    assert (await place.line(1)).state in (DeliveryState.PLANNED, DeliveryState.SENT)
    await place.rounds(hours=2)
    assert (await place.line(1)).state is DeliveryState.SENT


async def test_deliver__not_when_its_day_ended_while_it_waited_for_its_turn(place: World) -> None:
    place.sending.pacer.hold(chat(1), 1)
    late = asyncio.ensure_future(place.round())
    await until(lambda: place.platform.numbers("2") == [1, 2, 3])
    place.now = (await place.line(1)).deadline
    await late
    await place.rounds()
    assert (await place.line(1)).state is DeliveryState.EXPIRED
    assert (await place.line(2)).state is DeliveryState.SENT
    assert place.platform.calls["1"] == 0


async def killed_at_the_first_part(place: World, times: int) -> None:
    """Let so many processes end while the first delivery is being sent."""
    for _ in range(times):
        (delivery,) = await place.store.deliveries.claim("console", "dead", place.now, 1)
        await place.store.deliveries.sending(delivery, 1, ledger=delivery.id, again=bool(delivery.parts), now=place.now)
        await place.store.deliveries.take_over("console", "next", place.now)


async def test_deliver__many_kills_at_the_same_part_cost_nobody_their_digest(place: World) -> None:
    await killed_at_the_first_part(place, CUT_OFF_LIMIT - 1)
    await place.rounds()
    assert (await place.line(1)).state is DeliveryState.SENT
    assert place.platform.numbers("1") == [1, 2, 3]


async def test_deliver__a_part_at_which_the_process_is_killed_each_time_is_given_up_in_the_end(place: World) -> None:
    """Each kill may have doubled it, as a timeout may: there is an end to both."""
    await killed_at_the_first_part(place, CUT_OFF_LIMIT)
    await place.rounds()
    line = await place.line(1)
    assert (line.state, line.code) == (DeliveryState.UNKNOWN, "unknown")
    assert line.parts == {1: (PartState.UNKNOWN, CUT_OFF_LIMIT)}
    assert place.platform.calls["1"] == 0


async def test_deliver__certain_failures_do_not_count_towards_giving_up_an_unknown(place: World) -> None:
    """Four refusals before the first timeout: it is the first time that it may have been doubled, not the fifth."""
    place.platform.script("1", *[limited(0.001)] * 4, *[Unknown("read timeout")] * 4)
    await place.rounds()
    assert (await place.line(1)).state is DeliveryState.SENT
    assert place.platform.numbers("1") == [1, 2, 3]


async def test_deliver__an_unknown_part_that_is_then_refused_has_still_begun(place: World) -> None:
    """It may have arrived: so midnight does not end it, and it is finished as it was begun."""
    place.platform.script("1", Unknown("read timeout"), NotDelivered("connection refused"))
    await place.round()
    place.now = (await place.line(1)).next_at
    await place.round()
    place.now = (await place.line(1)).deadline + SECOND
    await load(place.store, digest(items=8, word="fix"), now=place.now)
    await place.round()
    assert place.platform.markups("1") == place.platform.markups("2")[:3]
    assert (await place.line(1)).state is DeliveryState.SENT


async def test_deliver__a_sick_chat_does_not_hide_behind_a_healthy_one(place: World) -> None:
    place.platform.script("1", *[Unknown("read timeout")] * 5)
    place.platform.script("2", Rejected("no"), Rejected("no"))
    await place.rounds()
    assert await place.store.status.counts(TODAY) == {
        ("console", DeliveryState.UNKNOWN): 1,
        ("console", DeliveryState.FAILED): 1,
    }
