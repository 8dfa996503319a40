"""Everybody who sends the same message as often as they can: ours whole, the others their bare send.

Each imports its own library alone: what a process has in memory slows its garbage collection.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp

from benchmarks.stub import FIRST_MESSAGE_ID
from bot import runtime

IN_FLIGHT = 100
WARM_UP = 500
"""Messages before the clock starts: connections are open then and code paths warm."""
_TOKEN = "42:benchmark"

Message = dict[str, Any]
Send = Callable[[int], Awaitable[int]]


def url_of(port: int) -> str:
    """Return the address of the stub."""
    return f"http://127.0.0.1:{port}"


async def sockets(port: int, messages: int, message: Message) -> dict[str, float]:
    """Drive the stub by kept-alive sockets that do nothing but write bytes and read bytes."""
    body = _json(message, 1)
    head = f"POST /bot{_TOKEN}/sendMessage HTTP/1.1\r\nHost: stub\r\nContent-Length: {len(body)}\r\n\r\n"
    request = head.encode() + body
    loop = asyncio.get_running_loop()

    async def drive(count: int) -> None:
        done = loop.create_future()
        left = [count, count]
        pairs = [
            await loop.create_connection(lambda: _Socket(request, left, done), "127.0.0.1", port)
            for _ in range(IN_FLIGHT)
        ]
        for _, socket in pairs:
            socket.send()
        await done
        for transport, _ in pairs:
            transport.close()

    await drive(WARM_UP)
    return await _timed(lambda: drive(messages), messages)


class _Socket(asyncio.Protocol):
    """One connection; `left` are the requests to send and the answers to come, shared by all."""

    def __init__(self, request: bytes, left: list[int], done: "asyncio.Future[None]") -> None:
        self._request = request
        self._left = left
        self._done = done
        self._transport: asyncio.WriteTransport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]

    def send(self) -> None:
        """Send one more if there are any."""
        if self._left[0] > 0:
            self._left[0] -= 1
            self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        if not data.endswith(b"}}"):
            return
        self._left[1] -= 1
        if self._left[1] == 0:
            self._done.set_result(None)
        self.send()


async def bare(port: int, messages: int, message: Message) -> dict[str, float]:
    """Send with aiohttp alone: a JSON body out, the message's id in."""
    url = f"{url_of(port)}/bot{_TOKEN}/sendMessage"
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=IN_FLIGHT)) as session:

        async def send(chat: int) -> int:
            async with session.post(url, json={"chat_id": chat, **message}) as response:
                return int((await response.json())["result"]["message_id"])

        return await _contest(send, messages)


async def aiogram_on_our_loop(port: int, messages: int, message: Message) -> dict[str, float]:
    """Send with aiogram where the bot runs: on its event loop, with the collector spared."""
    return await aiogram(port, messages, message, spared=True)


async def aiogram(port: int, messages: int, message: Message, *, spared: bool = False) -> dict[str, float]:
    """Send with aiogram's `Bot.send_message`."""
    from aiogram import Bot  # noqa: PLC0415
    from aiogram.client.session.aiohttp import AiohttpSession  # noqa: PLC0415
    from aiogram.client.telegram import TelegramAPIServer  # noqa: PLC0415
    from aiogram.types import InlineKeyboardMarkup, LinkPreviewOptions  # noqa: PLC0415

    session = AiohttpSession(api=TelegramAPIServer.from_base(url_of(port)), limit=IN_FLIGHT)
    rows = message.get("reply_markup")
    keys = InlineKeyboardMarkup.model_validate(rows) if rows else None
    preview = LinkPreviewOptions(is_disabled=True)
    text, parse_mode = message["text"], message["parse_mode"]
    async with Bot(_TOKEN, session=session) as bot:

        async def send(chat: int) -> int:
            sent = await bot.send_message(
                chat, text, parse_mode=parse_mode, link_preview_options=preview, reply_markup=keys
            )
            return sent.message_id

        return await _contest(send, messages, spared=spared)


