"""The HTTP server: all pages behind one door."""

import errno
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from aiohttp import web

from bot.errors import ConfigError, Occupied
from bot.markdown import LARGEST
from bot.web.doorkeeper import Doorkeeper
from bot.web.regrets import Regrets

LAST_ANSWER = 1.0
"""How long a request may still be answered when we are told to stop, in seconds."""
MOST_BYTES = LARGEST * 3 // 2
"""The longest body that is taken: forms carry a document in base64, a third longer than it is."""


class Room(Protocol):
    """A group of pages."""

    def routes(self) -> Iterable[web.RouteDef]:
        """Return what is answered here."""


@dataclass(frozen=True, kw_only=True)
class Server:
    """All pages behind one door. `static` is the folder of what pages are dressed with."""

    doorkeeper: Doorkeeper
    regrets: Regrets
    rooms: Sequence[Room]
    static: Path

    @asynccontextmanager
    async def listening(self, host: str, port: int) -> AsyncIterator[int]:
        """Answer on `host` and `port` (0: any that is free, which is given). Raises Occupied when it is taken."""
        application = web.Application(
            middlewares=[self.doorkeeper.pass_in, self.regrets.stand_in], client_max_size=MOST_BYTES
        )
        for room in self.rooms:
            application.router.add_routes(room.routes())
        application.router.add_static("/static", self.static)
        runner = web.AppRunner(
            application,
            access_log=None,
            shutdown_timeout=LAST_ANSWER,
            handler_cancellation=True,  # a page that was closed listens no more
        )
        await runner.setup()
        try:
            yield await _listen(runner, host, port)
        finally:
            await runner.cleanup()


async def _listen(runner: web.AppRunner, host: str, port: int) -> int:
    site = web.TCPSite(runner, host, port)
    try:
        await site.start()
    except OSError as error:
        raise unheard(host, port, error) from error
    return int(runner.addresses[0][1])


def unheard(host: str, port: int, error: OSError) -> ConfigError:
    """Return what to raise where nobody can listen: that the port is taken may be over by itself, all else is not."""
    fault = f"DIGESTBOT_WEB_PORT: can't listen on {host}:{port}: {error.strerror or error}"
    return (Occupied if error.errno == errno.EADDRINUSE else ConfigError)(fault)
