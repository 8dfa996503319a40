"""Updates by webhook: a small server on 127.0.0.1 behind the publisher's own HTTPS."""

import asyncio
import errno
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Never
from urllib.parse import urlsplit

from aiohttp import web
from telegram.error import BadRequest

from adapters.telegram.api import BotApi
from adapters.telegram.polling import WANTED, keep_trying
from bot.errors import ConfigError, Occupied

_HOST = "127.0.0.1"
_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
_CONNECTIONS = 40
"""Telegram's own default; it may be 1 to 100."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Webhook:
    """Where Telegram calls: the public `url`, the `secret` it sends along, the local `port` that is served."""

    url: str
    secret: str = field(repr=False)
    port: int


async def receive(api: BotApi, webhook: Webhook, take: Callable[[dict[str, Any]], None]) -> Never:
    """Give every update to `take`, for ever. Raises ConfigError when the port is taken or Telegram refuses the URL."""
    runner = web.AppRunner(_application(webhook, take), access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await _open(runner, webhook.port)
        await keep_trying(lambda: _announce(api, webhook))
        while True:
            await asyncio.Event().wait()
    finally:
        await runner.cleanup()


def _application(webhook: Webhook, take: Callable[[dict[str, Any]], None]) -> web.Application:
    secret = webhook.secret.encode()
    recent = _Recent()

    async def accept(request: web.Request) -> web.Response:
        given = request.headers.get(_SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, secret):
            return web.Response(status=403)
        try:
            update = json.loads(await request.read())
        except ValueError:
            update = None
        if not isinstance(update, dict):
            return web.Response(status=400)
        if recent.is_new(update.get("update_id")):
            take(update)
        return web.Response()

    application = web.Application()
    application.router.add_post(urlsplit(webhook.url).path or "/", accept)
    return application


class _Recent:
    """The updates of late: Telegram posts one again when our answer to it got lost."""

    def __init__(self, most: int = 1000) -> None:
        self._most = most
        self._seen: dict[object, None] = {}

    def is_new(self, update_id: object) -> bool:
        """Tell whether `update_id` was not seen of late, and remember it."""
        if update_id in self._seen:
            return False
        self._seen[update_id] = None
        if len(self._seen) > self._most:
            del self._seen[next(iter(self._seen))]
        return True


async def _open(runner: web.AppRunner, port: int) -> None:
    try:
        await web.TCPSite(runner, _HOST, port).start()
    except OSError as error:
        fault = f"DIGESTBOT_TELEGRAM_WEBHOOK_PORT: {_HOST}:{port} can't be opened: {error.strerror}"
        raise (Occupied if error.errno == errno.EADDRINUSE else ConfigError)(fault) from error


async def _announce(api: BotApi, webhook: Webhook) -> None:
    try:
        await api.call(
            "setWebhook",
            url=webhook.url,
            secret_token=webhook.secret,
            max_connections=_CONNECTIONS,
            allowed_updates=WANTED,
        )
    except BadRequest as error:
        raise ConfigError(f"DIGESTBOT_TELEGRAM_WEBHOOK_URL: Telegram refuses it: {error.message}") from error
