"""Pushes without a sound, days with nothing for a chat, and absences that begin when a delivery is planned already."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.wecom import WecomDialect
from bot.contract import Capability
from bot.errors import NotDelivered, Unknown
from bot.models import DeliveryState, Format, PartState
from tests.fakes import TODAY, FakePlatform, chat, digest, load, subscription
from tests.unit.correcting import BOTH, MARK, correct, serve, shown
from tests.unit.delivering import World, world

CHIPS = frozenset({"chips"})
DAY = timedelta(days=1)


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path, FakePlatform(capabilities=BOTH | {Capability.BUTTONS})) as place:
        yield place


@asynccontextmanager
async def told(place: World) -> AsyncIterator[World]:
    """A chat that wants chips, and to be told on a day of products alone."""
    await load(place.store, digest(), now=place.now)
    await place.subscribe(replace(subscription(chat(1), categories=CHIPS), tells_empty=True))
    await place.plan()
    yield place


# ------------------------------------------------------------------ sound


async def test_silent__each_message_of_who_wishes_so(place: World) -> None:
    await load(place.store, digest(items=8), now=place.now)
    await place.subscribe(subscription(chat(1)), replace(subscription(chat(2)), silent=True))
    await place.plan()
    await place.rounds()
    heard = {(message.chat.address, message.silent) for message in place.platform.messages}
    assert heard == {("1", False), ("2", True)}
    assert place.platform.numbers("2") == [1, 2, 3]


async def test_silent__wished_for_after_it_was_planned(place: World) -> None:
    await load(place.store, digest(items=8), now=place.now)
    await place.subscribe(subscription(chat(1)))
    await place.plan()
    place.platform.script("1", 0.0, NotDelivered("busy"))
    await place.round()
    await place.subscribe(replace(subscription(chat(1)), silent=True))
    await place.rounds()
    assert [message.silent for message in place.platform.messages] == [False, True, True]


# ------------------------------------------------------------------ empty days


async def test_empty__says_nothing_unless_that_is_wished_for(place: World) -> None:
    await load(place.store, digest(), now=place.now)
    await place.subscribe(subscription(chat(1), categories=CHIPS))
    await place.plan()
    await place.rounds()
    assert place.platform.messages == []
    assert (await place.line(1)).state is DeliveryState.EMPTY


async def test_empty__is_told_once_as_an_edition_of_the_ledger(place: World) -> None:
    async with told(place):
        await place.rounds()
        (message,) = place.platform.messages
        assert "has nothing on Chips" in message.part.markup
        presses = [key.data for row in message.part.keys for key in row]
        assert presses == [f"+category products {TODAY}", f"+day {TODAY} all"]
        line = await place.line(1)
        assert (line.state, line.parts) == (DeliveryState.SENT, {1: (PartState.SENT, 1)})
        assert await place.plan() == 0


async def test_empty__a_word_that_is_unknown_is_sent_again_as_it_was(place: World) -> None:
    async with told(place):
        place.platform.script("1", Unknown("no answer"))
        await place.round()
        await place.subscribe(subscription(chat(1), categories=CHIPS))  # who changes their mind meanwhile
        await place.rounds()
        (message,) = place.platform.messages
        assert "has nothing on Chips" in message.part.markup
        assert (await place.line(1)).state is DeliveryState.SENT


async def test_empty__a_correction_brings_what_there_is_now_in_its_place(place: World) -> None:
    async with told(place):
        await place.rounds()
        assert await correct(place, digest(slug="chips")) == 1
        assert place.platform.edits == {"1": 1}
        assert place.platform.calls == {"1": 1}
        assert MARK in shown(place)
        assert "nothing on" not in shown(place)
        assert "story 3 of" in shown(place)


async def test_empty__a_correction_that_leaves_nothing_says_so_in_place(place: World) -> None:
    await load(place.store, digest(items=8, slug="chips"), now=place.now)
    await place.subscribe(replace(subscription(chat(1), categories=CHIPS), tells_empty=True))
    await place.plan()
    await place.rounds()
    assert await correct(place, digest(items=8)) == 1
    (message,) = place.platform.messages
    assert "has nothing on Chips" in message.part.markup
    assert place.platform.deletes == {"1": 2}


async def test_empty__on_wecom_it_names_no_buttons_and_calls_nobody(tmp_path: Path) -> None:
    async with world(tmp_path, FakePlatform(dialect=WecomDialect())) as place:
        await load(place.store, digest(), now=place.now)
        wish = subscription(chat("r-1", platform="wecom"), categories=CHIPS, format=Format.NEWS)
        await place.subscribe(replace(wish, tells_empty=True, mention=("@all",)))
        await place.plan()
        await place.rounds()
        (message,) = place.platform.messages
        assert (message.part.mention, message.part.cards, message.part.keys) == ((), (), ())
        assert "has nothing on" in message.part.markup
        assert "below" not in message.part.markup


# ------------------------------------------------------------------ absences


async def test_away__what_is_planned_is_not_begun(place: World) -> None:
    await load(place.store, digest(), now=place.now)
    await place.subscribe(subscription(chat(1)))
    await place.plan()
    await place.subscribe(replace(subscription(chat(1)), away_until=TODAY + DAY))
    await place.rounds()
    line = await place.line(1)
    assert (line.state, place.platform.messages) == (DeliveryState.EXPIRED, [])


async def test_away__what_is_begun_is_finished_and_corrected(place: World) -> None:
    await load(place.store, digest(items=8), now=place.now)
    await place.subscribe(subscription(chat(1)))
    await place.plan()
    place.platform.script("1", 0.0, NotDelivered("busy"))
    await place.round()
    await place.subscribe(replace(subscription(chat(1)), away_until=TODAY + DAY))
    await place.rounds()
    assert place.platform.numbers("1") == [1, 2, 3]
    assert await correct(place, digest(items=8, word="fixed")) == 1
    assert "fixed 1 of" in shown(place)


async def test_away__a_correction_brings_nothing_to_who_had_nothing(place: World) -> None:
    await load(place.store, digest(), now=place.now)
    await place.subscribe(subscription(chat(1), categories=CHIPS), subscription(chat(2), categories=CHIPS))
    await place.plan()
    await place.rounds()
    await place.subscribe(replace(subscription(chat(1), categories=CHIPS), away_until=TODAY + DAY))
    assert await correct(place, digest(slug="chips")) == 1
    assert {message.chat.address for message in place.platform.messages} == {"2"}


async def test_away__a_resend_leaves_them_out(place: World) -> None:
    await serve(place, digest(), 1)
    await load(place.store, digest(TODAY + DAY), now=place.now)
    place.now += DAY
    await place.subscribe(subscription(chat(2)))
    await place.plan()
    place.now += DAY  # the day is over before anything could be sent
    await place.rounds()
    await place.subscribe(replace(subscription(chat(2)), away_until=TODAY + 5 * DAY))
    failed = await place.store.resends.failed(TODAY + DAY)
    assert (failed.again, failed.off) == ({"console": 1}, 1)
