"""The preview: a digest as each platform will show it, loaded or only in hand; and the button that loads it."""

import asyncio
import base64
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any

from aiohttp import web
from multidict import MultiMapping

from bot.delivery import Cut, Manuscript, Reach
from bot.models import Format
from bot.render import Renderer
from bot.sources import Loaded, readable_name
from bot.web.desk import Desk, Terms
from bot.web.exhibits import Exhibit, Exhibits, InHand
from bot.web.frame import LANGUAGES, Frame
from bot.web.windows import Shown, Window

_LOOK, _PUBLISH, _DRAFT = "look", "publish", "draft"


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """A category that can be chosen, with the number of the digest's items that belong to it."""

    slug: str
    number: int
    chosen: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What became of a document that was handed in, and whom its revision reaches."""

    loaded: Loaded
    reach: Reach


@dataclass(frozen=True, kw_only=True)
class Preview:
    """The page. `sent_at` is when its messages are said to have come: the hour of new subscriptions."""

    frame: Frame
    renderer: Renderer
    exhibits: Exhibits
    desk: Desk
    windows: Sequence[Window]
    sent_at: time

    def routes(self) -> Iterable[web.RouteDef]:
        """Return what is answered here."""
        return (web.get("/preview", self._look), web.post("/preview", self._hand_in))

    async def _look(self, request: web.Request) -> web.Response:
        exhibit = await self.exhibits.loaded(request.query.get("day", ""))
        return await self._show(request, request.query, exhibit)

    async def _hand_in(self, request: web.Request) -> web.Response:
        """Show a document in hand; or load it, and show the day as it is then."""
        form = await request.post()
        document = await _in_hand(form)
        if document is None:
            return await self._look(request)
        told = None
        if (wanted := form.get("do", _LOOK)) in (_PUBLISH, _DRAFT):
            terms = Terms(name=document.name, draft=wanted == _DRAFT, force="force" in form, edit="keep" not in form)
            loaded, reach = await self.desk.take(document.source, terms)
            told = Told(loaded=loaded, reach=reach)
            if loaded.saved:
                day = f"{'' if loaded.saved.published else 'draft:'}{loaded.saved.day}"
                return await self._show(request, form, await self.exhibits.loaded(day), told=told)
        exhibit = await self.exhibits.in_hand(document)
        return await self._show(request, form, exhibit, document=document, told=told)

    async def _show(
        self,
        request: web.Request,
        asked: MultiMapping[Any],
        exhibit: Exhibit,
        *,
        document: InHand | None = None,
        told: Told | None = None,
    ) -> web.Response:
        cut = _cut(asked, self.frame.language_of(request))
        of, waits = exhibit.manuscript, document or exhibit.document
        shown = await asyncio.to_thread(self._drawn, of, cut) if of else ()
        return self.frame.show(
            request,
            "preview",
            **_about(exhibit, document, told),
            asked_for=str(asked.get("day", "")),
            cut=cut,
            formats=tuple(Format),
            languages=LANGUAGES,
            choices=await self.exhibits.choices(exhibit.choice),
            subjects=_subjects(of, cut, self.desk.intake.sorter.taxonomy.slugs) if of else (),
            taxonomy=of.categories if of else (),
            prospect=await self.exhibits.prospect(of.digest, waits) if of and waits else None,
            shown=shown,
            sent_at=self.sent_at,
        )

    def _drawn(self, of: Manuscript, cut: Cut) -> tuple[Shown, ...]:
        return tuple(window.show(of, self.renderer, cut) for window in self.windows)


def _about(exhibit: Exhibit, document: InHand | None, told: Told | None) -> Mapping[str, object]:
    waits = document or exhibit.document
    return {
        "exhibit": exhibit,
        "digest": exhibit.manuscript.digest if exhibit.manuscript else None,
        "problems": told.loaded.problems if told else exhibit.problems,
        "document": document,
        "waits": waits,
        "carried": base64.b64encode(waits.source).decode() if waits else "",
        "told": told,
    }


def _cut(asked: MultiMapping[Any], language: str) -> Cut:
    """Return the cut that is asked for; what nobody offers counts as not asked for."""
    wanted, said = asked.get("format"), asked.get("words")
    return Cut(
        categories=frozenset(str(slug) for slug in asked.getall("category", ())),
        format=Format(str(wanted)) if wanted in set(Format) else Format.FULL,
        language=str(said) if said in LANGUAGES else language,
    )


def _subjects(of: Manuscript, cut: Cut, always: frozenset[str]) -> tuple[Subject, ...]:
    """Return the categories that occur, those of the taxonomy, and those that are chosen."""
    counted = Counter(slug for item in of.digest.items for slug in item.categories)
    return tuple(
        Subject(slug=one.slug, number=counted[one.slug], chosen=one.slug in cut.categories)
        for one in of.categories
        if counted[one.slug] or one.slug in cut.categories or one.slug in always
    )


async def _in_hand(form: MultiMapping[Any]) -> InHand | None:
    """Return the document of a form: a file, a text, or what an earlier page carried along. Raises HTTPBadRequest."""
    match form.get("document"):
        case web.FileField() as file:
            return InHand(source=await asyncio.to_thread(file.file.read), name=readable_name(file.filename))
    if text := str(form.get("text", "")):
        return InHand(source=text.replace("\r\n", "\n").encode("utf-8", "replace"), name="")
    if carried := str(form.get("carried", "")):
        try:
            source = base64.b64decode(carried, validate=True)
        except ValueError as error:
            raise web.HTTPBadRequest(text="The document was damaged on its way: choose it again.\n") from error
        return InHand(source=source, name=readable_name(str(form.get("name", ""))))
    return None
