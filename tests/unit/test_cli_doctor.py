"""`doctor`: every fault with its remedy."""

import resource
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine

from bot.cli import doctor
from tests.emulators.telegram import TelegramEmulator
from tests.unit.commandline import CommandLine
from tests.unit.endpoint import KEY, endpoint, labels
from tests.unit.robots import reader

TOKEN = "123456:SECRET-of-the-bot"


def test_doctor__all_is_well_without_a_platform(digestbot: CommandLine) -> None:
    ended = digestbot("doctor")
    assert ended.code == 0
    assert all(line.startswith("✓ ") for line in ended.out.splitlines())
    seen = {line.split(":")[0].removeprefix("✓ ") for line in ended.out.splitlines()}
    assert seen == {
        *("settings", "database", "zone", "templates", "categories", "model", "digest folder", "wecom", "platforms")
    }
    assert "(DIGESTBOT_TELEGRAM_TOKEN, DIGESTBOT_DISCORD_TOKEN)" in ended.out


def test_doctor__every_fault_has_a_remedy(digestbot: CommandLine) -> None:
    digestbot.set(database_url="sqlite+aiosqlite:////nowhere/x.db", digest_dir="/nowhere", taxonomy="/nowhere/t.yaml")
    digestbot.set(telegram_token=TOKEN, telegram_api_url="http://127.0.0.1:9")
    lines = digestbot("doctor").out.splitlines()
    bad = [line.split(":")[0] for line in lines if line.startswith("✗ ")]
    assert bad == ["✗ database", "✗ categories", "✗ digest folder", "✗ telegram"]
    assert all(lines[place + 1].startswith("  → ") for place, line in enumerate(lines) if line.startswith("✗ "))
    assert "SECRET" not in "".join(lines)


@pytest.mark.parametrize(
    ("url", "found", "mend"),
    [
        ("postgresql+psycopg://u:SECRET@127.0.0.1:9/x", "connection", "see that PostgreSQL runs"),
        ("postgresql+psycopg://u:SECRET@host:port/x", "DIGESTBOT_DATABASE_URL", "mend DIGESTBOT_DATABASE_URL"),
        (
            "sqlite+aiosqlite:////nowhere/x.db",
            "there is no database /nowhere/x.db",
            "a file in a folder that you may write to",
        ),
    ],
)
def test_doctor__what_to_do_fits_the_database(digestbot: CommandLine, url: str, found: str, mend: str) -> None:
    digestbot.set(database_url=url)
    lines = digestbot("doctor").out.splitlines()
    (place,) = (number for number, line in enumerate(lines) if line.startswith("✗ database: "))
    assert found in lines[place]
    assert mend in lines[place + 1]
    assert "SECRET" not in "".join(lines)


def test_doctor__a_database_that_is_not_there_is_told_and_not_made(digestbot: CommandLine) -> None:
    ended = digestbot("doctor")
    assert ended.code == 0
    assert f"✓ database: there is no database {digestbot.folder / 'digestbot.db'}" in ended.out
    assert list(digestbot.folder.iterdir()) == []


def test_doctor__a_disk_without_room(digestbot: CommandLine) -> None:
    digestbot.write("digestbot.db", "")
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, most))
    try:
        lines = digestbot("doctor").out.splitlines()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    (place,) = (number for number, line in enumerate(lines) if line.startswith("✗ database: "))
    assert "make room on the disk" in lines[place + 1]


def test_doctor__a_file_in_place_of_the_folder(digestbot: CommandLine) -> None:
    digestbot.set(digest_dir=str(digestbot.write("today.md", "a digest")))
    ended = digestbot("doctor")
    assert f"✗ digest folder: {digestbot.folder}/today.md is a file, not a folder" in ended.out
    assert "digestbot load" in ended.out


def test_doctor__faulty_settings_all_at_once(digestbot: CommandLine) -> None:
    digestbot.set(telegram_tokn=TOKEN, zone="Mars")
    ended = digestbot("doctor")
    assert ended.code == 1
    assert "did you mean DIGESTBOT_TELEGRAM_TOKEN?" in ended.out
    assert "DIGESTBOT_ZONE: 'Mars' is not a time zone" in ended.out
    assert "SECRET" not in ended.out


@pytest.mark.parametrize(
    ("token", "well", "said"),
    [
        (TOKEN, True, "✓ telegram: the token is good: @"),
        ("123456:another-SECRET", False, "✗ telegram: DIGESTBOT_TELEGRAM_TOKEN"),
    ],
)
async def test_doctor__asks_the_platform(
    token: str,
    well: bool,  # noqa: FBT001
    said: str,
    digestbot: CommandLine,
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with TelegramEmulator(TOKEN) as emulator:
        digestbot.set(telegram_token=token, telegram_api_url=emulator.url)
        assert await doctor._examine() is well
    out = capsys.readouterr().out
    assert said in out
    assert "SECRET" not in out


def test_doctor__tells_how_far_working_days_are_known_to_who_lives_by_them(digestbot: CommandLine) -> None:
    reader(digestbot)
    assert "working days" not in digestbot("doctor").out
    digestbot("subs", "edit", 1, "--days", "cn")
    for year, code, said in (
        (2025, 0, "✓ working days: cn: known for 2025 and 2026"),
        (2090, 1, "✗ working days: cn: which weekends of 2090 are worked is not known; its holidays are free"),
    ):
        with time_machine.travel(datetime(year, 6, 1, tzinfo=UTC)):
            ended = digestbot("doctor")
        assert (ended.code, said in ended.out) == (code, True), ended.out
    assert "uv lock --upgrade-package holidays" in ended.out


@pytest.mark.parametrize(
    ("answer", "well", "said"),
    [
        (labels({1: ("chips",)}), True, "✓ model: a-model answers"),
        (401, False, "✗ model: a-model: the endpoint answered HTTP 401; the rules sort meanwhile"),
        ("no", False, "✗ model: a-model: the model's answer does not follow the schema"),
    ],
)
async def test_doctor__asks_the_model(
    answer: int | str,
    well: bool,  # noqa: FBT001
    said: str,
    digestbot: CommandLine,
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with endpoint() as served:
        served.script.append(answer)
        digestbot.set(ai_url=served.url, ai_key=KEY, ai_model="a-model")
        assert await doctor._examine() is well
    out = capsys.readouterr().out
    assert said in out
    assert "SECRET" not in out


def test_doctor__a_file_that_is_no_database(digestbot: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "digestbot.db").write_bytes(b"not a database" * 1000)
    ended = digestbot("doctor")
    assert ended.code == 1
    assert "✗ database: the database can't be used: file is not a database" in ended.out
