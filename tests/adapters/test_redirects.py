"""Wherever an answer points to: what is said to a platform goes nowhere else, since its address may be secret."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from adapters.discord import DiscordAdapter
from adapters.telegram import TelegramAdapter
from adapters.wecom import WecomAdapter
from bot.contract import Adapter
from bot.errors import DeliveryError
from bot.models import Chat, Part
from tests.adapters.discord_setting import room
from tests.adapters.telegram_setting import TOKEN, private
from tests.adapters.wecom_setting import group

ELSEWHERE = "/elsewhere"
ACCOUNTS: list[tuple[Callable[[str], Adapter], Chat]] = [
    (lambda url: TelegramAdapter(TOKEN, api_url=url), private()),
    (lambda url: DiscordAdapter(TOKEN, api_url=url), room()),
    (lambda url: WecomAdapter(api_url=url), group()),
]


@asynccontextmanager
async def pointing(status: int) -> AsyncIterator[tuple[str, list[str]]]:
    """A server that sends everybody elsewhere; its address, and the paths that were asked for."""
    asked: list[str] = []

    async def answer(request: web.BaseRequest) -> web.Response:
        asked.append(request.path)
        return web.Response(status=status, headers={"Location": ELSEWHERE} if request.path != ELSEWHERE else {})

    runner = web.ServerRunner(web.Server(answer))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}", asked
    finally:
        await runner.cleanup()


@pytest.mark.parametrize("status", [302, 307])
@pytest.mark.parametrize(("account", "chat"), ACCOUNTS, ids=["telegram", "discord", "wecom"])
async def test_send__follows_no_redirect(account: Callable[[str], Adapter], chat: Chat, status: int) -> None:
    async with pointing(status) as (url, asked):
        adapter = account(url)
        with pytest.raises(DeliveryError):
            await adapter.send(chat, Part(markup="x"), nonce="n")
        await adapter.close()

    assert len(asked) == 1
    assert ELSEWHERE not in asked
