"""Discord's REST as plain calls: a route, its body, its JSON. Nothing here waits or tries again."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

from adapters.discord.verdicts import judge
from adapters.foreign import wait_said
from bot.errors import NotDelivered, RateLimited, Unknown

PUBLIC = "https://discord.com"
VERSION = "v10"
_AGENT = "DiscordBot (https://github.com/digestbot, 1)"
_NOT_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)
_CONNECTIONS = 100
_MOST_BUCKETS = 2000
_BANNED_FOR = 60.0
"""Seconds to wait after a 429 without JSON or a time: it comes from what stands before Discord's API."""

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, kw_only=True, slots=True)
class _Answer:
    status: int
    headers: Mapping[str, str]
    raw: bytes


class Rest:
    """The calls of one bot. Raises only DeliveryErrors, with texts that hold no token.

    A bucket that Discord said is empty is not asked again before it is full: that would count as an invalid request.
    """

    def __init__(self, token: str, *, api_url: str, connect_timeout: float, read_timeout: float) -> None:
        self._token = token
        self._base = f"{api_url.rstrip('/')}/api/{VERSION}"
        # `connect` covers the wait for a free connection too: whatever it cuts off was never sent.
        self._timeout = aiohttp.ClientTimeout(total=connect_timeout + read_timeout, connect=connect_timeout)
        self._session: aiohttp.ClientSession | None = None
        self._closed = False
        self._empty_until: dict[tuple[str, str], float] = {}

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"

    async def call(
        self, method: str, path: str, body: object = None, *, bucket: str = "", authorized: bool = True
    ) -> Any:  # noqa: ANN401 - Discord's JSON
        """Return the JSON of `method` on `path`. `bucket` names what is limited together: a channel's id."""
        key = method, bucket
        if bucket and (wait := self._empty_until.get(key, 0.0) - time.monotonic()) > 0:
            raise RateLimited("the channel's limit is used up", retry_after=wait, scope="chat")
        answer = await self._ask(method, path, body, authorized=authorized)
        if bucket:
            self._remember(key, answer)
        return _read(answer)

    async def look_up(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - Discord's JSON
        """Return the JSON of a call that writes no message: whatever becomes of it, none has arrived."""
        try:
            return await self.call(method, path, body)
        except Unknown as error:
            raise NotDelivered(f"nothing was sent, since a question before it failed: {error}") from error

    async def close(self) -> None:
        """Close all connections, and open no others."""
        self._closed = True
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _ask(self, method: str, path: str, body: object, *, authorized: bool) -> _Answer:
        headers = {"User-Agent": _AGENT}
        if authorized:
            headers["Authorization"] = f"Bot {self._token}"
        content = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            content = _encode(body).encode("utf-8", "replace")
        try:
            async with self._open().request(
                method, self._base + path, data=content, headers=headers, allow_redirects=False
            ) as response:
                return _Answer(status=response.status, headers=response.headers, raw=await response.read())
        except _NOT_SENT as error:
            raise NotDelivered(f"Discord can't be reached: {type(error).__name__}") from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Unknown(f"no answer from Discord: {type(error).__name__}") from None

    def _open(self) -> aiohttp.ClientSession:
        if self._closed:
            raise NotDelivered("the bot is ending")
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=_CONNECTIONS)
            self._session = aiohttp.ClientSession(connector=connector, timeout=self._timeout)
        return self._session

    def _remember(self, key: tuple[str, str], answer: _Answer) -> None:
        if answer.headers.get("X-RateLimit-Remaining") != "0":
            return
        now = time.monotonic()
        self._empty_until[key] = now + _number(answer.headers.get("X-RateLimit-Reset-After"), 0.0)
        if len(self._empty_until) > _MOST_BUCKETS:
            self._empty_until = {known: until for known, until in self._empty_until.items() if until > now}


def _read(answer: _Answer) -> Any:  # noqa: ANN401
    if answer.status == 204:  # noqa: PLR2004 - HTTP's "no content"
        return None
    try:
        read = json.loads(answer.raw)
    except ValueError:
        read = None
    if 200 <= answer.status < 300:  # noqa: PLR2004 - HTTP's successes
        if read is None:
            raise Unknown("the answer is not Discord's; is there a proxy in between?")
        return read
    if answer.status == 429 and not isinstance(read, dict):  # noqa: PLR2004 - HTTP's "too many requests"
        wait = wait_said(answer.headers.get("Retry-After"), otherwise=_BANNED_FOR)
        raise RateLimited("Discord's border refuses this address", retry_after=wait, scope="account")
    if not isinstance(read, dict):
        raise Unknown(f"the answer (HTTP {answer.status}) is not Discord's; is there a proxy in between?")
    scope = answer.headers.get("X-RateLimit-Scope", "")
    raise judge(answer.status, read, scope=scope, wait=wait_said(answer.headers.get("Retry-After"), otherwise=1.0))


def _number(text: str | None, otherwise: float) -> float:
    try:
        return float(text) if text is not None else otherwise
    except ValueError:
        return otherwise
