"""Which content of each watched file was last looked at, so that a file is taken once and not at every start."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select

from bot.store.engine import Database
from bot.store.tables import source_files

REFUSED = "refused"


@dataclass(frozen=True, kw_only=True, slots=True)
class RefusedFile:
    """A watched file that holds no digest we can take, why, and when (UTC) it was looked at."""

    path: str
    reason: str
    seen_at: datetime


class SourceFiles:
    """The watched files."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def known(self) -> dict[str, str]:
        """Return the SHA-256 of the content last looked at, by path."""
        async with self._database.read() as connection:
            rows = await connection.execute(select(source_files.c.path, source_files.c.sha256))
            return {row.path: row.sha256 for row in rows}

    async def note(self, path: str, sha256: str, outcome: str, now: datetime) -> None:
        """Remember what became of this content of `path`; refusals begin with `refused`."""
        async with self._database.write() as connection:
            await connection.execute(delete(source_files).where(source_files.c.path == path))
            row = {"path": path, "sha256": sha256, "outcome": outcome, "seen_at": now}
            await connection.execute(insert(source_files).values(row))

    async def forget_refused(self, but: Collection[str]) -> None:
        """Forget the refused files at other paths than those of `but`."""
        gone = [one.path for one in await self.refused() if one.path not in but]
        if not gone:
            return
        async with self._database.write() as connection:
            for path in gone:
                refused = source_files.c.outcome.startswith(REFUSED)
                await connection.execute(delete(source_files).where(source_files.c.path == path, refused))

    async def refused(self) -> tuple[RefusedFile, ...]:
        """Return the watched files whose content, when last looked at, was refused."""
        query = select(source_files).where(source_files.c.outcome.startswith(REFUSED)).order_by("path")
        async with self._database.read() as connection:
            rows = await connection.execute(query)
            return tuple(RefusedFile(path=row.path, reason=row.outcome, seen_at=row.seen_at) for row in rows)
