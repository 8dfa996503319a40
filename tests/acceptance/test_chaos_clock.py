"""A clock that jumps in the midst of a broadcast: forth, back and into another day."""

import asyncio
from pathlib import Path

from tests.acceptance import ledger
from tests.acceptance.chaos.stage import stage
from tests.emulators.telegram import Fault, TelegramEmulator

BEGUN = 20
"""Messages after which the clock begins to jump."""
HOUR = 3600
JUMPS = (HOUR, -2 * HOUR, 36 * HOUR, 0)
"""Seconds by which the clock is wrong, one after the other: the third is when today's digest is long over."""
MEANWHILE = 1.5


async def test_clock__that_jumps_loses_and_doubles_nothing(tmp_path: Path, emulator: TelegramEmulator) -> None:
    clock = tmp_path / "clock"
    clock.write_text("0", encoding="utf-8")
    emulator.inject(Fault.FLOOD, chance=0.4, retry_after=1, times=None, methods=("sendMessage",))
    async with stage(tmp_path, emulator, clock=clock) as on:
        await on.application.until(lambda: emulator.sent >= BEGUN, 10)
        called = []
        for seconds in JUMPS:
            clock.write_text(str(seconds), encoding="utf-8")
            await asyncio.sleep(MEANWHILE)
            called.append((seconds, emulator.sent, ledger.deliveries(on.application.database)))
        emulator.calm()
        found = await on.until_done(30)
        print(f"\na clock wrong by so many seconds, messages by then and the ledger: {called}; in the end {found}")
        assert (found.lost.total(), found.doubled.total(), found.wrong) == (0, 0, [])
        assert "the clock was set back" in on.application.log
        assert any(states.get("expired") or states.get("failed") for _, _, states in called)
