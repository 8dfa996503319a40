"""An emulator and two clients of it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import aiohttp
import pytest

from tests.emulators.discord import DiscordEmulator, Permission, pointed_at
from tests.emulators.test_discord.client import SmallBot

Running = Callable[[SmallBot], AbstractAsyncContextManager[SmallBot]]


@pytest.fixture
async def emulator() -> AsyncIterator[DiscordEmulator]:
    async with DiscordEmulator() as running:
        running.guild(1, locale="zh-CN")
        running.member(1, 7, locale="zh-CN")
        running.member(1, 8, permissions=Permission.MANAGE_CHANNELS)
        running.text(10, 1)
        with pointed_at(running.url):
            yield running


@pytest.fixture
def running(emulator: DiscordEmulator) -> Running:
    """Bring a bot up, and down again."""

    @asynccontextmanager
    async def bring_up(bot: SmallBot) -> AsyncIterator[SmallBot]:
        serving = asyncio.create_task(bot.start(emulator.token))
        try:
            await emulator.wait_for(lambda: serving.done() or "ready" in bot.seen, timeout=10)
            if serving.done():
                await serving
            yield bot
        finally:
            await bot.close()
            await asyncio.wait([serving])

    return bring_up


@pytest.fixture
async def bot(running: Running) -> AsyncIterator[SmallBot]:
    async with running(SmallBot()) as connected:
        yield connected


@pytest.fixture
async def http(emulator: DiscordEmulator) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(headers={"Authorization": f"Bot {emulator.token}"}) as session:
        yield session