async def telegram(port: int, messages: int, message: Message) -> dict[str, float]:
    """Send with stock python-telegram-bot: `Bot.send_message` over its own `HTTPXRequest`."""
    from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions  # noqa: PLC0415
    from telegram.request import HTTPXRequest  # noqa: PLC0415

    request = HTTPXRequest(connection_pool_size=IN_FLIGHT, pool_timeout=60)
    keys = InlineKeyboardMarkup.de_json(message["reply_markup"]) if "reply_markup" in message else None
    preview = LinkPreviewOptions(is_disabled=True)
    text, parse_mode = message["text"], message["parse_mode"]
    async with Bot(_TOKEN, base_url=f"{url_of(port)}/bot", request=request) as bot:

        async def send(chat: int) -> int:
            sent = await bot.send_message(
                chat, text, parse_mode=parse_mode, link_preview_options=preview, reply_markup=keys
            )
            return sent.message_id

        return await _contest(send, messages)


async def adapter(port: int, messages: int, message: Message) -> dict[str, float]:
    """Send with our adapter alone, without plan, ledger and pace: its bare send."""
    from adapters.telegram import TelegramAdapter  # noqa: PLC0415
    from bot.models import Chat, Key, Part  # noqa: PLC0415

    rows = message.get("reply_markup", {}).get("inline_keyboard", ())
    keys = tuple(tuple(Key(label=key["text"], data=key["callback_data"]) for key in row) for row in rows)
    part = Part(markup=message["text"], keys=keys)
    ours = TelegramAdapter(_TOKEN, api_url=url_of(port))

    async def send(chat: int) -> int:
        receipt = await ours.send(Chat(platform="telegram", address=str(chat)), part, nonce="")
        return int(receipt.message_id or 0)

    try:
        return await _contest(send, messages, spared=True)
    finally:
        await ours.close()


async def ours(port: int, messages: int, source: str) -> dict[str, float]:
    """Deliver `source` to as many subscriptions: plan, claim, print, record, send, record, settle, all on disk."""
    from benchmarks import household  # noqa: PLC0415

    with TemporaryDirectory() as folder:
        clock = household.Clock()
        settings = household.settings(Path(folder) / "speed.db", token=_TOKEN, api_url=url_of(port))
        async with household.opened(settings, clock, paced=False) as home:
            await home.publish(source.encode(), f"{clock.day}.md")
            await home.subscribe(WARM_UP, at="08:00", first=1)
            await home.subscribe(messages, at="09:00", first=WARM_UP + 1)
            broadcast = asyncio.create_task(home.account.broadcast.run())
            runtime.spare_the_collector()
            await home.deliver(WARM_UP)
            clock.forward(timedelta(hours=1))
            found = await _timed(lambda: home.deliver(messages), messages)
            await home.account.stop()
            await home.account.close()
            await broadcast
            sent = await home.sent_parts()
    if sent != WARM_UP + messages:
        raise SystemExit(f"the ledger has {sent} parts sent, not {WARM_UP + messages}")
    return found


async def _contest(send: Send, messages: int, *, spared: bool = False) -> dict[str, float]:
    if spared:
        runtime.spare_the_collector()
    await _drive(send, WARM_UP)
    return await _timed(lambda: _drive(send, messages), messages)


async def _drive(send: Send, messages: int) -> None:
    """Keep `IN_FLIGHT` sends under way, each to another chat."""
    chats = iter(range(1, messages + 1))

    async def one_after_another() -> None:
        for chat in chats:
            if await send(chat) <= FIRST_MESSAGE_ID:
                raise SystemExit("the stub's answer was misread")

    await asyncio.gather(*(one_after_another() for _ in range(IN_FLIGHT)))


async def _timed(work: Callable[[], Awaitable[object]], messages: int) -> dict[str, float]:
    """Return messages per second and the processor time of each, in µs, all threads of this process together."""
    start, cpu = time.perf_counter(), time.process_time()
    await work()
    cpu, seconds = time.process_time() - cpu, time.perf_counter() - start
    return {"per_second": messages / seconds, "cpu": cpu / messages * 1e6, "share": cpu / seconds}


def _json(message: Message, chat: int) -> bytes:
    return json.dumps({"chat_id": chat, **message}, ensure_ascii=False).encode()
