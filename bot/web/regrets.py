"""What a visitor is told where there is no page to show: nothing is there, or the database can't be used."""

from dataclasses import dataclass

import structlog
from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from bot.errors import StoreError
from bot.web.doorkeeper import is_browser
from bot.web.frame import Frame

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class Regrets:
    """Stands before the rooms, behind the door: a page for people, a line for programs."""

    frame: Frame

    @web.middleware
    async def stand_in(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answer with `handler`, or with what there is to say to whoever asks."""
        try:
            return await handler(request)
        except web.HTTPNotFound as error:
            if not is_browser(request):
                raise
            return self._page(request, "nowhere", error.status)
        except StoreError as error:
            log.error("store unavailable", path=request.path, reason=str(error))
            return self._sorry(request)

    def _sorry(self, request: web.Request) -> web.Response:
        status = web.HTTPServiceUnavailable.status_code
        if is_browser(request):
            return self._page(request, "outage", status)
        sentence = self.frame.pages.page("outage_sentence", self.frame.language_of(request), {})
        return web.Response(text=f"{sentence.strip()}\n", status=status, headers={hdrs.CACHE_CONTROL: "no-store"})

    def _page(self, request: web.Request, template: str, status: int) -> web.Response:
        response = self.frame.show(request, template)
        response.set_status(status)
        return response
