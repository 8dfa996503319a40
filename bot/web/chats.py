"""Why a chat did not get its digest: chats by name or address, and what became of each one's deliveries."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.config import Settings
from bot.masking import masked, tail
from bot.store import Entry, Record, Store
from bot.web.frame import Frame
from bot.web.reasons import Verdict, judge, local_day

_FOUND = 30
"""Chats that a search names."""
_RECORDS = 20
"""Deliveries that are shown of a chat."""


@dataclass(frozen=True, kw_only=True)
class Chats:
    """The search, and a page for each subscription."""

    frame: Frame
    store: Store
    settings: Settings
    clock: Callable[[], datetime]

    def routes(self) -> Iterable[web.RouteDef]:
        """Return what is answered here."""
        return (
            web.get("/morning/chats", self._search),
            web.get(r"/morning/chats/{number:[0-9]{1,9}}", self._page),
        )

    async def _search(self, request: web.Request) -> web.Response:
        """Name the chats that are meant; a single one is shown at once."""
        text = request.query.get("q", "").strip()
        found = await self.store.roster.named(text, limit=_FOUND + 1) if text else ()
        if len(found) == 1:
            raise web.HTTPSeeOther(f"/morning/chats/{found[0].number}")
        places = tuple((entry.number, entry.subscription, entry.subscription.chat.called) for entry in found[:_FOUND])
        return self.frame.show(request, "chats", text=text, places=places, more=len(found) > _FOUND)

    async def _page(self, request: web.Request) -> web.Response:
        entry = await self.store.roster.get(int(request.match_info["number"]))
        if entry is None:
            raise web.HTTPNotFound(text="No subscription has this number: look for the chat at /morning/chats.\n")
        records = await self.store.records.of(entry.number, limit=_RECORDS)
        zone = ZoneInfo(entry.subscription.slot.zone)
        return self.frame.show(
            request,
            "chat_record",
            number=entry.number,
            name=entry.subscription.chat.called,
            subscription=entry.subscription,
            key=tail(entry.subscription.chat.credential),
            reason=masked(entry.subscription.reason, self.settings),
            verdict=await self._judge(entry, records),
            records=tuple(replace(record, error=masked(record.error, self.settings)) for record in records),
            local=lambda moment: moment.astimezone(zone),
            taxonomy=await self.store.categories.all(),
        )

    async def _judge(self, entry: Entry, records: Iterable[Record]) -> Verdict:
        now = self.clock()
        day = local_day(entry.subscription, now)
        record = next((one for one in records if one.occasion == f"day:{day}"), None)
        publication = (await self.store.digests.publications([day])).get(day)
        verdict = judge(entry.subscription, record, publication, now, catch_up=self.settings.catch_up)
        return replace(verdict, reason=masked(verdict.reason, self.settings))
