"""The whole site over a real socket, and a browser of few words."""

import html
import io
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path

import aiohttp
from pydantic import SecretStr

from bot.app import House, house, site_of
from bot.config import Settings
from bot.web import Health, Site
from tests.fakes import MORNING, database_url, opened

PASSWORD = "correct-horse-battery"
SEED = (Path(__file__).parents[1] / "seed" / "2025-10-12.md").read_bytes()
_MARK = re.compile(r'<meta name="mark" content="([0-9a-f]+)">')


class Elements(HTMLParser):
    """The tags of a page, with their attributes; and the text in each class."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def tagged(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]

    def by_id(self, name: str) -> dict[str, str | None] | None:
        return next((attributes for _, attributes in self.found if attributes.get("id") == name), None)


@dataclass
class Website:
    """The site at work; whoever asks has given the password where there is one."""

    at: House
    now: datetime
    session: aiohttp.ClientSession
    mark: str = ""

    async def get(self, path: str) -> str:
        async with self.session.get(path) as response:
            assert response.status == 200, await response.text()
            page = await response.text()
        if found := _MARK.search(page):
            self.mark = found[1]
        return page

    async def hand_in(self, document: bytes | str, *, name: str = "digest.md", **fields: str) -> str:
        """Send a file (bytes) or a text by the form of the preview."""
        if not self.mark:
            await self.get("/preview")
        form = aiohttp.FormData({"mark": self.mark, **fields}, quote_fields=False)
        if isinstance(document, bytes):
            form.add_field("document", io.BytesIO(document), filename=name, content_type="text/markdown")
        else:
            form.add_field("text", document)
        async with self.session.post("/preview", data=form) as response:
            assert response.status == 200, await response.text()
            return await response.text()


@asynccontextmanager
async def website(folder: Path, *, password: str | None = None) -> AsyncIterator[Website]:
    async with AsyncExitStack() as stack:
        async with opened(folder):
            settings = Settings(
                database_url=database_url(folder),
                language="en",
                web_token=SecretStr(password) if password else None,
            )
        at = await stack.enter_async_context(house(settings, lambda: there.now))
        port = await stack.enter_async_context(_site(at).listening())
        jar = aiohttp.CookieJar(unsafe=True)
        session = await stack.enter_async_context(aiohttp.ClientSession(f"http://127.0.0.1:{port}", cookie_jar=jar))
        there = Website(at, MORNING, session)
        if password:
            await session.post("/login", data={"password": password})
        yield there


def _site(at: House) -> Site:
    """Return the pages of the real bot, on the test's clock throughout."""
    return replace(site_of(at, Health(at.store, (), MORNING)), wall_clock=at.clock)


async def load(site: Website, source: bytes | str = SEED, *, publish: bool = True) -> int:
    loaded = await site.at.intake.take(
        source if isinstance(source, bytes) else source.encode(), origin="digest.md", publish=publish
    )
    assert loaded.saved
    newest = await site.at.store.digests.newest(loaded.saved.day)
    assert newest
    return newest.revision_id


def windows_of(page: str) -> dict[str, list[str]]:
    """Return the messages of each window."""
    pieces = re.split(r'<section class="window (\w+)"', page)[1:]
    return {name: re.split("<article", body)[1:] for name, body in zip(pieces[::2], pieces[1::2], strict=True)}


def text_of(page: str) -> str:
    return " ".join(html.unescape(re.sub("<[^>]*>", " ", page)).split())
