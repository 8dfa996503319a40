"""What people said of categories: a word for each story of a day, kept for every revision to come."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import delete, insert, select

from bot.store import codec
from bot.store.engine import Database
from bot.store.tables import verdicts


class Verdicts:
    """The words of people, by a story's identity."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, day: date) -> Mapping[str, tuple[str, ...]]:
        """Return the slugs that people said for stories of `day`, the primary one first, by identity."""
        query = select(verdicts.c.item, verdicts.c.slugs).where(verdicts.c.day == day)
        async with self._database.read() as connection:
            return {row.item: codec.words_from_json(row.slugs) for row in await connection.execute(query)}

    async def say(self, day: date, item: str, slugs: Sequence[str], *, by: str, now: datetime) -> None:
        """Keep a person's word for the story `item` of `day`, in place of any before it. No slugs: in no category."""
        row = {"day": day, "item": item, "slugs": codec.words_to_json(slugs), "said_by": by, "said_at": now}
        async with self._database.write() as connection:
            await connection.execute(delete(verdicts).where(verdicts.c.day == day, verdicts.c.item == item))
            await connection.execute(insert(verdicts).values(row))

    async def withdraw(self, day: date, item: str) -> bool:
        """Forget the word for that story, and tell whether there was one."""
        statement = delete(verdicts).where(verdicts.c.day == day, verdicts.c.item == item)
        async with self._database.write() as connection:
            return bool((await connection.execute(statement)).rowcount)
