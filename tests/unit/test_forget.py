"""Erasing what is known of a chat: all of it, nothing of others, and no harm to what is under way."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.models import DeliveryState
from bot.store import Known, Store
from bot.store.tables import chats, deliveries, delivery_parts, subscriptions
from tests.fakes import MORNING, TODAY, Where, chat, digest, load, subscription
from tests.unit.commanding import BOB, CHANNEL, GROUP, PRIVATE, Room, open_room, presses
from tests.unit.delivering import World, until, world

LONG = digest(items=8)


@pytest.fixture
async def place(where: Where) -> AsyncIterator[World]:
    async with world(where) as place:
        await load(place.store, LONG)
        yield place


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with open_room(tmp_path) as opened:
        yield opened


async def rows(store: Store) -> list[int]:
    async with store._database.read() as connection:
        tables = (chats, subscriptions, deliveries, delivery_parts)
        return [await connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


async def test_forget__erases_all_of_a_chat_and_nothing_of_others(place: World) -> None:
    await place.subscribe(subscription(chat(2)))
    await place.plan()
    await place.rounds()
    others = await rows(place.store)
    await place.subscribe(subscription(chat(1)), subscription(chat(1, topic="5")))
    await place.plan()
    await place.rounds()
    assert await place.store.subscriptions.known(chat(1)) == Known(subscriptions=2, deliveries=2, first_day=TODAY)
    erased = await place.store.subscriptions.forget(chat(1))
    assert erased == Known(subscriptions=2, deliveries=2, first_day=TODAY)
    assert await rows(place.store) == others
    assert await place.store.subscriptions.known(chat(1)) is None
    assert await place.store.subscriptions.forget(chat(1)) is None


async def test_forget__corrections_go_with_what_they_corrected(place: World) -> None:
    await place.subscribe(subscription(chat(1)))
    await place.plan()
    await place.rounds()
    await load(place.store, digest(items=8, word="mended"))
    assert await place.plan() == 1
    assert await place.store.subscriptions.forget(chat(1)) == Known(subscriptions=1, deliveries=2, first_day=TODAY)
    assert await rows(place.store) == [0, 0, 0, 0]


async def test_forget__under_way_harms_neither_that_delivery_nor_its_neighbours(place: World) -> None:
    await place.subscribe(subscription(chat(1)), subscription(chat(2)))
    held = asyncio.Event()
    place.platform.script("1", held)
    place.platform.script("2", held)
    await place.plan()
    work = asyncio.create_task(place.round())
    await until(lambda: place.platform.calls.total() == 2)
    await place.store.subscriptions.forget(chat(1))
    held.set()
    await work
    assert (await place.line(2)).state is DeliveryState.SENT
    assert (await rows(place.store))[:3] == [1, 1, 1]
    assert len(set(place.platform.numbers("2"))) == len(place.platform.numbers("2")) > 1


async def test_forget__under_way_takes_nothing_from_whoever_is_planned_next(place: World) -> None:
    await place.subscribe(subscription(chat(1)))
    held = asyncio.Event()
    place.platform.script("1", held)
    await place.plan()
    work = asyncio.create_task(place.round())
    await until(lambda: place.platform.calls["1"] == 1)
    await place.store.subscriptions.forget(chat(1))
    await place.subscribe(subscription(chat(2)), subscription(chat(3)))
    assert await place.plan() == 2
    held.set()
    await work
    assert {line.state for line in await place.ledger()} == {DeliveryState.PLANNED}
    await place.rounds()
    assert place.platform.numbers("1") == [1]
    assert place.platform.numbers("2") == place.platform.numbers("3") == [1, 2, 3]


async def test_forget__its_number_is_given_to_nobody_else(place: World) -> None:
    await place.subscribe(subscription(chat(1)), subscription(chat(2)))
    (_, second) = await place.store.roster.all()
    await place.store.subscriptions.forget(chat(2))
    await place.subscribe(subscription(chat(3)))
    assert await place.store.roster.get(second.number) is None
    assert await place.store.roster.find(chat(3))


async def test_forget__a_chat_may_come_again_as_a_new_one(place: World) -> None:
    await place.subscribe(subscription(chat(1)))
    await place.plan()
    await place.rounds()
    await place.store.subscriptions.forget(chat(1))
    await place.subscribe(subscription(chat(1), since=MORNING + timedelta(seconds=1)))
    assert await place.plan() == 0
    assert await rows(place.store) == [1, 1, 0, 0]


# ------------------------------------------------------------------ the command


async def test_forget__says_what_is_known_and_erases_it_once_confirmed(room: Room) -> None:
    await room.ask("/subscribe 芯片技术 07:30")
    reply = await room.ask("/forget")
    said = room.said(reply)
    assert all(word in said for word in ("07:30", "芯片技术", "<code>7</code>", "Ann", "1 个订阅"))
    assert await room.subscription()
    (sure,) = presses(reply)
    done = await room.ask(sure)
    assert (done.template, done.values["known"]) == (
        "forgotten",
        Known(subscriptions=1, deliveries=0, first_day=None),
    )
    assert await room.subscription() is None
    assert (await room.ask(sure)).values["known"] is None
    assert "没有" in room.said(await room.ask("/forget"))


async def test_forget__a_button_of_another_day_only_asks_again(room: Room) -> None:
    await room.ask("/subscribe")
    (sure,) = presses(await room.ask("/forget"))
    room.now += timedelta(days=1)
    assert (await room.ask(sure)).template == "forget"
    assert await room.subscription()


async def test_forget__in_a_group_only_its_managers(room: Room) -> None:
    await room.ask("/subscribe", chat=GROUP)
    (sure,) = presses(await room.ask("/forget", chat=GROUP))
    for words in ("/forget", sure):
        refused = await room.ask(words, chat=GROUP, actor=BOB)
        assert (refused.template, refused.private) == ("refused", True)
    assert await room.subscription(GROUP)
    assert (await room.ask(sure, chat=GROUP)).template == "forgotten"
    assert await room.subscription(GROUP) is None


async def test_forget__a_channel_from_the_private_chat(room: Room) -> None:
    await room.ask("/subscribe @daily")
    await room.ask("/subscribe")
    asked = await room.ask("/forget @daily")
    assert "Daily &lt;AI&gt;" in room.said(asked)
    (sure,) = presses(asked)
    await room.ask(sure)
    assert await room.subscription(CHANNEL) is None
    assert await room.subscription(PRIVATE)
    stranger = await room.ask(sure, chat=chat(8, platform="telegram"), actor=BOB)
    assert stranger.template == "refused"


async def test_forget__counts_all_topics(room: Room) -> None:
    await room.ask("/subscribe", chat=GROUP)
    topic = replace(GROUP, topic="5")
    await room.ask("/subscribe", chat=topic)
    asked = await room.ask("/forget", chat=replace(GROUP, topic="6"))
    assert "2 subscriptions" in room.said(asked, "en")
    (sure,) = presses(asked)
    await room.ask(sure, chat=topic)
    assert await room.subscription(GROUP) is None
