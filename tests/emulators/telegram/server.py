"""The Bot API on a loopback socket."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from typing import Any, Self, TypeVar
from urllib.parse import unquote

import aiohttp
from aiohttp import web

from tests.emulators.telegram.acts import Acts, Where, Who
from tests.emulators.telegram.asking import Asking
from tests.emulators.telegram.faults import SENDS, Fault, Faults, Rule
from tests.emulators.telegram.inline import Inline
from tests.emulators.telegram.limits import Limits
from tests.emulators.telegram.places import Call, Json, Message, Place, Status
from tests.emulators.telegram.refusal import Refused, bad_request, flooded
from tests.emulators.telegram.sending import Sending
from tests.emulators.telegram.updates import Updates
from tests.emulators.telegram.wire import parameters, refusal, success
from tests.emulators.telegram.world import World

T = TypeVar("T")
_OUT_OF_GRACE = 0.1


class TelegramEmulator(World):
    """A Bot API server for one bot, with everybody who talks to it.

    `injected_unknowns` counts the messages that stand although their sender was not told: the doubles allowed.
    `violations` are what Telegram would spoil or resent without an error; a sound bot leaves it empty.
    """

    def __init__(
        self,
        token: str = "123456:TEST",  # noqa: S107
        *,
        username: str = "digest_test_bot",
        port: int = 0,
        remember: bool = True,
    ) -> None:
        super().__init__(token, username)
        self.url = ""
        self.calls: list[Call] = []
        self.counts: Counter[str] = Counter()
        self.refusals = 0
        self.latencies: list[float] = []
        self.injected_unknowns = 0
        self.faults = Faults()
        self.limits: Limits | None = None
        self.updates = Updates()
        self._port, self._remember = port, remember
        self._sending = Sending(world=self, remember=remember)
        self._asking = Asking(world=self, violations=self._sending.violations)
        self._acts = Acts(self, self.updates, self._asking, self._sending.reader)
        self.inline = Inline(world=self, updates=self.updates, reader=self._sending.reader)
        self._methods = self._table()
        self._held: dict[int, tuple[float, float]] = {}
        self._closing = asyncio.Event()
        self._runner: web.ServerRunner | None = None

    # ------------------------------------------------------------------ coming and going

    async def __aenter__(self) -> Self:
        await self.comes_back()
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10))
        self._pushing = asyncio.create_task(self.updates.push(self._session))
        return self

    async def __aexit__(self, *_: object) -> None:
        self._acts.close()
        self._pushing.cancel()
        await asyncio.wait([self._pushing])
        await self._session.close()
        await self.goes_away()

    async def goes_away(self) -> None:
        """Refuse connections from now on, and cut those there are; nothing is forgotten."""
        self._closing.set()
        self.updates.close()
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

    async def types(
        self,
        user: Who,
        text: str,
        *,
        chat: Where | None = None,
        topic: int | None = None,
        reply_to: Message | None = None,
        anonymous: bool = False,
    ) -> Json:
        """Let a person write in their private chat, or in `chat`; a `topic` not yet there is opened."""
        return self._acts.types(user, text, chat, topic, reply_to, anonymous=anonymous)

    async def shares(self, user: Who, latitude: float, longitude: float, *, chat: Where | None = None) -> Json:
        """Let a person send their location."""
        return self._acts.shares(user, {"latitude": latitude, "longitude": longitude}, chat)

    async def presses(self, user: Who, message: Message, named: str) -> str:
        """Let a person press the button of that label or data; returns the id of the callback query."""
        return self._acts.presses(user, message, named)

    async def blocks(self, user: Who) -> None:
        """Let a person block the bot."""
        self._acts.bot_status(self.chats[self.person(user).id], "kicked", self.person(user))

    async def unblocks(self, user: Who) -> None:
        """Let a person take the bot back."""
        self._acts.bot_status(self.chats[self.person(user).id], "member", self.person(user))

    async def kicks(self, chat: Where, *, by: Who | None = None, status: Status = "kicked") -> None:
        """Throw the bot out of a group or channel."""
        self._acts.bot_status(self.at(chat), status, None if by is None else self.person(by))

    async def adds_bot(self, chat: Where, *, by: Who, status: Status = "member") -> None:
        """Take the bot into a group or channel, or change what it is there."""
        self._acts.bot_status(self.at(chat), status, self.person(by))

    async def migrates(self, chat: Where, new_id: int) -> Place:
        """Turn a basic group into a supergroup of a new id."""
        return self._acts.migrates(self.at(chat), new_id)

    async def deletes_topic(self, chat: Where, topic: int) -> None:
        """Delete a forum topic with its messages."""
        self._acts.deletes_topic(self.at(chat), topic)

    # ------------------------------------------------------------------ trouble

    def inject(self, fault: Fault, **rule: Any) -> Rule:
        """Let calls fail by a `Rule`, by default the next send or edit."""
        added = Rule(fault=fault, **rule)
        self.faults.rules.append(added)
        return added

    def expires_callbacks(self) -> None:
        """Let every button press grow too old to be answered."""
        self._asking.open_callbacks.clear()

    def calm(self) -> None:
        """Take back every fault and limit."""
        self.faults.rules.clear()
        self.limits = None

    def enforce(self, **rates: int) -> Limits:
        """Refuse sends and edits above the rates of `Limits`, in exact sliding windows."""
        self.limits = Limits(**rates)
        return self.limits

    # ------------------------------------------------------------------ what is seen

    @property
    def commands(self) -> dict[tuple[str, str], list[Json]]:
        """The menus, by (scope, language)."""
        return self._asking.commands

    @property
    def answered_callbacks(self) -> dict[str, Json]:
        """The answers to button presses, by the id `presses` gave."""
        return self._asking.answered_callbacks

    @property
    def sent(self) -> int:
        return self._sending.sent

    @property
    def violations(self) -> list[str]:
        return self._sending.violations

    async def wait_for(self, predicate: Callable[[], T], timeout: float = 5.0) -> T:  # noqa: ASYNC109
        """Wait until `predicate` holds and return what it gave. Raises TimeoutError, telling the last calls."""
        deadline = time.monotonic() + timeout
        while not (seen := predicate()):
            if time.monotonic() > deadline:
                last = [(call.method, str(call.params)[:200]) for call in self.calls[-5:]]
                raise TimeoutError(f"not seen within {timeout} s; the last calls: {last}")
            await asyncio.sleep(0.005)
        return seen

    async def wait_for_message(self, chat: Where, *, after: int = 0, timeout: float = 5.0) -> Message:  # noqa: ASYNC109
        """Wait until there are more than `after` messages in a chat, and return the one after those."""
        place = self.at(chat)
        await self.wait_for(lambda: len(place.messages) > after, timeout)
        return place.messages[after]

    # ------------------------------------------------------------------ the server

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        path = unquote(request.raw_path.partition("?")[0])
        token, _, name = path.removeprefix("/bot").partition("/")
        if token != self.token or not path.startswith("/bot"):
            return refusal(Refused(401, "Unauthorized"))
        known = self._methods.get(name.lower())
        if known is None:
            return refusal(Refused(404, "Not Found"))
        try:
            params = await parameters(request)
        except ValueError:
            return refusal(bad_request("can't parse the request"))
        return await self._call(known[0], known[1], params, request)

    async def _call(
        self, name: str, method: Callable[[Json], Any], params: Json, request: web.BaseRequest
    ) -> web.StreamResponse:
        self.counts[name] += 1
        if self._remember:
            self.calls.append(Call(name, params, time.monotonic()))
        chat = self.named_in(params)
        rules = self.faults.due(name, chat)
        if late := self.faults.lateness(rules, recorded=False):
            await asyncio.sleep(late)
        rule = next((rule for rule in rules if rule.fault is not Fault.SLOW), None)
        try:
            self._admit(name, chat, rule, params)
            result = None if rule and not rule.recorded else method(params)
            if asyncio.iscoroutine(result):
                result = await result
        except Refused as refused:
            return refusal(refused)
        if not rule or rule.recorded:
            self._note_latency(name, chat)
        if rule:
            self.injected_unknowns += rule.recorded and name == "sendMessage"
            return await self._fail(rule, chat, request)
        if late := self.faults.lateness(rules, recorded=True):
            await asyncio.sleep(late)
            gone = request.transport is None or request.transport.is_closing()
            self.injected_unknowns += gone and name == "sendMessage"
        return success(result)

    def _admit(self, name: str, chat: int | None, rule: Rule | None, params: Json) -> None:
        """Raise Refused for a send above the limits; note one that did not wait as it was told."""
        if name not in SENDS or chat is None:
            return
        now = time.monotonic()
        if chat in self._held:
            since, until = self._held[chat]
            if since + _OUT_OF_GRACE < now < until - _OUT_OF_GRACE:
                self.violations.append(f"chat {chat}: sent {until - now:.2f} s before its flood wait was over")
        paid = bool(params.get("allow_paid_broadcast"))
        wait = self.limits.refuse(chat, now, paid=paid) if self.limits and rule is None else 0
        if wait:
            self.refusals += 1
            raise flooded(wait)

    async def _fail(self, rule: Rule, chat: int | None, request: web.BaseRequest) -> web.StreamResponse:
        if rule.fault is Fault.FLOOD:
            now = time.monotonic()
            if chat is not None:
                self._held[chat] = (now, now + rule.retry_after)
            return refusal(flooded(rule.retry_after))
        if rule.fault is Fault.BAD_MARKUP:
            return refusal(bad_request("can't parse entities: injected"))
        if rule.fault is Fault.SERVER_ERROR:
            return refusal(Refused(500, "Internal Server Error"))
        if rule.fault is Fault.BAD_GATEWAY:
            return web.Response(status=502, text="<html><h1>502 Bad Gateway</h1></html>", content_type="text/html")
        if rule.fault is Fault.HANG:
            await self._closing.wait()
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=500)

    def _note_latency(self, name: str, chat: int | None) -> None:
        if name in SENDS and chat in self._acts.asked_at:
            self.latencies.append(time.monotonic() - self._acts.asked_at.pop(chat))

    def _table(self) -> dict[str, tuple[str, Callable[[Json], Any]]]:
        every: dict[str, Callable[[Json], Any]] = {
            **self._sending.methods(),
            **self._asking.methods(),
            **self.inline.methods(),
            "getUpdates": self.updates.poll,
            "setWebhook": self.updates.set_hook,
            "deleteWebhook": lambda params: self.updates.set_hook({**params, "url": ""}),
            "getWebhookInfo": lambda _: self.updates.hook_json(),
        }
        return {name.lower(): (name, method) for name, method in every.items()}
