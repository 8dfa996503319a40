"""The intake: a document parsed, sorted into categories and saved, and what became of it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog

from bot import markdown
from bot.errors import BadDocument
from bot.models import Category, Digest, Problem
from bot.sorting import Sorter
from bot.sources.files import origin_of, read, unreadable
from bot.store import Outcome, Saved, Store, fingerprint

log = structlog.get_logger()

Before = Callable[[Digest, bytes], Awaitable[None]]
REFUSED = "refused"
_OVER_HTTP = "http"
_LONGEST_NAME = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What a document says, before it is loaded: the digest sorted, its `categories`, and the warnings."""

    digest: Digest
    categories: tuple[Category, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Loaded:
    """What became of a document; refused ones have no `saved` and at least one error among their problems."""

    origin: str
    saved: Saved | None
    problems: tuple[Problem, ...]

    @property
    def outcome(self) -> str:
        """What became of it, in a word."""
        return str(self.saved.outcome) if self.saved else REFUSED

    def told(self, touches: Mapping[str, int]) -> dict[str, object]:
        """Return it for machines; `touches` are the chats that a correction changes, by platform."""
        saved = self.saved
        return {
            "outcome": self.outcome,
            "day": saved.day.isoformat() if saved else None,
            "revision": saved.revision if saved else None,
            "published": saved.published if saved else False,
            "touches": dict(touches) if saved else {},
            "problems": [problem_told(problem) for problem in self.problems],
        }

    def report(self) -> None:
        """Log it."""
        if self.saved:
            log.info("digest loaded", file=self.origin, outcome=self.saved.outcome, day=str(self.saved.day))
        for problem in self.problems:
            write = log.error if problem.severity == "error" else log.warning
            write("problem in document", file=self.origin, line=problem.line, what=problem.what, mend=problem.mend)


@dataclass(frozen=True, kw_only=True, slots=True)
class Intake:
    """Takes documents into the store: parsed, sorted into categories, saved as a revision of their day."""

    store: Store
    sorter: Sorter
    clock: Callable[[], datetime]

    async def read(self, source: bytes, *, name: str) -> Reading:
        """Read a document without loading it; `name` is that of its file. Raises BadDocument with the problems.

        Its items are sorted by what is known already: no model is asked.
        """
        parsed = await asyncio.to_thread(markdown.parse, source, name=name)
        found = await self.sorter.sort(parsed.digest)
        return Reading(digest=found.digest, categories=found.categories, problems=parsed.problems)

    async def take(
        self,
        source: bytes,
        *,
        origin: str,
        publish: bool = True,
        force: bool = False,
        corrects: bool = True,
        before: Before | None = None,
    ) -> Loaded:
        """Load one document. A fault in it is an answer, not an exception; the last good revision stays.

        `corrects` says whether messages sent before are to follow it; `before` is told what is about to be saved.
        """
        try:
            parsed = await asyncio.to_thread(markdown.parse, source, name=Path(origin).name)
            newest = await self.store.digests.newest(parsed.digest.day)
            known = newest is not None and newest.sha256 == fingerprint(source)
            found = await self.sorter.sort(parsed.digest, ask=not known)
            if before:
                await before(found.digest, source)
            saved = await self.store.digests.save(
                found.digest,
                source=source,
                origin=origin,
                categories=found.categories,
                now=self.clock(),
                publish=publish,
                force=force,
                corrects=corrects,
            )
        except BadDocument as error:
            return Loaded(origin=origin, saved=None, problems=error.problems)
        if saved.outcome is not Outcome.UNCHANGED and not await self.sorter.hears(found):
            await self.sorter.resort(found.digest.day, corrects=corrects)
        return Loaded(origin=origin, saved=saved, problems=parsed.problems)

    async def take_file(
        self,
        path: Path,
        *,
        publish: bool = True,
        force: bool = False,
        corrects: bool = True,
        before: Before | None = None,
    ) -> Loaded:
        """Load a file. One that can't be read is refused like a faulty one."""
        try:
            source = await asyncio.to_thread(read, path)
        except OSError as error:
            return Loaded(origin=origin_of(path), saved=None, problems=(unreadable(error),))
        name = origin_of(path)
        return await self.take(source, origin=name, publish=publish, force=force, corrects=corrects, before=before)


def readable_name(name: str) -> str:
    """Return the last part of a file's `name`, which may be anything, as it can be kept and shown."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in last if letter.isprintable())[-_LONGEST_NAME:]


def sent_as(name: str) -> str:
    """Return the origin of a document that came over HTTP as a file called `name`."""
    shown = readable_name(name)
    return f"{_OVER_HTTP}/{shown}" if shown else _OVER_HTTP


def problem_told(problem: Problem) -> dict[str, object]:
    """Return a problem for machines."""
    return {"line": problem.line, "severity": problem.severity, "what": problem.what, "mend": problem.mend}
