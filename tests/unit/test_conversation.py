"""A command comes in and its answer goes out; what happens to the bot in a chat changes what is served there."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.commands import Commands, Conversation
from bot.config import Settings
from bot.contract import ChatEvent, EventKind
from bot.errors import ChatGone, NotDelivered, RateLimited, Rejected, StoreError
from bot.models import Actor, Chat, Command, SubscriptionState
from tests.fakes import TODAY, chat, digest, load, sorter, subscription
from tests.unit.delivering import World, world

ANN = chat(7)


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    with capture_logs():
        yield


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as place:
        await load(place.store, digest(items=8))
        yield place


def conversation(place: World) -> Conversation:
    return Conversation(
        store=place.store,
        commands=Commands(place.store, Settings(), lambda: place.now, sorter(place.store)),
        renderer=place.renderer,
        adapter=place.platform,
        pacer=place.sending.pacer,
        clock=lambda: place.now,
    )


async def ask(place: World, name: str, words: str = "", *, in_place: bool = False) -> list[str]:
    """Give a command and return what is answered."""
    before = len(place.platform.responses)
    command = Command(
        name=name, words=words, actor=Actor(address=ANN.address), chat=ANN, locale="en", in_place=in_place
    )
    await conversation(place).on_command(command)
    return [part.markup for _, part, _ in place.platform.responses[before:]]


async def state(place: World, of: Chat = ANN) -> SubscriptionState | None:
    found = await place.store.subscriptions.get(of)
    return found.state if found else None


async def test_on_command__is_answered_in_full_part_by_part(place: World) -> None:
    answer = await ask(place, "today")
    assert len(answer) == 3
    assert [sum(f"story {number} of {TODAY}" in part for part in answer) for number in range(1, 9)] == [1] * 8


async def test_on_command__only_the_first_part_takes_the_place_of_the_pressed_message(place: World) -> None:
    await ask(place, "day", str(TODAY), in_place=True)
    assert [command.in_place for command, _, _ in place.platform.responses] == [True, False, False]


async def test_on_command__a_subscription_is_there_when_it_is_answered(place: World) -> None:
    assert await ask(place, "subscribe")
    assert await state(place) is SubscriptionState.ON


async def test_on_command__after_a_flood_wait_once_more(place: World) -> None:
    place.platform.response_errors.append(RateLimited("retry after", retry_after=0.02, scope="chat"))
    assert len(await ask(place, "today")) == 3


async def test_on_command__what_the_platform_can_not_read_is_said_plain(place: World) -> None:
    place.platform.response_errors.append(Rejected("can't parse entities"))
    first, second, _ = await ask(place, "today")
    assert "\x1b" not in first
    assert "\x1b" in second


@pytest.mark.parametrize("error", [NotDelivered("no connection"), StoreError("disk full")])
async def test_on_command__an_answer_that_can_not_be_sent_raises_nothing(place: World, error: Exception) -> None:
    place.platform.response_errors.append(error)  # type: ignore[arg-type]
    assert await ask(place, "today") == []
    assert len(await ask(place, "today")) == 3


async def test_on_command__who_can_not_be_answered_any_more_is_paused(place: World) -> None:
    await place.subscribe(subscription(ANN))
    place.platform.response_errors.append(ChatGone("bot was blocked by the user"))
    assert await ask(place, "today") == []
    assert await state(place) is SubscriptionState.PAUSED


async def test_on_command__a_store_that_can_not_be_read_is_an_apology(place: World) -> None:
    def failing(*_: object) -> object:
        raise StoreError("disk full")

    place.store._database._read = failing  # type: ignore[method-assign, assignment]
    (answer,) = await ask(place, "today")
    assert answer
    assert "disk" not in answer


@pytest.mark.parametrize("kind", [EventKind.BLOCKED, EventKind.KICKED])
async def test_on_chat_event__pauses_and_comes_back_with_its_settings(place: World, kind: EventKind) -> None:
    mine = subscription(ANN, categories=frozenset({"chips"}))
    await place.subscribe(mine)
    await conversation(place).on_chat_event(ChatEvent(kind=kind, chat=ANN))
    paused = await place.store.subscriptions.get(ANN)
    assert paused is not None
    assert (paused.state, bool(paused.reason)) == (SubscriptionState.PAUSED, True)
    await conversation(place).on_chat_event(ChatEvent(kind=EventKind.BACK, chat=ANN))
    back = await place.store.subscriptions.get(ANN)
    assert back is not None
    assert (back.state, back.reason, back.categories) == (SubscriptionState.ON, "", mine.categories)


@pytest.mark.parametrize("kind", [EventKind.BACK, EventKind.JOINED])
async def test_on_chat_event__what_an_operator_paused_is_not_brought_back(place: World, kind: EventKind) -> None:
    await place.subscribe(subscription(ANN, state=SubscriptionState.PAUSED))
    talk = conversation(place)
    for event in (kind, EventKind.BLOCKED, kind):
        await talk.on_chat_event(ChatEvent(kind=event, chat=ANN))
        assert await state(place) is SubscriptionState.PAUSED


async def test_on_chat_event__a_pause_after_an_absence_is_one_of_its_own(place: World) -> None:
    talk = conversation(place)
    await place.subscribe(subscription(ANN))
    await talk.on_chat_event(ChatEvent(kind=EventKind.BLOCKED, chat=ANN))
    await talk.on_chat_event(ChatEvent(kind=EventKind.BACK, chat=ANN))
    back = await place.store.subscriptions.get(ANN)
    assert back is not None
    assert not back.absent
    await place.store.subscriptions.put(replace(back, state=SubscriptionState.PAUSED))
    await talk.on_chat_event(ChatEvent(kind=EventKind.BACK, chat=ANN))
    assert await state(place) is SubscriptionState.PAUSED


async def test_on_chat_event__who_left_by_wish_is_not_brought_back(place: World) -> None:
    await place.subscribe(subscription(ANN, state=SubscriptionState.OFF))
    await conversation(place).on_chat_event(ChatEvent(kind=EventKind.JOINED, chat=ANN))
    assert await state(place) is SubscriptionState.OFF


async def test_on_chat_event__a_group_that_moved_keeps_its_subscription(place: World) -> None:
    old, new = chat(-100), chat(-1009)
    await place.subscribe(subscription(old))
    await conversation(place).on_chat_event(ChatEvent(kind=EventKind.MIGRATED, chat=old, moved_to=new))
    assert (await state(place, old), await state(place, new)) == (None, SubscriptionState.ON)
