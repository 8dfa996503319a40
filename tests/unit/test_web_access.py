"""The doorkeeper over a real socket: passwords, sessions, marks, and names that are not ours."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Self

import aiohttp
import pytest
from aiohttp import web
from pydantic import SecretStr
from yarl import URL

from bot.app import TEMPLATES
from bot.render import Pages
from bot.web import Access, Doorkeeper, Entrance, Frame, Regrets, Room, Server
from bot.web.access import COOKIE, LASTS
from bot.web.doorkeeper import SESSION
from tests.fakes import MORNING

PASSWORD = "correct-horse-battery"
HTML = {"Accept": "text/html"}


@dataclass
class House:
    """A door, and behind it a diary that shows the mark of a change and counts the changes."""

    access: Access
    now: datetime = MORNING
    changes: int = 0
    url: str = ""
    stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    session: aiohttp.ClientSession = field(init=False)

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/diary", self._read), web.post("/diary", self._write), web.get("/open", self._read)]

    async def _read(self, request: web.Request) -> web.Response:
        return web.Response(text=self.access.mark(request[SESSION]))

    async def _write(self, _request: web.Request) -> web.Response:
        self.changes += 1
        return web.Response(text="noted")

    async def __aenter__(self) -> Self:
        pages = Pages(TEMPLATES)
        keeper = Doorkeeper(access=self.access, clock=lambda: self.now, is_open=lambda path: path == "/open")
        frame = Frame(pages=pages, access=self.access, doors=(), language="zh-CN")
        rooms: list[Room] = [Entrance(frame=frame, doorkeeper=keeper), self]
        server = Server(doorkeeper=keeper, regrets=Regrets(frame=frame), rooms=rooms, static=pages.static)
        port = await self.stack.enter_async_context(server.listening("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{port}"
        jar = aiohttp.CookieJar(unsafe=True)
        self.session = await self.stack.enter_async_context(aiohttp.ClientSession(self.url, cookie_jar=jar))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stack.aclose()

    async def asks(self, method: str, path: str, **how: object) -> tuple[int, str]:
        async with self.session.request(method, path, allow_redirects=False, **how) as response:  # type: ignore[arg-type]
            return response.status, response.headers.get("Location") or await response.text()

    async def enters(self, password: str = PASSWORD, onward: str = "/diary") -> tuple[int, str]:
        return await self.asks("POST", "/login", data={"password": password, "next": onward})

    @property
    def cookie(self) -> str:
        return f"{COOKIE}-{self.url.rpartition(':')[2]}"

    def takes_cookie(self, value: str) -> None:
        self.session.cookie_jar.update_cookies({self.cookie: value})


@pytest.fixture
async def locked() -> AsyncIterator[House]:
    async with House(Access(password=SecretStr(PASSWORD))) as house:
        yield house


@pytest.fixture
async def unlocked() -> AsyncIterator[House]:
    async with House(Access(password=None)) as house:
        yield house


async def test_locked__people_are_asked_for_the_password_and_sent_on(locked: House) -> None:
    assert await locked.asks("GET", "/diary?day=1", headers=HTML) == (303, "/login?next=/diary?day%3D1")
    status, page = await locked.asks("GET", "/login?next=/diary%3Fday=1", headers=HTML)
    assert status == 200
    assert 'value="/diary?day=1"' in page
    assert await locked.enters(onward="/diary?day=1") == (303, "/diary?day=1")
    assert (await locked.asks("GET", "/diary"))[0] == 200


async def test_locked__programs_are_told_how(locked: House) -> None:
    status, text = await locked.asks("GET", "/diary")
    assert status == 401
    assert "Bearer" in text
    assert (await locked.asks("GET", "/open"))[0] == 200
    assert (await locked.asks("POST", "/open"))[0] == 403


async def test_locked__a_wrong_password_is_slow_and_lets_nobody_in(locked: House) -> None:
    begun = time.monotonic()
    status, page = await locked.enters(PASSWORD[:-1])
    assert status == 403
    assert "DIGESTBOT_WEB_TOKEN" in page
    assert time.monotonic() - begun > 0.9
    assert (await locked.asks("GET", "/diary"))[0] == 401


async def test_locked__wrong_bearer_passwords_are_slow_and_delay_nobody_else(locked: House) -> None:
    begun = datetime.now().astimezone()
    guesses = [
        asyncio.create_task(locked.asks("GET", path, headers={"Authorization": f"Bearer {PASSWORD}{guess}"}))
        for guess, path in enumerate(("/diary", "/diary", "/open"))
    ]
    await asyncio.sleep(0.1)
    assert (await locked.asks("GET", "/diary", headers={"Authorization": f"Bearer {PASSWORD}"}))[0] == 200
    assert not any(guess.done() for guess in guesses)
    assert [status for status, _ in await asyncio.gather(*guesses)] == [401, 401, 200]
    assert datetime.now().astimezone() - begun > timedelta(seconds=0.9)


@pytest.mark.parametrize(
    "onward",
    ["//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil.example", "/\r\nSet-Cookie: a=b", ""],
)
async def test_locked__leads_to_no_other_site(locked: House, onward: str) -> None:
    assert await locked.enters(onward=onward) == (303, "/")


async def test_bearer__needs_neither_session_nor_mark(locked: House) -> None:
    assert await locked.asks("POST", "/diary", headers={"Authorization": f"Bearer {PASSWORD}"}) == (200, "noted")
    for wrong in (f"Bearer {PASSWORD}x", f"Basic {PASSWORD}", PASSWORD, "Bearer ", "Bearer"):
        assert (await locked.asks("POST", "/diary", headers={"Authorization": wrong}))[0] == 401
    assert locked.changes == 1


async def test_change__needs_the_mark_of_its_session(locked: House) -> None:
    await locked.enters()
    _, mark = await locked.asks("GET", "/diary")
    assert await locked.asks("POST", "/diary", headers={"X-Digestbot-Mark": mark}) == (200, "noted")
    assert await locked.asks("POST", "/diary", data={"mark": mark}) == (200, "noted")
    for wrong in ("", "x", mark[:-1], locked.access.mark(locked.access.begin(MORNING))):
        assert (await locked.asks("POST", "/diary", data={"mark": wrong}))[0] == 403
    assert locked.changes == 2


async def test_session__ends_by_time_and_by_the_door(locked: House) -> None:
    await locked.enters()
    _, mark = await locked.asks("GET", "/diary")
    locked.now += LASTS + timedelta(seconds=1)
    assert (await locked.asks("GET", "/diary"))[0] == 401
    locked.now = MORNING
    assert await locked.asks("POST", "/logout", data={"mark": mark}) == (303, "/login")
    assert (await locked.asks("GET", "/diary"))[0] == 401


async def test_session__only_ours_hold(locked: House) -> None:
    ours = locked.access.begin(MORNING)
    until, rest = ours.split(".", 1)
    others = Access(password=SecretStr(PASSWORD + "!")).begin(MORNING)
    for forged in (others, f"{int(until) + 1}.{rest}", ours[:-1], "", "..", "é", f"9999999999.{rest}"):
        assert not locked.access.holds(forged, MORNING)
    locked.takes_cookie(others)
    assert (await locked.asks("GET", "/diary"))[0] == 401
    assert Access(password=SecretStr(PASSWORD)).holds(ours, MORNING), "a restart asks nobody again"


async def test_cookie__is_out_of_reach(locked: House) -> None:
    async with locked.session.post("/login", data={"password": PASSWORD}, allow_redirects=False) as response:
        said = response.headers["Set-Cookie"]
    assert all(word in said for word in ("HttpOnly", "SameSite=Strict", "Max-Age", "Path=/"))


async def test_cookie__travels_by_https_alone_where_the_reader_came_by_it(locked: House) -> None:
    for headers, secure in (({}, False), ({"X-Forwarded-Proto": "https"}, True)):
        how = {"data": {"password": PASSWORD}, "headers": headers, "allow_redirects": False}
        async with locked.session.post("/login", **how) as response:  # type: ignore[arg-type]
            assert ("Secure" in response.headers["Set-Cookie"]) is secure


@pytest.mark.parametrize("header", ["Authorization: Bearer ", "Cookie: digestbot=1.a.", "Host: "])
async def test_bytes__that_are_no_text_are_no_way_in(locked: House, header: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(locked.url.rpartition(":")[2]))
    host = b"" if header.startswith("Host") else b"Host: here\r\n"  # without a port the cookie has none in its name
    writer.write(b"GET /diary HTTP/1.1\r\n" + host + header.encode() + b"\xff\xfe\r\nConnection: close\r\n\r\n")
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    assert answer.startswith(b"HTTP/1.1 400 " if header.startswith("Host") else b"HTTP/1.1 401 ")


@pytest.mark.parametrize("host", ["[", "[::1", "a:b:c", "a:65536", "a b", 'a"><b'])
async def test_host__that_is_none_is_refused(locked: House, host: str) -> None:
    assert (await locked.asks("GET", "/open", headers={"Host": host}))[0] == 400


async def test_unlocked__two_on_one_machine_do_not_disturb_each_other(unlocked: House) -> None:
    async with House(Access(password=None)) as other:
        _, mark = await unlocked.asks("GET", "/diary")
        await other.asks("GET", "/diary")
        theirs = other.session.cookie_jar.filter_cookies(URL(other.url))
        unlocked.session.cookie_jar.update_cookies(theirs, URL(unlocked.url))
        assert await unlocked.asks("POST", "/diary", data={"mark": mark}) == (200, "noted")


async def test_unlocked__whoever_sits_here_may_but_no_other_site(unlocked: House) -> None:
    _, first = await unlocked.asks("GET", "/diary")
    _, mark = await unlocked.asks("GET", "/diary")
    assert (await unlocked.asks("POST", "/diary"))[0] == 403
    assert (await unlocked.asks("POST", "/diary", data={"mark": "x"}))[0] == 403
    assert await unlocked.asks("POST", "/diary", data={"mark": mark}) == (200, "noted")
    assert first == mark


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("127.0.0.1:1", 200),
        ("[::1]:8080", 200),
        ("evil.example", 421),
        ("127.0.0.1.evil.example", 421),
    ],
)
async def test_unlocked__answers_to_names_of_this_machine_alone(unlocked: House, host: str, status: int) -> None:
    assert (await unlocked.asks("GET", "/diary", headers={"Host": host}))[0] == status


async def test_locked__answers_to_any_name(locked: House) -> None:
    assert (await locked.asks("GET", "/open", headers={"Host": "digest.example.com"}))[0] == 200


@pytest.mark.parametrize("path", ["/open", "/diary", "/nowhere", "/login"])
async def test_every_answer__tells_browsers_what_to_refuse(locked: House, path: str) -> None:
    async with locked.session.get(path, allow_redirects=False) as response:
        policy = response.headers["Content-Security-Policy"]
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["X-Frame-Options"] == "DENY"
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_access__hides_what_it_knows() -> None:
    access = Access(password=SecretStr(PASSWORD))
    assert PASSWORD not in repr(access)
    assert "key=" not in repr(access)
