"""The container files, the unit and their page say what is true of the project."""

import re
from pathlib import Path
from typing import Any

import yaml

from bot.config import PREFIX, Settings

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
UNIT = (ROOT / "docs" / "digestbot.service").read_text(encoding="utf-8")
PAGE = (ROOT / "docs" / "deploying.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")

SETTINGS = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}


def test_files__name_only_settings_there_are() -> None:
    for text in (DOCKERFILE, UNIT, PAGE, *COMPOSE["services"]["digestbot"]["environment"]):
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


def test_dockerfile__runs_without_root_and_is_asked_how_it_is() -> None:
    assert DOCKERFILE.index("USER digestbot") < DOCKERFILE.index("ENTRYPOINT")
    port = re.search(r"DIGESTBOT_WEB_PORT=(\d+)", DOCKERFILE)
    assert port
    assert f"127.0.0.1:{port[1]}/healthz" in DOCKERFILE
    assert COMPOSE["services"]["digestbot"]["ports"] == [f"127.0.0.1:{port[1]}:{port[1]}"]


def test_dockerfile__packs_all_that_is_needed_at_run_time() -> None:
    packed = re.search(r"packages = \[(.*?)\]", (ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert packed
    assert {name.strip('" ') for name in packed[1].split(",")} == {"bot", "adapters", "templates", "digests"}


def test_stopping__has_more_time_than_it_takes() -> None:
    seconds = re.search(r"TimeoutStopSec=(\d+)", UNIT)
    assert seconds
    assert int(seconds[1]) > 10
    assert int(COMPOSE["services"]["digestbot"]["stop_grace_period"].removesuffix("s")) > 10


def test_page__names_targets_and_commands_there_are() -> None:
    for path in re.findall(r"docs/([\w.]+)", PAGE):
        assert (ROOT / "docs" / path).exists()
    assert "make .venv/.synced" in PAGE
