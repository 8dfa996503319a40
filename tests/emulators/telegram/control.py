"""An emulator that another process steers: POST /_control with {"do": <act>, ...} as JSON."""

from collections.abc import Callable
from typing import Any

from aiohttp import web

from tests.emulators.telegram.faults import Fault
from tests.emulators.telegram.places import Json
from tests.emulators.telegram.server import TelegramEmulator

PATH = "/_control"


class ControlledEmulator(TelegramEmulator):
    """Answers `totals` in counts and seconds; an unknown act or argument is a 400 that says so."""

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.path != PATH:
            return await super()._serve(request)
        order = await request.json()
        acts: dict[str, Callable[..., Json]] = {
            "private_chats": self._private_chats,
            "types": self._types,
            "enforce": self._enforce,
            "inject": self._inject,
            "calm": self._calm,
            "totals": self._totals,
            "reset": self._reset,
        }
        try:
            return web.json_response(acts[order.pop("do")](**order))
        except (KeyError, TypeError, ValueError) as error:
            return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)

    def _private_chats(self, count: int, first: int = 1000, language_code: str = "zh-hans") -> Json:
        for user_id in range(first, first + count):
            self.private(user_id, language_code=language_code)
        return {"chats": len(self.chats)}

    def _types(self, user: int, text: str) -> Json:
        return {"message_id": self._acts.types(user, text, None, None, None, anonymous=False)["message_id"]}

    def _enforce(self, **rates: int) -> Json:
        self.enforce(**rates)
        return {}

    def _inject(self, fault: str, **rule: Any) -> Json:
        self.inject(Fault(fault), **rule)
        return {}

    def _calm(self) -> Json:
        self.calm()
        return {}

    def _totals(self) -> Json:
        sending = self._sending
        counts = {"sent": sending.sent, "edited": sending.edited, "deleted": sending.deleted}
        times = {"first_at": sending.first_at, "last_at": sending.last_at}
        chats = {"chats_reached": len(sending.per_chat), "most_to_one_chat": max(sending.per_chat.values(), default=0)}
        trouble = {"refusals": self.refusals, "unknowns": self.injected_unknowns, "violations": self.violations[:20]}
        return {**counts, **times, **chats, **trouble, "calls": dict(self.counts), "latencies": self.latencies}

    def _reset(self) -> Json:
        self._sending.forget_counts()
        self.counts.clear()
        self.calls.clear()
        self.latencies.clear()
        self.violations.clear()
        self.refusals = self.injected_unknowns = 0
        return {}
