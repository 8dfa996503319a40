"""Every request passes here: who asks, whether a change is meant, and what browsers are told to refuse."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler
from yarl import URL

from bot.web.access import COOKIE, LASTS, Access

SESSION: web.RequestKey[str] = web.RequestKey("session", str)
"""The session of a request that passed."""
GUEST: web.RequestKey[bool] = web.RequestKey("guest", bool)
"""Whether the request passed only because everybody may read what it asks for."""
LOGIN = "/login"
"""Where the password is given: whoever has no session yet has no mark either."""
_READS = frozenset({hdrs.METH_GET, hdrs.METH_HEAD})
_MARK_HEADER, MARK_FIELD = "X-Digestbot-Mark", "mark"
_SECURITY = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_HOST = re.compile(r"([A-Za-z0-9._-]*|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?")
"""A host and its port as browsers write them."""
_LAST_PORT = 65535
_NO_MARK = (
    "This change does not come from our page: load the page again. "
    "Programs say Authorization: Bearer <DIGESTBOT_WEB_TOKEN>, which must be set.\n"
)
_THINK = 1.0
"""How long a wrong password waits for its answer, in seconds; the right one never does.

A guesser needs a connection for each guess a second; what keeps them out is the length of the password.
"""


@dataclass(frozen=True, kw_only=True)
class Doorkeeper:
    """Lets in whoever may come. `is_open` tells which paths everybody may read."""

    access: Access
    clock: Callable[[], datetime]
    is_open: Callable[[str], bool]

    @web.middleware
    async def pass_in(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answer with `handler` if the request may pass; every answer tells browsers what to refuse."""
        try:
            response = await self._admitted(request, handler)
        except web.HTTPException as error:
            _secure(error)
            raise
        _secure(response)
        return response

    async def _admitted(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not _names_a_host(request.host):
            raise web.HTTPBadRequest(text="The Host header names no host.\n")
        if not self.access.answers_to(request.host):
            raise web.HTTPMisdirectedRequest(text="This page answers to this machine's own names alone.\n")
        authorization = request.headers.get(hdrs.AUTHORIZATION, "")
        if self.access.bears(authorization):
            request[SESSION], request[GUEST] = "", False
            return await handler(request)
        if self.access.is_guessed(authorization):
            await self.wrong()
        session = request.cookies.get(cookie_of(request), "")
        known = self.access.holds(session, self.clock())
        request[SESSION] = session if known else self.access.begin(self.clock())
        request[GUEST] = not known and self.access.password is not None
        if request[GUEST] and request.path != LOGIN and not self.is_open(request.path):
            raise _elsewhere(request)
        if request.method not in _READS and request.path != LOGIN:
            await self._check_mark(request, known=known)
        response = await handler(request)
        if not known and self.access.password is None and not response.prepared:
            remember(response, request)
        return response

    async def _check_mark(self, request: web.Request, *, known: bool) -> None:
        """Let a change pass that our own page made; the password itself is given before there is a session."""
        mark = request.headers.get(_MARK_HEADER) or ""
        if not mark and request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
            mark = str((await request.post()).get(MARK_FIELD, ""))
        if not (known and self.access.is_marked(request[SESSION], mark)):
            raise web.HTTPForbidden(text=_NO_MARK)

    async def wrong(self) -> None:
        """Let a wrong password wait."""
        await asyncio.sleep(_THINK)


def is_browser(request: web.Request) -> bool:
    """Tell whether a person looks, who wants a page; programs want a line."""
    return "text/html" in request.headers.get(hdrs.ACCEPT, "")


def came_by_https(request: web.Request) -> bool:
    """Tell whether the browser came by HTTPS, to us or to a server in front that says so."""
    return request.secure or request.headers.get("X-Forwarded-Proto", "").strip().lower() == "https"


def _names_a_host(host: str) -> bool:
    found = _HOST.fullmatch(host)
    return found is not None and int((found[2] or ":0")[1:]) <= _LAST_PORT


def cookie_of(request: web.Request) -> str:
    """Return the name of the session's cookie: browsers keep those of all ports of a host in one jar."""
    port = _HOST.fullmatch(request.host)
    return f"{COOKIE}{port[2].replace(':', '-')}" if port and port[2] else COOKIE


def remember(response: web.StreamResponse, request: web.Request) -> None:
    """Have the browser keep the session, out of the reach of scripts and other sites."""
    response.set_cookie(
        cookie_of(request),
        request[SESSION],
        max_age=int(LASTS.total_seconds()),
        httponly=True,
        samesite="Strict",
        secure=came_by_https(request),
    )


def forget(response: web.StreamResponse, request: web.Request) -> None:
    """Have the browser forget the session."""
    response.del_cookie(cookie_of(request), httponly=True, samesite="Strict")


def _elsewhere(request: web.Request) -> web.HTTPException:
    """Send people to the password, and programs away."""
    if request.method in _READS and is_browser(request):
        return web.HTTPSeeOther(URL(LOGIN).with_query(next=str(request.rel_url)))
    return web.HTTPUnauthorized(
        text="Say who you are: Authorization: Bearer <DIGESTBOT_WEB_TOKEN>\n", headers={"WWW-Authenticate": "Bearer"}
    )


def _secure(response: web.StreamResponse) -> None:
    if not response.prepared:
        response.headers.update(_SECURITY)
