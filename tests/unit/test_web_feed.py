"""The Atom feed over a real socket, read as RFC 4287 has it."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from bot.models import Block, Digest, Item, Run
from bot.schedule import ONE_DAY
from bot.web import feed
from tests.fakes import DAWN, MORNING, TODAY, digest, load
from tests.unit.delivering import World, world
from tests.unit.pages import Page, Visitor, visiting

ATOM = "{http://www.w3.org/2005/Atom}"
PATH = "/archive/feed.atom"


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as place:
        yield place


@pytest.fixture
async def visitor(place: World) -> AsyncIterator[Visitor]:
    async with visiting(place) as visitor:
        yield visitor


def parsed(page: Page) -> ET.Element:
    assert page.status == 200
    return ET.fromstring(page.html.encode())  # noqa: S314 - it is our own


async def entries(visitor: Visitor) -> list[ET.Element]:
    return parsed(await visitor.get(PATH)).findall(f"{ATOM}entry")


def said(element: ET.Element, tag: str) -> str:
    (found,) = element.findall(f"{ATOM}{tag}")
    assert found.text
    return found.text


def check(root: ET.Element) -> None:
    """Hold a feed against what RFC 4287 demands of a feed and of each entry."""
    assert root.tag == f"{ATOM}feed"
    for one in (root, *root.findall(f"{ATOM}entry")):
        assert said(one, "id").startswith("urn:uuid:")
        assert said(one, "title")
        assert datetime.fromisoformat(said(one, "updated")).tzinfo
    assert said(root.findall(f"{ATOM}author")[0], "name")
    kinds = [(link.get("rel"), link.get("type")) for link in root.findall(f"{ATOM}link")]
    assert kinds == [("self", "application/atom+xml"), ("alternate", "text/html")]
    names = [said(entry, "id") for entry in root.findall(f"{ATOM}entry")]
    assert len(set(names)) == len(names)
    for link in root.iter(f"{ATOM}link"):
        assert (link.get("href") or "").startswith("http://127.0.0.1:")


async def test_feed__is_valid_with_nothing_in_it(visitor: Visitor) -> None:
    page = await visitor.get(PATH)
    check(parsed(page))
    assert page.headers["Content-Type"] == "application/atom+xml; charset=utf-8"


async def test_feed__has_the_latest_days_whole_newest_first(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "DAYS", 2)
    for back in range(4):
        await load(visitor.world.store, digest(TODAY - back * ONE_DAY))
    root = parsed(await visitor.get(PATH))
    check(root)
    one, other = root.findall(f"{ATOM}entry")
    assert (said(one, "title"), said(other, "title")) == ("News of 2025-10-12", "News of 2025-10-11")
    for number in (1, 2, 3):
        assert f"What story {number} says." in said(one, "content")
    (content,) = one.findall(f"{ATOM}content")
    assert content.get("type") == "html"
    assert '<h2 class="headline">' in said(one, "content")
    (link,) = one.findall(f"{ATOM}link")
    assert (link.get("href") or "").endswith(f"/archive/{TODAY}")
    assert [category.get("term") for category in one.findall(f"{ATOM}category")] == ["products"]


async def test_feed__tells_when_readers_first_had_it_and_when_it_changed(visitor: Visitor) -> None:
    store = visitor.world.store
    await load(store, digest(), now=DAWN, publish=False)
    await store.digests.publish(TODAY, MORNING)
    (entry,) = await entries(visitor)
    assert datetime.fromisoformat(said(entry, "published")) == MORNING
    assert datetime.fromisoformat(said(entry, "updated")) == MORNING
    name = said(entry, "id")
    later = MORNING + timedelta(hours=2)
    await load(store, digest(word="mended"), now=later)
    (entry,) = await entries(visitor)
    assert (said(entry, "id"), datetime.fromisoformat(said(entry, "updated"))) == (name, later)
    assert datetime.fromisoformat(said(entry, "published")) == MORNING
    assert "mended 1" in said(entry, "content")


async def test_feed__names_stay_whatever_host_it_is_read_from(place: World) -> None:
    await load(place.store, digest())
    async with visiting(place) as visitor:
        here = parsed(await visitor.get(PATH))
        there = parsed(await visitor.get(PATH, Host="localhost:9", **{"X-Forwarded-Proto": "https"}))
    assert said(here, "id") == said(there, "id")
    assert said(here[-1], "id") == said(there[-1], "id")
    links = [link.get("href") or "" for link in there.iter(f"{ATOM}link")]
    assert links
    assert all(link.startswith("https://localhost:9/") for link in links)


async def test_feed__drafts_and_what_was_retracted_are_not_in_it(visitor: Visitor) -> None:
    store = visitor.world.store
    await load(store, digest(TODAY, word="hidden"), publish=False)
    await load(store, digest(TODAY - ONE_DAY, word="withdrawn"))
    await store.digests.retract(TODAY - ONE_DAY)
    assert await entries(visitor) == []


async def test_feed__hostile_words_stay_words(visitor: Visitor) -> None:
    text = "]]>&amp;<script>alert(1)</script>\x0b\ufffe\x00 end"
    item = Item(number=1, title=text, url="javascript:alert(1)", body=(Block(runs=(Run(text=text),)),))
    await load(visitor.world.store, Digest(day=TODAY, title=text, items=(item,)))
    root = parsed(await visitor.get(PATH))
    check(root)
    content = said(root[-1], "content")
    assert "<script" not in content
    assert 'href="javascript' not in content
    assert "]]>&amp;<script>alert(1)</script>" in unescape(content)
    assert said(root[-1], "title").startswith("]]>&amp;<script>")


# ------------------------------------------------------------------ coming by again


async def test_again__a_reader_that_has_it_gets_nothing(visitor: Visitor) -> None:
    await load(visitor.world.store, digest())
    first = await visitor.get(PATH)
    tag, date = first.headers["ETag"], first.headers["Last-Modified"]
    for known in ({"If-None-Match": tag}, {"If-None-Match": f'"other", {tag}'}, {"If-Modified-Since": date}):
        again = await visitor.get(PATH, **known)
        assert (again.status, again.html, again.headers["ETag"]) == (304, "", tag)
    assert date == "Sun, 12 Oct 2025 01:30:00 GMT"


async def test_again__costs_no_digest(visitor: Visitor) -> None:
    await load(visitor.world.store, digest())
    tag = (await visitor.get(PATH)).headers["ETag"]
    visitor.asked.clear()
    await visitor.get(PATH, **{"If-None-Match": tag})
    assert len([said for said in visitor.asked if "FROM items" in said or "FROM item_categories" in said]) == 0
    assert visitor.asked


@pytest.mark.parametrize("change", ["another", "revised", "retracted"])
async def test_again__whatever_changed_is_sent(visitor: Visitor, change: str) -> None:
    store = visitor.world.store
    await load(store, digest(TODAY - ONE_DAY), now=DAWN)
    await load(store, digest(), now=MORNING)
    first = await visitor.get(PATH)
    if change == "another":
        await load(store, digest(TODAY + ONE_DAY), now=MORNING + ONE_DAY)
    elif change == "revised":
        await load(store, digest(word="mended"), now=MORNING + timedelta(minutes=1))
    else:
        await store.digests.retract(TODAY)
    for known in ({"If-None-Match": first.headers["ETag"]}, {"If-Modified-Since": first.headers["Last-Modified"]}):
        assert (await visitor.get(PATH, **known)).status == 200


async def test_again__a_tag_goes_before_a_date(visitor: Visitor) -> None:
    await load(visitor.world.store, digest())
    date = (await visitor.get(PATH)).headers["Last-Modified"]
    assert (await visitor.get(PATH, **{"If-None-Match": '"old"', "If-Modified-Since": date})).status == 200


async def test_head__answers_without_a_body(visitor: Visitor) -> None:
    async with visitor.session.head(PATH) as response:
        assert (response.status, await response.read()) == (200, b"")
        assert response.headers["ETag"]
