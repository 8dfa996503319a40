"""Where digest documents come from: files named on the command line, a watched folder, and HTTP."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog

from bot import markdown
from bot.errors import BadDocument, StoreError
from bot.models import Category, Digest, Problem
from bot.sorting import Sorter
from bot.store import Outcome, Saved, Store, fingerprint

log = structlog.get_logger()

Before = Callable[[Digest, bytes], Awaitable[None]]
SUFFIXES = (".md", ".markdown")
SETTLED = 5.0
"""How long a watched file must be unchanged before it is taken, in seconds: a half-saved one is never broadcast."""
LOOK_EVERY = 1.0
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
            source = await asyncio.to_thread(path.read_bytes)
        except OSError as error:
            return Loaded(origin=origin_of(path), saved=None, problems=(unreadable(error),))
        name = origin_of(path)
        return await self.take(source, origin=name, publish=publish, force=force, corrects=corrects, before=before)


def origin_of(path: Path) -> str:
    """Return the name of a file as it is kept and shown; bytes in it that are no UTF-8 are written out."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


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


def unreadable(error: OSError) -> Problem:
    """Put a file that can't be read into words."""
    what = f"the file can't be read: {error.strerror or error}"
    return Problem(line=1, severity="error", what=what, mend="check that it is there and that you may read it")


def documents(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield the documents among `paths`: files as they are, folders with all the Markdown below them, by name."""
    for path in paths:
        if path.is_dir():
            yield from sorted(
                found for found in path.rglob("*") if found.suffix.lower() in SUFFIXES and not found.is_dir()
            )
        else:
            yield path


class Folder:
    """A watched folder. A file is taken once it has not changed for `SETTLED` seconds, and again when it differs."""

    def __init__(self, path: Path, intake: Intake) -> None:
        self._path = path
        self._intake = intake
        self._seen: dict[Path, tuple[tuple[int, int], float]] = {}
        self._taken: dict[Path, tuple[int, int]] = {}
        self._known: dict[str, str] | None = None

    async def watch(self) -> AsyncIterator[Loaded]:
        """Yield what was taken, for ever. A folder that is not there (yet) is waited for."""
        while True:
            for path in await self._look():
                if loaded := await self._take(path):
                    yield loaded
            await asyncio.sleep(LOOK_EVERY)

    async def _look(self) -> Sequence[Path]:
        try:
            return await asyncio.to_thread(self._settled, asyncio.get_running_loop().time())
        except OSError as error:
            log.error("watched folder can't be read, trying again", reason=str(error))
            return ()

    def _settled(self, now: float) -> Sequence[Path]:
        ready = []
        for path, stamp in _stamps(self._path):
            if self._taken.get(path) == stamp:
                continue
            known, since = self._seen.get(path, (None, now))
            self._seen[path] = (stamp, since if known == stamp else now)
            if known == stamp and now - since >= SETTLED:
                ready.append(path)
        return ready

    async def _take(self, path: Path) -> Loaded | None:
        """Take one file; None when this content of it was looked at before, perhaps by an earlier process.

        None also when it is just being saved: a crowd of files may have kept us since it was looked at.
        """
        stamp, _ = self._seen.pop(path)
        try:
            source = await asyncio.to_thread(path.read_bytes)
            if _stamp(path) != stamp:
                return None
            loaded = await self._take_new(path, source)
        except (OSError, StoreError) as error:
            log.error("watched file not taken, trying again", file=path.name, reason=str(error))
            return None
        self._taken[path] = stamp
        return loaded

    async def _take_new(self, path: Path, source: bytes) -> Loaded | None:
        files = self._intake.store.files
        if self._known is None:
            self._known = await files.known()
        sha256, origin = fingerprint(source), origin_of(path)
        if self._known.get(origin) == sha256:
            return None
        loaded = await self._intake.take(source, origin=origin)
        await files.note(origin, sha256, _fate(loaded), self._intake.clock())
        self._known[origin] = sha256
        return loaded


def _stamps(folder: Path) -> Iterator[tuple[Path, tuple[int, int]]]:
    for path in documents([folder] if folder.is_dir() else []):
        try:
            yield path, _stamp(path)
        except OSError:
            continue


def _stamp(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_mtime_ns, status.st_size


def _fate(loaded: Loaded) -> str:
    reasons = "; ".join(problem.what for problem in loaded.problems if problem.severity == "error")
    return loaded.outcome if loaded.saved else f"{REFUSED}: {reasons}"
