"""The main views of the site, each as somebody at work sees it: filled in, with something to press."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from playwright.async_api import Page, expect

from tests.browser.newsroom import Newsroom
from tests.browser.site import Site, drop

DOCUMENT = """---
title: "2025.03.05 每日速递"
date: 2025-03-05T07:00:00+08:00
---

今天只有两条。

1.  [**没有地址的一条**](未提供)

    它哪儿也不去。 #芯片技术

2.  [**有地址的一条**](https://example.com/2)

    它去了别处。 #产品应用
"""


async def still(page: Page) -> None:
    """Do nothing: the view is there as soon as it is opened."""
    await expect(page.locator("h1, h2").first).to_be_attached()


@dataclass(frozen=True, kw_only=True)
class View:
    """A view: where it is, and what is done there until it is what it is called."""

    name: str
    path: str
    do: Callable[[Page], Awaitable[None]] = still

    def site(self, playground: Site, newsroom: Newsroom) -> Site:
        """Return where it is seen: a chat with the bot is there in the playground alone."""
        return playground if self.path == "/chat" else newsroom.site


async def talk(page: Page) -> None:
    """Hold a short conversation, with buttons and a long answer."""
    await expect(page.locator(".line:not(.mine)")).to_have_count(1)
    field = page.get_by_role("combobox")
    for place, text in enumerate(("/categories", "/day 2025-10-13"), 2):
        await field.fill(text)
        await field.press("Enter")
        await expect(page.locator(".line:not(.mine)").nth(place - 1)).to_be_attached()
    await field.fill("/")
    await expect(page.get_by_role("option").first).to_be_visible()


async def live(page: Page) -> None:
    """Wait until the page is told what changes."""
    await expect(page.locator("#lit.on")).to_be_visible()


async def hold(page: Page) -> None:
    """Drop a document with a fault."""
    await drop(page, DOCUMENT, name="2025-03-05.md")
    await expect(page.locator(".problems")).to_be_visible()


VIEWS = (
    View(name="chat", path="/chat", do=talk),
    View(name="preview", path="/preview"),
    View(name="preview of a file", path="/preview", do=hold),
    View(name="morning", path="/morning", do=live),
    View(name="chats", path="/morning/chats?q=1"),
    View(name="record", path="/morning/chats/8"),
    View(name="resend", path="/morning/resend?day={today}"),
    View(name="archive", path="/archive"),
    View(name="day", path="/archive/{today}"),
    View(name="found", path="/archive?q=AI"),
    View(name="login", path="/login"),
)


async def reach(view: View, playground: Site, newsroom: Newsroom, **look: object) -> Page:
    """Open a view and do there what it takes."""
    site = view.site(playground, newsroom)
    page = await site.open(view.path.format(today=newsroom.today), **look)  # type: ignore[arg-type]
    await view.do(page)
    return page
