"""The preview page over a real socket: loaded days, documents in hand, and the button that loads them."""

import html
import re
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from adapters.discord import DiscordDialect, message
from adapters.telegram import TelegramDialect
from adapters.wecom import WecomDialect
from bot.contract import Capability, Dialect
from bot.delivery import Cut, Order, compose, manuscript
from bot.models import Format
from bot.platforms import windows
from bot.web.windows import Window
from tests.fakes import TODAY, FakePlatform, chat, document, subscription, titles
from tests.unit.delivering import World
from tests.unit.dialects import TerminalDialect
from tests.unit.website import PASSWORD, Elements, Website, website

SEED = (Path(__file__).parents[1] / "seed" / "2025-10-12.md").read_bytes()
DAY = "2025-10-12"


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Website]:
    async with website(tmp_path) as there:
        yield there


def windows_of(page: str) -> dict[str, list[str]]:
    """Return the messages of each window."""
    pieces = re.split(r'<section class="window (\w+)"', page)[1:]
    return {name: re.split("<article", body)[1:] for name, body in zip(pieces[::2], pieces[1::2], strict=True)}


def text_of(page: str) -> str:
    return " ".join(html.unescape(re.sub("<[^>]*>", " ", page)).split())


def sizes(message: str) -> list[tuple[int, int]]:
    """Return the measures a message shows, as meters and as numbers, which must agree."""
    meters = [
        (int(str(meter["value"])), int(str(meter["max"])))
        for meter in Elements(message).tagged("meter")
        if meter["aria-label"]
    ]
    numbers = re.findall(r"([\d,]+) / ([\d,]+)", text_of(message))
    assert meters == [(int(a.replace(",", "")), int(b.replace(",", ""))) for a, b in numbers]
    return meters


async def load(site: Website, source: bytes | str = SEED, *, publish: bool = True) -> int:
    loaded = await site.at.intake.take(
        source if isinstance(source, bytes) else source.encode(), origin="digest.md", publish=publish
    )
    assert loaded.saved
    newest = await site.at.store.digests.newest(loaded.saved.day)
    assert newest
    return newest.revision_id


# ------------------------------------------------------------------ loaded days


@pytest.mark.parametrize("dialect", [TelegramDialect(), DiscordDialect(), WecomDialect()])
@pytest.mark.parametrize(
    ("query", "categories", "format_", "language"),
    [
        ("", frozenset(), Format.FULL, "en"),
        ("&category=chips&format=brief&words=zh-CN", frozenset({"chips"}), Format.BRIEF, "zh-CN"),
        ("&category=chips&category=open-source&format=news", frozenset({"chips", "open-source"}), Format.NEWS, "en"),
    ],
)
async def test_page__shows_the_very_parts_that_are_sent(
    site: Website, dialect: Dialect, query: str, categories: frozenset[str], format_: Format, language: str
) -> None:
    revision = await load(site)
    page = await site.get(f"/preview?day={DAY}{query}")
    order = Order(revision_id=revision, categories=categories, format=format_, language=language)
    parts = await compose(site.at.store, site.at.renderer, dialect, order)
    shown = windows_of(page)[dialect.platform]
    assert len(shown) == len(parts) > 0
    for part, said in zip(parts, shown, strict=True):
        if not part.cards:
            assert sizes(said) == list(zip(dialect.measure(part.markup), dialect.limits, strict=True))
        for key in (key for row in part.keys if Capability.BUTTONS in dialect.capabilities for key in row):
            assert f"<li>{html.escape(key.label)}</li>" in said
    heading = f"({parts[-1].number}/{parts[-1].of})"
    assert (heading in text_of(shown[-1])) == (len(parts) > 1 and not parts[-1].cards)


async def test_page__every_story_is_in_every_window(site: Website) -> None:
    await load(site)
    digest = await site.at.store.digests.published(TODAY)
    assert digest
    for shown in windows_of(await site.get("/preview")).values():
        said = re.sub(r"\W", "", text_of(" ".join(shown)))
        for item in digest.items:
            assert re.sub(r"\W", "", item.title) in said


