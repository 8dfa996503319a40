"""The Bot API as plain calls: one method, its parameters, its result."""

import re
import resource
from typing import Any

from telegram.error import TelegramError
from telegram.request import BaseRequest

from adapters.foreign import legible
from adapters.telegram.transport import AioRequest, Body, Unreadable
from bot.contract import Pace

_FEWEST = 100
_CALL = 3.0
"""Seconds a push may take before it costs the pace: the pacer gives up waiting for an answer about then, too."""


class BotApi:
    """The calls of one bot. Polls and `pushes`, so many at once, have connections of their own: no reply waits for one.

    Raises only `telegram.error.TelegramError`s, with texts that don't hold the token.
    """

    def __init__(self, token: str, *, api_url: str, connect_timeout: float, read_timeout: float, pushes: int) -> None:
        # The library changes the case of what Telegram says, and a proxy the colon.
        self._secret = re.compile(re.escape(token.rpartition(":")[2]), re.IGNORECASE)
        self._base = f"{api_url.rstrip('/')}/bot{token}/"
        self._replies = AioRequest(connect_timeout=connect_timeout, read_timeout=read_timeout)
        self._pushes = AioRequest(connect_timeout=connect_timeout, read_timeout=read_timeout, connections=pushes)
        self._polls = AioRequest(connect_timeout=connect_timeout, read_timeout=read_timeout, connections=1)

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"

    async def call(self, method: str, /, **parameters: object) -> Any:  # noqa: ANN401 - Telegram's JSON
        """Return the result of `method` as Telegram's JSON, without building the library's objects."""
        return await self.post(method, Body.of(parameters))

    async def post(self, method: str, body: Body) -> Any:  # noqa: ANN401
        """Return the result of `method` for parameters that are written already."""
        return await self._post(self._replies, method, body)

    async def push(self, method: str, body: Body) -> Any:  # noqa: ANN401
        """Do as `post` does, over the connections of the pushes."""
        return await self._post(self._pushes, method, body)

    async def poll(self, *, offset: int, wait: float, allowed_updates: list[str]) -> Any:  # noqa: ANN401
        """Return the next updates from `offset` on, waiting `wait` seconds for the first."""
        parameters = {"offset": offset, "timeout": wait, "allowed_updates": allowed_updates}
        return await self._post(self._polls, "getUpdates", Body.of(parameters), more_time=wait)

    async def close(self) -> None:
        """Close all connections."""
        await self._polls.shutdown()
        await self._pushes.shutdown()
        await self._replies.shutdown()

    async def _post(self, request: AioRequest, method: str, body: Body, more_time: float = 0) -> object:
        patience = (request.read_timeout or 0) + more_time if more_time else BaseRequest.DEFAULT_NONE
        try:
            return await request.post(self._base + method, body, read_timeout=patience)
        except TelegramError as error:
            error.message = legible(self._secret.sub("<secret>", error.message))
            raise
        except KeyError:
            pass
        raise Unreadable("the answer holds no result")


def connections_for(pace: Pace) -> int:
    """Return how many pushes at that pace may be under way at once.

    As many as begin while one is answered, in `_CALL` seconds: then the pacer alone decides who is next, and no queue
    for a connection does. But no more than half of the files that the process may have open, of which each connection
    is one: where none is left, the database, the pages and the replies fail with it.
    """
    wanted = max(_FEWEST, round((pace.per_second or 0) * _CALL))
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return wanted if files == resource.RLIM_INFINITY else min(wanted, max(1, files // 2))
