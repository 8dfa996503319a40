"""By keyboard alone: everything is reached in the order it is read, it is seen where one is, and it does its work."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.newsroom import Newsroom
from tests.browser.site import Site
from tests.browser.views import VIEWS, View, reach

pytestmark = pytest.mark.asyncio(loop_scope="session")
MOST = 250
"""Presses of Tab that no view needs."""
_STEP = """() => {
    const at = document.activeElement;
    if (at === document.body || window.walked?.includes(at)) return null;
    (window.walked ??= []).push(at);
    const drawn = [at, at.nextElementSibling].some((one) => {
        const style = one && getComputedStyle(one);
        return style && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    });
    const box = at.getBoundingClientRect();
    const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    return { html: at.outerHTML.slice(0, 160), drawn, inside };
}"""
_LEFT_OUT = """() => {
    const every = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
    const reachable = [...document.querySelectorAll(every)].filter((one) =>
        one.tabIndex >= 0 && !one.disabled && one.checkVisibility({ visibilityProperty: true })
        && !(one.type === "radio" && !one.checked));
    return reachable.filter((one) => !window.walked.includes(one)).map((one) => one.outerHTML.slice(0, 160));
}"""
_BACKWARDS = """() => window.walked.filter((one, place) =>
    place && !(window.walked[place - 1].compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING)
).map((one) => one.outerHTML.slice(0, 160))"""


async def walk(page: Page) -> list[dict[str, object]]:
    """Press Tab from the first link until it goes round, and return each step."""
    await page.locator(".skip").focus()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Shift+Tab")
    steps: list[dict[str, object]] = []
    while len(steps) < MOST:
        step = await page.evaluate(_STEP)
        if step is None:
            return steps
        steps.append(step)
        await page.keyboard.press("Tab")
    raise AssertionError(f"Tab never comes round: {steps[-3:]}")


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
async def test_tab__reaches_everything_in_order_and_shows_where_it_is(
    playground: Site, newsroom: Newsroom, view: View
) -> None:
    page = await reach(view, playground, newsroom, language="en")
    steps = await walk(page)
    assert [step["html"] for step in steps if not step["drawn"]] == []
    assert [step["html"] for step in steps if not step["inside"]] == []
    assert await page.evaluate(_LEFT_OUT) == []
    assert await page.evaluate(_BACKWARDS) == []


async def test_skip_link__is_first_and_leads_past_the_navigation(playground: Site) -> None:
    page = await playground.open("/archive", language="en")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to the content")).to_be_in_viewport()
    await page.keyboard.press("Enter")
    await expect(page.locator("main")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Atom feed")).to_be_focused()


async def test_chat__is_held_by_keyboard(playground: Site) -> None:
    page = await playground.open("/chat", language="en")
    await page.get_by_role("combobox").focus()
    await page.keyboard.type("/sub")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("option")).to_have_count(0)
    await page.keyboard.type("scribe chips")
    await page.keyboard.press("Enter")
    answer = page.locator(".line").last
    await expect(answer).to_contain_text("Subscribed")
    await page.keyboard.press("Shift+Tab")
    await expect(answer.get_by_role("button").last).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="✓ Chips")).to_be_visible()


async def test_preview__is_steered_by_keyboard(playground: Site) -> None:
    page = await playground.open("/preview?day=2025-10-13", language="en")
    await page.locator("#format-full").focus()
    await page.keyboard.press("ArrowRight")
    await expect(page.locator("#format-brief")).to_be_focused()
    await expect(page.locator("#format-brief")).to_be_checked()
    await page.locator("#category-chips").focus()
    await page.keyboard.press("Space")
    await expect(page).to_have_url(f"{playground.url}/preview?day=2025-10-13&format=brief&words=en&category=chips")
    await expect(page.locator("#category-chips")).to_be_focused()
    await page.locator("#document").focus()
    await expect(page.locator("#document")).to_be_focused()
    async with page.expect_file_chooser():
        await page.keyboard.press("Space")


async def test_folded_quote__opens_by_keyboard_and_says_so(playground: Site) -> None:
    page = await playground.open("/preview?day=2025-10-16", language="en")
    fold = page.locator(".tg-fold").first
    await fold.focus()
    await expect(fold).to_have_attribute("aria-expanded", "false")
    await page.keyboard.press("Enter")
    await expect(fold).to_have_attribute("aria-expanded", "true")
    await expect(fold).to_have_accessible_name("Show less")
