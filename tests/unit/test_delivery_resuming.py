"""What is begun is finished as it was begun; what is not begun may still be called off."""

import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import NotDelivered, Unknown
from bot.models import DeliveryState, Format, PartState, SubscriptionState
from bot.render import Renderer
from tests.fakes import MORNING, TODAY, Arrived, Where, chat, digest, load, subscription
from tests.unit.delivering import TEMPLATES, World, world

REFUSED = NotDelivered("connection refused")
MOMENT = timedelta(seconds=1)


@pytest.fixture
async def place(where: Where) -> AsyncIterator[World]:
    """A day planned for chat 1, in three parts."""
    async with world(where) as place:
        await load(place.store, digest(items=8))
        await place.subscribe(subscription(chat(1)))
        assert await place.plan() == 1
        yield place


def reworded(folder: Path) -> Renderer:
    """Return the renderer of a later release, whose templates say it otherwise."""
    templates = shutil.copytree(TEMPLATES, folder / "templates")
    markup = templates / "markup" / "console.j2"
    markup.write_text(markup.read_text(encoding="utf-8").replace("[1m", "[4m"), encoding="utf-8")
    return Renderer(templates)


async def restarted(place: World, folder: Path) -> None:
    """Go on as another process, whose templates differ."""
    await place.store.deliveries.take_over("console", "another process", place.now)
    place.renderer = reworded(folder)
    place.sending = place.new_sending()


async def test_resume__at_the_first_part_not_sent_with_the_words_it_began_with(place: World, tmp_path: Path) -> None:
    place.platform.script("1", 0.0, REFUSED)
    await place.round()
    await restarted(place, tmp_path)
    place.now += timedelta(minutes=5)
    await place.round()
    assert place.platform.numbers("1") == [1, 2, 3]
    assert not any("\x1b[4m" in markup for markup in place.platform.markups("1"))
    assert (await place.line(1)).state is DeliveryState.SENT


async def test_resume__the_stored_parts_although_a_new_revision_came(place: World) -> None:
    place.platform.script("1", 0.0, REFUSED)
    await place.round()
    await load(place.store, digest(items=7, word="fix"), now=place.now)
    place.now += timedelta(minutes=5)
    await place.round()
    assert place.platform.numbers("1") == [1, 2, 3]
    assert not any("fix" in markup for markup in place.platform.markups("1"))


async def test_resume__what_was_rendered_but_not_begun_takes_the_new_revision(place: World, tmp_path: Path) -> None:
    place.platform.script("1", REFUSED)
    await place.round()
    await load(place.store, digest(items=8, word="fixed"), now=place.now)
    await restarted(place, tmp_path)
    place.now += timedelta(minutes=5)
    await place.round()
    assert [("fixed" in markup, "\x1b[4m" in markup) for markup in place.platform.markups("1")] == [(True, True)] * 3


async def test_resume__a_killed_process_leaves_an_unknown_part_that_is_sent_again(place: World) -> None:
    (delivery,) = await place.store.deliveries.claim("console", "dead", place.now, 10)
    await place.store.deliveries.sending(delivery, 1, ledger=delivery.id, again=False, now=place.now)
    assert await place.round() == 0
    assert await place.store.deliveries.take_over("console", place.store.leases.owner, place.now) == 1
    assert (await place.line(1)).parts == {1: (PartState.UNKNOWN, 1)}
    await place.round()
    assert place.platform.numbers("1") == [1, 2, 3]
    assert (await place.line(1)).parts[1] == (PartState.SENT, 2)


async def test_resume__a_kill_after_the_last_part_sends_nothing_again(place: World) -> None:
    await place.round()
    database = place.store._database
    async with database.write() as connection:
        await connection.exec_driver_sql("UPDATE deliveries SET state = 'claimed', claimed_by = 'dead'")
    await place.store.deliveries.take_over("console", place.store.leases.owner, place.now)
    await place.round()
    assert place.platform.numbers("1") == [1, 2, 3]
    assert (await place.line(1)).state is DeliveryState.SENT


async def test_take_over__leaves_other_platforms_and_our_own_claims_alone(place: World) -> None:
    mine = place.store.leases.owner
    await place.store.deliveries.claim("console", mine, place.now, 10)
    assert await place.store.deliveries.take_over("console", mine, place.now) == 0
    assert await place.store.deliveries.take_over("telegram", "other", place.now) == 0
    assert (await place.line(1)).state is DeliveryState.CLAIMED


