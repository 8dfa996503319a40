"""The bot on a day of its own: `python -m tests.acceptance.sunday 2025-10-12T08:00+08:00 run`, the clock going on."""

import asyncio
import sys
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import time_machine

from bot.app import house
from bot.cli import main
from bot.config import Settings
from tests.acceptance.application import Application
from tests.acceptance.documents import SUBJECTS, document
from tests.emulators.telegram import TelegramEmulator


class OnSunday(Application):
    """`digestbot run`, started when it is `now` for it."""

    def __init__(self, folder: Path, emulator: TelegramEmulator, now: datetime, **settings: str) -> None:
        super().__init__(folder, emulator, **settings)
        self.now = now

    async def launch(self) -> None:
        with self.log_file.open("ab") as log:
            command = (sys.executable, "-m", "tests.acceptance.sunday", self.now.isoformat(), "run")
            self._process = await asyncio.create_subprocess_exec(
                *command, cwd=self.folder, env=self._environment(), stdout=log, stderr=log
            )

    async def publish(self, days: Sequence[date], at: datetime) -> None:
        """Load the digests of those days, as if it were `at`."""
        async with house(Settings(database_url=self.database_url), lambda: at) as there:
            for day in days:
                file = self.folder / f"{day}.md"
                file.write_bytes(document(day, subjects=(*SUBJECTS, "安全伦理", "政策监管")))
                assert (await there.intake.take_file(file)).saved


if __name__ == "__main__":
    with time_machine.travel(datetime.fromisoformat(sys.argv.pop(1)), tick=True):
        main()
