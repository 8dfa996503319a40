"""Where messages can't be edited, a short notice says what changed."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.models import Block, Digest, Run
from tests.fakes import TODAY, chat, digest, load, subscription
from tests.unit.correcting import again, bury, correct, mended, sorted_in
from tests.unit.delivering import World, until, world


@pytest.fixture
async def fixed(tmp_path: Path) -> AsyncIterator[World]:
    """A day sent to two chats on a platform that can neither edit nor delete."""
    async with world(tmp_path) as place:
        one = sorted_in(digest(items=2), "chips", "policy")
        one = replace(one, lead=(Block(runs=(Run(text="The lead."),)),))
        await load(place.store, one, now=place.now)
        await place.subscribe(subscription(chat(1)), subscription(chat(2), categories=frozenset({"chips"})))
        await place.plan()
        await place.rounds()
        yield place


async def published(place: World) -> Digest:
    one = await place.store.digests.published(TODAY)
    assert one is not None
    return one


async def test_notice__names_what_changed_once_to_those_who_read_it(fixed: World) -> None:
    one = await published(fixed)
    assert await correct(fixed, mended(one, 2)) == 2
    first, notice = fixed.platform.markups("1")
    assert "mended" not in first
    assert "Correction" in notice
    assert "mended" in notice
    assert len(fixed.platform.markups("2")) == 1
    assert await again(fixed) == 0
    assert await correct(fixed, mended(one, 1)) == 2
    assert (len(fixed.platform.markups("1")), len(fixed.platform.markups("2"))) == (3, 2)


async def test_notice__of_a_changed_lead_goes_to_those_who_have_it(fixed: World) -> None:
    one = await published(fixed)
    await correct(fixed, replace(one, lead=(Block(runs=(Run(text="Another lead."),)),)))
    assert "lead or commentary" in fixed.platform.markups("1")[1]
    assert len(fixed.platform.markups("2")) == 1


async def test_notice__of_another_title_takes_no_story_out(fixed: World) -> None:
    one = await published(fixed)
    await correct(fixed, mended(one, 2))
    assert "taken out" not in fixed.platform.markups("1")[1]
    await correct(fixed, replace(one, items=one.items[:1]))
    assert "1 story was taken out" in fixed.platform.markups("1")[2]


async def test_notice__on_its_way_at_a_kill_is_sent_again(fixed: World) -> None:
    fixed.platform.script("1", asyncio.Event())
    await load(fixed.store, mended(await published(fixed), 1), now=fixed.now)
    assert await fixed.plan() == 2
    dead = asyncio.create_task(fixed.round())
    await until(lambda: fixed.platform.calls.total() == 4)
    await fixed.store.deliveries.take_over("console", "another", fixed.now)
    states = {state for line in await fixed.ledger() for state, _ in line.parts.values()}
    assert "sending" not in states
    fixed.sending = fixed.new_sending()
    await fixed.rounds()
    assert len(fixed.platform.markups("1")) == 2
    await bury(dead)
