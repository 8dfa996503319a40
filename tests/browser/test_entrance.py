"""The door: a wrong password, the right one, and out again; what a guest may read, and what not."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.browser.site import Site, serving, shoot

pytestmark = pytest.mark.asyncio(loop_scope="session")
PASSWORD = "correct-horse-battery"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def guarded(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    folder = tmp_path_factory.mktemp("guarded")
    async with serving(folder, web_token=PASSWORD, web_public_archive="true") as url:
        yield Site(url=url, browser=browser)


@pytest_asyncio.fixture(loop_scope="session")
async def locked(guarded: Site) -> AsyncIterator[Site]:
    yield guarded
    await guarded.leave(unheard="403")


async def test_password__wrong_then_right_then_out(locked: Site) -> None:
    page = await locked.open("/chat", language="en")
    await expect(page).to_have_url(f"{locked.url}/login?next=/chat")
    await page.get_by_label("Password").fill("not it")
    await page.get_by_label("Password").press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("DIGESTBOT_WEB_TOKEN")
    await shoot(page, "login")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_label("Password").press("Enter")
    await expect(page).to_have_url(f"{locked.url}/chat")
    await expect(page.locator(".line:not(.mine)")).to_have_count(1)
    await page.get_by_role("button", name="Sign out").click()
    await expect(page).to_have_url(f"{locked.url}/login")
    await page.goto("/chat")
    await expect(page).to_have_url(f"{locked.url}/login?next=/chat")


async def test_guest__reads_the_public_archive(locked: Site) -> None:
    page = await locked.open("/", language="en")
    await expect(page).to_have_url(f"{locked.url}/archive")
    await expect(page.get_by_role("link", name="Preview")).to_have_count(0)
    await page.locator(".days a").first.click()
    await expect(page.locator("article.item").first).to_be_visible()
    await expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    feed = await page.request.get("/archive/feed.atom")
    assert feed.headers["content-type"].startswith("application/atom+xml")


@pytest.mark.parametrize("path", ["/chat", "/preview", "/morning", "/morning/chats?q=a", "/morning/resend"])
async def test_guest__is_asked_for_the_password_anywhere_else(locked: Site, path: str) -> None:
    page = await locked.open(path, language="en")
    assert page.url.startswith(f"{locked.url}/login?next=")
    await expect(page.get_by_label("Password")).to_be_focused()