async def test_claim__takes_no_more_than_asked_for_and_nothing_twice(place: World) -> None:
    await place.subscribe(*(subscription(chat(number)) for number in range(2, 8)))
    await place.plan()
    claim = place.store.deliveries.claim
    batches = [await claim("console", owner, place.now, 3) for owner in ("a", "b", "a", "b")]
    assert [len(batch) for batch in batches] == [3, 3, 1, 0]
    assert len({delivery.id for batch in batches for delivery in batch}) == 7
    assert await claim("telegram", "a", place.now, 3) == ()


async def test_deliver__an_edition_with_nothing_in_it_is_empty(place: World) -> None:
    await place.subscribe(subscription(chat(2), categories=frozenset({"policy"})))
    await place.plan()
    await place.rounds()
    line = await place.line(2)
    assert (line.state, line.parts, line.code) == (DeliveryState.EMPTY, {}, None)
    assert place.platform.calls["2"] == 0


async def test_deliver__chats_that_get_the_same_share_one_stored_edition(place: World) -> None:
    await place.subscribe(subscription(chat(2)), subscription(chat(3), format=Format.HEADLINES))
    await place.plan()
    await place.round()
    async with place.store._database.read() as connection:
        editions = list(await connection.exec_driver_sql("SELECT DISTINCT edition FROM deliveries"))
    assert len(editions) == 2
    assert place.platform.markups("1") == place.platform.markups("2")


async def test_deliver__switched_off_between_plan_and_send(place: World) -> None:
    await place.subscribe(subscription(chat(1), state=SubscriptionState.OFF, since=place.now))
    await place.round()
    assert (await place.line(1)).state is DeliveryState.EXPIRED
    assert place.platform.calls["1"] == 0


async def test_deliver__switched_off_after_the_first_part_gets_the_rest(place: World) -> None:
    place.platform.script("1", 0.0, REFUSED)
    await place.round()
    await place.subscribe(subscription(chat(1), state=SubscriptionState.OFF, since=place.now))
    await place.rounds()
    assert place.platform.numbers("1") == [1, 2, 3]


async def test_deliver__retracted_between_plan_and_send(place: World) -> None:
    await place.store.digests.retract(TODAY)
    await place.round()
    line = await place.line(1)
    assert (line.state, line.code) == (DeliveryState.EXPIRED, "expired")
    assert place.platform.calls["1"] == 0


async def test_deliver__retracted_after_it_was_rendered_but_not_begun(place: World) -> None:
    place.platform.script("1", REFUSED)
    await place.round()
    await place.store.digests.retract(TODAY)
    place.now += timedelta(minutes=5)
    await place.round()
    assert (await place.line(1)).state is DeliveryState.EXPIRED
    assert place.platform.messages == []


async def test_deliver__when_the_day_is_over_it_does_not_begin(place: World) -> None:
    place.now = (await place.line(1)).deadline
    await place.round()
    assert (await place.line(1)).state is DeliveryState.EXPIRED
    assert place.platform.calls["1"] == 0


async def test_deliver__just_before_the_day_is_over_it_does(place: World) -> None:
    place.now = (await place.line(1)).deadline - MOMENT
    await place.round()
    assert (await place.line(1)).state is DeliveryState.SENT


@pytest.mark.parametrize("entry", [Arrived(error=Unknown("read timeout")), Unknown("read timeout")])
async def test_deliver__what_has_begun_is_finished_after_midnight(place: World, entry: Unknown | Arrived) -> None:
    place.now = (await place.line(1)).deadline - MOMENT
    place.platform.script("1", entry)
    await place.round()
    place.now += timedelta(hours=1)
    await place.round()
    assert (await place.line(1)).state is DeliveryState.SENT
    assert sorted(set(place.platform.numbers("1"))) == [1, 2, 3]


@pytest.mark.parametrize(
    ("late", "state", "numbers"),
    [
        (timedelta(hours=12) - MOMENT, DeliveryState.SENT, [1, 2, 3]),
        (timedelta(hours=12), DeliveryState.FAILED, [1]),
    ],
)
async def test_deliver__what_has_begun_is_given_up_half_a_day_after_midnight_and_no_sooner(
    place: World, late: timedelta, state: DeliveryState, numbers: list[int]
) -> None:
    place.platform.script("1", 0.0, REFUSED)
    await place.round()
    place.now = (await place.line(1)).deadline + late
    await place.round()
    assert (await place.line(1)).state is state
    assert place.platform.numbers("1") == numbers


async def test_deliver__what_never_began_expires_by_itself(place: World) -> None:
    place.now = (await place.line(1)).deadline - timedelta(hours=1)
    place.platform.script("1", *[REFUSED] * 100)
    await place.rounds(hours=2)
    line = await place.line(1)
    assert line.state is DeliveryState.EXPIRED
    assert line.settled_at is not None
    assert line.settled_at >= line.deadline > MORNING