async def test_cards__are_measured_as_cards(site: Website) -> None:
    await load(site)
    shown = windows_of(await site.get("/preview?format=news"))["wecom"]
    cards = [message for message in shown if "wc-cards" in message]
    assert cards
    for message_ in cards:
        counted, title, description = sizes(message_)
        assert counted == (message_.count("<li>"), 8)
        assert title[0] <= title[1] == 128
        assert description[0] <= description[1] == 512


async def test_markdown_v2__is_shown_as_it_would_be_sent(site: Website) -> None:
    await load(site)
    v2 = site.at.settings.model_copy(update={"wecom_markdown": "markdown_v2"})
    (window,) = [one for one in windows(v2) if one.dialect.platform == "wecom"]
    newest = await site.at.store.digests.newest(TODAY)
    assert newest
    digest = await site.at.store.digests.revision(newest.revision_id)
    of = await manuscript(site.at.store, digest)
    cut = Cut(categories=frozenset(), format=Format.FULL, language="en")
    (first, *_) = window.show(of, site.at.renderer, cut).messages
    assert first.body["msgtype"] == "markdown_v2"
    assert "1．" in first.drawn


async def test_page__the_units_are_named_in_the_language_of_the_page(site: Website) -> None:
    await load(site)
    assert "text, UTF-16 units" in await site.get("/preview?language=en")
    chinese = await site.get("/preview?language=zh-CN&words=en")
    assert "正文，UTF-16 单元" in chinese
    assert "<li>Chips</li>" in chinese


async def test_page__the_bot_speaks_the_language_that_is_chosen(site: Website) -> None:
    await load(site, document(day="2025-10-11"))
    await load(site)
    assert "‹ Sat 11 Oct" in await site.get("/preview?words=en")
    assert "‹ 10月11日" in await site.get("/preview?words=zh-CN")


async def test_page__nothing_in_the_categories_is_said(site: Website) -> None:
    await load(site, document("Nvidia chip"))
    page = await site.get("/preview?category=policy")
    assert text_of(page).count("who has chosen them gets no message") == 3
    assert all(not messages for messages in windows_of(page).values())


async def test_day__the_newest_unless_another_is_asked_for(site: Website) -> None:
    await load(site, document(day="2025-10-10"))
    await load(site, document(day="2025-10-12"))
    assert "News of 2025-10-12" in await site.get("/preview")
    page = await site.get("/preview?day=2025-10-10")
    assert "<h2>News of 2025-10-10</h2>" in page
    newer = Elements(page).by_id("newer")
    assert newer is not None
    assert str(newer["href"]).startswith("?day=2025-10-12")
    older = Elements(page).by_id("older")
    assert older is not None
    assert "href" not in older


async def test_day__one_that_is_not_there_names_its_neighbours(site: Website) -> None:
    await load(site, document(day="2025-10-10"))
    page = await site.get("/preview?day=2025-10-11")
    assert "There is no digest of that day" in page
    assert 'href="?day=2025-10-10"' in page


async def test_day__one_beyond_those_offered_is_found(site: Website) -> None:
    for number in range(62):
        await load(site, document(day=date.fromordinal(TODAY.toordinal() - number).isoformat(), items=1))
    oldest = date.fromordinal(TODAY.toordinal() - 61)
    page = await site.get("/preview")
    assert len(Elements(page).tagged("option")) == 60
    page = await site.get(f"/preview?day={oldest}")
    assert f"<h2>News of {oldest}</h2>" in page
    chosen = [option["value"] for option in Elements(page).tagged("option") if "selected" in option]
    assert chosen == [oldest.isoformat()]


