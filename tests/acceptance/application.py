"""The bot as its publisher runs it: a process of its own in a folder of its own, set up by its environment."""

import asyncio
import os
import re
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.app import house
from bot.config import Settings
from tests.acceptance.documents import here
from tests.emulators.telegram import TelegramEmulator

TOKEN = "123456:SECRET-of-the-bot"
DISCORD_TOKEN = "SECRET-of-discord"
WEBHOOK_SECRET = "Whoever-knows-this-is-Telegram"
READY = 30.0
"""Seconds the bot may take from its start to its first poll, on a busy machine."""
STOP = 10.0
"""Seconds the bot may take to end when it is told to."""
_ROOT = Path(__file__).parents[2]
_WARNINGS = "error,ignore:'audioop' is deprecated:DeprecationWarning"
"""discord.py imports audioop, for voice."""
_SECRETS = ("SECRET-of-the-bot", WEBHOOK_SECRET, DISCORD_TOKEN)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ended:
    """A command that came to its end."""

    code: int
    out: str
    err: str


class Application:
    """`digestbot run` against an emulator. What it leaves in its log is judged when the test leaves the context.

    It lives where the tests do, so that both mean the same day by today. `clock` may name a file with the seconds by
    which its clock is wrong.
    """

    def __init__(self, folder: Path, emulator: TelegramEmulator, **settings: str) -> None:
        self.folder = folder
        self.emulator = emulator
        self.database = folder / "digestbot.db"
        self.log_file = folder / "log.txt"
        self._process: asyncio.subprocess.Process | None = None
        self.clock: Path | None = None
        self._settings = {
            "telegram_token": TOKEN,
            "telegram_api_url": emulator.url,
            "database_url": f"sqlite+aiosqlite:///{self.database}",
            "log_level": "debug",
            "zone": here().zone,
            **settings,
        }

    @property
    def database_url(self) -> str:
        return self._settings["database_url"]

    @property
    def log(self) -> str:
        return self.log_file.read_text(encoding="utf-8") if self.log_file.exists() else ""

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, _: object, __: TracebackType | None) -> None:
        if kind is not None:
            await self.kill()
            print(self.log[-4000:])
            return
        if self._process is not None:
            assert await self.stop() == 0, self.log[-2000:]
        judge(self.log)

    # ------------------------------------------------------------------ coming and going

    async def start(self) -> None:
        """Start, and wait until it listens."""
        polls, hooks = self.emulator.counts["getUpdates"], self.emulator.counts["setWebhook"]
        await self.launch()
        await self.until(
            lambda: self.emulator.counts["getUpdates"] > polls or self.emulator.counts["setWebhook"] > hooks, READY
        )

    async def launch(self) -> None:
        """Start, and wait for nothing."""
        with self.log_file.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self._run(), cwd=self.folder, env=self._environment(), stdout=log, stderr=log
            )

    async def kill(self) -> None:
        """kill -9: no farewell, nothing put in order."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
        await self.ended()

    async def stop(self) -> int:
        """SIGTERM; return the exit code. Raises TimeoutError when it does not end in time."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        return await self.ended(STOP)

    async def ended(self, seconds: float = STOP) -> int:
        """Wait until it has ended by itself and return the exit code."""
        if self._process is None:
            return 0
        code = await asyncio.wait_for(self._process.wait(), seconds)
        self._process = None
        return code

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    async def until(self, seen: Callable[[], object], seconds: float = 5.0) -> None:
        """Wait until `seen` holds. Raises AssertionError with the end of the log when it does not, or the bot died."""
        deadline = time.monotonic() + seconds
        while not seen():
            assert time.monotonic() < deadline, f"not seen within {seconds} s; the log ends:\n{self.log[-3000:]}"
            assert self.running, f"the bot has ended; the log ends:\n{self.log[-3000:]}"
            await asyncio.sleep(0.01)

    # ------------------------------------------------------------------ beside it

    async def command(self, *words: str | Path) -> Ended:
        """Run another command of `digestbot` on the same settings."""
        process = await asyncio.create_subprocess_exec(
            *_command(*map(str, words)),
            cwd=self.folder,
            env=self._environment(),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await asyncio.wait_for(process.communicate(), 60)
        ended = Ended(code=process.returncode or 0, out=out.decode(), err=err.decode())
        judge(ended.out + ended.err)
        return ended

    async def loads(self, name: str, source: bytes) -> None:
        """Load one document by `digestbot load`."""
        ended = await self.command("load", self._written(name, source))
        assert ended.code == 0, ended

    async def load(self, name: str, source: bytes) -> None:
        """Load one document as `digestbot load` does, but in this process: another takes a second to start."""
        path = self._written(name, source)
        async with house(Settings.model_validate(self._settings)) as there:
            assert (await there.intake.take_file(path)).saved

    def _written(self, name: str, source: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(source)
        return path

    def _run(self) -> tuple[str, ...]:
        if self.clock is None:
            return _command("run")
        return (sys.executable, "-m", "tests.acceptance.astray", str(self.clock), "run")

    def _environment(self) -> dict[str, str]:
        ours = {f"DIGESTBOT_{name.upper()}": value for name, value in self._settings.items()}
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "PYTHONPATH": str(_ROOT),
            "PYTHONUTF8": "1",
            "PYTHONWARNINGS": _WARNINGS,
            "NO_COLOR": "1",
            "COLUMNS": "200",
            **ours,
        }


def judge(log: str) -> None:
    """Raise AssertionError when `log` tells a secret or holds a traceback."""
    for secret in _SECRETS:
        assert secret.casefold() not in log.casefold(), f"a secret is in the log: {_around(log, secret)}"
    assert "Traceback" not in log, log[max(0, log.index("Traceback") - 300) :][:3000]


def _around(log: str, secret: str) -> str:
    found = re.search(re.escape(secret), log, re.IGNORECASE)
    return log[max(0, found.start() - 200) : found.start()] + "<here>" if found else ""


def _command(*words: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "bot.cli", *words)
