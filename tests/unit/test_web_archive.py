"""The archive over a real socket: days, a day, categories, what is found, and what nobody may see."""

import re
from collections.abc import AsyncIterator
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot.models import Block, BlockKind, Digest, Item, Run
from bot.schedule import ONE_DAY
from bot.web import archive
from bot.web.prose import tongue, wash
from tests.fakes import MORNING, TODAY, digest, intake, load
from tests.unit.delivering import World, world
from tests.unit.pages import Visitor, visiting

SEED = Path(__file__).parents[1] / "seed"


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as place:
        yield place


@pytest.fixture
async def visitor(place: World) -> AsyncIterator[Visitor]:
    async with visiting(place) as visitor:
        yield visitor


def days_of(links: list[str]) -> list[str]:
    return [link.removeprefix("/archive/") for link in links if re.fullmatch("/archive/[0-9-]+", link)]


async def fill(place: World, number: int, *, last: date = TODAY) -> None:
    for back in range(number):
        await load(place.store, digest(last - back * ONE_DAY))


# ------------------------------------------------------------------ the days


async def test_days__with_nothing_published(visitor: Visitor) -> None:
    page = await visitor.get("/archive")
    assert (page.status, "Nothing is published yet." in page.text) == (200, True)


async def test_days__newest_first_by_month_and_page_by_page(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "DAYS", 3)
    await fill(visitor.world, 7, last=date(2025, 10, 2))
    first = await visitor.get("/archive")
    assert days_of(first.links()) == ["2025-10-02", "2025-10-01", "2025-09-30"]
    assert first.text.index("October 2025") < first.text.index("September 2025")
    assert "/archive?before=2025-09-30" in first.links()
    second = await visitor.get("/archive?before=2025-09-30")
    assert days_of(second.links()) == ["2025-09-29", "2025-09-28", "2025-09-27"]
    third = await visitor.get("/archive?before=2025-09-27")
    assert days_of(third.links()) == ["2025-09-26"]
    assert not [link for link in third.links() if re.fullmatch("/archive.before=[0-9-]+", link)]


async def test_days__rubbish_for_a_day_is_the_first_page(visitor: Visitor) -> None:
    await fill(visitor.world, 1)
    assert days_of((await visitor.get("/archive?before=soon")).links()) == [str(TODAY)]


async def test_days__lead_to_the_feed(visitor: Visitor) -> None:
    await fill(visitor.world, 1)
    for path in ("/archive", f"/archive/{TODAY}"):
        assert '<link rel="alternate" type="application/atom+xml"' in (await visitor.get(path)).html


# ------------------------------------------------------------------ a day


async def test_day__is_there_whole_with_an_anchor_for_each_item(visitor: Visitor) -> None:
    await load(visitor.world.store, digest(items=5))
    page = await visitor.get(f"/archive/{TODAY}")
    for number in range(1, 6):
        assert f'id="item-{number}"' in page.html
        assert f"#item-{number}" in page.links()
        assert f"story {number} of {TODAY}" in page.text
        assert f"What story {number} says." in page.text
        assert f"https://example.com/{TODAY}/{number}" in page.links()
    assert "/archive?category=products" in page.links()


async def test_day__leads_to_the_days_around_it_and_not_to_gaps(visitor: Visitor) -> None:
    for day in (TODAY - 3 * ONE_DAY, TODAY, TODAY + 5 * ONE_DAY):
        await load(visitor.world.store, digest(day))
    page = await visitor.get(f"/archive/{TODAY}")
    assert set(days_of(page.links())) == {"2025-10-09", "2025-10-17"}
    assert '<link rel="prev" href="/archive/2025-10-09">' in page.html


async def test_day__that_is_not_there_names_the_nearest(visitor: Visitor) -> None:
    await load(visitor.world.store, digest())
    page = await visitor.get("/archive/2025-10-20")
    assert page.status == 404
    assert "Nothing is published for Mon 20 Oct 2025" in page.text
    assert str(TODAY) in days_of(page.links())
    assert (await visitor.get("/archive/2025-13-40")).status == 404


async def test_day__drafts_and_what_was_retracted_are_not_to_be_seen(visitor: Visitor) -> None:
    store = visitor.world.store
    await load(store, digest(TODAY, word="hidden"), publish=False)
    await load(store, digest(TODAY - ONE_DAY, word="withdrawn"))
    await store.digests.retract(TODAY - ONE_DAY)
    for day in (TODAY, TODAY - ONE_DAY):
        assert (await visitor.get(f"/archive/{day}")).status == 404
    for path in ("/archive", "/archive?q=hidden", "/archive?q=withdrawn", "/archive?category=products"):
        page = await visitor.get(path)
        assert not days_of(page.links())


async def test_day__a_new_revision_takes_the_place_of_the_old_one(visitor: Visitor) -> None:
    await load(visitor.world.store, digest(word="mistake"))
    assert "✎ Corrected" not in (await visitor.get(f"/archive/{TODAY}")).text
    await load(visitor.world.store, digest(word="truth"), now=MORNING + timedelta(hours=1))
    page = await visitor.get(f"/archive/{TODAY}")
    assert "truth 1" in page.text
    assert "mistake" not in page.text
    assert "✎ Corrected Sun 12 Oct 10:30" in page.text


