"""The command line, called in this process in a folder of its own."""

import asyncio
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import structlog

from bot.cli import main
from bot.store import Store

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "digests" / "2025-10-13.md"
SEED = ROOT / "tests" / "seed" / "2025-10-12.md"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class CommandLine:
    """`digestbot`, with the settings that were set by `set`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], folder: Path) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys
        self.folder = folder
        monkeypatch.chdir(folder)
        monkeypatch.setenv("COLUMNS", "200")
        monkeypatch.setenv("TERM", "dumb")

    @property
    def url(self) -> str:
        return f"sqlite+aiosqlite:///{self.folder}/digestbot.db"

    def set(self, **values: str) -> None:
        for name, value in values.items():
            self._monkeypatch.setenv(f"DIGESTBOT_{name.upper()}", value)

    def __call__(self, *words: object) -> Outcome:
        """Run a command to its end; a traceback fails the test."""
        self._monkeypatch.setattr(sys, "argv", ["digestbot", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = self._capsys.readouterr()
        code = ended.value.code
        assert code is None or isinstance(code, int)
        return Outcome(code=code or 0, out=said.out, err=said.err)

    def make_database(self) -> None:
        """Make one with nothing in it, as the bot does when it runs for the first time."""
        asyncio.run(_make(self.url))

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path


async def _make(url: str) -> None:
    store = await Store.open(url)
    await store.close()


@pytest.fixture
def digestbot(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Iterator[CommandLine]:
    yield CommandLine(monkeypatch, capsys, tmp_path)
    structlog.reset_defaults()  # a command may have sent the log to this test's standard error, which is closed now
