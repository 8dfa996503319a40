"""An operator who can't be told now keeps no alarm from the others."""

import asyncio
from pathlib import Path

from bot.errors import RateLimited
from tests.fakes import MORNING
from tests.unit.alarming import ADMINS, OTHER, SOON, told, watch
from tests.unit.delivering import PATIENCE, until, world


async def test_look__an_operator_in_a_long_flood_wait_keeps_no_alarm_from_another(tmp_path: Path) -> None:
    async with world(tmp_path) as there:
        await there.store.leases.hold("console", MORNING)
        there.platform.script("operator", RateLimited("slow down", retry_after=3600, scope="chat"))
        watching = watch(there, admins=ADMINS, patience=0.05)
        await watching.look(MORNING)
        await there.store.files.note("/digests/today.md", "0", "refused: it has no items", MORNING)
        for look in (1, 2):
            async with asyncio.timeout(PATIENCE):
                await watching.look(MORNING + look * SOON)
        assert (told(there), told(there, OTHER)) == (0, 2)


async def test_look__an_operator_whose_platform_is_slow_keeps_no_alarm_from_another(tmp_path: Path) -> None:
    async with world(tmp_path) as there:
        await there.store.leases.hold("console", MORNING)
        slow = asyncio.Event()
        there.platform.script("operator", slow)
        look = asyncio.create_task(watch(there, admins=ADMINS, patience=0.05).look(MORNING))
        await until(lambda: told(there, OTHER) == 1)
        await asyncio.sleep(0.1)
        slow.set()
        await look
        assert told(there) == 1, "who has the turn is not cut off: it would be told twice"
