"""What each chat wants and when. A subscription is switched off and on again; only a reader's own wish erases it."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

from pydantic import SecretStr
from sqlalchemy import ColumnElement, Row, Select, and_, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.models import Chat, ChatKind, Format, Slot, Subscription, SubscriptionState
from bot.store import codec
from bot.store.engine import Database, new_id
from bot.store.tables import NEVER, chats, deliveries, delivery_parts, slots, subscriptions

_MOVED_ON = "the chat has another subscription at its new address"
ALL: Final = (
    select(
        subscriptions,
        chats.c.platform,
        chats.c.address,
        chats.c.kind,
        chats.c.title,
        chats.c.credential,
        slots.c.zone,
        slots.c.at,
        slots.c.days,
    )
    .join(chats, chats.c.id == subscriptions.c.chat_id)
    .join(slots, slots.c.id == subscriptions.c.slot_id)
)
"""Every subscription with its chat and slot."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """How much is kept of a chat; its deliveries are recorded from `first_day` on."""

    subscriptions: int
    deliveries: int
    first_day: date | None


class Subscriptions:
    """The subscriptions, one for each place in a chat."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, chat: Chat) -> Subscription | None:
        """Return what `chat` wants, whether switched on or not."""
        row = await self._database.read_in_thread(lambda connection: connection.execute(_select_one(chat)).first())
        return subscription_of(row) if row else None

    async def put(self, subscription: Subscription) -> None:
        """Store what a chat wants. `since` stays as it was unless the state changes or an absence is cut short."""
        async with self._database.write() as connection:
            chat_id = await _chat_id(connection, subscription.chat)
            slot_id = await _slot_id(connection, subscription.slot)
            known = (await connection.execute(_select_one(subscription.chat))).first()
            values = _values(subscription, slot_id)
            if known is None:
                place = {"chat_id": chat_id, "topic": subscription.chat.topic, "served_day": NEVER}
                await connection.execute(insert(subscriptions).values(**place, **values))
                return
            if known.state == subscription.state and not _is_back_sooner(known.away_until, subscription.away_until):
                del values["since"]
            await connection.execute(update(subscriptions).where(subscriptions.c.id == known.id).values(values))

    async def pause(self, chat: Chat, reason: str, now: datetime) -> int:
        """Pause what is on in `chat`, which can't be reached, in all its topics; return how many there were."""
        values = {"state": SubscriptionState.PAUSED, "since": now, "reason": reason, "absent": True}
        return await self._switch(chat, subscriptions.c.state == SubscriptionState.ON, values)

    async def resume(self, chat: Chat, now: datetime) -> int:
        """Switch on again what the absence of `chat` had paused, and return how many there were."""
        values = {"state": SubscriptionState.ON, "since": now, "reason": "", "absent": False}
        absent = and_(subscriptions.c.state == SubscriptionState.PAUSED, subscriptions.c.absent)
        return await self._switch(chat, absent, values)

    async def _switch(self, chat: Chat, which: ColumnElement[bool], values: dict[str, object]) -> int:
        there = select(chats.c.id).where(_at(chat)).scalar_subquery()
        statement = update(subscriptions).where(subscriptions.c.chat_id == there, which)
        async with self._database.write() as connection:
            return (await connection.execute(statement.values(values))).rowcount

    async def move(self, old: Chat, new: Chat, now: datetime) -> None:
        """Take the subscriptions of `old` along to `new`, settings, deliveries and all.

        Where the new place has a subscription already, that one is kept and the old one paused if it was on. An equal
        address with another topic moves that topic's subscription alone.
        """
        if old == new:
            return
        async with self._database.write() as connection:
            old_id = await connection.scalar(select(chats.c.id).where(_at(old)))
            if old_id is None:
                return
            there = await _chat_id(connection, new)
            mine = select(subscriptions.c.id, subscriptions.c.topic).where(subscriptions.c.chat_id == old_id)
            if old_id == there:
                mine = mine.where(subscriptions.c.topic == old.topic)
            for row in (await connection.execute(mine)).all():
                topic = new.topic if old_id == there else row.topic
                await _move_one(connection, row.id, there, topic, now)

    async def known(self, chat: Chat) -> Known | None:
        """Return what is kept of `chat`, in all its topics; None when that is nothing."""
        async with self._database.read() as connection:
            chat_id = await connection.scalar(select(chats.c.id).where(_at(chat)))
            return await _known(connection, chat_id) if chat_id is not None else None

    async def forget(self, chat: Chat) -> Known | None:
        """Erase `chat`, its subscriptions and all that was recorded of deliveries to it; return what that was."""
        async with self._database.write() as connection:
            chat_id = await connection.scalar(select(chats.c.id).where(_at(chat)))
            if chat_id is None:
                return None
            known = await _known(connection, chat_id)
            theirs = deliveries.c.subscription_id.in_(_of(chat_id))
            parts = delivery_parts.c.delivery_id.in_(select(deliveries.c.id).where(theirs))
            await connection.execute(delete(delivery_parts).where(parts))
            # What changes a delivery refers to it, so it goes first.
            await connection.execute(delete(deliveries).where(theirs, deliveries.c.base_id.is_not(None)))
            await connection.execute(delete(deliveries).where(theirs))
            await connection.execute(delete(subscriptions).where(subscriptions.c.chat_id == chat_id))
            await connection.execute(delete(chats).where(chats.c.id == chat_id))
        return known


