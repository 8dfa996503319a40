"""A day sorted anew: the same document in other categories, as a revision of its own."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from bot.models import Category, Digest
from bot.store.categories import remember
from bot.store.digests import Outcome, Saved, insert_revision, make_public, newest_of
from bot.store.engine import Database
from bot.store.tables import revisions


class Resorts:
    """Revisions that change nothing but categories."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(
        self, digest: Digest, *, over: int, categories: Sequence[Category], now: datetime, corrects: bool = True
    ) -> Saved | None:
        """Store `digest` as a new revision of the document of revision `over`, published if that one is.

        `corrects` says whether messages sent before are to follow it. Returns None when `over` is no longer the newest
        revision of its day, or is retracted.
        """
        async with self._database.write() as connection:
            newest = await newest_of(connection, digest.day)
            if newest is None or newest.id != over or newest.state == "retracted":
                return None
            await remember(connection, categories)
            query = select(revisions.c.source, revisions.c.sha256, revisions.c.origin).where(revisions.c.id == over)
            document = (await connection.execute(query)).one()._asdict()
            how = {**document, "number": newest.number + 1, "corrects": corrects, "loaded_at": now}
            revision_id = await insert_revision(connection, digest, how)
            published = newest.state == "published"
            if published:
                await make_public(connection, revision_id, digest.day, now)
        return Saved(outcome=Outcome.REVISED, day=digest.day, revision=newest.number + 1, published=published)
