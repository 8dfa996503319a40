"""The transport beneath python-telegram-bot's own calls: who is told what of an answer, and who waits for whom."""

import asyncio
import resource
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from telegram.error import BadRequest, NetworkError, TimedOut

from adapters.telegram.api import connections_for
from adapters.telegram.transport import AioRequest, Body, NotSent
from bot.contract import Pace
from bot.models import Actor, Command
from tests.adapters.telegram_setting import TOKEN, at_telegram, part, private
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


# ------------------------------------------------------------------ who waits for whom


async def test_reply__waits_for_no_push() -> None:
    async with at_telegram(connect_timeout=5, read_timeout=5) as (emulator, adapter):
        emulator.private(7)
        emulator.private(8)
        sent = await adapter.send(private(8), part("asked for"), nonce="")
        hung = emulator.inject(Fault.HANG, chat=7, times=None, methods=("sendMessage", "editMessageText"))
        pushes = [adapter.send(private(7), part("x"), nonce="") for _ in range(60)]
        changes = [adapter.edit(private(7), str(sent.message_id), part("x")) for _ in range(60)]
        crowd = [asyncio.create_task(push) for push in (*pushes, *changes)]
        await emulator.wait_for(lambda: hung.hits == 100)
        async with asyncio.timeout(1):
            await adapter.respond(Command(name="today", actor=Actor(address="8"), chat=private(8)), [part("answer")])
        assert (hung.hits, [message.text for message in emulator.chats[8].messages]) == (100, ["asked for", "answer"])
        for push in crowd:
            push.cancel()
        await asyncio.wait(crowd)


async def test_push__that_is_paid_for_is_held_up_by_the_pace_alone() -> None:
    async with at_telegram(connect_timeout=5, read_timeout=5, paid=True) as (emulator, adapter):
        emulator.private(7)
        hung = emulator.inject(Fault.HANG, times=None)
        crowd = [asyncio.create_task(adapter.send(private(7), part("x"), nonce="")) for _ in range(200)]
        await emulator.wait_for(lambda: hung.hits == 200)
        for push in crowd:
            push.cancel()
        await asyncio.wait(crowd)


@contextmanager
def files(most: int) -> Iterator[None]:
    """The process may have so many files open."""
    before, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (before, hard))


def test_connections__are_enough_for_the_pace_and_leave_half_of_the_files() -> None:
    with files(2048):
        assert [connections_for(Pace(per_second=pace)) for pace in (None, 30, 200, 1000)] == [100, 100, 600, 1024]
    with files(128):
        assert connections_for(Pace(per_second=30)) == 64
