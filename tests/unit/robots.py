"""Robots and readers put into a database by the command line or by themselves, and what is listed of them."""

import asyncio
from datetime import date, timedelta
from typing import Any

from bot.store import Store
from tests.fakes import chat, subscription
from tests.unit.commandline import CommandLine, Outcome

KEY = "693a91f6-7aaa-4bc4-97a0-0ec2sifa5a1b2"
OTHER = "693a91f6-7aaa-4bc4-97a0-0ec2sifa5c3d4"


def away() -> str:
    """Return a day until which a pause may last, wherever one is."""
    return str(date.today() + timedelta(days=100))  # noqa: DTZ011 - a day more or less is nothing here


def add(digestbot: CommandLine, *words: str, key: str = KEY) -> Outcome:
    ended = digestbot("subs", "add", "wecom", "--key", key, *words)
    assert ended.code == 0, ended
    assert KEY not in ended.out + ended.err
    assert OTHER not in ended.out + ended.err
    return ended


def listed(digestbot: CommandLine) -> list[dict[str, Any]]:
    ended = digestbot("subs", "list", "--json")
    assert KEY not in ended.out
    return list(ended.json)


def exported(digestbot: CommandLine, *words: str) -> list[dict[str, Any]]:
    return list(digestbot("subs", "export", *words).json)


def reader(digestbot: CommandLine, number: int = 7, platform: str = "telegram") -> None:
    """Let a chat of another platform have subscribed by itself."""

    async def put() -> None:
        store = await Store.open(digestbot.url)
        await store.subscriptions.put(subscription(chat(number, platform=platform)))
        await store.close()

    asyncio.run(put())
