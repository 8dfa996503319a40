"""What a visitor is told while the database can't be used."""

from dataclasses import dataclass

import structlog
from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from bot.errors import StoreError
from bot.web.frame import Frame

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class Outage:
    """Stands before the rooms, behind the door."""

    frame: Frame

    @web.middleware
    async def stand_in(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answer with `handler`, or with a sentence for whoever asks: a page for people, a line for programs."""
        try:
            return await handler(request)
        except StoreError as error:
            log.error("store unavailable", path=request.path, reason=str(error))
            return self._sorry(request)

    def _sorry(self, request: web.Request) -> web.Response:
        if "text/html" in request.headers.get(hdrs.ACCEPT, ""):
            response = self.frame.show(request, "outage")
        else:
            sentence = self.frame.pages.page("outage_sentence", self.frame.language_of(request), {})
            response = web.Response(text=f"{sentence.strip()}\n", headers={hdrs.CACHE_CONTROL: "no-store"})
        response.set_status(web.HTTPServiceUnavailable.status_code)
        return response
