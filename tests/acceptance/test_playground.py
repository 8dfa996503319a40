"""The playground beside the real bot: its clock moves for nobody else."""

import json
import re
from pathlib import Path

import aiohttp

from tests.acceptance import ledger
from tests.acceptance.application import Application
from tests.acceptance.documents import document, here
from tests.acceptance.seeding import Subscriber, at_place, subscribe
from tests.emulators.telegram import TelegramEmulator

LEAPS = 5


async def test_leaps__reach_no_real_chat(tmp_path: Path, emulator: TelegramEmulator, unused_tcp_port: int) -> None:
    place, reader = here(), emulator.private(7)
    application = Application(tmp_path, emulator, web_port=str(unused_tcp_port))
    await subscribe(application, [Subscriber(chat=at_place(reader), zone=place.zone)])
    await application.load("today.md", document(place.today))
    jar = aiohttp.CookieJar(unsafe=True)
    async with (
        application,
        aiohttp.ClientSession(f"http://127.0.0.1:{unused_tcp_port}", cookie_jar=jar) as browser,
    ):
        await application.until(lambda: len(reader.messages) == 1, 15)
        landings = [await _leap(browser) for _ in range(LEAPS)]
        assert landings == sorted(landings)
        assert (await (await browser.get("/archive")).text()).count("/archive/20") == 1, "the archive is the real one"
        await application.until(lambda: ledger.unsettled(application.database) == 0, 15)
    assert len(reader.messages) == 1
    assert sum(ledger.deliveries(application.database).values()) == 1


async def _leap(browser: aiohttp.ClientSession) -> str:
    page = await (await browser.get("/chat")).text()
    mark = re.search(r'name="mark" content="([0-9a-f]+)"', page)
    assert mark
    headers = {"X-Digestbot-Mark": mark[1]}
    async with browser.post("/chat/clock", data=json.dumps({"leap": "morning"}), headers=headers) as response:
        assert response.status == 200
        return str((await response.json())["now"])
