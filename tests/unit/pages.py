"""The site at work on a world, and somebody who looks at its pages."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape

import aiohttp
from pydantic import SecretStr
from sqlalchemy import event

from bot.app import TEMPLATES
from bot.config import Settings
from bot.platforms import dialects, windows
from bot.render import Pages, Renderer
from bot.web import Health, Site
from tests.fakes import DAWN, chat, digest, intake, load, subscription
from tests.unit.delivering import World

PASSWORD = "correct-horse-battery"
PAGES = Pages(TEMPLATES)
_TAG, _HIDDEN = re.compile("<[^>]*>"), re.compile("<head>.*?</head>|<template.*?</template>", re.DOTALL)
_MARK = re.compile(r'name="mark" content="([0-9a-f]+)"')


@dataclass
class Page:
    """What was answered."""

    status: int
    html: str
    headers: Mapping[str, str] = field(repr=False)
    url: str

    @property
    def text(self) -> str:
        """The words alone, white space as a browser shows it."""
        return " ".join(unescape(_TAG.sub("", _HIDDEN.sub("", self.html))).split())

    def links(self) -> list[str]:
        return [unescape(link) for link in re.findall(r'<a [^>]*?href="([^"]*)"', self.html)]


@dataclass
class Visitor:
    """A browser. `asked` counts what the database was asked since it was last emptied."""

    world: World
    session: aiohttp.ClientSession
    asked: list[str] = field(default_factory=list)

    async def get(self, path: str, *, language: str = "en", **headers: str) -> Page:
        async with self.session.get(path, headers={"Accept-Language": language, **headers}) as response:
            return Page(response.status, await response.text(), response.headers, str(response.url.relative()))

    async def post(self, path: str, *, mark: bool = True, **form: str) -> Page:
        marked = {"mark": await self.mark()} if mark else {}
        async with self.session.post(path, data=form | marked, headers={"Accept-Language": "en"}) as response:
            return Page(response.status, await response.text(), response.headers, str(response.url.relative()))

    async def mark(self) -> str:
        found = _MARK.search((await self.get("/archive")).html)
        assert found
        return found[1]

    @asynccontextmanager
    async def watching(self, language: str = "en") -> AsyncIterator[AsyncIterator[str]]:
        """Give what the open page of this morning is sent."""
        async with self.session.get("/morning/lines", headers={"Accept-Language": language}) as response:
            assert response.headers["Content-Type"] == "text/event-stream"
            yield _events(response)


async def _events(response: aiohttp.ClientResponse) -> AsyncIterator[str]:
    told: list[str] = []
    async for raw in response.content:
        line = raw.decode().rstrip("\r\n")
        if line.startswith("data: "):
            told.append(line.removeprefix("data: "))
        elif told and not line:
            yield "\n".join(told)
            told.clear()


async def serve(place: World, number: int = 5) -> None:
    """Publish today's, and let it go out to so many chats."""
    await load(place.store, digest(), now=DAWN)
    await place.subscribe(*(subscription(chat(one, title=f"Room {one}")) for one in range(1, number + 1)))
    await place.plan()
    await place.rounds()


async def figures(visitor: Visitor) -> dict[str, str]:
    page = await visitor.get("/morning")
    assert page.status == 200
    found = page.html.partition('<dl class="figures">')[2].partition("</dl>")[0]
    pairs = [row.partition("</dt>") for row in found.split("<dt>")[1:]]
    return {name: rest.partition("</dd>")[0].rpartition(">")[2] for name, _, rest in pairs}


@asynccontextmanager
async def visiting(world: World, *, password: str | None = None, public: bool = False) -> AsyncIterator[Visitor]:
    """Serve the pages of `world`, and give somebody who looks at them."""
    settings = Settings(
        web_token=SecretStr(password) if password else None,
        web_public_archive=public,
        telegram_token=SecretStr("123456789:AAH-a-secret-that-nobody-may-see-on-a-page"),
    )
    site = Site(
        settings=settings,
        store=world.store,
        pages=PAGES,
        health=Health(world.store, ["console"], datetime.min.replace(tzinfo=world.now.tzinfo)),
        clock=lambda: world.now,
        wall_clock=lambda: world.now,
        intake=intake(world.store),
        renderer=Renderer(TEMPLATES),
        dialects=dialects(),
        windows=windows(settings),
    )
    jar = aiohttp.CookieJar(unsafe=True)
    async with (
        site.listening() as port,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}", cookie_jar=jar) as session,
    ):
        visitor = Visitor(world, session)
        with _Ear(visitor):
            yield visitor


class _Ear:
    """Notes every statement that reaches the database."""

    def __init__(self, visitor: Visitor) -> None:
        self._engine = visitor.world.store._database._engine.sync_engine
        self._asked = visitor.asked

    def __enter__(self) -> None:
        event.listen(self._engine, "before_cursor_execute", self._note)

    def __exit__(self, *_: object) -> None:
        event.remove(self._engine, "before_cursor_execute", self._note)

    def _note(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        self._asked.append(statement)