async def _known(connection: AsyncConnection, chat_id: int) -> Known:
    theirs = deliveries.c.subscription_id.in_(_of(chat_id))
    count = await connection.scalar(select(func.count()).where(subscriptions.c.chat_id == chat_id))
    sent = (await connection.execute(select(func.count(), func.min(deliveries.c.day)).where(theirs))).one()
    return Known(subscriptions=count or 0, deliveries=sent[0], first_day=sent[1])


def _of(chat_id: int) -> Select[int]:
    return select(subscriptions.c.id).where(subscriptions.c.chat_id == chat_id)


async def _move_one(connection: AsyncConnection, number: int, chat_id: int, topic: str, now: datetime) -> None:
    taken = select(subscriptions.c.id).where(subscriptions.c.chat_id == chat_id, subscriptions.c.topic == topic)
    one = update(subscriptions).where(subscriptions.c.id == number)
    if await connection.scalar(taken) is None:
        theirs = delivery_parts.c.delivery_id.in_(select(deliveries.c.id).where(deliveries.c.subscription_id == number))
        elsewhere = select(subscriptions.c.id).where(subscriptions.c.id == number, subscriptions.c.chat_id != chat_id)
        # Ids count anew in the new chat: there, an old one may be that of something else we said.
        left_behind = update(delivery_parts).where(theirs, elsewhere.exists())
        await connection.execute(left_behind.values(message_id=None))
        await connection.execute(one.values(chat_id=chat_id, topic=topic))
    else:
        on = one.where(subscriptions.c.state == SubscriptionState.ON)
        await connection.execute(on.values(state=SubscriptionState.PAUSED, since=now, reason=_MOVED_ON))


def _at(chat: Chat) -> ColumnElement[bool]:
    return and_(chats.c.platform == chat.platform, chats.c.address == chat.address)


def _select_one(chat: Chat) -> Select[*tuple[Any, ...]]:
    return ALL.where(_at(chat), subscriptions.c.topic == chat.topic)


def _values(subscription: Subscription, slot_id: int) -> dict[str, object]:
    return {
        "slot_id": slot_id,
        "categories": codec.slugs_to_text(subscription.categories),
        "format": subscription.format,
        "language": subscription.language,
        "mention": codec.names_to_text(subscription.mention),
        "silent": subscription.silent,
        "tells_empty": subscription.tells_empty,
        "weekly": subscription.weekly,
        "away_until": subscription.away_until,
        "state": subscription.state,
        "since": subscription.since,
        "reason": subscription.reason,
        "absent": subscription.absent,
    }


def _is_back_sooner(was: date | None, wanted: date | None) -> bool:
    return was is not None and (wanted is None or wanted < was)


async def _chat_id(connection: AsyncConnection, chat: Chat) -> int:
    known = await connection.scalar(select(chats.c.id).where(_at(chat)))
    values: dict[str, object] = {"title": chat.title, "kind": chat.kind} if chat.title or known is None else {}
    if chat.credential:
        values["credential"] = chat.credential.get_secret_value()
    if known is not None:
        if values:
            await connection.execute(update(chats).where(chats.c.id == known).values(values))
        return int(known)
    values |= {"platform": chat.platform, "address": chat.address}
    return new_id(await connection.execute(insert(chats).values(values)))


async def _slot_id(connection: AsyncConnection, slot: Slot) -> int:
    values = {"zone": slot.zone, "at": f"{slot.at:%H:%M}", "days": codec.days_to_text(slot.days)}
    known = await connection.scalar(select(slots.c.id).filter_by(**values))
    if known is not None:
        return int(known)
    return new_id(await connection.execute(insert(slots).values(values)))


def slot_of(row: Row[*tuple[Any, ...]]) -> Slot:
    """Read a slot out of a row that has its columns."""
    return Slot(zone=row.zone, at=time.fromisoformat(row.at), days=codec.days_from_text(row.days))


def chat_of(row: Row[*tuple[Any, ...]], *, credential: str | None = None) -> Chat:
    """Read a chat out of a row that has its columns and the topic; without its credential unless that is given."""
    return Chat(
        platform=row.platform,
        address=row.address,
        topic=row.topic,
        kind=ChatKind(row.kind),
        title=row.title,
        credential=SecretStr(credential) if credential else None,
    )


def subscription_of(row: Row[*tuple[Any, ...]]) -> Subscription:
    """Read a subscription out of a row of `ALL`."""
    return Subscription(
        chat=chat_of(row, credential=row.credential),
        slot=slot_of(row),
        categories=codec.slugs_from_text(row.categories),
        format=Format(row.format),
        language=row.language,
        mention=codec.names_from_text(row.mention),
        silent=row.silent,
        tells_empty=row.tells_empty,
        weekly=row.weekly,
        away_until=row.away_until,
        state=SubscriptionState(row.state),
        since=row.since,
        reason=row.reason,
        absent=row.absent,
    )