async def test_draft__is_marked_and_stands_beside_what_is_published(site: Website) -> None:
    await load(site, document())
    await load(site, document("Mended"), publish=False)
    public = await site.get(f"/preview?day={DAY}")
    assert "Story 1" in text_of(public)
    draft = await site.get(f"/preview?day=draft:{DAY}")
    assert "Mended 1" in text_of(draft)
    assert "Story 1" not in text_of(draft)
    assert [option["value"] for option in Elements(draft).tagged("option")] == [DAY, f"draft:{DAY}"]
    assert "· draft" in draft
    assert "revision 2" in text_of(draft)


async def test_withdrawn__is_marked(site: Website) -> None:
    await load(site, document())
    await site.at.store.digests.retract(TODAY)
    page = text_of(await site.get("/preview"))
    assert "withdrawn" in page
    assert "Story 1" in page


async def test_warnings__of_a_loaded_document_are_named_by_line(site: Website) -> None:
    await load(site, document().replace("(https://example.com/2)", "(none)"))
    page = await site.get("/preview")
    found = re.search(r"line (\d+)</span>(.*?)</li>", page, re.DOTALL)
    assert found
    line = document().split("\n").index("2. **[Story 2](https://example.com/2)**") + 1
    assert int(found[1]) == line
    assert "2. **[Story 2](none)**" in text_of(found[2])


async def test_empty__says_what_to_do(site: Website) -> None:
    assert "Nothing is loaded yet" in await site.get("/preview")


@pytest.mark.parametrize("query", ["day=x", "format=x", "words=xx", "category=x", "day=9999-99-99", "category=%00"])
async def test_address__what_nobody_offers_does_no_harm(site: Website, query: str) -> None:
    await load(site, document())
    assert "News of 2025-10-12" in await site.get(f"/preview?{query}")


async def test_locked__nobody_looks_without_the_password(tmp_path: Path) -> None:
    async with website(tmp_path, password=PASSWORD) as there:
        assert "Nothing is loaded yet" in await there.get("/preview")
        there.session.cookie_jar.clear()
        async with there.session.get("/preview") as response:
            assert response.status == 401


# ------------------------------------------------------------------ documents in hand


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
async def test_in_hand__is_shown_and_not_loaded(site: Website, encoding: str) -> None:
    page = await site.hand_in(document("国产芯片量产").encode(encoding), name="新闻.md")
    assert "国产芯片量产 1" in text_of(" ".join(windows_of(page)["telegram"]))
    assert "新闻.md" in text_of(page)
    assert "Loading it begins" in page
    assert await site.at.store.digests.newest(TODAY) is None
    assert ("saved as" in page) == (encoding in {"utf-16", "gb18030"})


async def test_in_hand__looks_as_it_will_once_loaded(site: Website) -> None:
    await load(site, document(day="2025-10-11"))
    source = SEED.replace(b'categories: ["', 'categories: ["量子咖啡", "'.encode())
    assert source != SEED
    before = windows_of(await site.hand_in(source))
    await load(site, source)
    assert windows_of(await site.get(f"/preview?day={DAY}")) == before


async def test_in_hand__goes_on_being_held_while_the_cut_changes(site: Website) -> None:
    page = await site.hand_in(document("Nvidia chip").encode(), name="a.md")
    carried = next(one["value"] for one in Elements(page).tagged("input") if one.get("name") == "carried")
    form = {"mark": site.mark, "carried": str(carried), "name": "a.md", "format": "headlines", "category": "chips"}
    async with site.session.post("/preview", data=form) as response:
        page = await response.text()
    said = text_of(" ".join(windows_of(page)["discord"]))
    assert "Nvidia chip 1" in said
    assert "What happened" not in said
    assert "Chips" in said


async def test_in_hand__a_faulty_one_is_named_line_by_line(site: Website) -> None:
    page = await site.hand_in(b"---\ntitle: x\n\nno end\n", name="a.md")
    assert "This can't be loaded" in page
    assert "the front matter is not closed" in page
    assert Elements(page).by_id("publish") is None
    assert not windows_of(page)


