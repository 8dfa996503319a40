"""Chats that have their turns at a pacer, and when they sent."""

import asyncio
import time

from bot.models import Chat, ChatKind
from bot.pacing import Lane, Pacer


def chat(number: int, kind: ChatKind = ChatKind.PRIVATE) -> Chat:
    return Chat(platform="telegram", address=str(number), kind=kind)


async def send(pacer: Pacer, to: Chat, log: list[tuple[float, str]], lane: Lane = Lane.PUSH, took: float = 0.0) -> None:
    async with pacer.turn(to, lane) as turn:
        await turn.moment()
        log.append((time.monotonic(), to.address))
        await asyncio.sleep(took)
