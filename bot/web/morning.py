"""The page of this morning: what is due, what went out and what did not, as it happens; sending again what got lost."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

import structlog
from aiohttp import web
from aiohttp_sse import sse_response

from bot.errors import StoreError
from bot.schedule import ONE_DAY
from bot.store import Store
from bot.web import charts
from bot.web.frame import Frame
from bot.web.look import DAYS, Look
from bot.web.standing import Standing
from bot.web.typed import read_day, read_number

log = structlog.get_logger()

LOOK_AGAIN = 2.0
"""How often an open page is compared with how things stand, in seconds."""
_DIGITS = 7
"""A longer number in an address is not shown: nobody has so many chats."""


@dataclass(frozen=True, kw_only=True)
class Morning:
    """The page, what changes on it, and the wish to send again."""

    frame: Frame
    store: Store
    look: Look
    clock: Callable[[], datetime]
    _drawn: dict[str, tuple[Standing, str]] = field(default_factory=dict, init=False)

    def routes(self) -> Iterable[web.RouteDef]:
        """Return what is answered here."""
        return (
            web.get("/morning", self._page),
            web.get("/morning/lines", self._lines),
            web.get("/morning/resend", self._ask),
            web.post("/morning/resend", self._resend),
        )

    async def _page(self, request: web.Request) -> web.Response:
        day = read_day(request.query.get("day")) or self.look.today()
        is_today = day == self.look.today()
        standing = await self.look.now() if is_today else await self.look.at(day)
        outlook = await self.look.outlook()
        return self.frame.show(
            request,
            "morning",
            standing=standing,
            live=is_today,
            resent=read_number(request.query.get("resent"), digits=_DIGITS),
            mornings=charts.mornings(outlook.history, outlook.today, self.look.zone, days=DAYS),
            platforms=charts.by_platform(outlook.audience),
            categories=charts.by_category(outlook.audience),
            taxonomy=await self.store.categories.all(),
            height=charts.HEIGHT,
            depth=charts.DEPTH,
        )

    async def _lines(self, request: web.Request) -> web.StreamResponse:
        """Send how today stands whenever that is not as it was, for as long as the page is open."""
        language, shown = self.frame.language_of(request), ""
        async with sse_response(request) as stream:
            while stream.is_connected():
                if (now := await self._now(language)) and now != shown:
                    try:
                        await stream.send(now)
                    except ConnectionResetError:  # the page was closed just now
                        break
                    shown = now
                await asyncio.sleep(LOOK_AGAIN)
        return stream

    async def _now(self, language: str) -> str:
        """Return how today stands, drawn once for all pages in that language; nothing while the store is silent."""
        try:
            standing = await self.look.now()
        except StoreError as error:
            log.error("morning not looked at", reason=str(error))
            return ""
        drawn_of, text = self._drawn.get(language, (None, ""))
        if drawn_of is not standing:
            text = self.frame.pages.page("standing", language, {"standing": standing})
            self._drawn[language] = standing, text
        return text

    async def _ask(self, request: web.Request) -> web.Response:
        """Ask whether that is meant, and say whom it reaches."""
        day, platform = _wish(request.query.get("day"), request.query.get("platform"))
        found = await self.store.resends.failed(day, platform=platform)
        return self.frame.show(request, "resend", day=day, platform=platform or "", found=found)

    async def _resend(self, request: web.Request) -> web.Response:
        """Write the wish down; the process that sends there carries it out."""
        form = await request.post()
        day, platform = _wish(str(form.get("day", "")), str(form.get("platform", "")))
        now = self.clock()
        found = await self.store.resends.plan(day, now, deadline=now + ONE_DAY, platform=platform)
        await self.look.forget()
        log.info("resend asked for", day=str(day), platform=platform or "all", deliveries=found.number)
        onward = request.rel_url.with_path("/morning").with_query(day=str(day), resent=found.number)
        return web.Response(status=web.HTTPSeeOther.status_code, headers={"Location": str(onward)})


def _wish(typed: str | None, platform: str | None) -> tuple[date, str | None]:
    """Return the day and the platform, None for all of them. Raises HTTPBadRequest."""
    day = read_day(typed)
    if day is None:
        raise web.HTTPBadRequest(text="Which day? Write it as 2025-10-12.\n")
    return day, platform or None
