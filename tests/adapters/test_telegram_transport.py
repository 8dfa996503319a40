"""The transport beneath python-telegram-bot's own Bot."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import telegram
from aiohttp import web
from telegram.error import BadRequest, NetworkError, TimedOut

from adapters.telegram.transport import AioRequest, NotSent
from tests.adapters.telegram_setting import TOKEN
from tests.emulators.telegram import Fault, TelegramEmulator


@asynccontextmanager
async def library_bot(url: str) -> AsyncIterator[telegram.Bot]:
    bot = telegram.Bot(
        TOKEN,
        base_url=f"{url}/bot",
        request=AioRequest(connect_timeout=0.3, read_timeout=0.2),
        get_updates_request=AioRequest(connect_timeout=0.3, read_timeout=0.2),
    )
    async with bot:
        yield bot


async def test_bot__calls_through_the_transport() -> None:
    async with TelegramEmulator(TOKEN) as emulator, library_bot(emulator.url) as bot:
        emulator.private(7)
        message = await bot.send_message(7, "<b>x</b>", parse_mode="HTML")

        assert bot.username == "digest_test_bot"
        assert (message.text, message.entities[0].type) == ("x", "bold")
        with pytest.raises(BadRequest, match="Chat not found"):
            await bot.send_message(404, "x")


async def test_bot__gets_the_library_s_own_errors() -> None:
    async with TelegramEmulator(TOKEN) as emulator, library_bot(emulator.url) as bot:
        emulator.private(7)
        emulator.inject(Fault.HANG)
        with pytest.raises(TimedOut):
            await bot.send_message(7, "x")
        emulator.inject(Fault.HANG_UP)
        with pytest.raises(NetworkError) as caught:
            await bot.send_message(7, "x")
        assert not isinstance(caught.value, NotSent)
        await emulator.goes_away()
        with pytest.raises(NotSent):
            await bot.send_message(7, "x")


async def test_bot__files_go_as_a_form() -> None:
    got: dict[str, Any] = {}

    async def take(request: web.Request) -> web.Response:
        form = await request.post()
        got.update(
            {name: value.file.read() if isinstance(value, web.FileField) else value for name, value in form.items()}
        )
        chat = {"id": 7, "type": "private", "first_name": "A"}
        return web.json_response({"ok": True, "result": {"message_id": 1, "date": 1, "chat": chat}})

    application = web.Application()
    application.router.add_post("/{method}", take)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    request = AioRequest()
    bot = telegram.Bot(TOKEN, base_url=lambda _: f"http://127.0.0.1:{runner.addresses[0][1]}", request=request)
    await bot.send_document(7, b"bytes of a file", filename="a.txt", caption="芯片")
    await request.shutdown()
    await runner.cleanup()

    assert b"bytes of a file" in got.values()
    assert (got["chat_id"], got["caption"]) == ("7", "芯片")


async def test_transport__that_is_closed_opens_nothing_again() -> None:
    async with TelegramEmulator(TOKEN) as emulator:
        request = AioRequest(connect_timeout=0.3, read_timeout=0.2)
        await request.shutdown()
        with pytest.raises(NotSent):
            await request.post(f"{emulator.url}/bot{TOKEN}/getMe")
        assert emulator.calls == []
