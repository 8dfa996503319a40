"""What machines ask: `/metrics` for Prometheus, and `/healthz` for whatever watches over the process."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

import structlog
from aiohttp import web
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from bot.errors import StoreError
from bot.web.health import Health
from bot.web.metrics import Metrics

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class Machines:
    """What machines ask: numbers and health, no words of any digest."""

    health: Health
    metrics: Metrics
    clock: Callable[[], datetime]

    def routes(self) -> Iterable[web.RouteDef]:
        """Return what is answered here."""
        return (web.get("/metrics", self._metrics), web.get("/healthz", self._healthz))

    async def _metrics(self, _request: web.Request) -> web.Response:
        try:
            text = await self.metrics.text(self.clock())
        except StoreError as error:
            log.error("metrics not collected", reason=str(error))
            return web.Response(status=web.HTTPServiceUnavailable.status_code, text="the store does not answer\n")
        return web.Response(body=text, headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4})

    async def _healthz(self, _request: web.Request) -> web.Response:
        ailments = await self.health.ailments(self.clock())
        status = web.HTTPServiceUnavailable.status_code if ailments else web.HTTPOk.status_code
        return web.json_response({"well": not ailments, "reasons": ailments}, status=status)
