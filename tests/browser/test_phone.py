"""On a phone: nothing wraps where it tears apart what belongs together, and nothing is cut."""

import pytest

from tests.browser.newsroom import Newsroom
from tests.browser.site import PHONE, Site
from tests.browser.views import VIEWS, View, reach

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name),
    pytest.mark.parametrize("language", ["zh-CN", "en"]),
]
_ROWS = """(among) => [...document.querySelectorAll(among)].map((one) => new Set(
    [...one.children].map((child) => Math.round(child.getBoundingClientRect().top))).size)"""
_TORN = """() => [...document.querySelectorAll(".legend .key")].map((key) => {
    const words = document.createRange();
    words.selectNode(key.nextSibling);
    return [words.toString().trim(), words.getClientRects()[0].top - key.getBoundingClientRect().bottom];
}).filter(([_, below]) => below > 0).map(([words]) => words)"""
_CUT = """() => [...document.querySelectorAll("input[placeholder]")].filter((field) => {
    const look = getComputedStyle(field), pen = document.createElement("canvas").getContext("2d");
    pen.font = look.font;
    return pen.measureText(field.placeholder).width
        > field.clientWidth - parseFloat(look.paddingLeft) - parseFloat(look.paddingRight);
}).map((field) => field.placeholder)"""


async def test_phone__tears_nothing_apart_and_cuts_nothing(
    playground: Site, newsroom: Newsroom, view: View, language: str
) -> None:
    page = await reach(view, playground, newsroom, language=language, size=PHONE)
    assert await page.evaluate(_ROWS, ".top nav") in ([], [1])
    assert await page.evaluate(_TORN) == []
    assert await page.evaluate(_CUT) == []
