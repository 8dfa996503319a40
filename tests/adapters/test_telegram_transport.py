"""The transport beneath python-telegram-bot's own calls: what becomes of an answer."""

import pytest
from telegram.error import BadRequest, NetworkError, TimedOut

from adapters.telegram.transport import AioRequest, Body, NotSent
from tests.adapters.telegram_setting import TOKEN
from tests.emulators.telegram import Fault, TelegramEmulator


async def test_transport__posts_json_and_returns_the_result() -> None:
    async with TelegramEmulator(TOKEN) as emulator:
        emulator.private(7)
        request = AioRequest(connect_timeout=0.3, read_timeout=0.2)
        url = f"{emulator.url}/bot{TOKEN}/sendMessage"
        sent = await request.post(url, Body.of({"chat_id": 7, "text": "<b>芯片</b>", "parse_mode": "HTML"}))
        assert isinstance(sent, dict)
        assert (sent["text"], sent["entities"][0]["type"]) == ("芯片", "bold")
        with pytest.raises(BadRequest, match="Chat not found"):
            await request.post(url, Body.of({"chat_id": 404, "text": "x"}))
        await request.shutdown()


async def test_transport__raises_the_library_s_own_errors() -> None:
    async with TelegramEmulator(TOKEN) as emulator:
        emulator.private(7)
        request = AioRequest(connect_timeout=0.3, read_timeout=0.2)
        url, body = f"{emulator.url}/bot{TOKEN}/sendMessage", Body.of({"chat_id": 7, "text": "x"})
        emulator.inject(Fault.HANG)
        with pytest.raises(TimedOut):
            await request.post(url, body)
        emulator.inject(Fault.HANG_UP)
        with pytest.raises(NetworkError) as caught:
            await request.post(url, body)
        assert not isinstance(caught.value, NotSent)
        await emulator.goes_away()
        with pytest.raises(NotSent):
            await request.post(url, body)
        await request.shutdown()


async def test_transport__that_is_closed_opens_nothing_again() -> None:
    async with TelegramEmulator(TOKEN) as emulator:
        request = AioRequest(connect_timeout=0.3, read_timeout=0.2)
        await request.shutdown()
        with pytest.raises(NotSent):
            await request.post(f"{emulator.url}/bot{TOKEN}/getMe", Body.of({}))
        assert emulator.calls == []
