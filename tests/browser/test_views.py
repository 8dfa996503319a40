"""Every main view: nothing that a screen reader stumbles over, no jump of the layout, all of it on a phone."""

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

from tests.browser.newsroom import Newsroom
from tests.browser.site import PHONE, SCREEN, Site
from tests.browser.views import VIEWS, View, reach

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name),
]
AXE = Axe()
GRAVE = ("serious", "critical")
LARGEST_SHIFT = 0.1
"""A layout that moves by more than this share of the window times the way it goes is felt as a jump."""
_SHIFT = """() => new Promise((resolve) => {
    let total = 0;
    new PerformanceObserver((seen) => {
        for (const one of seen.getEntries()) if (!one.hadRecentInput) total += one.value;
    }).observe({ type: "layout-shift", buffered: true });
    setTimeout(() => resolve(total), 400);
})"""


async def faults(page: Page) -> list[str]:
    """Return what axe-core finds wrong and calls grave."""
    found = (await AXE.run(page)).response["violations"]
    return [
        f"{fault['id']}: {node['html'][:200]} {node['failureSummary']}"
        for fault in found
        if fault["impact"] in GRAVE
        for node in fault["nodes"]
    ]


@pytest.mark.parametrize("language", ["zh-CN", "en"])
async def test_view__has_no_grave_fault_by_day_by_night_and_on_a_phone(
    playground: Site, newsroom: Newsroom, view: View, language: str
) -> None:
    page = await reach(view, playground, newsroom, language=language, dark=language == "en")
    assert await faults(page) == []
    await page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    await page.emulate_media(color_scheme="light" if language == "en" else "dark")
    assert await faults(page) == []


@pytest.mark.parametrize("size", [SCREEN, PHONE], ids=["screen", "phone"])
async def test_view__stays_where_it_is_and_within_its_width(
    playground: Site, newsroom: Newsroom, view: View, size: tuple[int, int]
) -> None:
    page = await reach(view, playground, newsroom, language="en", size=size)
    assert await page.evaluate(_SHIFT) < LARGEST_SHIFT
    assert await page.evaluate("() => document.documentElement.scrollWidth") <= size[0]
