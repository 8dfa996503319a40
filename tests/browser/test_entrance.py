"""The door: a wrong password, the right one, and out again."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.site import Site, opened, shoot

PASSWORD = "correct-horse-battery"


@pytest.fixture
async def locked(tmp_path: Path) -> AsyncIterator[Site]:
    async with opened(tmp_path, web_token=PASSWORD) as site:
        yield site
        site.complaints = [said for said in site.complaints if "403" not in said]


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
