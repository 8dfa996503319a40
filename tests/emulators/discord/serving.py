"""Discord's HTTP: REST under /api/v10 and the gateway under /gateway, with trouble on purpose."""

import asyncio
import re
import time
from collections import Counter
from collections.abc import Callable
from typing import Any, Self

from aiohttp import web

from tests.emulators.discord.answers import Answers
from tests.emulators.discord.asking import Asking, not_found
from tests.emulators.discord.commands import Commands
from tests.emulators.discord.faults import CREATES, SENDS, Fault, Faults, Rule
from tests.emulators.discord.gateway import Gateway
from tests.emulators.discord.limits import Limits
from tests.emulators.discord.posting import Posting
from tests.emulators.discord.refusal import Flooded, Refused, invalid
from tests.emulators.discord.wire import Call, answer, body_of, refusal
from tests.emulators.discord.world import World

BASE, GATEWAY = "/api/v10", "/gateway"
_OUT_OF_GRACE = 0.1
_INVALID = (401, 403, 429)
_TOKENLESS = ("/interactions/", "/webhooks/")
Handler = Callable[[Call], Any]


class Served(World):
    """The world on a loopback socket.

    `injected_unknowns` counts the messages that stand although their sender was not told.
    `violations` are what Discord takes and readers suffer from, and questions that were not answered in time.
    `invalid_requests` is what Discord bans an address for: answers 401, 403 and 429 (shared ones do not count).
    """

    def __init__(self, token: str, application_id: int, port: int, *, remember: bool) -> None:
        super().__init__(token, application_id)
        self.url = ""
        self.calls: list[Call] = []
        self.counts: Counter[str] = Counter()
        self.refusals = 0
        self.invalid_requests = 0
        self.injected_unknowns = 0
        self.faults = Faults()
        self.limits: Limits | None = None
        self.gateway = Gateway(self)
        self.posting = Posting(world=self, remember=remember)
        self.answers = Answers(world=self, posting=self.posting)
        self.registry = Commands(world=self)
        self.asking = Asking(world=self, gateway=self.gateway)
        self._tell = self.gateway.tell
        self._port, self._remember = port, remember
        self._routes = self._table()
        self._held: dict[int, tuple[float, float]] = {}
        self._closing = asyncio.Event()
        self._runner: web.ServerRunner | None = None

    # ------------------------------------------------------------------ coming and going

    async def __aenter__(self) -> Self:
        await self.comes_back()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.answers.close()
        await self.goes_away()

    async def goes_away(self) -> None:
        """Refuse connections from now on, and cut those there are; nothing is forgotten."""
        self._closing.set()
        self.gateway.drop(1001)
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def comes_back(self) -> None:
        """Listen (again), on the port it had."""
        self._closing = asyncio.Event()
        self._runner = web.ServerRunner(web.Server(self._serve, access_log=None), shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True).start()
        self._port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{self._port}"
        self.gateway.url = f"ws://127.0.0.1:{self._port}{GATEWAY}"

    # ------------------------------------------------------------------ one call

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.path.rstrip("/") == GATEWAY:
            return await self.gateway.serve(request)
        try:
            name, handler, ids = self._route(request.method, request.path)
            self._check_token(request)
            body = await body_of(request)
        except Refused as refused:
            return self._refuse(refused)
        except ValueError:
            return self._refuse(Refused(400, 50109, "The request body contains invalid JSON."))
        path = request.path.removeprefix(BASE)
        call = Call(name=name, method=request.method, path=path, ids=ids, query=dict(request.query), body=body)
        return await self._answer(call, handler, request)

    async def _answer(self, call: Call, handler: Handler, request: web.BaseRequest) -> web.StreamResponse:
        self.counts[call.name] += 1
        if self._remember:
            self.calls.append(call)
        channel = self._channel_of(call)
        rules = self.faults.due(call.name, channel)
        if late := self.faults.lateness(rules, recorded=False):
            await asyncio.sleep(late)
        rule = next((rule for rule in rules if isinstance(rule, Rule) and rule.fault is not Fault.SLOW), None)
        before, headers = self.posting.sent, {}
        try:
            headers = self._admit(call.name, channel, rule)
            result = None if rule and not rule.recorded else handler(call)
        except Refused as refused:
            return self._refuse(refused, headers)
        created = call.name in CREATES and self.posting.sent > before
        if rule:
            self.injected_unknowns += created
            return await self._fail(rule, channel, request)
        if late := self.faults.lateness(rules, recorded=True):
            await asyncio.sleep(late)
            gone = request.transport is None or request.transport.is_closing()
            self.injected_unknowns += gone and created
        return answer(result, headers)

    def _refuse(self, refused: Refused, headers: dict[str, str] | None = None) -> web.Response:
        shared = isinstance(refused, Flooded) and refused.scope == "shared"
        self.invalid_requests += refused.status in _INVALID and not shared
        self.refusals += isinstance(refused, Flooded)
        return refusal(refused, headers)

    def _admit(self, name: str, channel: int | None, rule: Rule | None) -> dict[str, str]:
        """Return the headers of the call's bucket. Raises Flooded; notes a send that did not wait as it was told."""
        if name in SENDS and channel in self._held:
            now, (since, until) = time.monotonic(), self._held[channel]
            if since + _OUT_OF_GRACE < now < until - _OUT_OF_GRACE:
                self.violations.append(f"channel {channel}: sent {until - now:.2f} s before its flood wait was over")
        return self.limits.admit(name, channel) if self.limits and rule is None else {}

    async def _fail(self, rule: Rule, channel: int | None, request: web.BaseRequest) -> web.StreamResponse:
        if rule.fault is Fault.FLOOD:
            now = time.monotonic()
            if channel is not None:
                self._held[channel] = (now, now + rule.retry_after)
            return self._refuse(Flooded(rule.retry_after, rule.scope))
        if rule.fault is Fault.BAD_MARKUP:
            wrong = {"code": "BASE_TYPE_REQUIRED", "message": "injected"}
            return self._refuse(invalid({"content": {"_errors": [wrong]}}))
        if rule.fault is Fault.SERVER_ERROR:
            return self._refuse(Refused(500, 0, "500: Internal Server Error"))
        if rule.fault is Fault.BAD_GATEWAY:
            return web.Response(status=502, text="<html><h1>502 Bad Gateway</h1></html>", content_type="text/html")
        if rule.fault is Fault.HANG:
            await self._closing.wait()
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=500)

    def _check_token(self, request: web.BaseRequest) -> None:
        tokenless = request.path.removeprefix(BASE).startswith(_TOKENLESS)
        if not tokenless and request.headers.get("Authorization") != f"Bot {self.token}":
            raise Refused(401, 0, "401: Unauthorized")

    def _channel_of(self, call: Call) -> int | None:
        if "token" in call.ids:
            return self.answers.channel_of(call.ids["token"])
        named = call.ids.get("channel", "")
        return int(named) if named.isdecimal() else None

    def _route(self, method: str, path: str) -> tuple[str, Handler, dict[str, str]]:
        if not path.startswith(BASE):
            raise not_found()
        steps = path.removeprefix(BASE)
        for pattern, name, handler in self._routes.get((method, steps.count("/")), ()):
            if found := pattern.fullmatch(steps):
                return name, handler, found.groupdict()
        raise not_found()

    def _table(self) -> dict[tuple[str, int], list[tuple[re.Pattern[str], str, Handler]]]:
        table: dict[tuple[str, int], list[tuple[re.Pattern[str], str, Handler]]] = {}
        every = self.posting.routes() + self.answers.routes() + self.registry.routes() + self.asking.routes()
        for method, path, name, handler in every:
            pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path))
            table.setdefault((method, path.count("/")), []).append((pattern, name, handler))
        return table
