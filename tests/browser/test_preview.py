"""The preview: what is dropped, chosen, picked and loaded, and what a hostile document can't do on any page."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from playwright.async_api import Dialog, Locator, Page, expect

from adapters.discord import DiscordDialect
from adapters.telegram import TelegramDialect
from adapters.wecom import WecomDialect
from bot.contract import Dialect
from bot.models import Format
from tests.acceptance.documents import document, parts_of
from tests.browser.site import PHONE, ROOT, Site, drop, shoot

pytestmark = pytest.mark.asyncio(loop_scope="session")
PLATFORMS = ("telegram", "discord", "wecom")
SAMPLE = ROOT / "digests" / "2025-10-13.md"
NEW = document(date(2025, 3, 3), subjects=("芯片技术", "产品应用"), sentences=90).decode()
FAULTY = """---
title: "2025.03.05 Faulty"
date: 2025-03-05T07:00:00+08:00
---

1.  [**No address**](未提供)

    It leads nowhere.

2.  [**Sound**](https://example.com/2)

    It leads somewhere.
"""
ESSAY = "---\ntitle: An essay\ndate: 2025-03-06T07:00:00+08:00\n---\n\nNothing but thoughts.\n"
HOSTILE = """---
title: "2025.03.04 <script>document.title='hacked'</script>"
date: 2025-03-04T07:00:00+08:00
---

<img src=x onerror="document.title='hacked'"> <svg onload="alert(1)"></svg> [lead](javascript:alert(2))

---

1.  [**<b onclick=alert(3)>bold</b> "><script>alert(4)</script>**](https://example.com/"onmouseover="alert(5))

    Hostile <iframe srcdoc="<script>alert(6)</script>"></iframe> `<script>alert(7)</script>` {{ 7 * 7 }} #芯片技术

2.  [**second**](javascript:alert(8))

    ![<img src=x onerror=alert(9)>](javascript:alert(10)) #"><script>alert(11)</script>

---

<style>body { display: none }</style><meta http-equiv="refresh" content="0; url=https://example.com/">
"""


def window(page: Page, platform: str) -> Locator:
    return page.locator(f"section.window.{platform}")


async def in_hand(page: Page, title: str) -> None:
    await expect(page.locator(".headline h2")).to_have_text(title)


# ------------------------------------------------------------------ what goes in


async def test_drop__shows_the_file_on_three_platforms_side_by_side(playground: Site) -> None:
    page = await playground.open("/preview", language="en")
    await drop(page, NEW, name="2025-03-03.md")
    await in_hand(page, "2025.03.03 每日速递")
    await expect(page.locator(".held")).to_contain_text("2025-03-03.md")
    boxes = [await window(page, platform).bounding_box() for platform in PLATFORMS]
    lefts = [box["x"] for box in boxes if box]
    tops = {box["y"] for box in boxes if box}
    assert (sorted(set(lefts)), len(tops)) == (lefts, 1)


async def test_choice_of_a_file__shows_it_too(playground: Site, tmp_path: Path) -> None:
    file = tmp_path / "march.md"
    file.write_text(NEW, encoding="utf-8")
    page = await playground.open("/preview", language="en")
    await page.locator("#document").set_input_files(file)
    await in_hand(page, "2025.03.03 每日速递")
    await page.get_by_role("link", name="Back to what is loaded").click()
    await expect(page.locator("#day")).to_be_visible()


async def test_paste__of_text_shows_it_too(playground: Site) -> None:
    page = await playground.open("/preview", language="en")
    await page.get_by_text("Or paste its text").click()
    await page.get_by_label("Text of the digest").fill(NEW)
    await page.locator("#look").click()
    await in_hand(page, "2025.03.03 每日速递")


@pytest.mark.parametrize("dialect", [TelegramDialect(), DiscordDialect(), WecomDialect()], ids=PLATFORMS)
async def test_lengths__are_those_of_the_messages_that_would_be_sent(playground: Site, dialect: Dialect) -> None:
    page = await playground.open("/preview", language="zh-CN")
    await drop(page, NEW, name="2025-03-03.md")
    await in_hand(page, "2025.03.03 每日速递")
    parts = parts_of(NEW.encode(), dialect=dialect)
    shown = window(page, dialect.platform).locator("article")
    await expect(shown).to_have_count(len(parts))
    for place, part in enumerate(parts):
        told = await shown.nth(place).locator(".measures dd > span").all_inner_texts()
        sizes = [int(one.partition("/")[0].replace(",", "")) for one in told]
        limits = [int(one.partition("/")[2].replace(",", "")) for one in told]
        assert tuple(sizes) == tuple(dialect.measure(part.markup))
        assert all(size <= limit for size, limit in zip(sizes, limits, strict=True))
    assert len(parts) > 1


# ------------------------------------------------------------------ what is picked


async def test_category__leaves_its_own_items_and_steps_into_the_address(playground: Site) -> None:
    page = await playground.open("/preview?day=2025-10-13", language="en")
    before = await window(page, "telegram").inner_text()
    await page.locator("#category-chips").check()
    await expect(page).to_have_url(f"{playground.url}/preview?day=2025-10-13&format=full&words=en&category=chips")
    await expect(window(page, "telegram")).not_to_have_text(before)
    await expect(page.locator("#category-chips")).to_be_focused()
    only = await window(page, "telegram").inner_text()
    assert len(only) < len(before)
    await page.go_back()
    await expect(page.locator("#category-chips")).not_to_be_checked()


async def test_format__shortens_what_is_shown(playground: Site) -> None:
    page = await playground.open("/preview?day=2025-10-13", language="en")
    sizes = []
    for wanted in (Format.FULL, Format.BRIEF, Format.HEADLINES):
        await page.locator(f"#format-{wanted}").check()
        await expect(page.locator("main")).not_to_have_attribute("aria-busy", "true")
        sizes.append(sum(map(len, await window(page, "discord").locator(".dc-text").all_inner_texts())))
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) == 3
    await page.locator("#format-news").check()
    await expect(window(page, "wecom").locator(".wc-cards li").first).to_be_visible()


async def test_language__is_that_of_the_bot_not_of_the_page(playground: Site) -> None:
    page = await playground.open("/preview?day=2025-10-13", language="en")
    await expect(page.locator(".tg-keys").first).to_contain_text("Chips")
    await page.locator("#words-zh-CN").check()
    await expect(page.locator(".tg-keys").first).to_contain_text("芯片技术")
    await expect(page.locator("legend").first).to_have_text("Length")


# ------------------------------------------------------------------ faults, and loading


async def test_fault__is_named_with_its_line_and_does_not_keep_it_from_loading(playground: Site) -> None:
    page = await playground.open("/preview", language="en")
    await drop(page, FAULTY, name="2025-03-05.md")
    problem = page.locator(".problems li")
    await expect(problem).to_contain_text("line 6")
    await expect(problem.locator("code")).to_contain_text("No address")
    await expect(page.get_by_role("button", name="Load and publish")).to_be_enabled()


async def test_essay__is_refused_and_nothing_can_be_loaded(playground: Site) -> None:
    page = await playground.open("/preview", language="en")
    await drop(page, ESSAY, name="2025-03-06.md")
    await expect(page.locator(".problems")).to_contain_text("This can't be loaded")
    await expect(page.locator("#publish")).to_have_count(0)
    assert (await page.request.get("/archive/2025-03-06")).status == 404


async def test_load__by_the_button_as_a_draft_and_then_for_everybody(playground: Site) -> None:
    page = await playground.open("/preview", language="en")
    await drop(page, NEW, name="2025-03-03.md")
    assert (await page.request.get("/archive/2025-03-03")).status == 404
    await page.get_by_role("button", name="Load as a draft").click()
    await expect(page.locator(".outcome")).to_contain_text("Loaded as a draft, revision 1.")
    assert (await page.request.get("/archive/2025-03-03")).status == 404
    await page.get_by_role("button", name="Publish").click()
    await expect(page.locator(".outcome")).to_contain_text("Revision 1 is published.")
    await page.goto("/archive/2025-03-03")
    await expect(page.locator("article.item")).to_have_count(4)


# ------------------------------------------------------------------ a hostile document


def alerts_of(page: Page) -> list[str]:
    """Return the list to which everything is added that the page pops up from now on."""
    alerts: list[str] = []

    async def note(dialog: Dialog) -> None:
        alerts.append(dialog.message)
        await dialog.dismiss()

    page.on("dialog", note)
    return alerts


async def harmless(page: Page, shown: str, alerts: Sequence[str]) -> None:
    """Raise AssertionError unless the words are there, and nothing in them has become more than words."""
    await expect(page.locator("main")).to_contain_text(shown)
    assert "hacked" not in (await page.title()).partition("<script>")[0]
    found = await page.evaluate(
        """() => [...document.querySelectorAll("main *")].filter((one) =>
            ["SCRIPT", "IFRAME", "STYLE", "META"].includes(one.tagName) && one.type !== "application/json"
            || one.tagName === "IMG" && !one.matches(".dc-face, .wc-face")
            || [...one.attributes].some((it) => it.name.startsWith("on"))
            || one.protocol === "javascript:"
        ).map((one) => one.outerHTML)"""
    )
    assert found == []
    assert list(alerts) == []


async def test_script__in_a_dropped_digest_does_not_run_in_any_look(playground: Site) -> None:
    page = await playground.open("/preview", language="en")
    alerts = alerts_of(page)
    await drop(page, HOSTILE, name="<img src=x onerror=alert(12)>.md")
    for wanted in Format:
        await page.locator(f"#format-{wanted}").check()
        await expect(page.locator("main")).not_to_have_attribute("aria-busy", "true")
        await harmless(page, "<script>document.title='hacked'</script>", alerts)


async def test_script__in_a_loaded_digest_does_not_run_on_any_page(playground: Site) -> None:
    page = await playground.open("/preview", language="en")
    alerts = alerts_of(page)
    await drop(page, HOSTILE, name="hostile.md")
    await page.locator("#publish").click()
    await expect(page.locator(".outcome")).to_contain_text("revision 1")
    for path, shown in (
        ("/preview?day=2025-03-04", "<script>alert(4)</script>"),
        ("/archive", "<script>document.title='hacked'</script>"),
        ("/archive/2025-03-04", "<iframe srcdoc="),
        ("/archive?q=Hostile", "<script>alert(4)</script>"),
        ("/morning?day=2025-03-04", "<script>document.title='hacked'</script>"),
    ):
        await page.goto(path)
        await harmless(page, shown, alerts)
    await page.goto("/chat")
    await expect(page.locator(".line:not(.mine)")).to_have_count(1)
    await page.get_by_role("combobox").fill("/day 2025-03-04")
    await page.get_by_role("combobox").press("Enter")
    await expect(page.locator(".line").last).to_contain_text("alert(4)")
    await harmless(page, "<script>alert(4)</script>", alerts)


# ------------------------------------------------------------------ pictures


async def test_pictures__by_day_and_by_night(playground: Site) -> None:
    page = await playground.open("/preview?day=2025-10-13", language="en")
    await shoot(page, "preview")
    dark = await playground.open("/preview?day=2025-10-13&category=chips&category=open-source", size=PHONE, dark=True)
    await dark.locator(".jump").evaluate("(jump) => jump.scrollIntoView()")
    await shoot(dark, "preview-dark")
    hand = await playground.open("/preview", language="en")
    await drop(hand, SAMPLE.read_text(encoding="utf-8").replace("2025-10-13", "2025-10-20"), name="2025-10-20.md")
    await expect(hand.locator(".held")).to_contain_text("2025-10-20.md")
