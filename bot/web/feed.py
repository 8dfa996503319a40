"""The Atom feed (RFC 4287): the latest digests, whole, for feed readers that come by and mostly find nothing new."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import NAMESPACE_URL, uuid5

from aiohttp import ETag, hdrs, web
from yarl import URL

from bot import __version__
from bot.store import Issue, Store
from bot.web.doorkeeper import came_by_https
from bot.web.frame import Frame
from bot.web.prose import Prose

PATH = "/archive/feed.atom"
DAYS = 20
"""Digests in the feed."""
_EPOCH = datetime.fromtimestamp(0, UTC)
"""When a feed with nothing in it was last changed."""
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, kw_only=True)
class Feed:
    """The feed, in the language of the settings: what it says must not hang on who asks."""

    frame: Frame
    store: Store
    prose: Prose

    def routes(self) -> Iterable[web.RouteDef]:
        """Return what is answered here."""
        return (web.get(PATH, self._feed),)

    async def _feed(self, request: web.Request) -> web.Response:
        issues = await self.store.issues.latest(limit=DAYS)
        base = base_of(request)
        changed = max((issue.updated_at for issue in issues), default=_EPOCH).replace(microsecond=0)
        tag = ETag(value=_fingerprint(base, issues), is_weak=True)
        response = web.Response(content_type="application/atom+xml", charset="utf-8")
        if _has_it(request, tag, changed):
            response = web.Response(status=web.HTTPNotModified.status_code)
        else:
            response.text = await self._written(base, changed, issues)
            response.enable_compression()
        response.etag = tag
        response.last_modified = changed
        response.headers[hdrs.CACHE_CONTROL] = "no-cache"
        return response

    async def _written(self, base: URL, changed: datetime, issues: Sequence[Issue]) -> str:
        origin = await self.store.issues.origin()
        entries = [
            (issue, name(origin, issue.day), await self.prose.of(issue.revision_id, self.frame.language, linked=False))
            for issue in issues
        ]
        values = {
            "base": str(base).rstrip("/"),
            "path": PATH,
            "name": name(origin),
            "changed": changed,
            "entries": entries,
            "taxonomy": await self.store.categories.all(),
        }
        return _NO_XML.sub("", self.frame.pages.page("feed", self.frame.language, values))


def name(origin: str, day: date | None = None) -> str:
    """Return the name of a day's entry, or of the feed: the same for good, whatever host it is read from."""
    return uuid5(NAMESPACE_URL, f"digestbot:{origin}:{day or 'feed'}").urn


def base_of(request: web.Request) -> URL:
    """Return the address we were asked at, to make links of: https where an HTTPS server in front says so."""
    return request.url.origin().with_scheme("https") if came_by_https(request) else request.url.origin()


def _fingerprint(base: URL, issues: Sequence[Issue]) -> str:
    """Return what changes whenever the feed does: revisions never change, so theirs will do."""
    facts = (__version__, base, *((issue.revision_id, issue.updated_at.isoformat()) for issue in issues))
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:32]


def _has_it(request: web.Request, tag: ETag, changed: datetime) -> bool:
    """Tell whether whoever asks has this very feed.

    A date must be equal, not only later: a retraction takes the feed back to an earlier one.
    """
    if request.if_none_match is not None:
        return any(known.value in (tag.value, "*") for known in request.if_none_match)
    return request.if_modified_since == changed
