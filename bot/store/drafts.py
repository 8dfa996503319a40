"""Drafts: revisions that are loaded and wait to be published."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import func, select

from bot.store.engine import Database
from bot.store.tables import revisions

_NEWEST: Final = select(func.max(revisions.c.id).label("id")).group_by(revisions.c.day).subquery("newest")


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A day whose newest revision waits to be published."""

    day: date
    revision_id: int
    number: int


class Drafts:
    """The drafts, read only."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def latest(self) -> Draft | None:
        """Return the draft that was loaded last."""
        query = (
            select(revisions.c.day, revisions.c.id, revisions.c.number)
            .join(_NEWEST, _NEWEST.c.id == revisions.c.id)
            .where(revisions.c.state == "draft")
            .order_by(revisions.c.id.desc())
            .limit(1)
        )
        async with self._database.read() as connection:
            row = (await connection.execute(query)).first()
        return Draft(day=row.day, revision_id=row.id, number=row.number) if row else None