async def test_day__every_kind_of_block_is_drawn(visitor: Visitor) -> None:
    await load(visitor.world.store, Digest(day=TODAY, title="All", lead=(block("Lead"),), items=(everything(),)))
    html = (await visitor.get(f"/archive/{TODAY}")).html
    for drawn in (
        "<h3>Heading</h3>",
        "<strong>bold</strong>",
        "<em>italic</em>",
        "<s>struck</s>",
        "<code>x &lt; y</code>",
        '<li class="deep-1"><span class="marker">•</span> point</li>',
        "<blockquote><p>quoted</p></blockquote>",
        "<pre><code>a\n  b</code></pre>",
        '<img src="https://example.com/p.png" alt="A picture" loading="lazy">',
        "a | b",
    ):
        assert drawn in html
    assert html.index('class="lead"') < html.index('id="item-1"')


def block(text: str, kind: BlockKind = BlockKind.PARAGRAPH, **how: object) -> Block:
    return Block(kind=kind, runs=(Run(text=text, **how),))  # type: ignore[arg-type]


def everything() -> Item:
    return Item(
        number=1,
        title="Item",
        body=(
            block("Heading", BlockKind.HEADING),
            block("bold", bold=True),
            block("italic", italic=True),
            block("struck", strike=True),
            block("x < y", code=True),
            Block(kind=BlockKind.BULLET, depth=1, marker="•", runs=(Run(text="point"),)),
            block("quoted", BlockKind.QUOTE),
            block("a\n  b", BlockKind.CODE),
            block("a | b", BlockKind.ROW),
            Block(kind=BlockKind.IMAGE, runs=(Run(text="A picture", url="https://example.com/p.png"),)),
        ),
    )


@pytest.mark.parametrize(
    "evil",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "//evil.example/x",
        'https://example.com/"onmouseover="alert(1)',
    ],
)
async def test_day__nothing_of_a_digest_can_run(visitor: Visitor, evil: str) -> None:
    text = f"<script>alert(1)</script><img src=x onerror=alert(1)>{evil}"
    hostile = Item(
        number=1,
        title=text,
        url=evil,
        section=text,
        body=(
            Block(runs=(Run(text=text, url=evil),)),
            Block(kind=BlockKind.IMAGE, runs=(Run(text=text, url=evil),)),
            block(text, BlockKind.CODE),
        ),
    )
    await load(visitor.world.store, Digest(day=TODAY, title=text, lead=(block(text),), items=(hostile,)))
    for path in (f"/archive/{TODAY}", "/archive", "/archive?q=alert", "/morning"):
        page = await visitor.get(path)
        assert page.status == 200
        tags = Tags()
        tags.feed(page.html)
        assert tags.live == []


class Tags(HTMLParser):
    """Reads a page as a browser does, and notes what would run or lead elsewhere than to the web."""

    def __init__(self) -> None:
        super().__init__()
        self.live: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            leads = name in ("href", "src") and not (value or "").startswith(("/", "#", "https://", "http://"))
            if leads or name.startswith("on") or name == "style" or (value or "").startswith("//"):
                self.live.append(f"{tag} {name}={value}")
        if tag == "script" and "/static/" not in str(dict(attrs).get("src")):
            self.live.append(tag)


async def test_day__of_the_seed_has_all_its_words(visitor: Visitor) -> None:
    (file,) = SEED.glob("*.md")
    loaded = await intake(visitor.world.store).take(file.read_bytes(), origin=file.name)
    assert loaded.saved
    page = await visitor.get(f"/archive/{loaded.saved.day}")
    found = await visitor.world.store.digests.published(loaded.saved.day)
    assert found
    for item in found.items:
        assert " ".join(item.title.split()) in page.text
        for one in item.body:
            assert "".join(one.text.split()) in "".join(page.text.split())
    assert 'lang="zh-CN"' in page.html


@pytest.mark.parametrize(
    ("title", "language"), [("全球AI新闻速递", "zh-CN"), ("AI news of 芯", ""), ("ニュース速報", "ja"), ("2025", "")]
)
def test_tongue__by_the_script(title: str, language: str) -> None:
    assert tongue(Digest(day=TODAY, title=title, items=())) == language


@pytest.mark.parametrize(
    ("html", "washed"),
    [
        ('<p onclick="run()">words</p>', "<p>words</p>"),
        ("<script>run()</script><p>words</p>", "<p>words</p>"),
        ('<a href="javascript:run()">words</a>', '<a rel="noopener noreferrer">words</a>'),
        ('<p class="subjects"><a href="/archive?category=chips">x</a></p>',) * 2,
        ('<iframe src="https://example.com"></iframe><form action="/x"><input></form>', ""),
    ],
)
def test_wash__leaves_words_and_takes_what_could_run(html: str, washed: str) -> None:
    assert wash(html).replace(' rel="noopener noreferrer"', "") == washed.replace(' rel="noopener noreferrer"', "")
