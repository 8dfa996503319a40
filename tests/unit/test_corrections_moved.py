"""A chat that has moved has left its messages behind: they can't be changed, and no other may be taken for them."""

from collections.abc import AsyncIterator

import pytest

from bot.errors import ChatMoved
from bot.models import DeliveryState
from tests.fakes import TODAY, FakePlatform, Message, Where, chat, load
from tests.unit.correcting import BOTH, LONG, again, correct, mended, serve, shown
from tests.unit.delivering import World, world

NEW = -1009


@pytest.fixture
async def place(where: Where) -> AsyncIterator[World]:
    """A day sent to chat 1, in three parts; where it will move, an answer of ours has the number of the third."""
    async with world(where, FakePlatform(capabilities=BOTH)) as place:
        await serve(place, LONG, 1)
        third = place.platform.messages[2]
        place.platform.messages.append(Message(id=third.id, chat=chat(NEW), part=third.part, nonce="an answer"))
        yield place


@pytest.mark.parametrize("heard", [True, False])
async def test_correct__a_moved_chat_gets_a_notice_and_no_other_message_is_touched(
    place: World, *, heard: bool
) -> None:
    before, (answer,) = place.platform.markups("1"), place.platform.markups(str(NEW))
    if heard:
        await place.store.subscriptions.move(chat(1), chat(NEW), place.now)
    else:
        place.platform.script_changes("1", ChatMoved("upgraded", chat=chat(NEW)))
    assert await correct(place, mended(LONG, 8)) == 1
    assert place.platform.markups("1") == before
    untouched, notice = place.platform.markups(str(NEW))
    assert untouched == answer
    assert "mended" in notice
    assert "Correction" in notice
    assert await again(place) == 0
    assert {line.state for line in await place.ledger()} == {DeliveryState.SENT}


async def test_retract__a_moved_chat_is_told(place: World) -> None:
    await place.store.subscriptions.move(chat(1), chat(NEW), place.now)
    await place.store.digests.retract(TODAY)
    assert await again(place) == 1
    await place.rounds()
    assert "withdrawn" in shown(place, NEW)
    assert place.platform.deletes.total() == 0


async def test_correct__a_chat_whose_topic_is_lost_keeps_its_messages(place: World) -> None:
    await place.store.subscriptions.move(chat(1), chat(1, topic="7"), place.now)
    await load(place.store, mended(LONG, 8), now=place.now)
    assert await again(place) == 1
    (delivery,) = await place.store.deliveries.claim("console", "me", place.now, 1)
    assert [part.message_id for part in delivery.parts.values()] == ["1", "2", "3"]
