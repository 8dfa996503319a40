"""Sorting a day anew changes what readers have where they are sent something else, and nothing more."""

from collections.abc import AsyncIterator

import pytest

from bot.categories import default_taxonomy
from tests.fakes import TODAY, Where, chat, document, intake, sorter, subscription
from tests.unit.correcting import BOTH, LATER, MARK, again, shown
from tests.unit.delivering import World, world

POLICY, CHIPS = frozenset({"policy"}), frozenset({"chips"})


@pytest.fixture
async def place(where: Where) -> AsyncIterator[World]:
    async with world(where) as opened:
        await opened.store.categories.follow(default_taxonomy().categories)
        yield opened


async def serve(place: World) -> None:
    """Send three stories of chips to those who read everything (1), chips (2) and policy (3)."""
    loaded = await intake(place.store).take(document(word="Nvidia GPU").encode(), origin="x.md")
    assert loaded.saved
    await place.subscribe(
        subscription(chat(1)), subscription(chat(2), categories=CHIPS), subscription(chat(3), categories=POLICY)
    )
    await place.plan()
    await place.rounds()


async def resort(place: World, number: int, *slugs: str) -> None:
    place.now += LATER
    standing = await sorter(place.store).standing(TODAY)
    assert standing
    await sorter(place.store).say(standing, number, slugs, by="test")
    await sorter(place.store).resort(TODAY)
    await place.plan()
    await place.rounds()


async def test_resort__touches_the_messages_that_it_changes_alone(place: World) -> None:
    place.platform.dialect.capabilities |= BOTH
    await serve(place)
    whole = shown(place)
    await resort(place, 2, "chips", "policy")
    await resort(place, 1, "policy", "chips")
    assert shown(place) == whole
    assert MARK not in whole
    assert place.platform.edits["1"] <= 1, "but for the button of a category that occurs now"
    assert place.platform.edits["2"] <= 1
    assert "Nvidia GPU 2" in shown(place, 3)
    assert "Nvidia GPU 3" not in shown(place, 3)
    assert await again(place) == 0


async def test_resort__a_story_that_goes_leaves_the_messages_that_had_it(place: World) -> None:
    place.platform.dialect.capabilities |= BOTH
    await serve(place)
    await resort(place, 2, "policy")
    assert "Nvidia GPU 2" not in shown(place, 2)
    assert "Nvidia GPU 1" in shown(place, 2)


async def test_resort__where_nothing_can_be_edited_only_new_stories_are_told_of(place: World) -> None:
    await serve(place)
    before = {number: len(place.platform.markups(str(number))) for number in (1, 2)}
    await resort(place, 1, "chips", "policy")
    after = {number: len(place.platform.markups(str(number))) for number in (1, 2)}
    assert after == before, "who has the story already hears nothing"
    assert "Nvidia GPU 1" in shown(place, 3)
