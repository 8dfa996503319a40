"""An emulator that another process steers: POST /_control with {"do": <act>, ...} as JSON."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from tests.emulators.discord.faults import Fault
from tests.emulators.discord.refusal import Json
from tests.emulators.discord.server import DiscordEmulator

PATH = "/_control"
_FIRST_ROOM = 1_000_000


class ControlledEmulator(DiscordEmulator):
    """Answers `totals` in counts and seconds; an unknown act or argument is a 400 that says so."""

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.path != PATH:
            return await super()._serve(request)
        order = await request.json()
        acts: dict[str, Callable[..., Awaitable[Json]]] = {
            "guilds": self._guilds,
            "runs": self._runs,
            "drops": self._drops,
            "enforce": self._enforce,
            "inject": self._inject,
            "calm": self._calm,
            "totals": self._totals,
            "reset": self._reset,
        }
        try:
            return web.json_response(await acts[order.pop("do")](**order))
        except (KeyError, LookupError, TypeError, ValueError, TimeoutError) as error:
            return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)

    async def _guilds(self, count: int, first: int = 1000, locale: str = "zh-CN") -> Json:
        """Guilds, each with its owner (person 1) and one text channel, whose id is the guild's and a million."""
        self.person(1, locale=locale)
        for guild_id in range(first, first + count):
            self.text(_FIRST_ROOM + guild_id, self.guild(guild_id, locale=locale))
        return {"guilds": len(self.guilds)}

    async def _runs(self, user: int, name: str, channel: int | None = None, options: Json | None = None) -> Json:
        asked = await self.runs(user, name, channel=channel, options=options)
        return {"text": asked.text, "latency": asked.latency, "ephemeral": asked.ephemeral}

    async def _drops(self, code: int = 4000) -> Json:
        return {"dropped": await self.drops_gateway(code)}

    async def _enforce(self, **rates: Any) -> Json:
        self.enforce(**rates)
        return {}

    async def _inject(self, fault: str, **rule: Any) -> Json:
        self.inject(Fault(fault), **rule)
        return {}

    async def _calm(self) -> Json:
        self.calm()
        return {}

    async def _totals(self) -> Json:
        posting = self.posting
        counts = {"sent": posting.sent, "edited": posting.edited, "deleted": posting.deleted}
        counts |= {"deduplicated": posting.deduplicated, "syncs": self.syncs, "resumes": len(self.gateway.resumes)}
        times = {"first_at": posting.first_at, "last_at": posting.last_at}
        chats = {"chats_reached": len(posting.per_chat), "most_to_one_chat": max(posting.per_chat.values(), default=0)}
        trouble = {"refusals": self.refusals, "unknowns": self.injected_unknowns, "violations": self.violations[:20]}
        trouble["invalid_requests"] = self.invalid_requests
        return {**counts, **times, **chats, **trouble, "calls": dict(self.counts), "latencies": self.latencies}

    async def _reset(self) -> Json:
        self.posting.forget_counts()
        self.counts.clear()
        self.calls.clear()
        self.answers.asked.clear()
        self.violations.clear()
        self.refusals = self.injected_unknowns = self.invalid_requests = 0
        return {}
