"""What was there before the test: an archive, and subscriptions made yesterday, due from the first minute of today."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

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
    """A chat that has subscribed; no `subjects` means all, `at` is its local hour."""

    chat: Chat
    zone: str
    at: str = "00:00"
    subjects: tuple[str, ...] = ()
    format: Format = Format.FULL
    mention: tuple[str, ...] = ()


def at_place(place: Place, topic: int | None = None) -> Chat:
    """Return a place on Telegram as the bot knows it."""
    kind = {"private": ChatKind.PRIVATE, "channel": ChatKind.CHANNEL}.get(place.kind, ChatKind.GROUP)
    return Chat(platform="telegram", address=str(place.id), topic=str(topic or ""), kind=kind)


async def load(application: Application, days: Mapping[date, bytes]) -> None:
    """Load an archive of these documents from a folder of its own."""
    archive = application.folder / "archive"
    archive.mkdir()
    for day, source in days.items():
        (archive / f"{day}.md").write_bytes(source)
    ended = await application.command("load", archive)
    assert ended.code == 0, ended


async def subscribe(application: Application, subscribers: Iterable[Subscriber]) -> None:
    """Write subscriptions of yesterday into the bot's database, a thousand as fast as one."""
    listed = tuple(subscribers)
    database = Database(application.database_url)
    await migrate(database)
    try:
        async with database.write() as connection:
            places = {_key(one.chat): _chat_row(one.chat) for one in listed}
            await connection.execute(insert(chats), list(places.values()))
            known = {_key(row): row.id for row in await connection.execute(select(chats))}
            times = [{"zone": zone, "at": at, "days": "1234567"} for zone, at in {(one.zone, one.at) for one in listed}]
            await connection.execute(insert(slots), times)
            slot = {(row.zone, row.at): row.id for row in await connection.execute(select(slots))}
            rows = [_row(one, known[_key(one.chat)], slot[one.zone, one.at]) for one in listed]
            await connection.execute(insert(subscriptions), rows)
    finally:
        await database.close()


def _key(chat: Any) -> tuple[str, str]:
    return chat.platform, chat.address


def _chat_row(chat: Chat) -> dict[str, object]:
    secret = chat.credential.get_secret_value() if chat.credential else None
    place = {"platform": chat.platform, "address": chat.address, "credential": secret}
    return {**place, "kind": chat.kind, "title": chat.title}


def _row(subscriber: Subscriber, chat_id: int, slot_id: int) -> dict[str, object]:
    return {
        "chat_id": chat_id,
        "topic": subscriber.chat.topic,
        "slot_id": slot_id,
        "categories": codec.slugs_to_text(slug(name) for name in subscriber.subjects),
        "format": subscriber.format,
        "language": "zh-CN",
        "mention": codec.names_to_text(subscriber.mention),
        "state": SubscriptionState.ON,
        "since": datetime.now(UTC) - timedelta(days=1),
        "served_day": NEVER,
    }
