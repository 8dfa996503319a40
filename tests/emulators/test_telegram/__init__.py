"""The emulator against python-telegram-bot's own client, and against bare HTTP where no client would go."""

from typing import Any

import aiohttp

from tests.emulators.telegram import TelegramEmulator

TOKEN = "123456:TEST"
FORUM = -1001


async def call(
    http: aiohttp.ClientSession, emulator: TelegramEmulator, method: str, **params: Any
) -> tuple[int, dict[str, Any]]:
    async with http.post(f"{emulator.url}/bot{TOKEN}/{method}", json=params) as answer:
        return answer.status, await answer.json()
