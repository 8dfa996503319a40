"""The shelf: every day that has a document, published or not, as a publisher looks at it."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from sqlalchemy import Row, Select, func, select

from bot.store.engine import Database
from bot.store.tables import digests, revisions


@dataclass(frozen=True, kw_only=True, slots=True)
class Volume:
    """A day's newest revision: its id, number and state; `published` is the id of the one that readers see."""

    day: date
    title: str
    revision_id: int
    number: int
    state: Literal["draft", "published", "retracted"]
    published: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """The bytes that a revision was loaded from, and where they came from."""

    source: bytes
    origin: str
    number: int


class Shelf:
    """What is loaded, read only."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def newest(self, *, limit: int) -> tuple[Volume, ...]:
        """Return the newest days."""
        return await self._volumes(_ALL.order_by(revisions.c.day.desc()).limit(limit))

    async def on(self, day: date) -> Volume | None:
        """Return that day."""
        return next(iter(await self._volumes(_ALL.where(revisions.c.day == day))), None)

    async def around(self, day: date) -> tuple[date | None, date | None]:
        """Return the nearest days before and after `day`."""
        before = select(func.max(revisions.c.day)).where(revisions.c.day < day)
        after = select(func.min(revisions.c.day)).where(revisions.c.day > day)
        async with self._database.read() as connection:
            return await connection.scalar(before), await connection.scalar(after)

    async def document(self, revision_id: int) -> Document:
        """Return what that revision was loaded from."""
        query = select(revisions.c.source, revisions.c.origin, revisions.c.number)
        async with self._database.read() as connection:
            row = (await connection.execute(query.where(revisions.c.id == revision_id))).one()
        return Document(source=row.source, origin=row.origin, number=row.number)

    async def _volumes(self, query: Select[*tuple[Any, ...]]) -> tuple[Volume, ...]:
        async with self._database.read() as connection:
            return tuple(_volume(row) for row in await connection.execute(query))


_NEWEST: Final = select(func.max(revisions.c.id).label("id")).group_by(revisions.c.day).subquery("newest")
_ALL: Final = (
    select(
        revisions.c.day,
        revisions.c.title,
        revisions.c.id,
        revisions.c.number,
        revisions.c.state,
        digests.c.revision_id.label("published"),
    )
    .join(_NEWEST, _NEWEST.c.id == revisions.c.id)
    .outerjoin(digests, digests.c.day == revisions.c.day)
)


def _volume(row: Row[*tuple[Any, ...]]) -> Volume:
    return Volume(
        day=row.day,
        title=row.title,
        revision_id=row.id,
        number=row.number,
        state=row.state,
        published=row.published,
    )
