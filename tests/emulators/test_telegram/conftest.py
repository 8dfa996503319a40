"""An emulator and two clients of it."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
import telegram
from telegram.request import HTTPXRequest

from tests.emulators.telegram import TelegramEmulator
from tests.emulators.test_telegram import TOKEN


@pytest.fixture
async def emulator() -> AsyncIterator[TelegramEmulator]:
    async with TelegramEmulator(TOKEN) as running:
        running.private(7, language_code="zh-hans", first_name="Lin")
        yield running


@pytest.fixture
async def bot(emulator: TelegramEmulator) -> AsyncIterator[telegram.Bot]:
    patient = HTTPXRequest(connection_pool_size=8, read_timeout=0.5)
    async with telegram.Bot(TOKEN, base_url=f"{emulator.url}/bot", request=patient) as client:
        yield client


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session
