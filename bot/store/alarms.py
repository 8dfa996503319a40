"""Which operator was told of which alarm, so that each is told once a day."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from sqlalchemy import insert, select

from bot.models import Chat
from bot.store.engine import Database
from bot.store.tables import alarms

_LENGTH: Final = 16


class Alarms:
    """The alarms that operators were told of."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def untold(self, cause: str, day: date, operators: Sequence[Chat]) -> tuple[Chat, ...]:
        """Return those of `operators` who were not told of `cause` on `day`."""
        query = select(alarms.c.operator).where(alarms.c.cause == cause, alarms.c.day == day)
        async with self._database.read() as connection:
            told = frozenset(await connection.scalars(query))
        return tuple(one for one in operators if _mark(one) not in told)

    async def note(self, cause: str, day: date, operators: Sequence[Chat], now: datetime) -> None:
        """Remember that `operators` were told. Raises StoreError when that of one was noted before."""
        rows = [{"cause": cause, "day": day, "operator": _mark(one), "raised_at": now} for one in operators]
        async with self._database.write() as connection:
            await connection.execute(insert(alarms), rows)


def _mark(operator: Chat) -> str:
    """Return what tells an operator from the others: no address that `/forget` would have to look for."""
    return hashlib.sha256(f"{operator.platform}:{operator.address}".encode()).hexdigest()[:_LENGTH]
