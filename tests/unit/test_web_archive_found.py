"""What is found in the archive, and who may read it, over a real socket."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

from bot.models import Block, Run
from bot.schedule import ONE_DAY
from bot.web import archive
from tests.fakes import TODAY, chat, digest, load, subscription
from tests.unit.delivering import World, world
from tests.unit.pages import PASSWORD, Visitor, visiting


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as place:
        yield place


@pytest.fixture
async def visitor(place: World) -> AsyncIterator[Visitor]:
    async with visiting(place) as visitor:
        yield visitor


# ------------------------------------------------------------------ categories and what is found


async def test_category__lists_its_latest_items(visitor: Visitor) -> None:
    await load(visitor.world.store, digest(TODAY - ONE_DAY, items=1, slug="chips"))
    await load(visitor.world.store, digest(TODAY, items=1, slug="products"))
    page = await visitor.get("/archive?category=chips")
    assert [link for link in page.links() if "#item-" in link] == ["/archive/2025-10-11#item-1"]
    assert "Chips" in page.text
    assert {"/archive?category=chips", "/archive?category=products"} <= set(page.links())
    assert (await visitor.get("/archive?category=nonsense")).status == 404


async def test_search__finds_titles_with_every_word_newest_first(visitor: Visitor) -> None:
    for back in range(2):
        await load(visitor.world.store, digest(TODAY - back * ONE_DAY))
    page = await visitor.get("/archive?q=STORY+3+of")
    found = [link for link in page.links() if "#item-" in link]
    assert found == ["/archive/2025-10-12#item-3", "/archive/2025-10-11#item-3"]
    assert "Nothing was found." in (await visitor.get("/archive?q=story+nowhere")).text
    assert "Nothing was found." in (await visitor.get("/archive?q=%25")).text


async def test_search__marks_what_was_found_and_cuts_around_it(visitor: Visitor) -> None:
    one = digest(items=1)
    body = (Block(runs=(Run(text="Long before it. " * 40 + "Then a <needle> is found. " + "Long behind it. " * 40),)),)
    await load(visitor.world.store, replace(one, items=(replace(one.items[0], title="A needle & more", body=body),)))
    page = (await visitor.get("/archive?q=needle")).html
    assert "A <mark>needle</mark> &amp; more</a>" in page
    assert "Then a &lt;<mark>needle</mark>&gt; is found." in page
    assert re.search(r'<p class="glimpse">…(Long before it. )', page)
    listed = (await visitor.get("/archive?category=products")).html
    assert "<mark>" not in listed
    assert re.search(r'<p class="glimpse">Long before it. .{150,250}…</p>', listed)


async def test_search__reads_words_categories_and_days_as_in_chat(visitor: Visitor) -> None:
    await load(visitor.world.store, digest(TODAY - ONE_DAY, items=2, slug="chips"))
    await load(visitor.world.store, digest(TODAY, items=2))

    async def found(typed: str) -> list[str]:
        page = await visitor.get(f"/archive?q={quote(typed)}")
        return [link.removeprefix("/archive/") for link in page.links() if "#item-" in link]

    yesterdays = ["2025-10-11#item-1", "2025-10-11#item-2"]
    assert await found("says story") == [*("2025-10-12#item-1", "2025-10-12#item-2"), *yesterdays]
    assert await found("“says story”") == []
    assert await found("#芯片技术") == await found("story #chips") == yesterdays
    assert await found("story 昨天") == await found("story 2025-10-09..2025-10-11") == yesterdays
    assert await found("2 story 昨天") == yesterdays[1:]
    marked = (await visitor.get("/archive?q=story+%23chips")).html
    assert re.search(r'<a class="tag" href="/archive\?category=chips" aria-current="page">', marked)


@pytest.mark.parametrize(
    ("typed", "english", "chinese"),
    [
        ("story 2025-13-40", "There is no day “2025-13-40” in the calendar.", "日历上没有“2025-13-40”这一天"),
        ("story on:<soon>", "I can't read “<soon>” as a day.", "我看不懂“<soon>”是哪一天。"),
        (" ".join("abcdefghijklmnopqrst"), "100 characters and 16 words at most", "最多 100 个字、16 个词"),
    ],
)
async def test_search__what_cannot_be_read_is_told(visitor: Visitor, typed: str, english: str, chinese: str) -> None:
    for language, said in (("en", english), ("zh-CN", chinese)):
        page = await visitor.get(f"/archive?q={quote(typed)}", language=language)
        assert page.status == 200
        assert said in page.text
        assert "<soon>" not in page.html


async def test_search__goes_on_page_by_page(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "FOUND", 2)
    await load(visitor.world.store, digest(items=5))
    found: list[str] = []
    path = "/archive?q=story"
    for _ in range(3):
        page = await visitor.get(path)
        found += [link.rpartition("#")[2] for link in page.links() if "#item-" in link]
        path = next((link for link in page.links() if link == f"/archive?q=story&page={len(found) // 2 + 1}"), "")
    assert found == [f"item-{number}" for number in range(1, 6)]
    assert path == ""
    assert "There is nothing more." in (await visitor.get("/archive?q=story&page=9")).text


# ------------------------------------------------------------------ who may read it


@pytest.mark.parametrize("path", ["/archive", f"/archive/{TODAY}", "/archive/feed.atom", "/archive?q=story"])
async def test_public__by_setting_alone(place: World, path: str) -> None:
    await load(place.store, digest())
    async with visiting(place, password=PASSWORD) as visitor:
        assert (await visitor.get(path)).status == 401
    async with visiting(place, password=PASSWORD, public=True) as visitor:
        assert (await visitor.get(path)).status == 200


async def test_public__a_guest_sees_no_door_but_the_archives(place: World) -> None:
    await load(place.store, digest())
    await place.subscribe(subscription(chat(4815162342, title="Reading room")))
    async with visiting(place, password=PASSWORD, public=True) as visitor:
        page = await visitor.get("/")
        assert page.url == "/archive"
        assert "/morning" not in page.links()
        assert "/login" in page.links()
        assert (await visitor.get("/archivex")).status == 401
        async with visitor.session.post("/login", data={"password": PASSWORD}) as response:
            assert response.status == 200
        page = await visitor.get("/archive")
        assert "/morning" in page.links()
        assert "Sign out" in page.text


async def test_language__a_link_keeps_what_was_asked_for(visitor: Visitor) -> None:
    await load(visitor.world.store, digest())
    page = await visitor.get("/archive?q=story")
    assert "/archive?q=story&language=zh-CN" in page.links()
    chinese = await visitor.get("/archive?q=story&language=zh-CN", language="en")
    assert "“story”的搜索结果" in chinese.text
