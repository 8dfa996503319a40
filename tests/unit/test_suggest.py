"""What is offered while somebody types: days there are, categories by any name, zones."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path

import pytest

from bot.categories import default_taxonomy
from bot.commands import Commands
from bot.commands.words import Wish, read_sought, read_wish
from bot.config import Settings
from bot.contract import Suggest
from bot.models import Slot
from bot.store import Store
from tests.fakes import MORNING, TODAY, chat, digest, load, opened, sorter, subscription


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with opened(tmp_path) as store:
        await store.categories.follow(default_taxonomy().categories)
        for back in (0, 1, 2, 40):
            await load(store, digest(TODAY - timedelta(days=back)))
        yield store


async def offered(store: Store, option: str, typed: str = "", *, locale: str = "zh-CN") -> list[tuple[str, str]]:
    commands = Commands(store, Settings(), lambda: MORNING, sorter(store))
    asked = Suggest(name="any", option=option, typed=typed, chat=chat(7), locale=locale)
    return [(one.label, one.value) for one in await commands.suggest(asked)]


async def days(store: Store, typed: str = "") -> list[str]:
    return [value for _, value in await offered(store, "day", typed)]


async def test_day__newest_first(store: Store) -> None:
    assert await days(store) == ["2025-10-12", "2025-10-11", "2025-10-10", "2025-09-02"]
    assert (await offered(store, "day"))[0] == ("2025年10月12日 周日 · News of 2025-10-12", "2025-10-12")
    assert (await offered(store, "day", locale="en-US"))[0][0] == "Sun 12 Oct 2025 · News of 2025-10-12"


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("昨天", "2025-10-11"),
        ("09", "2025-09-02"),
        ("news of 2025-10-10", "2025-10-10"),
        ("9月2日", "2025-09-02"),
        ("10-05", "2025-10-05"),
    ],
)
async def test_day__as_people_name_it(store: Store, typed: str, first: str) -> None:
    assert (await days(store, typed))[0] == first


async def test_day__that_is_to_come_or_none_is_not_offered(store: Store) -> None:
    assert await days(store, "明天") == []
    assert await days(store, "火星") == []


async def test_day__counts_from_the_chats_own_today(store: Store) -> None:
    there = subscription(chat(7), slot=Slot(zone="America/New_York", at=time(8)))
    await store.subscriptions.put(there)
    assert (await days(store, "today"))[0] == str(date(2025, 10, 11))


async def test_day__25_at_most(store: Store) -> None:
    for back in range(50, 80):
        await load(store, digest(TODAY - timedelta(days=back)))
    assert len(await days(store)) == 25


async def test_category__by_any_name(store: Store) -> None:
    everything = await offered(store, "category")
    assert len(everything) == len(default_taxonomy().categories)
    for typed in ("芯", "chip", "芯片枝术"):
        assert (await offered(store, "category", typed))[0] == ("芯片技术", "chips")
    assert (await offered(store, "category", "芯片", locale="en-US"))[0] == ("Chips", "chips")


async def test_categories__complete_the_last_word(store: Store) -> None:
    found = await offered(store, "categories", "chips 产品")
    assert found[0] == ("芯片技术、产品应用", "chips products")
    assert all(value.startswith("chips ") for _, value in found)
    again = await offered(store, "categories", "chips ")
    assert "chips chips" not in [value for _, value in again]


async def test_zone__cities_too(store: Store) -> None:
    assert (await offered(store, "zone", "东京"))[0] == ("东京 · Asia/Tokyo", "Asia/Tokyo")
    assert (await offered(store, "zone", "toky", locale="en-US"))[0] == ("Tokyo · Asia/Tokyo", "Asia/Tokyo")
    assert ("柏林 · Europe/Berlin", "Europe/Berlin") in await offered(store, "zone", "ber")
    assert await offered(store, "zone")
    for typed, zone in (("utc+8", "Etc/GMT-8"), ("UTC-5", "Etc/GMT+5")):
        assert (await offered(store, "zone", typed))[0] == (f"{typed.upper()} · {zone}", zone)


@pytest.mark.parametrize("locale", ["zh-CN", "en-US"])
async def test_wish__all_that_is_offered_is_understood_and_small_enough(store: Store, locale: str) -> None:
    found = [value for _, value in await offered(store, "wish", locale=locale)]
    assert 10 < len(found) <= 25
    for value in found:
        wish = read_wish(value, default_taxonomy().categories, TODAY)
        assert wish != Wish()
        assert not wish.unread


async def test_wish__completes_a_phrase_or_the_last_word(store: Store) -> None:
    assert await offered(store, "wish", "pause 3", locale="en-US") == [("pause 3 days", "pause 3 days")]
    found = [value for _, value in await offered(store, "wish", "静音 工作")]
    assert found == ["静音 工作日(调休)"]
    found = [value for _, value in await offered(store, "wish", "静音 ")]
    assert "静音 暂停三天" in found
    assert "静音 静音" not in found


async def test_words__titles_that_have_them_to_be_found_as_they_stand(store: Store) -> None:
    found = await offered(store, "words", "story mars")
    assert found == []
    found = await offered(store, "words", "sto 2")
    assert found[0] == ("story 2 of 2025-10-12 · 2025年10月12日 周日", '"story 2 of 2025-10-12"')
    assert len(await offered(store, "words", "story")) == 12
    for typed in ("", "***", "2025-13-40", "x" * 300):
        assert await offered(store, "words", typed) == []


async def test_words__a_category_and_days_among_them_narrow_what_is_offered(store: Store) -> None:
    await load(store, digest(TODAY - timedelta(days=5), items=1, slug="chips"))
    everything = await offered(store, "words", "story")
    ((_, chips),) = await offered(store, "words", "story #芯片技术")
    assert chips == '"story 1 of 2025-10-07"'
    assert await offered(store, "words", "#chips") == await offered(store, "words", "story on:10-07")
    lately = [value for _, value in await offered(store, "words", "story 10月11日..10月12日")]
    assert lately == [value for _, value in everything if "2025-10-12" in value or "2025-10-11" in value]
    assert 0 < len(lately) < len(everything)


async def test_words__a_long_title_is_cut_behind_a_term(store: Store) -> None:
    title = "“长”标题，" + "很长的 title " * 20
    one = digest(TODAY - timedelta(days=3), items=1)
    await load(store, replace(one, items=(replace(one.items[0], title=title),)))
    ((label, value),) = await offered(store, "words", "标题")
    assert len(label) == 100
    assert len(value) <= 100
    sought = read_sought(value, TODAY, ())
    (hit,) = await store.search.find(sought.phrases)
    assert hit.item.title == title


async def test_anything_else__nothing(store: Store) -> None:
    assert await offered(store, "wish", "火星") == []
    assert await offered(store, "time", "x") == []
