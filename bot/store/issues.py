"""The published revisions as a feed tells of them: which, and since when readers have had them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Row, select

from bot.store.engine import Database
from bot.store.tables import digests, revisions

_PUBLIC: Final = select(
    digests.c.day, digests.c.published_at, revisions.c.id, revisions.c.title, revisions.c.loaded_at
).join(revisions, revisions.c.id == digests.c.revision_id)
_FIRST: Final = select(revisions.c.sha256).order_by(revisions.c.id).limit(1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Issue:
    """The published revision of a day. `published_at` (UTC) is when the day was first public."""

    day: date
    title: str
    revision_id: int
    published_at: datetime
    loaded_at: datetime

    @property
    def corrected(self) -> bool:
        """Whether readers had another one before."""
        return self.loaded_at > self.published_at

    @property
    def updated_at(self) -> datetime:
        """When (UTC) readers first had this one; of a draft published later, not when it was loaded."""
        return max(self.loaded_at, self.published_at)


class Issues:
    """What is public, read only."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def latest(self, *, limit: int) -> tuple[Issue, ...]:
        """Return what is public of the latest days, newest first."""
        query = _PUBLIC.order_by(digests.c.day.desc()).limit(limit)
        async with self._database.read() as connection:
            return tuple(_issue(row) for row in await connection.execute(query))

    async def on(self, day: date) -> Issue | None:
        """Return what is public of `day`."""
        async with self._database.read() as connection:
            row = (await connection.execute(_PUBLIC.where(digests.c.day == day))).first()
        return _issue(row) if row else None

    async def origin(self) -> str:
        """Return what tells this archive from all others, the same for good: the fingerprint of its first document."""
        async with self._database.read() as connection:
            return await connection.scalar(_FIRST) or ""


def _issue(row: Row[*tuple[Any, ...]]) -> Issue:
    return Issue(
        day=row.day,
        title=row.title,
        revision_id=row.id,
        published_at=row.published_at,
        loaded_at=row.loaded_at,
    )