async def test_in_hand__pasted_text_stays_to_be_mended(site: Website) -> None:
    page = await site.hand_in("an essay\r\nwithout <items>")
    area = page[page.index("<textarea") : page.index("</textarea>")]
    assert html.unescape(area).endswith(">\nan essay\nwithout <items>")
    assert "there are no items" in page
    page = await site.hand_in(document().replace("\n", "\r\n"))
    assert "Story 1" in text_of(page)


@pytest.mark.parametrize("source", [b"", b"\x00", b"\xff\xfe", b"\xff" * 99, b"#" * 9999, b"[" * 9999, b"> " * 9999])
async def test_in_hand__any_bytes_get_an_answer(site: Website, source: bytes) -> None:
    page = await site.hand_in(source, name="\u202e../../x<script>.md")
    assert "<script>" not in page
    assert "line 1" in text_of(page)


async def test_in_hand__a_name_that_is_no_text_is_shown_without_what_is_none(site: Website) -> None:
    await site.get("/preview")
    fields = (
        ('name="mark"', site.mark.encode()),
        ('name="document"; filename="a\udcff\udcfe\u202e.md"', document().encode()),
    )
    lines = [
        f"--x\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode("utf-8", "surrogateescape") + body + b"\r\n"
        for head, body in fields
    ]
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    async with site.session.post("/preview", data=b"".join([*lines, b"--x--\r\n"]), headers=headers) as response:
        assert response.status == 200
        assert "<b>a.md</b>" in await response.text()


async def test_in_hand__script_in_it_is_dead_on_every_platform(site: Website) -> None:
    poison = '<script>alert(1)</script><img src=x onerror=alert(1)><iframe src=//evil.example></iframe><b style="x">'
    source = (
        document().replace("What happened", f"{poison} [x](javascript:alert(1)) happened").replace("The lead", poison)
    )
    page = await site.hand_in(source.encode(), name=f"{poison}.md")
    tags = Elements(page)
    assert {str(one.get("src")) for one in tags.tagged("script")} == {"/static/preview.js"}
    assert {str(one["src"]) for one in tags.tagged("img")} == {"/static/icon.svg"}
    assert not tags.tagged("iframe")
    for _, attributes in tags.found:
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        assert not str(attributes.get("href")).startswith(("javascript:", "data:", "//"))
    assert text_of(page).count("<script>alert(1)</script>") >= 3


async def test_in_hand__too_large_is_refused(site: Website) -> None:
    assert "larger than 2048 KiB" in await site.hand_in(document().encode() + b" " * 2 * 1024 * 1024)


async def test_form__without_a_document_shows_what_is_loaded(site: Website) -> None:
    await load(site, document())
    assert "News of 2025-10-12" in await site.hand_in("")


async def test_form__needs_the_mark(site: Website) -> None:
    await site.get("/preview")
    async with site.session.post("/preview", data={"text": document(), "do": "publish"}) as response:
        assert response.status == 403
    async with site.session.post("/preview", data={"mark": site.mark, "carried": "§"}) as response:
        assert response.status == 400
    assert await titles(site.at.store) == []


# ------------------------------------------------------------------ loading it


async def test_load__publishes_and_shows_the_day(site: Website) -> None:
    page = await site.hand_in(document().encode(), do="publish", format="headlines")
    assert "Loaded and published as revision 1." in text_of(page)
    assert await titles(site.at.store) == ["Story 1", "Story 2", "Story 3"]
    assert "What happened" not in text_of(page)
    assert Elements(page).by_id("day") is not None
    again = await site.hand_in(document().encode())
    assert "byte for byte" in again
    assert Elements(again).by_id("publish") is None


async def test_load__a_draft_reaches_nobody_and_can_be_published(site: Website) -> None:
    page = await site.hand_in(document().encode(), do="draft")
    assert "Loaded as a draft, revision 1." in text_of(page)
    assert await titles(site.at.store) == []
    page = await site.hand_in(document().encode())
    assert "It waits as a draft, revision 1." in page
    assert Elements(page).by_id("draft") is None
    await site.hand_in(document().encode(), do="publish")
    assert len(await titles(site.at.store)) == 3


