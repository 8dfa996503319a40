"""This morning as a publisher has it open: figures that move, the chat that got nothing, and sending again."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from tests.browser.newsroom import Newsroom, at_eight
from tests.browser.site import Site, say, serving, shoot

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def served(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    """A playground where nothing has gone out yet."""
    async with serving(tmp_path_factory.mktemp("untouched")) as url:
        yield Site(url=url, browser=browser)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def staffed(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Newsroom]:
    """A newsroom whose failures nobody has sent again yet."""
    async with at_eight(tmp_path_factory.mktemp("untouched"), browser) as newsroom:
        yield newsroom


async def quiet_names(page: Page) -> None:
    """Leave this machine's name out of a picture."""
    await page.evaluate(
        """() => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync(".sender { display: none; }");
            document.adoptedStyleSheets = [sheet];
        }"""
    )


def figure(page: Page, name: str) -> Locator:
    return page.locator(".figures > div", has=page.get_by_text(name, exact=True)).locator("dd")


async def test_open_page__follows_the_clock_without_being_loaded_again(playground: Site) -> None:
    chat = await playground.open("/chat", language="en")
    await say(chat, "/subscribe 08:00")
    await expect(chat.locator(".line").last).to_contain_text("Subscribed")
    page = await playground.open("/morning", language="en")
    await expect(page.locator("#lit.on")).to_be_visible()
    day = str(await page.locator(".today time").get_attribute("datetime"))
    await page.evaluate("() => { window.kept = true; }")
    await chat.get_by_role("button", name="Next morning").click()
    await expect(chat.locator(".pushed").first).to_be_visible(timeout=30_000)
    await expect(figure(page, "Delivered")).not_to_have_text("0", timeout=10_000)
    await expect(page.locator(".standing")).to_contain_text("All are done")
    assert await page.evaluate("() => window.kept")
    await chat.get_by_role("button", name="Next morning").click()
    await expect(page.locator(".today time")).not_to_have_attribute("datetime", day, timeout=20_000)
    assert await page.evaluate("() => window.kept")


async def test_failing_chat__is_found_in_two_clicks(newsroom: Newsroom) -> None:
    page = await newsroom.site.open("/", language="en")
    await page.get_by_role("link", name="This morning").click()
    await expect(page.locator("#lit.on")).to_be_visible()
    await quiet_names(page)
    await shoot(page, "morning")
    await page.locator("#failing tbody tr", has_text=str(newsroom.refused)).get_by_role("link").click()
    await expect(page.locator(".verdict")).to_contain_text("could not be delivered")
    await expect(page.locator(".verdict")).to_contain_text("Can't parse entities")


async def test_blocked_chat__is_paused_with_the_reason_and_its_record(newsroom: Newsroom) -> None:
    page = await newsroom.site.open("/morning", language="en")
    await page.locator("#paused tbody tr", has_text=str(newsroom.blocked)).get_by_role("link").click()
    await expect(page.locator(".verdict")).to_contain_text("Forbidden: bot was blocked by the user")
    assert await page.locator(".records tbody tr").count() > 5


async def test_search__leads_straight_to_the_only_chat_and_lists_several(newsroom: Newsroom) -> None:
    page = await newsroom.site.open("/morning", language="en")
    name = newsroom.telegram.person(newsroom.refused).first_name
    await page.get_by_role("searchbox").fill(str(newsroom.refused))
    await page.get_by_role("searchbox").press("Enter")
    await expect(page.locator("h1")).to_contain_text(name)
    await page.goto("/morning/chats")
    await page.get_by_role("searchbox").fill(name[0])
    await page.get_by_role("button", name="Find").click()
    await expect(page.locator(".found li").nth(2)).to_contain_text(name[0])
    await page.locator(".found a", has_text=name).click()
    await expect(page.locator("h1")).to_contain_text(name)


async def test_charts__have_the_month_in_figures_too(newsroom: Newsroom) -> None:
    page = await newsroom.site.open("/morning")
    await page.locator(".looks").scroll_into_view_if_needed()
    await page.locator(".looks").evaluate("(looks) => looks.scrollIntoView()")
    await shoot(page, "mornings")
    await expect(page.locator("rect.arrived")).to_have_count(30)
    await page.get_by_text("查看表格").click()
    rows = page.locator(".chart tbody tr")
    await expect(rows).to_have_count(30)
    await rows.nth(1).get_by_role("link").click()
    await expect(page).to_have_url(re.compile(r"/morning\?day="))


async def test_morning__in_the_dark(newsroom: Newsroom) -> None:
    page = await newsroom.site.open("/morning", dark=True)
    await expect(page.locator("#lit.on")).to_be_visible()
    await quiet_names(page)
    await shoot(page, "morning-dark")


async def test_resend__by_keyboard_reaches_the_chat_that_got_nothing(newsroom: Newsroom) -> None:
    chat = newsroom.telegram.at(newsroom.refused)
    assert not chat.messages
    page = await newsroom.site.open("/morning", language="en")
    failed = int(await figure(page, "Failed").inner_text())
    await page.locator("#again-all").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Send again")
    await shoot(page, "resend")
    await page.get_by_role("button", name="Send to 1 chat").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status").first).to_contain_text("goes out again to 1 chat")
    await page.locator("#failed-1").focus()
    await newsroom.telegram.wait_for(lambda: chat.messages, 20)
    await expect(figure(page, "Failed")).to_have_text(str(failed - 1), timeout=20_000)
    await expect(page.locator("#failing")).not_to_contain_text(str(newsroom.refused))
    await expect(page.locator("#failed-1")).to_be_focused()
