"""The preview of documents that are only in hand, and the button that loads them."""

import html
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes import TODAY, FakePlatform, chat, document, subscription, titles
from tests.unit.delivering import World
from tests.unit.dialects import TerminalDialect
from tests.unit.website import SEED, Elements, Website, load, text_of, website, windows_of

DAY = "2025-10-12"


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Website]:
    async with website(tmp_path) as there:
        yield there


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
    assert "2 chats (Terminal 2)" in told


async def test_correction__tells_edits_from_notices(site: Website) -> None:
    await load(site, document())
    await serve(site, platform("telegram"), 1, 2)
    await serve(site, platform("wecom"), 3)
    page = text_of(await site.hand_in(document("Mended").encode(), do="publish"))
    assert "The messages of 2 chats (Telegram 2) are edited in place." in page
    assert "A short correction goes to 1 chat (WeCom 1), whose messages can't be edited." in page
