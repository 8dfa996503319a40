"""python-telegram-bot's way to the network, over aiohttp: the token is in every URL, so no URL leaves this file."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Self

import aiohttp
from telegram.error import NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from adapters.foreign import wait_said

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_JSON = {"Content-Type": "application/json"}
_NOT_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)
_TOO_MANY_REQUESTS = 429


class NotSent(NetworkError):
    """There was no connection: the request certainly never left."""


class Unreadable(TelegramError):
    """The answer is not Telegram's: a proxy's page, or a cut-off one."""


class Flood(RetryAfter):
    """Wait `seconds`. The library's own error warns of a deprecation whenever one is made; this one does not."""

    def __init__(self, seconds: float) -> None:
        TelegramError.__init__(self, f"Too Many Requests: retry after {seconds:g}")
        self._retry_after = timedelta(seconds=seconds)

    @property
    def seconds(self) -> float:
        """How long Telegram wants us to wait."""
        return self._retry_after.total_seconds()


class Body(RequestData):  # type: ignore[misc]  # meant to be final, and yet what `post` takes
    """The parameters of a call, written as JSON. The library's own wants each of them described; we send no files."""

    __slots__ = ("written",)

    def __init__(self, written: bytes) -> None:
        super().__init__()
        self.written = written

    @classmethod
    def of(cls, parameters: Mapping[str, object]) -> Self:
        """Write `parameters`."""
        return cls(write(parameters).encode("utf-8", "replace"))


def write(value: object) -> str:
    """Return `value` as JSON, without a space too much."""
    return _encode(value)


class AioRequest(BaseRequest):
    """A pool of kept-alive connections. Timeouts in seconds; the pool opens at the first request.

    Raises NotSent where nothing was sent; TimedOut or NetworkError where the request may have been carried out.
    No error, nor what hangs on it, holds the URL. The parameters of a call are a `Body`.
    """

    def __init__(self, *, connect_timeout: float = 5.0, read_timeout: float = 20.0, connections: int = 100) -> None:
        self._connect_timeout = connect_timeout
        self._read_timeout = read_timeout
        self._connections = connections
        self._timeout = self._patience(read_timeout)
        self._session: aiohttp.ClientSession | None = None
        self._closed = False

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"

    @property
    def read_timeout(self) -> float | None:
        """How long an answer may take, in seconds."""
        return self._read_timeout

    async def initialize(self) -> None:
        """Open the pool; done by the first request otherwise."""
        self._opened()

    async def shutdown(self) -> None:
        """Close the pool and its connections; it opens no others then."""
        self._closed = True
        if self._session is not None:
            session, self._session = self._session, None
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ANN401 - the library's marker, a number or None
        *_: Any,  # noqa: ANN401 - the library's other timeouts
        **__: Any,  # noqa: ANN401
    ) -> tuple[int, bytes]:
        """Return status and body of the answer."""
        timeout = self._timeout if read_timeout is BaseRequest.DEFAULT_NONE else self._patience(read_timeout)
        assert isinstance(request_data, Body)  # noqa: S101 - BotApi makes all our calls, and sends nothing else
        failure: NetworkError
        try:
            response = await self._opened().request(
                method, url, data=request_data.written, headers=_JSON, timeout=timeout, allow_redirects=False
            )
            answer = await response.read()  # which gives the connection back, or closes it
        except _NOT_SENT as error:
            failure = NotSent(f"no connection to Telegram ({type(error).__name__})")
        except TimeoutError:
            failure = TimedOut("Telegram did not answer in time")
        except (aiohttp.ClientError, OSError) as error:
            failure = NetworkError(f"the connection to Telegram broke ({type(error).__name__})")
        else:
            if response.status == _TOO_MANY_REQUESTS:
                raise Flood(_wait(answer, response.headers.get("Retry-After")))
            return response.status, answer
        # Raised out here, so that the aiohttp error, whose text may hold the URL, is not its context.
        raise failure

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Return the answer as a mapping. Raises Unreadable, and unlike the library's own logs no payload."""
        answer: object = None
        try:
            answer = json.loads(payload)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise Unreadable("the answer is not Telegram's")
        return answer

    def _opened(self) -> aiohttp.ClientSession:
        if self._closed:
            raise NotSent("the bot is ending")
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"Accept-Encoding": "identity"},
            )
        return self._session

    def _patience(self, read_timeout: float | None) -> aiohttp.ClientTimeout:
        # `connect` covers the wait for a free connection too: whatever it cuts off was never sent.
        total = None if read_timeout is None else self._connect_timeout + read_timeout
        return aiohttp.ClientTimeout(total=total, connect=self._connect_timeout)


def _wait(answer: bytes, header: str | None) -> float:
    """Return how many seconds a 429 asks for. A proxy's says it in a header, if at all; it delivered nothing either."""
    try:
        return float(json.loads(answer)["parameters"]["retry_after"])
    except (ValueError, TypeError, LookupError):
        return wait_said(header)
