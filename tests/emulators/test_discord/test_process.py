"""The emulator as a process of its own."""

import asyncio
import os
import signal
import sys
from typing import Any

import aiohttp

from tests.emulators.discord import pointed_at
from tests.emulators.test_discord.client import SmallBot

TOKEN = "discord-test-token"


async def test_process__is_steered_and_counts() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.emulators.discord", stdout=asyncio.subprocess.PIPE, env=dict(os.environ)
    )
    assert process.stdout
    url = (await process.stdout.readline()).decode().strip()
    async with aiohttp.ClientSession() as http:

        async def control(**order: Any) -> dict[str, Any]:
            async with http.post(f"{url}/_control", json=order) as answer:
                reply: dict[str, Any] = await answer.json()
                return reply

        assert await control(do="guilds", count=20) == {"guilds": 20}
        with pointed_at(url):
            bot = SmallBot()
            serving = asyncio.create_task(bot.start(TOKEN))
            ran = await control(do="runs", user=1, name="today", channel=1_001_000)
            assert ran["text"] == "Digest\nfor zh-CN"
            for guild in range(1000, 1020):
                await bot.get_partial_messageable(1_000_000 + guild).send("x")
            totals = await control(do="totals")
            assert (totals["sent"], totals["chats_reached"], totals["most_to_one_chat"]) == (20, 20, 1)
            assert (totals["syncs"], len(totals["latencies"])) == (1, 1)
            await control(do="reset")
            assert (await control(do="totals"))["sent"] == 0
            assert "KeyError" in (await control(do="nonsense"))["error"]
            await bot.close()
            await serving
    process.send_signal(signal.SIGTERM)
    assert await process.wait() == 0
