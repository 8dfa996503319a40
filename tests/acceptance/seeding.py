"""Subscriptions that were there before the test: made yesterday, due from the first minute of today."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, select

from bot.models import Chat, ChatKind, Format, SubscriptionState
from bot.store import codec
from bot.store.engine import Database
from bot.store.migrate import migrate
from bot.store.tables import NEVER, chats, slots, subscriptions
from tests.acceptance.application import Application
from tests.acceptance.documents import slug
from tests.emulators.telegram import Place


@dataclass(frozen=True, kw_only=True, slots=True)
class Subscriber:
    """A place that has subscribed; no `subjects` means all."""

    place: Place
    zone: str
    subjects: tuple[str, ...] = ()
    topic: int | None = None

    @property
    def chat(self) -> Chat:
        kind = {"private": ChatKind.PRIVATE, "channel": ChatKind.CHANNEL}.get(self.place.kind, ChatKind.GROUP)
        return Chat(platform="telegram", address=str(self.place.id), topic=str(self.topic or ""), kind=kind)


async def subscribe(application: Application, subscribers: Iterable[Subscriber]) -> None:
    """Write subscriptions of yesterday into the bot's database, a thousand as fast as one."""
    listed = tuple(subscribers)
    database = Database(application.database_url)
    await migrate(database)
    try:
        async with database.write() as connection:
            places = {one.chat.address: _chat_row(one.chat) for one in listed}
            await connection.execute(insert(chats), list(places.values()))
            known = {row.address: row.id for row in await connection.execute(select(chats.c.address, chats.c.id))}
            zones = [{"zone": zone, "at": "00:00", "days": "1234567"} for zone in {one.zone for one in listed}]
            await connection.execute(insert(slots), zones)
            at = {row.zone: row.id for row in await connection.execute(select(slots.c.zone, slots.c.id))}
            rows = [_row(one, known[one.chat.address], at[one.zone]) for one in listed]
            await connection.execute(insert(subscriptions), rows)
    finally:
        await database.close()


def _chat_row(chat: Chat) -> dict[str, object]:
    return {"platform": chat.platform, "address": chat.address, "kind": chat.kind, "title": chat.title}


def _row(subscriber: Subscriber, chat_id: int, slot_id: int) -> dict[str, object]:
    return {
        "chat_id": chat_id,
        "topic": subscriber.chat.topic,
        "slot_id": slot_id,
        "categories": codec.slugs_to_text(slug(name) for name in subscriber.subjects),
        "format": Format.FULL,
        "language": "zh-CN",
        "state": SubscriptionState.ON,
        "since": datetime.now(UTC) - timedelta(days=1),
        "served_day": NEVER,
    }
