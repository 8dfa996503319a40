"""What an operator asks of the ledger: how a day's deliveries stand, what failed, who is paused."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from bot.models import Chat, DeliveryState, SubscriptionState
from bot.store.engine import Database
from bot.store.subscriptions import chat_of
from bot.store.tables import chats, deliveries, subscriptions


@dataclass(frozen=True, kw_only=True, slots=True)
class Trouble:
    """A chat that did not get a digest, or gets none for now: which, since when (UTC) and why."""

    chat: Chat
    state: str
    reason: str
    since: datetime | None


class Status:
    """Counts and troubles, read only."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def counts(self, day: date) -> Mapping[tuple[str, DeliveryState], int]:
        """Return how many deliveries of `day` are in each state, by platform."""
        one = deliveries.c
        query = (
            select(one.platform, one.state, func.count().label("number"))
            .where(one.day == day, one.base_id.is_(None))
            .group_by(one.platform, one.state)
        )
        async with self._database.read() as connection:
            rows = await connection.execute(query)
            return {(row.platform, DeliveryState(row.state)): row.number for row in rows}

    async def subscriptions(self) -> Mapping[tuple[str, SubscriptionState], int]:
        """Return how many subscriptions are in each state, by platform."""
        query = (
            select(chats.c.platform, subscriptions.c.state, func.count().label("number"))
            .join(chats, chats.c.id == subscriptions.c.chat_id)
            .group_by(chats.c.platform, subscriptions.c.state)
        )
        async with self._database.read() as connection:
            rows = await connection.execute(query)
            return {(row.platform, SubscriptionState(row.state)): row.number for row in rows}

    async def failed(self, day: date, *, limit: int = 50) -> tuple[Trouble, ...]:
        """Return deliveries of `day` that came to a bad end, or have met an error so far."""
        one = deliveries.c
        query = (
            select(chats, subscriptions.c.topic, one.state, one.error, one.settled_at)
            .select_from(deliveries)
            .join(subscriptions, subscriptions.c.id == one.subscription_id)
            .join(chats, chats.c.id == subscriptions.c.chat_id)
            .where(one.day == day, one.state.not_in((DeliveryState.SENT, DeliveryState.EMPTY)), one.error.is_not(None))
            .order_by(one.id)
            .limit(limit)
        )
        async with self._database.read() as connection:
            rows = await connection.execute(query)
            return tuple(
                Trouble(chat=chat_of(row), state=row.state, reason=row.error, since=row.settled_at) for row in rows
            )

    async def paused(self, *, limit: int = 50) -> tuple[Trouble, ...]:
        """Return the subscriptions that are paused, the latest first."""
        one = subscriptions.c
        query = (
            select(chats, one.topic, one.state, one.reason, one.since)
            .join(chats, chats.c.id == one.chat_id)
            .where(one.state == SubscriptionState.PAUSED)
            .order_by(one.since.desc())
            .limit(limit)
        )
        async with self._database.read() as connection:
            rows = await connection.execute(query)
            return tuple(
                Trouble(chat=chat_of(row), state=row.state, reason=row.reason, since=row.since) for row in rows
            )
