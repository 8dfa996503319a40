"""All subscriptions by number, as an operator looks at them."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, or_, select

from bot.models import Chat, Subscription
from bot.store.engine import Database
from bot.store.subscriptions import ALL, subscription_of
from bot.store.tables import chats, subscriptions


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A subscription and its number, which stays the same for good."""

    number: int
    subscription: Subscription


class Roster:
    """The subscriptions of every platform, read only."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self, *, platform: str | None = None) -> tuple[Entry, ...]:
        """Return every subscription, or those of one platform, in the order they were made."""
        query = ALL.order_by(subscriptions.c.id)
        if platform:
            query = query.where(chats.c.platform == platform)
        async with self._database.read() as connection:
            return tuple(_entry(row) for row in await connection.execute(query))

    async def get(self, number: int) -> Entry | None:
        """Return the subscription of that number."""
        async with self._database.read() as connection:
            row = (await connection.execute(ALL.where(subscriptions.c.id == number))).first()
        return _entry(row) if row else None

    async def find(self, chat: Chat) -> Entry | None:
        """Return the subscription of a chat and its topic."""
        query = ALL.where(chats.c.platform == chat.platform, chats.c.address == chat.address)
        async with self._database.read() as connection:
            row = (await connection.execute(query.where(subscriptions.c.topic == chat.topic))).first()
        return _entry(row) if row else None

    async def named(self, text: str, *, limit: int) -> tuple[Entry, ...]:
        """Return the subscriptions of the chats with `text` in their title or address, in the order they were made."""
        query = ALL.where(
            or_(*(column.icontains(text, autoescape=True) for column in (chats.c.title, chats.c.address)))
        )
        async with self._database.read() as connection:
            rows = await connection.execute(query.order_by(subscriptions.c.id).limit(limit))
            return tuple(_entry(row) for row in rows)

    async def by_credential(self, platform: str, credential: str) -> Entry | None:
        """Return the subscription of the chat that has this credential."""
        query = ALL.where(chats.c.platform == platform, chats.c.credential == credential)
        async with self._database.read() as connection:
            row = (await connection.execute(query.order_by(subscriptions.c.id))).first()
        return _entry(row) if row else None

    async def count(self, platform: str) -> int:
        """Return how many subscriptions a platform has, whether on or not."""
        query = select(func.count()).select_from(subscriptions).join(chats, chats.c.id == subscriptions.c.chat_id)
        async with self._database.read() as connection:
            return await connection.scalar(query.where(chats.c.platform == platform)) or 0


def _entry(row: Row[*tuple[Any, ...]]) -> Entry:
    return Entry(number=row.id, subscription=subscription_of(row))
