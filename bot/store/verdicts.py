"""What people said of categories: a word for each story of a day, kept for every revision to come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, func, insert, select, update

from bot.store import codec
from bot.store.engine import Database
from bot.store.tables import verdicts


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What a person said: slugs, the primary one first; `by` whom (empty: they were forgotten), and when, in UTC."""

    slugs: tuple[str, ...]
    by: str
    at: datetime


class Verdicts:
    """The words of people, by a story's identity."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, day: date) -> Mapping[str, Verdict]:
        """Return what people said for stories of `day`, by identity."""
        query = select(verdicts).where(verdicts.c.day == day)
        async with self._database.read() as connection:
            return {
                row.item: Verdict(slugs=codec.words_from_json(row.slugs), by=row.said_by, at=row.said_at)
                for row in await connection.execute(query)
            }

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

    async def number(self, by: str) -> int:
        """Return for how many stories that person's word is kept."""
        async with self._database.read() as connection:
            return await connection.scalar(select(func.count()).where(verdicts.c.said_by == by)) or 0

    async def forget(self, by: str) -> int:
        """Keep what that person said, but not who it was; return for how many stories."""
        async with self._database.write() as connection:
            statement = update(verdicts).where(verdicts.c.said_by == by).values(said_by="")
            return (await connection.execute(statement)).rowcount
