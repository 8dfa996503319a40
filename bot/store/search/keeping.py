"""Keeping the index as what is published is."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import codec
from bot.store.search.index import Entry, index_of
from bot.store.search.places import place, span
from bot.store.tables import digests, item_categories, items


async def keep(connection: AsyncConnection, day: date) -> None:
    """Bring the index up to what is published of `day` now: to be called wherever that, or a category of it, changes.

    A revision that is not published, a draft or an older one, is never found.
    """
    index = index_of(connection.dialect.name)
    await connection.execute(delete(index.table).where(index.id.between(*span(day, day))))
    revision = select(digests.c.revision_id).where(digests.c.day == day)
    published = await connection.scalar(revision)
    if published is None:
        return
    told = select(items.c.number, items.c.title, items.c.body).where(items.c.revision_id == published)
    sorted_ = select(item_categories.c.number, item_categories.c.slug).where(item_categories.c.revision_id == published)
    slugs: dict[int, list[str]] = {}
    for row in await connection.execute(sorted_):
        slugs.setdefault(row.number, []).append(row.slug)
    entries = list(_entries(day, (await connection.execute(told)).all(), slugs))
    if entries:
        await connection.execute(index.add, [index.row(entry) for entry in entries])


def _entries(day: date, told: Sequence[Row[Any, Any, Any]], slugs: dict[int, list[str]]) -> Iterator[Entry]:
    for row in told:
        body = "\n".join(block.text for block in codec.blocks_from_json(row.body))
        yield Entry(id=place(day, row.number), title=row.title, body=body, slugs=slugs.get(row.number, ()))
