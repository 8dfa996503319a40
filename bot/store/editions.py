"""The parts of an edition as they were sent: stored once under the hash of their content, shared by all chats."""

import hashlib
from datetime import datetime

from sqlalchemy import func, insert, select

from bot.errors import StoreError
from bot.models import Part
from bot.store import codec
from bot.store.engine import Database
from bot.store.tables import editions


class Editions:
    """Rendered editions. What is resumed or corrected is read from here, never rendered afresh."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, parts: tuple[Part, ...], now: datetime) -> str:
        """Store `parts` unless they are there, and return their key."""
        text = codec.parts_to_json(parts)
        key = hashlib.sha256(text.encode()).hexdigest()
        async with self._database.write() as connection:
            known = await connection.scalar(select(func.count()).where(editions.c.key == key))
            if not known:
                await connection.execute(insert(editions).values(key=key, parts=text, stored_at=now))
        return key

    async def parts(self, key: str) -> tuple[Part, ...]:
        """Return the parts stored under `key`."""
        async with self._database.read() as connection:
            text = await connection.scalar(select(editions.c.parts).where(editions.c.key == key))
        if text is None:
            raise StoreError(f"the edition {key} is missing from the database; restore a backup")
        return codec.parts_from_json(text)
