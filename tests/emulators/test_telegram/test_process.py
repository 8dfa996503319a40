"""The emulator as a process of its own."""

import asyncio
import os
import signal
import sys
from typing import Any

import aiohttp

from tests.emulators.test_telegram import TOKEN


async def test_process__is_steered_and_counts(http: aiohttp.ClientSession) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.emulators.telegram", stdout=asyncio.subprocess.PIPE, env=dict(os.environ)
    )
    assert process.stdout
    url = (await process.stdout.readline()).decode().strip()

    async def control(**order: Any) -> dict[str, Any]:
        async with http.post(f"{url}/_control", json=order) as answer:
            reply: dict[str, Any] = await answer.json()
            return reply

    assert await control(do="private_chats", count=50) == {"chats": 50}
    await control(do="types", user=1007, text="/today")
    for chat in range(1000, 1050):
        async with http.post(f"{url}/bot{TOKEN}/sendMessage", json={"chat_id": chat, "text": "x"}) as answer:
            assert answer.status == 200
    totals = await control(do="totals")
    assert (totals["sent"], totals["chats_reached"], totals["most_to_one_chat"]) == (50, 50, 1)
    assert len(totals["latencies"]) == 1
    await control(do="reset")
    assert (await control(do="totals"))["sent"] == 0
    assert "KeyError" in (await control(do="nonsense"))["error"]
    process.send_signal(signal.SIGTERM)
    assert await process.wait() == 0
