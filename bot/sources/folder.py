"""The watched folder."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path

import structlog

from bot.errors import StoreError
from bot.sources.files import documents, origin_of, read_regular
from bot.sources.intake import REFUSED, Intake, Loaded
from bot.store import fingerprint

log = structlog.get_logger()

SETTLED = 5.0
"""How long a watched file must be unchanged before it is taken, in seconds: a half-saved one is never broadcast."""
LOOK_EVERY = 1.0
Stamp = tuple[int, int]
"""By which a file is seen to have changed: its time in nanoseconds, and its length."""


class Folder:
    """A watched folder. A file is taken once it has not changed for `SETTLED` seconds, and again when it differs."""

    def __init__(self, path: Path, intake: Intake) -> None:
        self._path = path
        self._intake = intake
        self._seen: dict[Path, tuple[Stamp, float]] = {}
        self._taken: dict[Path, Stamp] = {}
        self._known: dict[str, str] | None = None
        self._there: frozenset[Path] | None = None
        self._fault: str | None = None

    async def watch(self) -> AsyncIterator[Loaded]:
        """Yield what was taken, for ever. A folder that is not there (yet) is waited for; the log says so once."""
        while True:
            there = await self._look()
            if there is not None:
                await self._forget_all_but(frozenset(there))
                for path in self._settled(there, asyncio.get_running_loop().time()):
                    if loaded := await self._take(path):
                        yield loaded
            await asyncio.sleep(LOOK_EVERY)

    async def _look(self) -> Mapping[Path, Stamp] | None:
        """Return the documents that are there; None when the folder can't be looked into."""
        try:
            there = await asyncio.to_thread(_stamps, self._path)
        except FileNotFoundError:
            self._tell("watched folder is not there, waiting for it")
        except NotADirectoryError:
            self._tell("watched folder is a file, waiting for a folder in its place")
        except OSError as error:
            self._tell("watched folder can't be read, trying again", reason=error.strerror or str(error))
        else:
            self._tell(None)
            return there
        return None

    def _tell(self, fault: str | None, **why: str) -> None:
        """Log what is the matter with the folder, once for as long as it lasts, and that it is over."""
        if fault and fault != self._fault:
            log.warning(fault, folder=str(self._path), **why)
        elif self._fault and not fault:
            log.info("watched folder is there now", folder=str(self._path))
        self._fault = fault

    async def _forget_all_but(self, there: frozenset[Path]) -> None:
        """Forget files that have gone: nobody can mend them any more, and one that comes back is looked at anew."""
        if there == self._there:
            return
        for kept in (self._seen, self._taken):
            for path in kept.keys() - there:
                del kept[path]
        try:
            await self._intake.store.files.forget_refused({origin_of(path) for path in there})
        except StoreError as error:
            log.error("files that have gone not forgotten, trying again", reason=str(error))
            return
        self._known = None
        self._there = there

    def _settled(self, there: Mapping[Path, Stamp], now: float) -> Sequence[Path]:
        ready = []
        for path, stamp in there.items():
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
            source = await asyncio.to_thread(read_regular, path)
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


def _stamps(folder: Path) -> dict[Path, Stamp]:
    """Return the documents in `folder`. Raises OSError when it is none that can be read."""
    os.scandir(folder).close()
    stamps = {}
    for path in documents([folder]):
        try:
            stamps[path] = _stamp(path)
        except OSError:
            continue
    return stamps


def _stamp(path: Path) -> Stamp:
    status = path.stat()
    return status.st_mtime_ns, status.st_size


def _fate(loaded: Loaded) -> str:
    reasons = "; ".join(problem.what for problem in loaded.problems if problem.severity == "error")
    return loaded.outcome if loaded.saved else f"{REFUSED}: {reasons}"
