"""Digests and their revisions: one digest a day, every revision kept."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby
from typing import Any, Literal

from sqlalchemy import Connection, Row, Select, and_, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import BadDocument
from bot.models import Category, Digest, Item, Problem
from bot.schedule import Publication
from bot.store import codec
from bot.store.categories import remember
from bot.store.engine import Database, new_id
from bot.store.items import category_rows, item_of, item_row
from bot.store.search import keep
from bot.store.tables import digests, item_categories, items, revisions


class Outcome(StrEnum):
    """What loading a document did."""

    NEW = "new"
    REVISED = "revised"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, kw_only=True, slots=True)
class Saved:
    """What loading a document did, and to which revision of which day."""

    outcome: Outcome
    day: date
    revision: int
    published: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Newest:
    """A day's newest revision and the fingerprint of its document."""

    revision_id: int
    number: int
    state: Literal["draft", "published", "retracted"]
    sha256: str

    @property
    def published(self) -> bool:
        """Whether readers may see it."""
        return self.state == "published"


@dataclass(frozen=True, kw_only=True, slots=True)
class DayLine:
    """A line of the archive."""

    day: date
    title: str
    items: int


class Digests:
    """The archive. A revision never changes once it is stored."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(
        self,
        digest: Digest,
        *,
        source: bytes,
        origin: str,
        categories: Sequence[Category],
        now: datetime,
        publish: bool = True,
        force: bool = False,
        corrects: bool = True,
    ) -> Saved:
        """Store `digest` as a new revision of its day, unless its newest revision has the same bytes.

        `corrects` says whether messages sent before are to follow it. A retracted revision can be loaded again.
        Raises BadDocument when it loses half the items or more of the revision before and `force` is not set.
        """
        async with self._database.write() as connection:
            newest = await newest_of(connection, digest.day)
            sha256 = fingerprint(source)
            if newest and newest.sha256 == sha256 and newest.state != "retracted":
                if publish and newest.state == "draft":
                    await make_public(connection, newest.id, digest.day, now, corrects=corrects)
                return _saved(Outcome.UNCHANGED, newest, publish=publish)
            if newest and not force:
                await _refuse_shrunk(connection, newest, digest)
            await remember(connection, categories)
            number = newest.number + 1 if newest else 1
            how = {"number": number, "source": source, "sha256": sha256, "origin": origin, "corrects": corrects}
            revision_id = await insert_revision(connection, digest, {**how, "loaded_at": now})
            if publish:
                await make_public(connection, revision_id, digest.day, now)
        outcome = Outcome.REVISED if newest else Outcome.NEW
        return Saved(outcome=outcome, day=digest.day, revision=number, published=publish)

    async def publish(self, day: date, now: datetime) -> int | None:
        """Publish the newest revision of `day` and return its number; None when there is no draft to publish."""
        async with self._database.write() as connection:
            newest = await newest_of(connection, day)
            if newest is None or newest.state != "draft":
                return None
            await make_public(connection, newest.id, day, now)
            return int(newest.number)

    async def retract(self, day: date, *, only: int | None = None) -> int | None:
        """Withdraw what is published of `day`, and return its number; None when nothing is.

        With `only`, the id of a revision, any other one stays.
        """
        async with self._database.write() as connection:
            query = select(revisions.c.id, revisions.c.number).join(digests, digests.c.revision_id == revisions.c.id)
            row = (await connection.execute(query.where(digests.c.day == day))).first()
            if row is None or only not in (None, row.id):
                return None
            public = and_(revisions.c.day == day, revisions.c.state == "published")
            await connection.execute(update(revisions).where(public).values(state="retracted"))
            await connection.execute(update(digests).where(digests.c.day == day).values(revision_id=None))
            await keep(connection, day)
            return int(row.number)

    async def newest(self, day: date) -> Newest | None:
        """Return the newest revision of `day`, drafts included."""
        async with self._database.read() as connection:
            row = await newest_of(connection, day)
        return Newest(revision_id=row.id, number=row.number, state=row.state, sha256=row.sha256) if row else None

    async def published(self, day: date) -> Digest | None:
        """Return the digest of `day` as readers may see it."""

        def read(connection: Connection) -> Digest | None:
            revision_id = connection.scalar(select(digests.c.revision_id).where(digests.c.day == day))
            return _load(connection, revision_id) if revision_id else None

        return await self._database.read_in_thread(read)

    async def revision(self, revision_id: int) -> Digest:
        """Return the digest as it was in that revision."""
        return await self._database.read_in_thread(lambda connection: _load(connection, revision_id))

    async def days(self, *, before: date | None = None, limit: int = 10) -> tuple[DayLine, ...]:
        """Return a page of published days, newest first, strictly before `before`."""
        query = _lines().order_by(digests.c.day.desc()).limit(limit)
        if before:
            query = query.where(digests.c.day < before)
        async with self._database.read() as connection:
            return tuple(_line(row) for row in await connection.execute(query))

    async def line(self, day: date) -> DayLine | None:
        """Return the line of `day`; None when nothing is published of it."""
        async with self._database.read() as connection:
            row = (await connection.execute(_lines().where(digests.c.day == day))).first()
        return _line(row) if row else None

    async def around(self, day: date) -> tuple[date | None, date | None]:
        """Return the nearest published days before and after `day`."""
        published = digests.c.revision_id.is_not(None)
        before = select(func.max(digests.c.day)).where(published, digests.c.day < day)
        after = select(func.min(digests.c.day)).where(published, digests.c.day > day)
        return await self._database.read_in_thread(lambda one: (one.scalar(before), one.scalar(after)))

    async def latest_items(self, slug: str, *, limit: int) -> tuple[tuple[date, Item], ...]:
        """Return the newest published items of a category, with their days."""
        query = (
            select(digests.c.day, items)
            .join(items, items.c.revision_id == digests.c.revision_id)
            .join(
                item_categories,
                (item_categories.c.revision_id == items.c.revision_id) & (item_categories.c.number == items.c.number),
            )
            .where(item_categories.c.slug == slug)
            .order_by(digests.c.day.desc(), items.c.number)
            .limit(limit)
        )
        async with self._database.read() as connection:
            return tuple((row.day, item_of(row, (slug,))) for row in await connection.execute(query))

    async def headings(self, days: Iterable[date]) -> dict[date, tuple[Item, ...]]:
        """Return the published items of `days`, each by its number, title and address alone."""
        told = select(digests.c.day, items.c.number, items.c.title, items.c.url)
        query = told.join(items, items.c.revision_id == digests.c.revision_id).where(digests.c.day.in_(list(days)))

        def read(connection: Connection) -> dict[date, tuple[Item, ...]]:
            rows = connection.execute(query.order_by(digests.c.day, items.c.number)).all()
            return {
                day: tuple(Item(number=row.number, title=row.title, url=row.url) for row in of_day)
                for day, of_day in groupby(rows, key=lambda row: row.day)
            }

        return await self._database.read_in_thread(read)

    async def publications(self, days: Iterable[date]) -> dict[date, Publication]:
        """Return which of `days` have a published digest."""
        query = select(digests).where(digests.c.day.in_(list(days)), digests.c.revision_id.is_not(None))
        async with self._database.read() as connection:
            return {
                row.day: Publication(revision_id=row.revision_id, published_at=row.published_at)
                for row in await connection.execute(query)
            }


def _lines() -> Select[*tuple[Any, ...]]:
    count = select(func.count()).where(items.c.revision_id == revisions.c.id).scalar_subquery()
    return select(digests.c.day, revisions.c.title, count.label("items")).join(
        revisions, revisions.c.id == digests.c.revision_id
    )


def _line(row: Row[*tuple[Any, ...]]) -> DayLine:
    return DayLine(day=row.day, title=row.title, items=row.items)


def fingerprint(source: bytes) -> str:
    """Return the SHA-256 of a document, by which its bytes are recognised."""
    return hashlib.sha256(source).hexdigest()


async def newest_of(connection: AsyncConnection, day: date) -> Row[*tuple[Any, ...]] | None:
    """Return the row of the newest revision of `day`, whatever its state."""
    query = select(revisions.c.id, revisions.c.day, revisions.c.number, revisions.c.state, revisions.c.sha256)
    newest_first = query.where(revisions.c.day == day).order_by(revisions.c.number.desc()).limit(1)
    return (await connection.execute(newest_first)).first()


def _saved(outcome: Outcome, newest: Row[*tuple[Any, ...]], *, publish: bool) -> Saved:
    published = newest.state == "published" or (publish and newest.state == "draft")
    return Saved(outcome=outcome, day=newest.day, revision=newest.number, published=published)


async def _refuse_shrunk(connection: AsyncConnection, newest: Row[*tuple[Any, ...]], digest: Digest) -> None:
    before = await connection.scalar(select(func.count()).where(items.c.revision_id == newest.id)) or 0
    if len(digest.items) * 2 > before:
        return
    what = f"only {len(digest.items)} of the {before} items of revision {newest.number} are left"
    mend = "load it with --force (by HTTP: force=1) if that is meant"
    raise BadDocument((Problem(line=1, severity="error", what=what, mend=mend),))


async def insert_revision(connection: AsyncConnection, digest: Digest, how: Mapping[str, object]) -> int:
    """Store `digest` as a draft, `how` being the columns that are not in it, and return its id."""
    statement = insert(revisions).values(
        day=digest.day,
        state="draft",
        title=digest.title,
        written_at=digest.written_at.isoformat() if digest.written_at else None,
        categories=codec.words_to_json(digest.categories),
        lead=codec.blocks_to_json(digest.lead),
        commentary=codec.blocks_to_json(digest.commentary),
        **how,
    )
    revision_id = new_id(await connection.execute(statement))
    await connection.execute(insert(items), [item_row(revision_id, item) for item in digest.items])
    if sorted_in := [row for item in digest.items for row in category_rows(revision_id, item)]:
        await connection.execute(insert(item_categories), sorted_in)
    return revision_id


async def make_public(connection: AsyncConnection, revision_id: int, day: date, now: datetime, **how: object) -> None:
    """Make a revision the one that readers of `day` see."""
    await connection.execute(update(revisions).where(revisions.c.id == revision_id).values(state="published", **how))
    known = await connection.scalar(select(func.count()).where(digests.c.day == day))
    if known:
        first = func.coalesce(digests.c.published_at, now)
        statement = update(digests).where(digests.c.day == day).values(revision_id=revision_id, published_at=first)
        await connection.execute(statement)
    else:
        await connection.execute(insert(digests).values(day=day, revision_id=revision_id, published_at=now))
    await keep(connection, day)


def _load(connection: Connection, revision_id: int) -> Digest:
    revision = connection.execute(select(revisions).where(revisions.c.id == revision_id)).one()
    query = select(item_categories).where(item_categories.c.revision_id == revision_id).order_by("place")
    slugs: dict[int, list[str]] = {}
    for row in connection.execute(query):
        slugs.setdefault(row.number, []).append(row.slug)
    rows = connection.execute(select(items).where(items.c.revision_id == revision_id).order_by("number"))
    return Digest(
        day=revision.day,
        title=revision.title,
        written_at=datetime.fromisoformat(revision.written_at) if revision.written_at else None,
        categories=codec.words_from_json(revision.categories),
        lead=codec.blocks_from_json(revision.lead),
        items=tuple(item_of(row, slugs.get(row.number, ())) for row in rows),
        commentary=codec.blocks_from_json(revision.commentary),
    )
