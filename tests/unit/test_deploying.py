"""The container files, the unit and their page say what is true of the project."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import tomllib
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
import typer
import yaml
from aiohttp import web

from bot.cli import endings
from bot.cli.application import application
from bot.config import PREFIX, Settings

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
UNIT = (ROOT / "docs" / "digestbot.service").read_text(encoding="utf-8")
PAGE = (ROOT / "docs" / "deploying.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")

CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)

SERVICE: dict[str, Any] = COMPOSE["services"]["digestbot"]
SETTINGS = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}


def test_files__name_only_settings_there_are() -> None:
    for text in (DOCKERFILE, UNIT, PAGE, *SERVICE["environment"]):
        assert set(re.findall(rf"{PREFIX}[A-Z_]+", text)) <= SETTINGS


def test_dockerfile__copies_what_is_there_and_is_let_through() -> None:
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = {
        name for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE) for name in line.split()[:-1]
    }
    assert copied == allowed
    assert all((ROOT / name).exists() for name in copied)


def test_dockerfile__is_built_by_the_same_tool_for_the_same_python() -> None:
    version = re.search(r"UV_VERSION := (\S+)", MAKEFILE)
    python = re.search(r"PYTHON \?= python(\S+)", MAKEFILE)
    assert version
    assert python
    assert f"uv=={version[1]}" in DOCKERFILE
    assert set(re.findall(r"FROM python:(\S+)-slim", DOCKERFILE)) == {python[1]}


def test_dockerfile__runs_without_root() -> None:
    assert DOCKERFILE.index("USER digestbot") < DOCKERFILE.index("ENTRYPOINT")


def test_dockerfile__every_extra_is_in_the_image() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["optional-dependencies"]
    installing = re.findall(r"uv sync (.+)$", DOCKERFILE, re.MULTILINE)
    assert installing
    assert all("--all-extras" in options.split() for options in installing)


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1)])
async def test_dockerfile__asks_how_it_is_on_the_port_of_the_settings(status: int, code: int) -> None:
    async def answer(request: web.BaseRequest) -> web.Response:
        return web.Response(status=status if request.path == "/healthz" else 404)

    check = re.search(r"^HEALTHCHECK .* CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    assert check
    _, *arguments = json.loads(check[1])
    runner = web.ServerRunner(web.Server(answer))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    environment = {**os.environ, "DIGESTBOT_WEB_PORT": str(runner.addresses[0][1])}
    asking = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, env=environment, stderr=subprocess.DEVNULL
    )
    assert await asking.wait() == code
    await runner.cleanup()


def test_compose__the_settings_say_the_port_outside_and_the_pages_stay_where_it_leads() -> None:
    port = SERVICE["environment"]["DIGESTBOT_WEB_PORT"]
    assert SERVICE["ports"] == [f"127.0.0.1:${{DIGESTBOT_WEB_PORT:-{port}}}:{port}"]
    assert SERVICE["environment"]["DIGESTBOT_WEB_HOST"] == "0.0.0.0"  # noqa: S104 - inside the container


class Container:
    """What compose.yaml starts, with a bot of our own."""

    def __init__(self, folder: Path, bot: str) -> None:
        self._path = folder
        (folder / "digestbot").write_text(f"#!/bin/sh\n{bot}\n")
        (folder / "digestbot").chmod(0o755)

    def start(self, *command: str) -> "subprocess.Popen[str]":
        given = [word.replace("$$", "$") for word in (*SERVICE["entrypoint"], *(command or SERVICE["command"]))]
        environment = {"PATH": f"{self._path}:{os.environ['PATH']}"}
        pipe = subprocess.PIPE
        return subprocess.Popen(given, env=environment, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


def test_compose__starts_with_the_machine_and_again_after_a_fault(tmp_path: Path) -> None:
    assert SERVICE["restart"] == "unless-stopped"
    with Container(tmp_path, bot=f"echo $1; exit {endings.LATER}").start() as container:
        assert container.communicate() == ("run\n", "")
    assert container.returncode == endings.LATER


def test_unit__only_a_wrong_setting_is_not_tried_again() -> None:
    assert "Restart=on-failure" in UNIT
    assert re.findall(r"RestartPreventExitStatus=(.*)", UNIT) == [str(endings.SETUP)]
    assert f"[ $$code -eq {endings.SETUP} ] || exit" in SERVICE["entrypoint"][2]


def test_compose__a_wrong_setting_is_not_tried_again_and_waits_to_be_mended(tmp_path: Path) -> None:
    with Container(tmp_path, bot="echo tried; exit 2").start() as container:
        assert container.stdout
        assert container.stderr
        assert container.stdout.readline() == "tried\n"
        assert "Change .env" in container.stderr.readline()
        with pytest.raises(subprocess.TimeoutExpired):
            container.wait(0.5)
        container.terminate()
        assert container.wait(5) == 128 + signal.SIGTERM
        assert container.stdout.read() == ""


def test_compose__stopping_lets_the_bot_end_in_its_own_time(tmp_path: Path) -> None:
    bot = "trap 'sleep 0.3; echo answered; exit 0' TERM\necho running\nwhile :; do sleep 0.05; done"
    with Container(tmp_path, bot=bot).start() as container:
        assert container.stdout
        assert container.stdout.readline() == "running\n"
        container.terminate()
        assert container.wait(5) == 0
        assert container.stdout.read() == "answered\n"


def test_compose__another_command_has_the_terminal_and_ends_as_it_ends(tmp_path: Path) -> None:
    with Container(tmp_path, bot='read line; echo "$1: $line"; exit 2').start("chat") as container:
        assert container.communicate("/today\n") == ("chat: /today\n", "")
    assert container.returncode == 2


def test_make_clean__leaves_nothing_that_tools_have_made(tmp_path: Path) -> None:
    copy(ROOT / "Makefile", tmp_path)
    ignored = [line[:-1] for line in (ROOT / ".gitignore").read_text().splitlines() if line.endswith("/")]
    made = [tmp_path / name for name in ignored if name not in {"__pycache__", "*.egg-info"}]
    for folder in made:
        (folder / "deep").mkdir(parents=True)
    (tmp_path / "bot").mkdir()
    subprocess.run(("make", "clean"), cwd=tmp_path, check=True, stdout=subprocess.DEVNULL)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["Makefile", "bot"]


def test_dockerfile__packs_all_that_is_needed_at_run_time() -> None:
    packed = re.search(r"packages = \[(.*?)\]", (ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert packed
    assert {name.strip('" ') for name in packed[1].split(",")} == {"bot", "adapters", "templates", "digests"}


def test_stopping__has_more_time_than_it_takes() -> None:
    seconds = re.search(r"TimeoutStopSec=(\d+)", UNIT)
    assert seconds
    assert int(seconds[1]) > 10
    assert int(SERVICE["stop_grace_period"].removesuffix("s")) > 10


def test_page__names_files_targets_and_commands_there_are() -> None:
    files = set(re.findall(r"\bdocs/([\w.-]+\w)", PAGE))
    targets = set(re.findall(r"\bmake ([\w./-]+)", PAGE))
    commands = set(re.findall(r"\bdigestbot ([a-z]+)\b(?!\))", "\n".join(CODE.findall(PAGE))))
    assert "digestbot.service" in files
    assert files <= {path.name for path in (ROOT / "docs").iterdir()}
    assert "install" in targets
    assert targets <= set(re.findall(r"^([\w-]+):", MAKEFILE, re.MULTILINE))
    assert {"status", "backup", "restore"} <= commands
    assert commands <= {*typer.main.get_group(application()).commands, "digestbot"}


class Checkout:
    """A checkout whose uv only tells what it was asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._told = folder, folder / "told"
        version = re.search(r"UV_VERSION := (\S+)", MAKEFILE)
        assert version
        uv = folder / ".tools" / f"uv-{version[1]}" / "bin" / "uv"
        for made in (uv.parent, folder / ".venv"):
            made.mkdir(parents=True)
        uv.write_text(f'#!/bin/sh\necho "compile=$UV_COMPILE_BYTECODE $*" >> {self._told}\n')
        uv.chmod(0o755)
        for name in ("Makefile", "pyproject.toml", "uv.lock"):
            copy(ROOT / name, folder)

    def make(self, target: str) -> list[str]:
        """Return what uv was asked for."""
        self._told.write_text("")
        subprocess.run(("make", target), cwd=self._folder, check=True, stdout=subprocess.DEVNULL)
        return self._told.read_text().splitlines()


def test_make_install__brings_what_runs_and_compiles_it_where_the_bot_itself_cannot(tmp_path: Path) -> None:
    (asked,) = Checkout(tmp_path).make("install")
    compiled, *words = asked.split()
    assert compiled == "compile=1"
    assert {"sync", "--frozen", "--no-default-groups", "--all-extras"} <= set(words)


def test_make__brings_the_tools_back_that_an_install_left_out(tmp_path: Path) -> None:
    checkout = Checkout(tmp_path)
    first, *_ = checkout.make("check")
    assert "--no-default-groups" not in first
    assert not any(" sync " in line for line in checkout.make("check"))
    checkout.make("install")
    assert checkout.make("check")[0] == first
