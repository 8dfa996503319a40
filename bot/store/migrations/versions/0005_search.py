"""search.

What is published already is put into the index, a hundred days at a time: an installation finds its past.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from alembic import op

from bot.store.search.index import Entry, index_of

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_DAYS = 100
_DIGESTS = sa.table("digests", sa.column("day", sa.Date), sa.column("revision_id"))
_ITEMS = sa.table("items", *(sa.column(name) for name in ("revision_id", "number", "title", "body")))
_SORTED = sa.table("item_categories", *(sa.column(name) for name in ("revision_id", "number", "slug")))


def upgrade() -> None:
    """Go forward."""
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE search USING fts5(words, tokenize = 'ascii', columnsize = 0)")
    else:
        op.execute("CREATE TABLE search (id BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)")
        op.execute("CREATE INDEX ix_search_words ON search USING gin (words)")
    index = index_of(connection.dialect.name)
    for days in _published(connection):
        if rows := [index.row(entry) for entry in _entries(connection, days)]:
            connection.execute(index.add, rows)


def _published(connection: sa.Connection) -> Iterator[Sequence[sa.Row[Any]]]:
    """Yield the published days with their revisions, a batch at a time."""
    query = sa.select(_DIGESTS).where(_DIGESTS.c.revision_id.is_not(None)).order_by(_DIGESTS.c.day).limit(_DAYS)
    days = connection.execute(query).all()
    while days:
        yield days
        days = connection.execute(query.where(_DIGESTS.c.day > days[-1].day)).all()


def _entries(connection: sa.Connection, days: Sequence[sa.Row[Any]]) -> Iterator[Entry]:
    day_of = {row.revision_id: row.day for row in days}
    slugs: dict[tuple[int, int], list[str]] = {}
    for row in connection.execute(sa.select(_SORTED).where(_SORTED.c.revision_id.in_(day_of))):
        slugs.setdefault((row.revision_id, row.number), []).append(row.slug)
    for row in connection.execute(sa.select(_ITEMS).where(_ITEMS.c.revision_id.in_(day_of))):
        blocks = json.loads(row.body)
        body = "\n".join("".join(run["text"] for run in block["runs"]) for block in blocks)
        yield Entry(
            id=_place(day_of[row.revision_id], row.number),
            title=row.title,
            body=body,
            slugs=slugs.get((row.revision_id, row.number), ()),
        )


def _place(day: date, number: int) -> int:
    """Return the id as it was then; a later migration turns it round."""
    return day.toordinal() * 10_000 + 9_999 - number
