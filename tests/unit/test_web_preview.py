"""The preview page over a real socket: days that are loaded, as each platform shows them."""

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
from tests.fakes import TODAY, document
from tests.unit.website import PASSWORD, Elements, Website, load, text_of, website, windows_of

DAY = "2025-10-12"


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Website]:
    async with website(tmp_path) as there:
        yield there


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


# ------------------------------------------------------------------ what it is drawn from


async def test_window__draws_what_the_adapter_sends(site: Website) -> None:
    revision = await load(site)
    order = Order(revision_id=revision, categories=frozenset(), format=Format.FULL, language="en")
    parts = await compose(site.at.store, site.at.renderer, DiscordDialect(), order)
    window = Window(dialect=DiscordDialect(), said=message)
    assert window.said(parts[0]) == message(parts[0])
    shown = windows_of(await site.get("/preview"))["discord"]
    footer = "Sun 12 Oct 2025" + (f" · 1/{len(parts)}" if len(parts) > 1 else "")
    assert footer in text_of(shown[0])
    assert 'fill="#3b6ee8"' in shown[0]
