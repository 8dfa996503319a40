"""The archive to be read: its days, a day with an anchor per item, a category's latest items, and a search."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.commands.search import Line, find_items, line
from bot.commands.words import Sought, read_sought
from bot.errors import BadCommand
from bot.models import Category
from bot.store import Hit, Store
from bot.web.frame import Frame
from bot.web.kept import Kept
from bot.web.prose import Prose
from bot.web.typed import read_day, read_number

DAYS = 31
"""Days to a page."""
FOUND = 20
"""Items to a page."""
_GLIMPSE = 220
"""Characters shown of an item's text, about."""
_LONGEST = 100
"""Characters of a search."""
_DIGITS = 3
"""Nobody turns a thousand pages."""


@dataclass(frozen=True, kw_only=True)
class Archive:
    """The pages. `zone` is where times are told; `clock` gives the time, aware."""

    frame: Frame
    store: Store
    prose: Prose
    zone: ZoneInfo
    clock: Callable[[], datetime]
    _used: Kept[frozenset[str]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_used", Kept(self.store.categories.used))

    def routes(self) -> Iterable[web.RouteDef]:
        """Return what is answered here."""
        return (
            web.get("/archive", self._index),
            web.get(r"/archive/{day:[0-9]{4}-[0-9]{2}-[0-9]{2}}", self._day),
        )

    async def _index(self, request: web.Request) -> web.Response:
        text = " ".join(request.query.get("q", "").split())[:_LONGEST]
        if text:
            return await self._search(request, text)
        if slug := request.query.get("category", ""):
            return await self._category(request, slug)
        return await self._days(request)

    async def _days(self, request: web.Request) -> web.Response:
        before = read_day(request.query.get("before"))
        found = await self.store.digests.days(before=before, limit=DAYS + 1)
        months = groupby(found[:DAYS], lambda line: line.day.replace(day=1))
        return await self._show(
            request,
            "archive",
            months=tuple((month, tuple(lines)) for month, lines in months),
            older=found[DAYS - 1].day if len(found) > DAYS else None,
            newest=before is None,
        )

    async def _search(self, request: web.Request, text: str) -> web.Response:
        page = read_number(request.query.get("page"), digits=_DIGITS) or 1
        today = self.clock().astimezone(self.zone).date()
        try:
            sought = read_sought(text, today, await self.store.categories.all())
        except BadCommand as error:
            why = {"fault": error.template, "typed": error.values.get("typed"), "today": today, "most": _LONGEST}
            return await self._show(request, "found", text=text, found=(), page=1, more=False, **why)
        hits = await find_items(self.store, replace(sought, skip=(page - 1) * FOUND), limit=FOUND + 1)
        slug = sought.categories[0].slug if len(sought.categories) == 1 else ""
        found = _lines(hits[:FOUND], sought)
        shown = {"text": text, "slug": slug, "found": found, "page": page, "more": len(hits) > FOUND}
        return await self._show(request, "found", **shown)

    async def _category(self, request: web.Request, slug: str) -> web.Response:
        known = {category.slug for category in await self.store.categories.all()}
        if slug not in known:
            return await self._missing(request)
        found = [Hit(day=day, item=item) for day, item in await self.store.digests.latest_items(slug, limit=FOUND)]
        return await self._show(request, "found", slug=slug, found=_lines(found, Sought()))

    async def _day(self, request: web.Request) -> web.Response:
        day = read_day(request.match_info["day"])
        issue = await self.store.issues.on(day) if day else None
        if day is None or issue is None:
            return await self._missing(request, day)
        before, after = await self.store.digests.around(day)
        text = await self.prose.of(issue.revision_id, self.frame.language_of(request))
        return await self._show(
            request,
            "archive_day",
            issue=issue,
            text=text,
            updated=issue.updated_at.astimezone(self.zone),
            slugs=tuple(dict.fromkeys(slug for item in text.digest.items for slug in item.categories)),
            before=before,
            after=after,
        )

    async def _missing(self, request: web.Request, day: date | None = None) -> web.Response:
        before, after = await self.store.digests.around(day) if day else (None, None)
        response = await self._show(request, "archive_missing", day=day, before=before, after=after)
        response.set_status(web.HTTPNotFound.status_code)
        return response

    async def _show(self, request: web.Request, template: str, **values: object) -> web.Response:
        known = await self.store.categories.all()
        used = await self._used.get()
        frame = {"text": "", "slug": "", "fault": "", "taxonomy": known, "subjects": _of(known, used)}
        return self.frame.show(request, template, **(frame | values))


def _lines(hits: Iterable[Hit], sought: Sought) -> tuple[Line, ...]:
    """Return what was found as it is listed in chat, by the number it has in its day."""
    return tuple(line(hit.item.number, hit, sought, _GLIMPSE) for hit in hits)


def _of(known: Sequence[Category], slugs: frozenset[str]) -> tuple[Category, ...]:
    return tuple(category for category in known if category.slug in slugs)
