"""A database that is locked, and a disk that is full: it waits, says so, and nothing is lost or doubled."""

import asyncio
import resource
import time
from pathlib import Path

from bot.store.engine import BUSY_TIMEOUT
from tests.acceptance import ledger
from tests.acceptance.chaos.stage import locked, stage
from tests.acceptance.talk import Talk
from tests.emulators.telegram import TelegramEmulator

BEGUN = 20
"""Messages after which the trouble begins."""
SOME_SECONDS = 4.0
DATABASE_LIMIT = 4096
"""Bytes that any file may have while the disk is full: less than all of the database's have."""


async def test_locked_database__is_waited_for(tmp_path: Path, emulator: TelegramEmulator) -> None:
    async with stage(tmp_path, emulator) as on:
        application = on.application
        await application.until(lambda: emulator.sent >= BEGUN, 10)
        with locked(application.database):
            before = emulator.sent
            await asyncio.sleep(SOME_SECONDS)
            held = emulator.sent - before
            waited = await _reader_waits(emulator)
        found = await on.until_done(20)
        print(
            f"\nlocked for {SOME_SECONDS:.0f} s: {held} messages meanwhile, a reader's question took {waited:.2f} s; "
            f"then {emulator.sent - 1} for {found}"
        )
        assert (found.lost.total(), found.doubled.total(), found.wrong) == (0, 0, [])
        assert waited < BUSY_TIMEOUT / 1000 / 2, "it was answered from a locked database, not once that was given up"
        assert held < on.parts - BEGUN


async def test_locked_database__the_bot_is_told_to_end_meanwhile(tmp_path: Path, emulator: TelegramEmulator) -> None:
    async with stage(tmp_path, emulator) as on:
        application = on.application
        await application.until(lambda: emulator.sent >= BEGUN, 10)
        with locked(application.database):
            await asyncio.sleep(1.5)
            begun, ending = time.monotonic(), asyncio.create_task(application.stop())
            await asyncio.sleep(SOME_SECONDS)
        assert await ending == 0
        took, left = time.monotonic() - begun, ledger.deliveries(application.database)
        sending = ledger.parts(application.database, "sending")
        print(f"\ntold to end while locked out for {SOME_SECONDS:.0f} s more: ended after {took:.1f} s, left {left}")
        assert "claimed" not in left
        assert sending == []
        await application.start()
        found = await on.until_done(20)
        assert (found.lost.total(), found.doubled.total(), found.wrong) == (0, 0, [])


async def _reader_waits(emulator: TelegramEmulator) -> float:
    reader = Talk(emulator=emulator, user=7, place=emulator.private(7, language_code="en"))
    begun = time.monotonic()
    await reader.says("/help")
    return time.monotonic() - begun


async def test_full_disk__is_waited_for(tmp_path: Path, emulator: TelegramEmulator) -> None:
    async with stage(tmp_path, emulator) as on:
        application = on.application
        await application.until(lambda: emulator.sent >= BEGUN, 10)
        limit_files(application.pid, DATABASE_LIMIT)
        await asyncio.sleep(SOME_SECONDS)
        sent = emulator.sent
        await asyncio.sleep(1)
        assert emulator.sent == sent
        limit_files(application.pid, resource.RLIM_INFINITY)
        found = await on.until_done(20)
        print(
            f"\nno room on the disk for {SOME_SECONDS + 1:.0f} s: {sent} messages until then, "
            f"in the end {emulator.sent} for {found}"
        )
        assert (found.lost.total(), found.doubled.total(), found.wrong) == (0, 0, [])
        assert "store can't be written to, trying on" in application.log


def limit_files(pid: int, size: int) -> None:
    """Let no file of a process grow beyond `size` bytes: to whoever writes, that is a disk without room."""
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
