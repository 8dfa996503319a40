"""The command line as a whole: its help, and how what a user can mend is told."""

import socket
import sys
import tempfile
from pathlib import Path

import pytest

from bot import playground
from bot.cli import demo
from tests.unit.commandline import SAMPLE, CommandLine

COMMANDS = ("run", "load", "check", "show", "days", "chat", "status", "doctor", "publish", "links")


def test_help__names_every_command(digestbot: CommandLine) -> None:
    ended = digestbot("--help")
    assert ended.code == 0
    assert all(f" {command} " in ended.out for command in COMMANDS)
    assert "DIGESTBOT_TELEGRAM_TOKEN" in ended.out


@pytest.mark.parametrize("command", COMMANDS)
def test_help__every_command_has_its_own(digestbot: CommandLine, command: str) -> None:
    ended = digestbot(command, "-h")
    assert ended.code == 0
    assert f"digestbot {command}" in ended.out
    assert not any(sign in ended.out for sign in ("[[", "...}"))


@pytest.mark.parametrize(
    ("words", "usage"),
    [
        ((), "digestbot [OPTIONS] COMMAND [ARGS]..."),
        (("load",), "digestbot load [OPTIONS] {PATH}..."),
        (("search",), "digestbot search [OPTIONS] [WORDS]..."),
        (("subs",), "digestbot subs [OPTIONS] COMMAND [ARGS]..."),
        (("subs", "add"), "digestbot subs add [OPTIONS] {PLATFORM}"),
        (("subs", "pause"), "digestbot subs pause [OPTIONS] {NUMBER}..."),
    ],
)
def test_help__names_words_in_one_way_and_no_type_where_none_is_written(
    digestbot: CommandLine, words: tuple[str, ...], usage: str
) -> None:
    ended = digestbot(*words, "--help")
    assert f" Usage: {usage} " in ended.out
    assert "<bool>" not in ended.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show", "--format", "huge"), "'--format' / '-f': 'huge' is not one of 'full', 'brief', 'headlines', 'news'."),
        (("show", "--language", "fr"), "'--language' / '-l': 'fr' is not one of 'zh-CN', 'en'."),
        (("subs", "pause", "x"), "'NUMBER': write a whole number"),
        (("subs", "pause", "0"), "'NUMBER': it must be 1 at least"),
        (("days", "-n", "0"), "'--limit' / '-n': it must be 1 at least"),
    ],
)
def test_options__say_in_our_words_what_is_wrong(digestbot: CommandLine, words: tuple[str, ...], said: str) -> None:
    ended = digestbot(*words)
    assert (ended.code, ended.out) == (2, "")
    assert f"Invalid value for {said} " in ended.err


def test_version__is_told(digestbot: CommandLine) -> None:
    assert digestbot("--version").out.startswith("digestbot ")


@pytest.mark.parametrize("command", [("days",), ("run",), ("chat",), ("status",), ("load", str(SAMPLE)), ("show",)])
def test_settings__all_faults_at_once_and_2(digestbot: CommandLine, command: tuple[str, ...]) -> None:
    digestbot.set(telegram_tokn="1:SECRET", zone="Mars", send_at="8")
    ended = digestbot(*command)
    assert (ended.code, ended.out) == (2, "")
    assert [line.split(":")[1].strip() for line in ended.err.splitlines()] == [
        "DIGESTBOT_TELEGRAM_TOKN",
        "DIGESTBOT_ZONE",
        "DIGESTBOT_SEND_AT",
    ]
    assert "SECRET" not in ended.err


@pytest.mark.parametrize("url", ["rubbish", "sqlite+aiosqlite:////nowhere/x.db", "sqlite:///x.db", "no://u:SECRET@h/x"])
def test_database__that_can_not_be_used_is_told_and_2(digestbot: CommandLine, url: str) -> None:
    digestbot.set(database_url=url)
    ended = digestbot("days")
    assert ended.code == 2
    assert ended.err.startswith("error: ")
    assert "SECRET" not in ended.err


@pytest.mark.parametrize("url", ["sqlite+aiosqlite:////nowhere/x.db", "postgresql+psycopg://u:SECRET@127.0.0.1:9/x"])
def test_run__a_database_that_is_away_is_to_be_tried_again(digestbot: CommandLine, url: str) -> None:
    digestbot.set(database_url=url, telegram_token="1:SECRET", telegram_api_url="http://127.0.0.1:9")
    ended = digestbot("run")
    assert (ended.code, ended.err.startswith("error: the database can't be used")) == (3, True), ended.err
    assert "digestbot doctor" in ended.err
    assert "SECRET" not in ended.err


