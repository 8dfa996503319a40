"""The HTTP server: `/metrics` for Prometheus and `/healthz` for whatever watches over the process."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

import structlog
from aiohttp import web
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from bot.errors import ConfigError, StoreError
from bot.web.health import Health
from bot.web.metrics import Metrics

log = structlog.get_logger()

LAST_ANSWER = 1.0
"""How long a request may still be answered when we are told to stop, in seconds."""


@dataclass(frozen=True, kw_only=True)
class Server:
    """The pages. They have no password and change nothing."""

    health: Health
    metrics: Metrics
    clock: Callable[[], datetime]

    @asynccontextmanager
    async def listening(self, host: str, port: int) -> AsyncIterator[int]:
        """Answer on `host` and `port` (0: any that is free, which is given). Raises ConfigError when it is taken."""
        application = web.Application()
        application.router.add_get("/metrics", self._metrics)
        application.router.add_get("/healthz", self._healthz)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=LAST_ANSWER)
        await runner.setup()
        try:
            yield await _listen(runner, host, port)
        finally:
            await runner.cleanup()

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


async def _listen(runner: web.AppRunner, host: str, port: int) -> int:
    site = web.TCPSite(runner, host, port)
    try:
        await site.start()
    except OSError as error:
        reason = error.strerror or error
        raise ConfigError(f"DIGESTBOT_WEB_PORT: can't listen on {host}:{port}: {reason}") from error
    return int(runner.addresses[0][1])
