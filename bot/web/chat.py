"""The chat: rooms side by side, what is said and changed as it happens, and a clock that can be moved."""

import re
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeVar

from aiohttp import web
from aiohttp_sse import sse_response
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from bot.faults import in_words
from bot.models import Line
from bot.web.frame import Frame

_NAME = r"[a-z0-9]{4,32}"
_ROOM = f"{{room:{_NAME}}}"
MOST = 12
"""Rooms on a page."""
_TOLD = TypeAdapter(tuple[str, Line])
Asked = TypeVar("Asked", bound=BaseModel)


class Leap(StrEnum):
    """How the clock can be moved: it only ever goes forward."""

    HOUR = "hour"
    MORNING = "morning"
    """To just before the next digest is due to any of the rooms."""
    CHANGE = "change"
    """To just before it is due on a day when the clocks change."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Landing:
    """Where a leap ended: the moment (UTC), and where and when (local) the next digest is due."""

    now: datetime
    zone: str
    due: datetime | None = None


class Rooms(Protocol):
    """What the page asks of the adapter that has the rooms."""

    def look_in(self, *addresses: str) -> AsyncIterator[tuple[str, Line]]:
        """Yield what was said in those rooms, then what is said and changed, each with its room."""

    async def say(self, address: str, text: str, *, locale: str) -> None:
        """Say something, as the reader."""

    async def press(self, address: str, line: int, data: str, *, locale: str) -> None:
        """Press a button under a line."""

    def menu(self, language: str) -> Mapping[str, str]:
        """Return the commands and what they do."""


class Stage(Protocol):
    """Rooms, and a clock that runs for nobody else."""

    @property
    def rooms(self) -> Rooms:
        """Return the rooms."""

    @property
    def zone(self) -> str:
        """Return where new rooms live, an IANA name."""

    def now(self) -> datetime:
        """Return the time on stage (UTC)."""

    async def leap(self, leap: Leap) -> Landing:
        """Move the clock."""


class _Said(BaseModel):
    text: str = Field(min_length=1, max_length=4096)


class _Pressed(BaseModel):
    line: int
    data: str = Field(min_length=1, max_length=64)


class _Leapt(BaseModel):
    leap: Leap


@dataclass(frozen=True, kw_only=True)
class Chat:
    """The page and what it asks for."""

    frame: Frame
    stage: Stage

    def routes(self) -> Iterable[web.RouteDef]:
        """Return what is answered here."""
        return (
            web.get("/chat", self._page),
            web.get("/chat/lines", self._lines),
            web.post(f"/chat/{_ROOM}/say", self._say),
            web.post(f"/chat/{_ROOM}/press", self._press),
            web.post("/chat/clock", self._leap),
        )

    async def _page(self, request: web.Request) -> web.Response:
        menu = self.stage.rooms.menu(self.frame.language_of(request))
        return self.frame.show(request, "chat", menu=menu, now=self.stage.now(), zone=self.stage.zone, most=MOST)

    async def _lines(self, request: web.Request) -> web.StreamResponse:
        """Send the lines of all its rooms as they come, for as long as the page is open.

        All on one connection: a browser opens six to a site, and with six streams nothing could be said any more.
        """
        names = tuple(dict.fromkeys(request.query.getall("room", ())))
        if not 0 < len(names) <= MOST or not all(re.fullmatch(_NAME, name) for name in names):
            raise web.HTTPBadRequest(text=f"Which rooms? Write them as ?room=first&room=second, up to {MOST}.\n")
        async with sse_response(request) as stream:
            async for told in self.stage.rooms.look_in(*names):
                try:
                    await stream.send(_TOLD.dump_json(told).decode())
                except ConnectionResetError:  # the page was closed just now
                    break
        return stream

    async def _say(self, request: web.Request) -> web.Response:
        said = await _read(request, _Said)
        await self.stage.rooms.say(request.match_info["room"], said.text, locale=self.frame.language_of(request))
        return web.Response(status=web.HTTPNoContent.status_code)

    async def _press(self, request: web.Request) -> web.Response:
        pressed = await _read(request, _Pressed)
        room, locale = request.match_info["room"], self.frame.language_of(request)
        await self.stage.rooms.press(room, pressed.line, pressed.data, locale=locale)
        return web.Response(status=web.HTTPNoContent.status_code)

    async def _leap(self, request: web.Request) -> web.Response:
        landing = await self.stage.leap((await _read(request, _Leapt)).leap)
        due = landing.due.isoformat() if landing.due else None
        return web.json_response({"now": landing.now.isoformat(), "zone": landing.zone, "due": due})


async def _read(request: web.Request, shape: type[Asked]) -> Asked:
    """Return the body as `shape`. Raises HTTPBadRequest."""
    try:
        return shape.model_validate_json(await request.read())
    except ValidationError as error:
        fault = error.errors(include_input=False, include_url=False)[0]
        raise web.HTTPBadRequest(text=f"{'.'.join(map(str, fault['loc']))}: {in_words(fault)}\n") from error