async def test_draft__is_published_as_it_was_seen(site: Website) -> None:
    await load(site, document())
    await load(site, document("Mended"), publish=False)
    assert Elements(await site.get(f"/preview?day={DAY}")).by_id("publish") is None
    page = await site.get(f"/preview?day=draft:{DAY}")
    publish = Elements(page).by_id("publish")
    assert publish is not None
    assert publish["form"] == "waiting"
    form = page[page.index('<form id="waiting"') : page.index("</form>", page.index('<form id="waiting"'))]
    fields = {str(one["name"]): str(one["value"]) for one in Elements(form).tagged("input")}
    async with site.session.post("/preview", data=fields | {"do": "publish"}) as response:
        assert "Revision 2 is published." in text_of(await response.text())
    assert await titles(site.at.store) == ["Mended 1", "Mended 2", "Mended 3"]


async def test_load__half_the_items_gone_is_asked_again(site: Website) -> None:
    await load(site, document(items=6))
    page = await site.hand_in(document(items=2).encode(), do="publish")
    assert "It was not loaded" in page
    assert "only 2 of the 6 items" in page
    assert Elements(page).by_id("force") is not None
    assert len(await titles(site.at.store)) == 6
    await site.hand_in(document(items=2).encode(), do="publish", force="1")
    assert len(await titles(site.at.store)) == 2


async def serve(site: Website, platform: FakePlatform, *numbers: int) -> None:
    """Let chats of the platform have what is published."""
    world = World(site.at.store, platform, now=site.now)
    name = platform.dialect.platform
    await world.subscribe(*(subscription(chat(number, platform=name)) for number in numbers))
    await world.plan()
    await world.rounds()


def platform(name: str) -> FakePlatform:
    dialect = TerminalDialect(limits=(600,))
    dialect.platform = name
    return FakePlatform(dialect=dialect)


async def test_correction__says_first_whom_it_touches_and_what_it_does(site: Website) -> None:
    await load(site, document())
    await serve(site, platform("console"), 1, 2)
    page = text_of(await site.hand_in(document("Mended").encode()))
    assert "makes revision 2" in page
    assert "Publish to 2 chats" in page
    told = text_of(await site.hand_in(document("Mended").encode(), do="publish", keep="1"))
    assert "as revision 2" in told
    assert [head.corrects for head in await site.at.store.corrections.heads(TODAY)] == [False]
    told = text_of(await site.hand_in(document("Mended again").encode(), do="publish"))
    assert "2 chats (console 2)" in told


async def test_correction__tells_edits_from_notices(site: Website) -> None:
    await load(site, document())
    await serve(site, platform("telegram"), 1, 2)
    await serve(site, platform("wecom"), 3)
    page = text_of(await site.hand_in(document("Mended").encode(), do="publish"))
    assert "The messages that 2 chats (Telegram 2) have are edited in place." in page
    assert "A short correction goes to 1 chat (WeCom 1), whose messages can't be edited." in page


# ------------------------------------------------------------------ what it is drawn from


async def test_window__draws_what_the_adapter_sends(site: Website) -> None:
    revision = await load(site)
    order = Order(revision_id=revision, categories=frozenset(), format=Format.FULL, language="en")
    parts = await compose(site.at.store, site.at.renderer, DiscordDialect(), order)
    window = Window(dialect=DiscordDialect(), said=message)
    assert window.said(parts[0]) == message(parts[0])
    shown = windows_of(await site.get("/preview"))["discord"]
    footer = "2025-10-12" + (f" · 1/{len(parts)}" if len(parts) > 1 else "")
    assert footer in text_of(shown[0])
    assert 'fill="#3b6ee8"' in shown[0]
