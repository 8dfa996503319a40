"""The desk where digests are handed in: by programs at `POST /digests`, and by the preview's button."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from aiohttp import web
from pydantic import BaseModel, ConfigDict, ValidationError

from bot.contract import Dialect
from bot.delivery import Reach, foretell
from bot.errors import StoreError
from bot.faults import in_words
from bot.markdown import LARGEST
from bot.models import Digest, Problem
from bot.sources import Intake, Loaded, sent_as
from bot.store import Outcome

log = structlog.get_logger()


class Terms(BaseModel):
    """How a document is to be taken: the `name` of its file, as a `draft`, by `force`; `edit` what was sent before."""

    model_config = ConfigDict(extra="forbid")

    name: str = ""
    draft: bool = False
    force: bool = False
    edit: bool = True


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Takes documents. Messages sent longer ago than `correct_for` follow no revision."""

    intake: Intake
    dialects: Mapping[str, Dialect]
    correct_for: timedelta
    clock: Callable[[], datetime]

    def routes(self) -> Iterable[web.RouteDef]:
        """Return what is answered here."""
        return (web.post("/digests", self._take),)

    async def reach(self, digest: Digest, source: bytes) -> Reach:
        """Return whom loading `source` would reach."""
        since = self.clock() - self.correct_for
        return await foretell(self.intake.store, self.dialects, digest, source, sent_since=since)

    async def take(self, source: bytes, terms: Terms) -> tuple[Loaded, Reach]:
        """Load a document, and return what became of it and whom it reaches. Raises StoreError."""
        reached = Reach()

        async def look(digest: Digest, source: bytes) -> None:
            nonlocal reached
            reached = await self.reach(digest, source)

        loaded = await self.intake.take(
            source,
            origin=sent_as(terms.name),
            publish=not terms.draft,
            force=terms.force,
            corrects=terms.edit,
            before=look,
        )
        loaded.report()
        return loaded, reached if loaded.saved and terms.edit else Reach()

    async def _take(self, request: web.Request) -> web.Response:
        terms = _terms(request)
        try:
            source = await request.read()
        except web.HTTPRequestEntityTooLarge:
            return _too_large()
        if len(source) > LARGEST:
            return _too_large()
        try:
            loaded, reached = await self.take(source, terms)
        except StoreError as error:
            log.error("digest not taken", reason=str(error))
            return _refusal(web.HTTPServiceUnavailable.status_code, _NO_STORE)
        return web.json_response(loaded.told(reached.everywhere), status=_status(loaded))


_NO_STORE = Problem(line=1, severity="error", what="the store does not answer", mend="send the same again in a while")
_TOO_LARGE = Problem(
    line=1, severity="error", what=f"larger than {LARGEST // 1024} KiB", mend="split it into one digest a day"
)


def _terms(request: web.Request) -> Terms:
    """Return how the document is to be taken. Raises HTTPBadRequest naming what is wrong in the query."""
    try:
        return Terms.model_validate(dict(request.query))
    except ValidationError as error:
        faults = [f"{fault['loc'][0]}: {in_words(fault)}" for fault in error.errors(include_input=False)]
        known = "name=2025-10-12.md, draft=1, force=1 and edit=0"
        raise web.HTTPBadRequest(text=f"{'; '.join(faults)}. There are {known}.\n") from error


def _status(loaded: Loaded) -> int:
    if loaded.saved is None:
        return web.HTTPUnprocessableEntity.status_code
    return web.HTTPCreated.status_code if loaded.saved.outcome is Outcome.NEW else web.HTTPOk.status_code


def _too_large() -> web.Response:
    return _refusal(web.HTTPRequestEntityTooLarge.status_code, _TOO_LARGE)


def _refusal(status: int, problem: Problem) -> web.Response:
    return web.json_response(Loaded(origin="", saved=None, problems=(problem,)).told({}), status=status)
