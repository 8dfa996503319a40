"""Serving a digest, correcting it, and what a reader then sees."""

import asyncio
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.contract import Capability
from bot.models import DeliveryState, Digest
from tests.fakes import chat, digest, load, subscription
from tests.unit.delivering import World

BOTH = frozenset({Capability.EDIT, Capability.DELETE})
LONG = digest(items=8)
"""In three parts."""
MARK = "Corrected"
LATER = timedelta(minutes=1)


async def serve(place: World, one: Digest, *numbers: int) -> None:
    await load(place.store, one, now=place.now)
    await place.subscribe(*(subscription(chat(number)) for number in numbers))
    assert await place.plan() == len(numbers)
    await place.rounds()


async def correct(place: World, one: Digest, *, corrects: bool = True) -> int:
    """Load a revision a minute later, let it be planned and carried out, and return how many chats it reached."""
    place.now += LATER
    await load(place.store, one, now=place.now, corrects=corrects)
    planned = await place.plan()
    await place.rounds()
    return planned


def mended(one: Digest, number: int, title: str = "mended") -> Digest:
    """Return the digest with the title of one item changed, no longer than before."""
    items = tuple(replace(item, title=title) if item.number == number else item for item in one.items)
    return replace(one, items=items)


def sorted_in(one: Digest, *slugs: str) -> Digest:
    return replace(
        one, items=tuple(replace(item, categories=(slug,)) for item, slug in zip(one.items, slugs, strict=True))
    )


def shown(place: World, address: int | str = 1) -> str:
    return "\n".join(place.platform.markups(str(address)))


def stories(place: World, word: str) -> list[int]:
    """Return the numbers of the items that chat 1 sees, told in `word`."""
    return [int(number) for number in re.findall(rf"m{word} (\d+) of", shown(place))]


async def bury(*_dead: asyncio.Task[Any]) -> None:
    """Clear away what a process left that is taken as killed: it did nothing more."""
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)


async def settled(place: World) -> None:
    """Wait until everything is sent."""
    async with asyncio.timeout(10):
        while {line.state for line in await place.ledger()} != {DeliveryState.SENT}:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def again(place: World) -> int:
    """Look again, as the tick does all the time, after the planner's rest."""
    place.now += LATER
    return await place.plan()
