"""The archive as it is read: days, a day with its anchors, a search, a category, and the feed."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.site import PHONE, Site, shoot

pytestmark = pytest.mark.asyncio(loop_scope="session")
LONG_DAY = "2025-10-16"


async def test_days__lead_to_a_day_and_on_to_its_neighbours(playground: Site) -> None:
    page = await playground.open("/archive", language="en")
    await shoot(page, "archive")
    await page.locator(f'.days a[href="/archive/{LONG_DAY}"]').click()
    await expect(page).to_have_title(re.compile(r"2025\.10\.16"))
    await expect(page.locator("article.item")).to_have_count(12)
    await shoot(page, "archive-day")
    await page.locator(".turn [rel=next]").first.click()
    await expect(page).to_have_url(f"{playground.url}/archive/2025-10-17")


async def test_anchor__leads_to_its_item_and_keeps_it_in_sight(playground: Site) -> None:
    page = await playground.open(f"/archive/{LONG_DAY}", language="en")
    await page.get_by_role("link", name="Link to item 7").click()
    await expect(page).to_have_url(re.compile(r"#item-7$"))
    await expect(page.locator("#item-7")).to_be_in_viewport()
    again = await playground.open(f"/archive/{LONG_DAY}#item-9", language="en")
    await expect(again.locator("#item-9 .headline")).to_be_in_viewport()
    await expect(again.locator("#item-1")).not_to_be_in_viewport()


async def test_search__finds_a_word_and_leads_to_its_item(playground: Site) -> None:
    page = await playground.open("/archive")
    await page.get_by_role("searchbox").fill("助听器")
    await page.get_by_role("searchbox").press("Enter")
    await expect(page.locator("ol.items > li").first).to_contain_text("助听器")
    await page.locator("ol.items h2 a").first.click()
    await expect(page.locator("article.item:target")).to_contain_text("助听器")


async def test_search__that_finds_nothing_says_how_to_find_more(playground: Site) -> None:
    page = await playground.open("/archive", language="en")
    await page.get_by_role("searchbox").fill("quetzalcoatl")
    await page.get_by_role("button", name="Search").click()
    await expect(page.locator("main")).to_contain_text("Fewer or shorter words find more.")
    await expect(page.get_by_role("searchbox")).to_have_value("quetzalcoatl")


async def test_category__has_its_latest_items_from_the_tag_of_an_item(playground: Site) -> None:
    page = await playground.open(f"/archive/{LONG_DAY}")
    await page.locator("article.item .tag", has_text="芯片技术").first.click()
    await expect(page.locator("h1")).to_contain_text("芯片技术")
    await expect(page.locator(".subjects [aria-current]")).to_have_text("芯片技术")
    assert await page.locator("ol.items > li").count() >= 2


async def test_feed__is_linked_and_has_every_day_whole(playground: Site) -> None:
    page = await playground.open("/archive", language="en")
    address = await page.get_by_role("link", name="Atom feed").get_attribute("href")
    assert address == await page.locator("link[rel=alternate]").get_attribute("href")
    text = await (await page.request.get(str(address))).text()
    assert text.count("</entry>") == await page.locator(".days li").count()
    assert "假设写这份文档的人明天不在。" in text


async def test_day__is_read_on_a_phone(playground: Site) -> None:
    page = await playground.open(f"/archive/{LONG_DAY}", size=PHONE)
    await expect(page.locator("article.item").first).to_be_attached()
    await shoot(page, "archive-phone")
