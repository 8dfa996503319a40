"""WeCom's webhook on a loopback socket."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable
from typing import Any, Self, TypeVar

from aiohttp import web

from tests.emulators.telegram.limits import Window
from tests.emulators.wecom.faults import Fault, Faults, Rule
from tests.emulators.wecom.refusal import Refused, at_once, too_often, unknown_robot
from tests.emulators.wecom.robots import Json, Message, Robot, read

T = TypeVar("T")
PATH = "/cgi-bin/webhook/send"
_REFUSALS = {
    Fault.BUSY: Refused(-1, "system busy"),
    Fault.TOO_OFTEN: too_often(),
    Fault.AT_ONCE: at_once(),
    Fault.DISABLED: Refused(93004, "robot is disabled"),
    Fault.BAD_CONTENT: Refused(40058, "invalid Request Parameter"),
}


class WecomEmulator:
    """WeCom, as its robots' webhooks see it: HTTP 200 whatever happens, and `errcode` tells.

    `injected_unknowns` counts the messages that stand although their sender was not told: the doubles allowed.
    `violations` are what WeCom would spoil without an error; a sound bot leaves it empty.
    """

    def __init__(self, *, port: int = 0) -> None:
        self.url = ""
        self.robots: dict[str, Robot] = {}
        self.faults = Faults()
        self.violations: list[str] = []
        self.errors: Counter[int] = Counter()
        self.calls: Counter[str] = Counter()
        self.injected_unknowns = 0
        self._port = port
        self._per_minute = 0
        self._windows: dict[str, Window] = {}
        self._closing = asyncio.Event()
        self._runner: web.ServerRunner | None = None

    # ------------------------------------------------------------------ coming and going

    async def __aenter__(self) -> Self:
        await self.comes_back()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.goes_away()

    async def goes_away(self) -> None:
        """Refuse connections from now on, and cut those there are; nothing is forgotten."""
        self._closing.set()
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

    # ------------------------------------------------------------------ acts

    def robot(self, key: str) -> Robot:
        """Put a robot into a group."""
        self.robots[key] = Robot(key=key)
        return self.robots[key]

    def inject(self, fault: Fault, **rule: Any) -> Rule:
        """Let calls fail by a `Rule`, by default the next one."""
        added = Rule(fault=fault, **rule)
        self.faults.rules.append(added)
        return added

    def enforce(self, *, per_minute: int = 20) -> None:
        """Refuse what a robot says above this rate, in an exact sliding window; 0 is no limit."""
        self._per_minute = per_minute
        self._windows.clear()

    # ------------------------------------------------------------------ what is seen

    @property
    def sent(self) -> int:
        return sum(len(robot.messages) for robot in self.robots.values())

    async def wait_for(self, predicate: Callable[[], T], timeout: float = 5.0) -> T:  # noqa: ASYNC109
        """Wait until `predicate` holds and return what it gave. Raises TimeoutError."""
        deadline = time.monotonic() + timeout
        while not (seen := predicate()):
            if time.monotonic() > deadline:
                raise TimeoutError(f"not seen within {timeout} s; calls {self.calls}, errors {self.errors}")
            await asyncio.sleep(0.005)
        return seen

    # ------------------------------------------------------------------ the server

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.path != PATH or request.method != "POST":
            return web.Response(status=404)
        key = request.query.get("key", "")
        self.calls[key] += 1
        slow, rule = self.faults.due(key)
        body = await request.read()
        await asyncio.sleep(self.faults.lateness([one for one in slow if not one.recorded]))
        robot = self.robots.get(key)
        try:
            if rule is None or rule.recorded:
                message = self._admit(robot, body)
                await self._take(robot, message, [one for one in slow if one.recorded], request)
        except Refused as refused:
            return self._refusal(refused)
        if rule:
            self.injected_unknowns += rule.recorded
            return await self._fail(rule, request)
        return _json({"errcode": 0, "errmsg": "ok"})

    def _admit(self, robot: Robot | None, body: bytes) -> Message:
        """The message of a call that may speak now. Raises Refused."""
        if robot is None or not robot.alive:
            raise unknown_robot()
        if robot.under_way:
            raise at_once()
        window = self._windows.setdefault(robot.key, Window(self._per_minute, 60.0)) if self._per_minute else None
        if window and window.wait(time.monotonic()):
            raise too_often()
        message = read(_parsed(body), self.violations)
        if window:
            window.take(time.monotonic())
        return message

    async def _take(self, robot: Robot | None, message: Message, late: list[Rule], request: web.BaseRequest) -> None:
        assert robot is not None
        robot.messages.append(message)
        robot.under_way += 1
        try:
            await asyncio.sleep(self.faults.lateness(late))
        finally:
            robot.under_way -= 1
        if late and (request.transport is None or request.transport.is_closing()):
            self.injected_unknowns += 1

    async def _fail(self, rule: Rule, request: web.BaseRequest) -> web.StreamResponse:
        if rule.fault in _REFUSALS:
            return self._refusal(_REFUSALS[rule.fault])
        if rule.fault is Fault.BAD_GATEWAY:
            return web.Response(status=502, text="<html><h1>502 Bad Gateway</h1></html>", content_type="text/html")
        if rule.fault is Fault.HANG:
            await self._closing.wait()
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=500)

    def _refusal(self, refused: Refused) -> web.Response:
        self.errors[refused.code] += 1
        return _json(refused.body())


def _parsed(body: bytes) -> object:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _json(body: Json) -> web.Response:
    return web.Response(text=json.dumps(body), content_type="application/json", charset="UTF-8")