def test_run__an_address_that_is_none_is_a_wrong_setting(digestbot: CommandLine) -> None:
    digestbot.set(database_url="postgresql+psycopg://u:SECRET@host:port/x", telegram_token="1:SECRET")
    ended = digestbot("run")
    assert (ended.code, ended.err.startswith("error: DIGESTBOT_DATABASE_URL: ")) == (2, True), ended.err


def test_run__a_port_that_is_taken_is_to_be_tried_again(digestbot: CommandLine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        digestbot.set(web_port=str(taken.getsockname()[1]))
        ended = digestbot("run")
    assert (ended.code, "DIGESTBOT_WEB_PORT: can't listen on" in ended.err) == (3, True), ended.err


def test_run__an_address_of_another_machine_is_a_wrong_setting(digestbot: CommandLine) -> None:
    digestbot.set(web_port="8321", web_host="192.0.2.1", web_token="a-SECRET-of-sixteen")
    ended = digestbot("run")
    assert (ended.code, "DIGESTBOT_WEB_PORT: can't listen on" in ended.err) == (2, True), ended.err


def test_settings__of_env_files_are_read(digestbot: CommandLine) -> None:
    digestbot.write(".env", "DIGESTBOT_ZONE=Mars\n")
    assert "DIGESTBOT_ZONE" in digestbot("days").err


def test_command__that_is_none_is_told(digestbot: CommandLine) -> None:
    ended = digestbot("nonsense")
    assert ended.code == 2
    assert "nonsense" in ended.err


# ------------------------------------------------------------------ chat and demo


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A file that stands for the keyboard."""
    path = tmp_path / "typed.txt"
    path.touch()
    monkeypatch.setattr(sys, "stdin", path.open(encoding="utf-8"))
    return path


def test_chat__answers_what_is_piped_in(digestbot: CommandLine, typed: Path) -> None:
    digestbot("load", SAMPLE)
    typed.write_text("/day 2025-10-13\n/quit\n", encoding="utf-8")
    ended = digestbot("chat")
    sys.stdin.close()
    assert (ended.code, ended.err) == (0, "")
    assert "> /day 2025-10-13" in ended.out
    assert "2025.10.13 全球AI新闻速递" in ended.out


@pytest.mark.parametrize(
    ("language", "here"), [("en", "Open http://localhost:"), ("zh-CN", "在浏览器里打开 http://localhost:")]
)
def test_demo__says_where_its_pages_are(digestbot: CommandLine, typed: Path, language: str, here: str) -> None:
    digestbot.set(web_host="localhost", language=language)
    typed.write_text("/quit\n", encoding="utf-8")
    ended = digestbot("run")
    sys.stdin.close()
    assert (ended.code, ended.err) == (0, "")
    assert here in ended.out
    assert ".env" in ended.out
    assert "{" not in ended.out


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8321"),
        ("::1", "http://[::1]:8321"),
        ("0.0.0.0", "http://127.0.0.1:8321"),  # noqa: S104 - as a container sets it
        ("::", "http://[::1]:8321"),
        ("bot.example", "http://bot.example:8321"),
    ],
)
def test_demo__an_address_is_one_that_a_browser_here_can_open(host: str, address: str) -> None:
    assert demo.address_of(host, 8321) == address


@pytest.mark.usefixtures("typed")
def test_demo__promises_no_page_where_the_port_is_taken(digestbot: CommandLine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        digestbot.set(web_port=str(taken.getsockname()[1]))
        ended = digestbot("run")
    sys.stdin.close()
    assert ended.code == 3
    assert "DIGESTBOT_WEB_PORT: can't listen on 127.0.0.1:" in ended.err
    assert "http://" not in ended.out


def test_demo__greets_subscribes_pushes_and_leaves_nothing(
    digestbot: CommandLine, typed: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(playground, "HEAD_START", playground.HEAD_START / 2)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    digestbot.set(digest_dir="/nowhere", database_url="sqlite+aiosqlite:////nowhere/x.db", catch_up="0.00001")
    typed.write_text("/category 芯片技术\n", encoding="utf-8")
    ended = digestbot("run")
    sys.stdin.close()
    assert (ended.code, ended.err) == (0, "")
    order = ["DIGESTBOT_TELEGRAM_TOKEN", "> /start", "> /subscribe", "> /category 芯片技术", "✉ message 4"]
    places = [ended.out.index(words) for words in order]
    assert places == sorted(places)
    pushed = ended.out[places[-1] :]
    assert "1. 第三方测试出炉" in pushed
    assert "10. 远帆智能" in pushed
    assert pushed.count("✉") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["typed.txt"]
