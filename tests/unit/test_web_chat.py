"""The chat page over a real socket: lines as they come, words, presses, the clock; and rubbish."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import aiohttp
import pytest

from bot import app, playground
from bot.config import Settings
from bot.playground import Playground


@dataclass
class Visitor:
    """A browser with the page open."""

    stage: Playground
    session: aiohttp.ClientSession
    mark: str = ""

    async def opens(self, language: str = "zh-CN") -> str:
        async with self.session.get("/chat", headers={"Accept-Language": language}) as response:
            page = await response.text()
        found = re.search(r'name="mark" content="([0-9a-f]+)"', page)
        assert found
        self.mark = found[1]
        return page

    async def does(self, path: str, body: object) -> tuple[int, str]:
        headers = {"X-Digestbot-Mark": self.mark}
        data = body if isinstance(body, bytes) else json.dumps(body)
        async with self.session.post(path, data=data, headers=headers) as response:
            return response.status, await response.text()

    @asynccontextmanager
    async def looks_into(self, room: str) -> AsyncIterator[AsyncIterator[dict[str, Any]]]:
        async with self.session.get("/chat/lines", params={"room": room}) as response:
            assert response.headers["Content-Type"] == "text/event-stream"
            yield _lines(response)


async def _lines(response: aiohttp.ClientResponse) -> AsyncIterator[dict[str, Any]]:
    async for raw in response.content:
        if raw.startswith(b"data: "):
            yield json.loads(raw.removeprefix(b"data: "))[1]


@pytest.fixture
async def visitor(unused_tcp_port: int) -> AsyncIterator[Visitor]:
    async with playground.opened(Settings(), playground.samples(), web_port=unused_tcp_port) as stage:
        stop = asyncio.Event()
        running = asyncio.create_task(app.run(stage.at, [stage.rooms], stop, stage=stage))
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(f"http://127.0.0.1:{unused_tcp_port}", cookie_jar=jar) as session:
            await _until_there(session)
            yield Visitor(stage, session)
        stop.set()
        await running


async def _until_there(session: aiohttp.ClientSession) -> None:
    async with asyncio.timeout(10):
        while True:
            try:
                async with session.get("/healthz"):
                    return
            except aiohttp.ClientConnectorError:
                await asyncio.sleep(0.05)


async def test_page__leads_from_the_root_and_speaks_the_visitors_language(visitor: Visitor) -> None:
    async with visitor.session.get("/") as response:
        assert response.url.path == "/chat"
    assert '<html lang="en">' in await visitor.opens("en-GB,en;q=0.9")
    page = await visitor.opens("zh-TW")
    assert '<html lang="zh-CN">' in page
    assert "&#34;today&#34;" in page or '"today"' in page


async def test_conversation__from_the_question_to_the_button(visitor: Visitor) -> None:
    await visitor.opens()
    async with visitor.looks_into("room1") as lines:
        assert await visitor.does("/chat/room1/say", {"text": "/categories"}) == (204, "")
        mine, answer = await anext(lines), await anext(lines)
        assert (mine["mine"], mine["markup"]) == (True, "/categories")
        key = next(key for row in answer["keys"] for key in row if key["data"] == "pick chips")
        pressed = {"line": answer["number"], "data": key["data"]}
        assert await visitor.does("/chat/room1/press", pressed) == (204, "")
        changed = await anext(lines)
    assert (changed["number"], changed["edited"]) == (answer["number"], True)
    assert any(key["label"].startswith("✓") and key["data"] == "drop chips" for row in changed["keys"] for key in row)


async def test_rooms__know_nothing_of_each_other(visitor: Visitor) -> None:
    await visitor.opens()
    await visitor.does("/chat/room1/say", {"text": "/help"})
    await visitor.does("/chat/room2/say", {"text": "/days"})
    async with visitor.looks_into("room2") as lines:
        assert (await anext(lines))["markup"] == "/days"


async def test_lines__of_all_rooms_come_on_one_connection(visitor: Visitor) -> None:
    await visitor.opens()
    await visitor.does("/chat/room1/say", {"text": "/help"})
    await visitor.does("/chat/room2/say", {"text": "/days"})
    async with visitor.session.get("/chat/lines?room=room1&room=room2") as response:
        told = [json.loads((await _event(response)).removeprefix(b"data: ")) for _ in range(4)]
    assert [(room, line["markup"]) for room, line in told if line["mine"]] == [("room1", "/help"), ("room2", "/days")]


async def _event(response: aiohttp.ClientResponse) -> bytes:
    while not (raw := await response.content.readline()).startswith(b"data: "):
        assert raw
    return raw


@pytest.mark.parametrize("asked", ["", "room=R!", "room=abc", "&".join(f"room=room{number}" for number in range(13))])
async def test_lines__of_no_room_or_too_many_are_refused(visitor: Visitor, asked: str) -> None:
    async with visitor.session.get(f"/chat/lines?{asked}") as response:
        assert response.status == 400


async def test_script__in_what_is_said_stays_text(visitor: Visitor) -> None:
    await visitor.opens()
    await visitor.does("/chat/room1/say", {"text": "<script>alert(1)</script>"})
    async with visitor.looks_into("room1") as lines:
        line, answer = await anext(lines), await anext(lines)
    assert line["markup"] == "&lt;script&gt;alert(1)&lt;/script&gt;"
    assert "<script" not in answer["markup"]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/chat/room1/say", {"text": ""}, 400),
        ("/chat/room1/say", {"text": "x" * 4097}, 400),
        ("/chat/room1/say", {}, 400),
        ("/chat/room1/say", b"not json", 400),
        ("/chat/room1/press", {"line": "one", "data": "x"}, 400),
        ("/chat/clock", {"leap": "back"}, 400),
        ("/chat/R!/say", {"text": "x"}, 404),
    ],
)
async def test_rubbish__is_refused(visitor: Visitor, path: str, body: object, status: int) -> None:
    await visitor.opens()
    assert (await visitor.does(path, body))[0] == status


async def test_change__without_the_mark_is_refused(visitor: Visitor) -> None:
    await visitor.opens()
    visitor.mark = ""
    assert (await visitor.does("/chat/clock", {"leap": "hour"}))[0] == 403


async def test_clock__tells_where_it_landed(visitor: Visitor) -> None:
    await visitor.opens()
    status, text = await visitor.does("/chat/clock", {"leap": "morning"})
    landing = json.loads(text)
    assert (status, landing["zone"]) == (200, "Asia/Shanghai")
    assert datetime.fromisoformat(landing["now"]) < datetime.fromisoformat(landing["due"])


async def test_clock__however_far_it_is_moved_asks_nobody_to_come_in_anew(visitor: Visitor) -> None:
    await visitor.opens()
    for _ in range(4):
        status, _ = await visitor.does("/chat/clock", {"leap": "change"})
        assert status == 200
    assert visitor.stage.now().year == 2027


async def test_pages__that_close_are_forgotten(visitor: Visitor) -> None:
    await visitor.opens()
    await visitor.does("/chat/room1/say", {"text": "/help"})
    for _ in range(5):
        async with visitor.looks_into("room1") as lines:
            await anext(lines)
    feeds = visitor.stage.rooms._room("room1").feeds
    async with asyncio.timeout(5):
        while feeds:  # noqa: ASYNC110 - the adapter tells nobody
            await asyncio.sleep(0.02)
