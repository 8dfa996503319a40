"""The real command, as a process: what only a process and a terminal can show."""

import codecs
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.commandline import SAMPLE

COMMAND = [sys.executable, "-c", "from bot.cli import main; main()"]
ROOT = Path(__file__).parents[2]
STYLE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DIGESTBOT_")}
    return {**kept, "PYTHONPATH": str(ROOT), "TMPDIR": str(folder), "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}


def run(folder: Path, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    command = [*COMMAND, *words]
    return subprocess.run(
        command,
        cwd=folder,
        env=environment(folder),
        input=typed,
        text=True,
        capture_output=True,
        timeout=60,
        check=False,
    )


def test_chat__takes_commands_from_a_pipe(tmp_path: Path) -> None:
    assert run(tmp_path, "load", str(SAMPLE)).returncode == 0
    ended = run(tmp_path, "chat", typed="/day 2025-10-13\n1\n")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "2025.10.13 全球AI新闻速递" in ended.stdout
    assert "✎ message 1, edited" in ended.stdout


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_load__does_not_mind_a_closed_stream(tmp_path: Path, closed: str) -> None:
    shell = ["bash", "-c", f'"$@" {closed}', "bash", *COMMAND, "load", str(SAMPLE)]
    ended = subprocess.run(shell, cwd=tmp_path, env=environment(tmp_path), capture_output=True, timeout=60, check=False)
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert "2025-10-13" in run(tmp_path, "days").stdout


@pytest.mark.parametrize("seconds", [0.2, 0.5, 0.9, 1.4])
def test_command__ends_quietly_by_ctrl_c_from_its_first_moment(tmp_path: Path, seconds: float) -> None:
    with subprocess.Popen(
        [*COMMAND, "chat"],
        cwd=tmp_path,
        env=environment(tmp_path),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        time.sleep(seconds)
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=60)
    assert (process.returncode, b"Traceback" in said[1]) == (130, False), said


def test_load__of_a_mixed_archive_reports_each_and_never_a_traceback(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    archive.mkdir()
    good = SAMPLE.read_bytes()
    bad = [b"", b"{{$json.text}}", bytes(range(256)), good[: len(good) // 3], "只是一篇文章。".encode() * 50]
    for number in range(100):
        (archive / f"2024-01-{number:03}.md").write_bytes(bad[number % 5] if number % 2 else good)
    ended = run(tmp_path, "load", str(archive), "--json")
    assert ended.returncode == 1
    assert len(ended.stdout.splitlines()) == 100
    assert "Traceback" not in ended.stderr


def test_database__out_of_reach_is_told_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("DIGESTBOT_DATABASE_URL=sqlite+aiosqlite:////nowhere/x.db\n")
    ended = run(tmp_path, "load", str(SAMPLE))
    assert (ended.returncode, ended.stdout) == (2, "")
    what, mend = ended.stderr.splitlines()
    assert what == "error: the database can't be used: unable to open database file (sqlite+aiosqlite:////nowhere/x.db)"
    assert "DIGESTBOT_DATABASE_URL" in mend


def test_reader__that_has_seen_enough_is_no_error(tmp_path: Path) -> None:
    run(tmp_path, "load", str(SAMPLE))
    with subprocess.Popen(
        [*COMMAND, "show"], cwd=tmp_path, env=environment(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout and process.stderr  # noqa: PT018
        process.stdout.close()
        assert process.stderr.read() == b""


class Sitting:
    """Somebody at a terminal of 80 columns who runs `digestbot run` without a token."""

    def __init__(self, folder: Path) -> None:
        self._terminal, inner = pty.openpty()
        sized = {**environment(folder), "COLUMNS": "80", "LINES": "24"}
        self.process = subprocess.Popen(
            [*COMMAND, "run"], cwd=folder, env=sized, stdin=inner, stdout=inner, stderr=inner, start_new_session=True
        )
        os.close(inner)
        self._seen = ""
        self._decode = codecs.getincrementaldecoder("utf-8")().decode

    def types(self, text: str) -> None:
        os.write(self._terminal, text.encode())

    def sees(self, text: str, seconds: float = 20) -> str:
        """Wait for `text`; return what came until then, without styles, and begin anew behind it."""
        end = time.monotonic() + seconds
        while text not in self._seen:
            ready, _, _ = select.select([self._terminal], [], [], max(0, end - time.monotonic()))
            assert ready, f"no {text!r} in {self._seen[-2000:]!r}"
            self._seen = STYLE.sub("", self._seen + self._decode(os.read(self._terminal, 65536)))
        before, found, self._seen = self._seen.partition(text)
        return before + found

    def leaves(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._terminal)


@pytest.fixture
def sitting(tmp_path: Path) -> Iterator[Sitting]:
    somebody = Sitting(tmp_path)
    yield somebody
    somebody.leaves()


def test_demo__in_a_terminal(sitting: Sitting, tmp_path: Path) -> None:
    greeting = sitting.sees("下一期：今天 08:00。")
    assert "> /start" in greeting
    assert "> /subscribe" in greeting
    sitting.sees("> ")
    sitting.types("/category 芯片")
    sitting.sees("✉ message 3")
    pushed = sitting.sees("/quit 结束。")
    assert "1. 第三方测试出炉" in pushed
    sitting.sees("> /category 芯片")
    sitting.types("技术\n")
    sitting.sees("[1] ‹ 10月18日 周六")
    sitting.types("1\n")
    sitting.sees("✎ message 4, edited")
    assert "10月18日" in sitting.sees("[1] ‹ 10月17日")
    sitting.types("/quit\n")
    assert sitting.process.wait(10) == 0
    assert not list(tmp_path.iterdir())
