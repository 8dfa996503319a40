"""Exhibits: digests to look at before anybody gets them, loaded ones and those that are only in hand."""

import asyncio
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from typing import Literal

from bot.delivery import Manuscript, Reach, manuscript
from bot.errors import BadDocument
from bot.markdown import lines_of
from bot.models import Digest, Problem
from bot.sources import Intake
from bot.store import Document, Newest, Store, Volume, fingerprint
from bot.web.desk import Desk

DRAFT = "draft:"
"""Before a day: its newest revision, though another one is published."""
_MOST_DAYS = 60
"""How many days are offered; older ones are reached from day to day, or by their address."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """A day that can be chosen: `value` stands for it in an address."""

    value: str
    day: date
    state: Literal["draft", "published", "retracted"]


@dataclass(frozen=True, kw_only=True, slots=True)
class InHand:
    """A document that is not loaded, as it came; `name` is that of its file."""

    source: bytes
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Exhibit:
    """A digest to look at, or why there is none: then it has no manuscript.

    `lines` are those that its problems are named by. One that is loaded has its `choice` and revision `number`, and
    the `older` and `newer` day beside it; a draft its `document`, to be published as it was seen.
    """

    manuscript: Manuscript | None = None
    problems: tuple[Problem, ...] = ()
    lines: tuple[str, ...] = ()
    choice: Choice | None = None
    number: int | None = None
    older: date | None = None
    newer: date | None = None
    document: InHand | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Prospect:
    """What loading a document would do: begin its day, revise it, publish the draft that is there, or nothing."""

    does: Literal["begins", "revises", "publishes", "nothing"]
    number: int
    reach: Reach


@dataclass(frozen=True, kw_only=True)
class Exhibits:
    """Finds what there is to look at."""

    store: Store
    intake: Intake
    desk: Desk

    async def choices(self, also: Choice | None) -> tuple[Choice, ...]:
        """Return the newest days, and `also` when it is older than these."""
        found = [one for volume in await self.store.shelf.newest(limit=_MOST_DAYS) for one in _choices(volume)]
        return tuple(found if also is None or also in found else [*found, also])

    async def loaded(self, value: str) -> Exhibit:
        """Return the day that `value` stands for, or the newest one when it stands for none; empty if not loaded."""
        day = _day(value)
        newest = await self.store.shelf.newest(limit=1)
        volume = await self.store.shelf.on(day) if day else next(iter(newest), None)
        if volume is None:
            older, newer = await self.store.shelf.around(day) if day else (None, None)
            return Exhibit(older=older, newer=newer)
        choices = _choices(volume)
        choice = next((one for one in choices if one.value == value), choices[0])
        public = volume.published is not None and choice.state == "published"
        return await self._of(volume.published if public and volume.published else volume.revision_id, choice)

    async def in_hand(self, document: InHand) -> Exhibit:
        """Return what a document would be, once loaded."""
        lines = await asyncio.to_thread(lines_of, document.source)
        try:
            reading = await self.intake.read(document.source, name=document.name)
        except BadDocument as error:
            return Exhibit(problems=error.problems, lines=lines)
        of = await manuscript(self.store, reading.digest, reading.categories)
        return Exhibit(manuscript=of, problems=reading.problems, lines=lines)

    async def prospect(self, digest: Digest, document: InHand) -> Prospect:
        """Return what loading it would do."""
        newest = await self.store.digests.newest(digest.day)
        reach = await self.desk.reach(digest, document.source)
        return Prospect(does=_does(newest, document), number=newest.number if newest else 0, reach=reach)

    async def _of(self, revision_id: int, choice: Choice) -> Exhibit:
        document = await self.store.shelf.document(revision_id)
        older, newer = await self.store.shelf.around(choice.day)
        digest = await self.store.digests.revision(revision_id)
        waits = choice.state == "draft"
        return Exhibit(
            manuscript=await manuscript(self.store, digest),
            problems=await self._problems(document),
            lines=await asyncio.to_thread(lines_of, document.source),
            choice=choice,
            number=document.number,
            older=older,
            newer=newer,
            document=InHand(source=document.source, name=PurePath(document.origin).name) if waits else None,
        )

    async def _problems(self, document: Document) -> tuple[Problem, ...]:
        """Read a document once more, for its warnings: they are not kept."""
        try:
            return (await self.intake.read(document.source, name=PurePath(document.origin).name)).problems
        except BadDocument as error:
            return error.problems


def _choices(volume: Volume) -> tuple[Choice, ...]:
    """Return a day's published revision and its newest one; they are often the same."""
    value = volume.day.isoformat()
    if volume.published is None:
        return (Choice(value=value, day=volume.day, state=volume.state),)
    public = Choice(value=value, day=volume.day, state="published")
    if volume.published == volume.revision_id:
        return (public,)
    return (public, Choice(value=DRAFT + value, day=volume.day, state=volume.state))


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value.removeprefix(DRAFT))
    except ValueError:
        return None


def _does(newest: Newest | None, document: InHand) -> Literal["begins", "revises", "publishes", "nothing"]:
    if newest is None:
        return "begins"
    if newest.sha256 != fingerprint(document.source) or newest.state == "retracted":
        return "revises"
    return "nothing" if newest.published else "publishes"
