"""Whoever is cancelled in the middle of a write leaves a database that others can write to."""

import asyncio
import random
from collections.abc import Awaitable, Callable

import pytest

from bot.terms import phrases
from tests.fakes import MORNING, Where, chat, digest, load, subscription
from tests.unit.delivering import World, world

TRIES = 40
LONGEST = 0.006
"""Seconds: about as long as one of these takes."""

CUT_OFF: dict[str, Callable[[World], Awaitable[object]]] = {
    "claim": lambda there: there.store.deliveries.claim("console", "me", MORNING, 5),
    "put": lambda there: there.store.subscriptions.put(subscription(chat(99))),
    "read": lambda there: there.store.roster.all(),
    "find": lambda there: there.store.search.find(phrases("a")),
}


@pytest.mark.parametrize("what", CUT_OFF)
async def test_cancelled__lets_others_write(where: Where, what: str) -> None:
    dice = random.Random(4)  # noqa: S311
    async with world(where) as there:
        await load(there.store, digest())
        await there.subscribe(*(subscription(chat(number)) for number in range(5)))
        await there.plan()
        for _ in range(TRIES):
            task = asyncio.ensure_future(CUT_OFF[what](there))
            await asyncio.sleep(dice.random() * LONGEST)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await asyncio.wait_for(there.store.deliveries.take_over("console", "next", MORNING), timeout=3)


async def test_cancelled__has_done_all_of_it_or_nothing(where: Where) -> None:
    dice = random.Random(5)  # noqa: S311
    async with world(where) as there:
        for number in range(TRIES):
            task = asyncio.ensure_future(there.store.subscriptions.put(subscription(chat(number))))
            await asyncio.sleep(dice.random() * LONGEST)
            cut_off = task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            if not cut_off:
                assert await there.store.subscriptions.get(chat(number))
        entries = await there.store.roster.all()
        assert len({entry.subscription.chat for entry in entries}) == len(entries)
