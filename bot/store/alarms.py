"""Which alarms were raised, so that each is raised once a day."""

from datetime import date, datetime

from sqlalchemy import insert, select

from bot.store.engine import Database
from bot.store.tables import alarms


class Alarms:
    """The alarms that operators were told of."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def raised(self, day: date) -> frozenset[str]:
        """Return the causes that were raised on `day`."""
        async with self._database.read() as connection:
            return frozenset(await connection.scalars(select(alarms.c.cause).where(alarms.c.day == day)))

    async def note(self, cause: str, day: date, now: datetime) -> None:
        """Remember that `cause` was raised on `day`. Raises StoreError when it was noted before."""
        async with self._database.write() as connection:
            await connection.execute(insert(alarms).values(cause=cause, day=day, raised_at=now))
