"""A person's word: kept for the story, in force in every revision, and followed by what was sent."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.categories import default_taxonomy
from bot.models import Digest
from bot.sorting import Sorter, Standing
from bot.sources import Intake
from bot.store import Answer, Outcome, Store
from tests.fakes import MORNING, TODAY, document, intake, opened, sorter

NAME = "2025-10-12.md"
CHIPS = document(word="Nvidia GPU")
"""Three stories that the rules put under chips."""


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with opened(tmp_path) as fresh:
        await fresh.categories.follow(default_taxonomy().categories)
        yield fresh


async def load(store: Store, text: str = CHIPS, *, publish: bool = True, force: bool = False) -> Outcome:
    loaded = await intake(store).take(text.encode(), origin=NAME, publish=publish, force=force)
    assert loaded.saved
    return loaded.saved.outcome


async def standing_of(store: Store, day: date = TODAY) -> Standing:
    found = await sorter(store).standing(day)
    assert found
    return found


async def say(store: Store, number: int, *slugs: str) -> None:
    await sorter(store).say(await standing_of(store), number, slugs, by="test")


async def slugs(store: Store) -> list[tuple[str, ...]]:
    found = await store.digests.published(TODAY)
    return [item.categories for item in found.items] if found else []


async def test_say__is_in_force_once_the_day_is_sorted_anew(store: Store) -> None:
    await load(store)
    await say(store, 2, "policy", "chips")
    assert await slugs(store) == [("chips",)] * 3
    saved = await sorter(store).resort(TODAY)
    assert saved
    assert (saved.revision, saved.published) == (2, True)
    assert await slugs(store) == [("chips",), ("policy", "chips"), ("chips",)]
    assert await sorter(store).resort(TODAY) is None


async def test_resort__is_the_same_document(store: Store) -> None:
    await load(store)
    first = await standing_of(store)
    await say(store, 2, "policy")
    await sorter(store).resort(TODAY)
    second = await standing_of(store)
    assert second.newest.sha256 == first.newest.sha256
    assert replace(second.stored, items=()) == replace(first.stored, items=())
    assert await load(store) is Outcome.UNCHANGED
    assert await slugs(store) == [("chips",), ("policy",), ("chips",)]


async def test_say__follows_the_story_to_another_number_and_title(store: Store) -> None:
    await load(store)
    await say(store, 3, "policy")
    await sorter(store).resort(TODAY)
    moved = CHIPS.replace("1. **[", "4. **[").replace("[Nvidia GPU 3]", "[Nvidia GPU, mended]")
    assert await load(store, moved) is Outcome.REVISED
    found = await store.digests.published(TODAY)
    assert found
    assert {item.title: item.categories for item in found.items}["Nvidia GPU, mended"] == ("policy",)
    assert sum(item.categories == ("policy",) for item in found.items) == 1


async def test_say__counts_for_a_revision_loaded_before_it_was_in_force(store: Store) -> None:
    await load(store)
    await say(store, 1, "policy")
    await load(store, CHIPS.replace("The lead", "A lead"))
    assert (await slugs(store))[0] == ("policy",)


async def test_say__while_a_document_is_being_loaded_is_not_lost(store: Store) -> None:
    await load(store)
    asked, answer = asyncio.Event(), asyncio.Event()

    class Thinking:
        """A model that takes its time, while a person speaks."""

        async def words(self, _digest: Digest, *, ask: bool) -> Answer:
            if ask:
                asked.set()
                await answer.wait()
            return {}

    slow = Sorter(store=store, taxonomy=default_taxonomy(), clock=lambda: MORNING, model=Thinking())
    late = Intake(store=store, sorter=slow, clock=lambda: MORNING)
    loading = asyncio.create_task(late.take(CHIPS.replace("The lead", "A lead").encode(), origin=NAME))
    await asked.wait()
    await say(store, 1, "policy")
    answer.set()
    await loading
    assert (await slugs(store))[0] == ("policy",)


async def test_say__in_the_last_moment_before_saving_is_not_lost(store: Store) -> None:
    await load(store)

    async def before(_digest: Digest, _source: bytes) -> None:
        await say(store, 1, "policy")
        await sorter(store).resort(TODAY)

    source = CHIPS.replace("The lead", "A lead").encode()
    await intake(store).take(source, origin=NAME, before=before)
    assert (await slugs(store))[0] == ("policy",)
    found = await store.digests.published(TODAY)
    assert found
    assert found.lead[0].text == "A lead."


async def test_say__nowhere_and_taken_back(store: Store) -> None:
    await load(store)
    await say(store, 1)
    await sorter(store).resort(TODAY)
    assert (await slugs(store))[0] == ()
    await sorter(store).say(await standing_of(store), 1, None, by="test")
    await sorter(store).resort(TODAY)
    assert (await slugs(store))[0] == ("chips",)


async def test_say__goes_before_what_the_document_says(store: Store) -> None:
    await load(store, CHIPS.replace("GPU 1.\n", "GPU 1. #安全伦理\n"))
    assert (await slugs(store))[0] == ("safety",)
    await say(store, 1, "policy")
    await sorter(store).resort(TODAY)
    assert (await slugs(store))[0] == ("policy",)


async def test_say__of_one_day_is_not_of_another(store: Store) -> None:
    await load(store)
    await say(store, 1, "policy")
    loaded = await intake(store).take(document(word="Nvidia GPU", day="2025-10-13").encode(), origin="2025-10-13.md")
    assert loaded.saved
    found = await store.digests.published(date(2025, 10, 13))
    assert found
    assert found.items[0].categories == ("chips",)


async def test_resort__of_a_draft_is_a_draft(store: Store) -> None:
    await load(store)
    await load(store, CHIPS.replace("The lead", "A lead"), publish=False)
    await say(store, 1, "policy")
    saved = await sorter(store).resort(TODAY)
    assert saved
    assert not saved.published
    assert (await slugs(store))[0] == ("chips",)
    await store.digests.publish(TODAY, MORNING)
    assert (await slugs(store))[0] == ("policy",)


async def test_resort__of_a_retracted_day_waits_until_it_is_loaded_again(store: Store) -> None:
    await load(store)
    await store.digests.retract(TODAY)
    await say(store, 1, "policy")
    assert await sorter(store).resort(TODAY) is None
    assert await slugs(store) == []
    await load(store)
    assert (await slugs(store))[0] == ("policy",)


async def test_resort__of_a_day_that_is_not_there(store: Store) -> None:
    assert await sorter(store).resort(TODAY) is None


async def test_resort__a_lost_race_is_run_again(store: Store) -> None:
    await load(store)
    await say(store, 1, "policy")
    await say(store, 2, "safety")
    saved = await asyncio.gather(*(sorter(store).resort(TODAY) for _ in range(5)))
    assert [one.revision for one in saved if one] == [2]
    assert await slugs(store) == [("policy",), ("safety",), ("chips",)]


async def test_resorts__over_another_revision_than_the_newest_is_refused(store: Store) -> None:
    await load(store)
    old = await standing_of(store)
    await load(store, CHIPS.replace("The lead", "A lead"))
    again = await store.resorts.save(old.stored, over=old.newest.revision_id, categories=(), now=MORNING)
    assert again is None
    assert (await standing_of(store)).newest.number == 2


async def test_resort__without_edit_tells_the_correction_so(store: Store) -> None:
    await load(store)
    await say(store, 1, "policy")
    await sorter(store).resort(TODAY, corrects=False)
    (head,) = await store.corrections.heads(TODAY)
    assert not head.corrects
