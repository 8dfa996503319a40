"""A page in its frame: the navigation around it, its language, and the mark its changes carry."""

from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import hdrs, web

from bot.render import Pages
from bot.web.access import Access
from bot.web.doorkeeper import GUEST, SESSION

LANGUAGES = ("zh-CN", "en")
_LANGUAGE_COOKIE = "language"
_A_YEAR = 365 * 24 * 3600


@dataclass(frozen=True, kw_only=True, slots=True)
class Door:
    """A place in the navigation: its `name` is one that `web/frame.j2` knows. An `open` one is for everybody."""

    name: str
    path: str
    open: bool = False


@dataclass(frozen=True, kw_only=True)
class Frame:
    """Shows pages. `language` is that of visitors whose browser asks for none of ours."""

    pages: Pages
    access: Access
    doors: Sequence[Door]
    language: str

    def show(self, request: web.Request, template: str, /, **values: object) -> web.Response:
        """Return the page made of `web/<template>.j2`, for whoever asks; `values` go before what the frame says."""
        language = self.language_of(request)
        frame = {
            "mark": self.access.mark(request[SESSION]),
            "doors": self.doors_for(request),
            "here": request.path,
            "query": request.rel_url.query,
            "elsewhere": {name: str(request.rel_url.update_query(language=name)) for name in LANGUAGES},
            "locked": self.access.password is not None,
            "guest": request[GUEST],
        }
        text = self.pages.page(template, language, frame | values)
        response = web.Response(text=text, content_type="text/html", headers={"Cache-Control": "no-store"})
        if request.query.get("language") in LANGUAGES:
            response.set_cookie(_LANGUAGE_COOKIE, language, max_age=_A_YEAR, samesite="Strict", httponly=True)
        return response

    def doors_for(self, request: web.Request) -> Sequence[Door]:
        """Return the doors that whoever asks may go through."""
        return tuple(door for door in self.doors if door.open or not request[GUEST])

    def language_of(self, request: web.Request) -> str:
        """Return the language a visitor chose, else the one their browser asks for, else the setting."""
        for chosen in (request.query.get("language"), request.cookies.get(_LANGUAGE_COOKIE)):
            if chosen in LANGUAGES:
                return str(chosen)
        for asked in request.headers.get(hdrs.ACCEPT_LANGUAGE, "").split(","):
            tag = asked.partition(";")[0].strip().lower()
            for known in LANGUAGES:
                if tag and tag.partition("-")[0] == known.partition("-")[0].lower():
                    return known
        return self.language
