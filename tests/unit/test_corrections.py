"""A new revision changes what readers have: only what changed, once, and only theirs."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.errors import NotDelivered, Rejected, Unknown
from bot.models import DeliveryState, SubscriptionState
from tests.fakes import TODAY, FakePlatform, Where, chat, digest, load, subscription
from tests.unit.correcting import BOTH, LATER, LONG, MARK, again, correct, mended, serve, shown, sorted_in, stories
from tests.unit.delivering import World, world

HOUR = timedelta(hours=1)


@pytest.fixture
async def place(where: Where) -> AsyncIterator[World]:
    """A day sent to chat 1, in three parts."""
    async with world(where, FakePlatform(capabilities=BOTH)) as place:
        await serve(place, LONG, 1)
        yield place


@pytest.mark.parametrize(("number", "part"), [(1, 1), (4, 2), (8, 3)])
async def test_correct__edits_the_changed_part_alone_and_marks_it(place: World, number: int, part: int) -> None:
    before = place.platform.markups("1")
    assert await correct(place, mended(LONG, number)) == 1
    after = place.platform.markups("1")
    assert [at for at, (old, new) in enumerate(zip(before, after, strict=True), 1) if old != new] == [part]
    assert place.platform.edits == {"1": 1}
    assert place.platform.calls == {"1": 3}
    assert [MARK in markup for markup in after] == [at == part for at in (1, 2, 3)]
    assert "mended" in after[part - 1]
    assert await again(place) == 0


async def test_correct__once_more_keeps_the_mark_of_the_first_time(place: World) -> None:
    await correct(place, mended(LONG, 8))
    place.platform.edits.clear()
    await correct(place, mended(mended(LONG, 8), 1, "mended 2"))
    assert place.platform.edits == {"1": 1}
    assert [MARK in markup for markup in place.platform.markups("1")] == [True, False, True]


async def test_correct__more_parts_are_sent_behind_the_others(place: World) -> None:
    assert await correct(place, digest(items=14)) == 1
    assert place.platform.numbers("1") == [1, 2, 3, 4, 5]
    assert stories(place, "story") == list(range(1, 15))
    assert place.platform.calls == {"1": 5}


async def test_correct__fewer_parts_take_the_rest_away(place: World) -> None:
    assert await correct(place, digest(items=2)) == 1
    assert place.platform.numbers("1") == [1]
    assert place.platform.deletes == {"1": 2}
    assert stories(place, "story") == [1, 2]


async def test_correct__more_fewer_and_more_again(place: World) -> None:
    for items, parts in ((2, 1), (14, 5), (8, 3)):
        await correct(place, digest(items=items, word=f"n{items:04}"))
        assert place.platform.numbers("1") == list(range(1, parts + 1))
        assert stories(place, f"n{items:04}") == list(range(1, items + 1))


async def test_correct__who_does_not_read_what_changed_is_left_alone(place: World) -> None:
    both = sorted_in(digest(items=2), "chips", "policy")
    place.now += timedelta(days=1)
    tomorrow = replace(both, day=place.now.date())
    await load(place.store, tomorrow, now=place.now)
    await place.subscribe(
        subscription(chat(2), categories=frozenset({"chips"})), subscription(chat(3), categories=frozenset({"policy"}))
    )
    await place.plan()
    await place.rounds()
    assert await correct(place, mended(tomorrow, 2)) == 3
    assert place.platform.edits == {"1": 1, "3": 1}
    assert MARK not in shown(place, 2)
    assert await again(place) == 0


async def test_correct__the_same_bytes_change_nothing(place: World) -> None:
    assert await correct(place, LONG) == 0
    assert place.platform.edits.total() == 0


async def test_correct__a_draft_changes_nothing_until_it_is_published(place: World) -> None:
    await load(place.store, mended(LONG, 8), now=place.now, publish=False)
    assert await again(place) == 0
    await place.store.digests.publish(TODAY, place.now)
    assert await place.plan() == 1
    await place.rounds()
    assert "mended" in shown(place)


async def test_correct__back_to_the_first_wording_says_so_too(place: World) -> None:
    await correct(place, mended(LONG, 8))
    await correct(place, replace(LONG, title=LONG.title))
    assert await correct(place, mended(LONG, 8)) == 1
    assert "mended" in shown(place)


# ------------------------------------------------------------------ whom it reaches


async def test_correct__of_those_without_edit_reaches_only_who_is_still_to_be_served(place: World) -> None:
    before = place.platform.markups("1")
    await place.subscribe(subscription(chat(2)))
    assert await correct(place, mended(LONG, 8), corrects=False) == 1
    assert place.platform.markups("1") == before
    assert "mended" in shown(place, 2)
    assert MARK not in shown(place, 2)
    assert await again(place) == 0
    assert await correct(place, mended(LONG, 7)) == 2
    assert "mended" in place.platform.markups("1")[2]


async def test_correct__unsubscribed_chats_too_paused_ones_when_they_are_back(place: World) -> None:
    await place.subscribe(subscription(chat(2)), subscription(chat(3)))
    await place.plan()
    await place.rounds()
    await place.subscribe(subscription(chat(2), state=SubscriptionState.OFF))
    await place.store.subscriptions.pause(chat(3), "blocked", place.now)
    assert await correct(place, mended(LONG, 8)) == 2
    assert "mended" in shown(place, 2)
    assert "mended" not in shown(place, 3)
    await place.store.subscriptions.resume(chat(3), place.now)
    assert await again(place) == 1
    await place.rounds()
    assert "mended" in shown(place, 3)


async def test_correct__not_what_was_sent_too_long_ago(place: World) -> None:
    place.now += timedelta(hours=48)
    assert await correct(place, mended(LONG, 8)) == 0
    assert "mended" not in shown(place)


async def test_correct__just_before_that_it_does(place: World) -> None:
    place.now += timedelta(hours=48) - 2 * LATER
    assert await correct(place, mended(LONG, 8)) == 1
    assert "mended" in shown(place)


async def test_correct__what_was_not_carried_out_in_time_is_given_up(place: World) -> None:
    place.platform.script_changes("1", NotDelivered("down"))
    place.now += LATER
    await load(place.store, mended(LONG, 8), now=place.now)
    await place.plan()
    await place.round()
    place.now += timedelta(hours=48)
    await place.round()
    assert place.platform.edits == {"1": 1}
    assert [line.state for line in await place.ledger()] == [DeliveryState.SENT, DeliveryState.EXPIRED]


async def test_correct__who_got_nothing_gets_new_items_while_the_day_lasts(place: World) -> None:
    await place.subscribe(subscription(chat(2), categories=frozenset({"chips"})))
    await place.plan()
    await place.rounds()
    assert place.platform.markups("2") == []
    assert await correct(place, digest(items=3, slug="chips")) == 2
    assert place.platform.numbers("2") == [1]
    assert MARK not in shown(place, 2)
    assert MARK in shown(place, 1)
    assert await correct(place, digest(items=4, slug="chips", word="more")) == 2
    assert place.platform.numbers("2") == [1, 2]
    assert MARK in shown(place, 2)


async def test_correct__not_when_the_day_is_over(place: World) -> None:
    await place.subscribe(subscription(chat(2), categories=frozenset({"chips"})))
    await place.plan()
    await place.rounds()
    place.now += timedelta(hours=15)
    assert await correct(place, digest(items=3, slug="chips")) == 1
    assert place.platform.markups("2") == []


async def test_correct__who_has_it_by_a_correction_does_not_count_as_failed(place: World) -> None:
    place.platform.script("2", 0.0, Rejected("no"), Rejected("no"))
    place.platform.script("3", Rejected("no"), Rejected("no"))
    await place.subscribe(subscription(chat(2)), subscription(chat(3)))
    await place.plan()
    await place.rounds()
    assert [one.chat for one in await place.store.status.failed(TODAY)] == [chat(2), chat(3)]
    assert await correct(place, mended(LONG, 8)) == 2
    assert place.platform.numbers("2") == [1, 2, 3]
    assert [one.chat for one in await place.store.status.failed(TODAY)] == [chat(3)]
    assert await place.store.status.counts(TODAY) == {
        ("console", DeliveryState.SENT): 2,
        ("console", DeliveryState.FAILED): 1,
    }


async def test_correct__planned_before_midnight_and_begun_after_it_brings_nobody_old_news(place: World) -> None:
    await place.subscribe(subscription(chat(2), categories=frozenset({"chips"})))
    await place.plan()
    await place.rounds()
    place.now = (await place.line(2)).deadline - LATER
    await load(place.store, digest(items=3, slug="chips"), now=place.now)
    assert await place.plan() == 2
    place.now += LATER
    await place.rounds()
    assert place.platform.markups("2") == []
    assert MARK in shown(place, 1)


async def test_correct__who_left_before_new_items_were_sent_gets_nothing(place: World) -> None:
    wish = subscription(chat(2), categories=frozenset({"chips"}))
    await place.subscribe(wish)
    await place.plan()
    await place.rounds()
    await load(place.store, digest(items=3, slug="chips"), now=place.now)
    assert await place.plan() == 2
    await place.subscribe(replace(wish, state=SubscriptionState.OFF))
    await place.rounds()
    assert place.platform.markups("2") == []
    assert MARK in shown(place, 1)


async def test_correct__who_left_with_nothing_gets_nothing(place: World) -> None:
    await place.subscribe(subscription(chat(2), categories=frozenset({"chips"})))
    await place.plan()
    await place.rounds()
    await place.subscribe(subscription(chat(2), categories=frozenset({"chips"}), state=SubscriptionState.OFF))
    assert await correct(place, digest(items=3, slug="chips")) == 1


async def test_correct__is_marked_and_edited_however_often_it_is_corrected_and_taken_back(place: World) -> None:
    """The tries of a message are those of one act: what was edited often may still be sent anew as often as any."""
    for number in range(1, 7):
        assert await correct(place, mended(LONG, 8, f"mend{number}")) == 1
    await place.store.digests.retract(TODAY)
    assert await again(place) == 1
    await place.rounds()
    assert place.platform.messages == []
    place.platform.script("1", *[Unknown("timeout")] * 4)
    assert await correct(place, mended(LONG, 8, "back")) == 1
    assert place.platform.numbers("1") == [1, 2, 3]


async def test_reach__counts_who_is_really_touched(place: World) -> None:
    await place.subscribe(subscription(chat(2)), subscription(chat(3)))
    await place.plan()
    await place.rounds()
    await place.store.subscriptions.pause(chat(2), "blocked", place.now)
    await place.subscribe(subscription(chat(3), state=SubscriptionState.OFF))
    foretold = await place.store.corrections.reach(TODAY, sent_since=place.now - HOUR)
    assert await correct(place, mended(LONG, 8)) == foretold["console"] == 2


async def test_reach__counts_who_has_messages(place: World) -> None:
    await place.subscribe(subscription(chat(2), categories=frozenset({"chips"})), subscription(chat(3)))
    await place.plan()
    await place.rounds()
    since = place.now - HOUR
    assert await place.store.corrections.reach(TODAY, sent_since=since) == {"console": 2}
    assert await place.store.corrections.reach(TODAY, sent_since=place.now + HOUR) == {}


@pytest.mark.parametrize("wants", [frozenset(), frozenset({"chips"})])
async def test_correct__who_left_and_came_back_is_not_pushed_what_was_due_meanwhile(
    place: World, wants: frozenset[str]
) -> None:
    """Neither where it was called off when they left, nor where it had nothing for them."""
    wish = subscription(chat(2), categories=wants)
    await place.subscribe(wish)
    await place.plan()
    if wants:
        await place.rounds()
    await place.subscribe(replace(wish, state=SubscriptionState.OFF, since=place.now))
    await place.rounds()
    place.now += 3 * HOUR
    await place.subscribe(replace(wish, since=place.now))
    assert await correct(place, digest(items=3, slug="chips")) == 1
    assert place.platform.markups("2") == []
