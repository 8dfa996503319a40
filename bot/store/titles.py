"""Published items by the words of their titles."""

from datetime import date

from sqlalchemy import select

from bot.models import Item
from bot.store.engine import Database
from bot.store.tables import digests, items

_MOST_WORDS = 8


class Titles:
    """The titles, read only."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, text: str, *, skip: int = 0, limit: int = 10) -> tuple[tuple[date, Item], ...]:
        """Return the items whose title has every word of `text`, newest first, without their bodies; with their days.

        It goes through the archive from its end until it has found enough.
        """
        query = (
            select(digests.c.day, items.c.number, items.c.title, items.c.url)
            .join(items, items.c.revision_id == digests.c.revision_id)
            .where(*(items.c.title.icontains(word, autoescape=True) for word in text.split()[:_MOST_WORDS]))
            .order_by(digests.c.day.desc(), items.c.number)
            .offset(skip)
            .limit(limit)
        )
        async with self._database.read() as connection:
            return tuple(
                (row.day, Item(number=row.number, title=row.title, url=row.url))
                for row in await connection.execute(query)
            )
