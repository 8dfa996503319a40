"""The settings' faults: all at once, each by its name, whatever the file holds."""

from pathlib import Path

import pytest

from bot import config
from bot.app import house
from bot.delivery import Planner
from bot.errors import ConfigError
from bot.upkeep import thin, watch
from tests.fakes import MORNING, chat, digest, load, subscription

NONE = Path("/nowhere/.env")


def _faults(environment: dict[str, str], env_file: Path = NONE) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        config.read(environment, env_file)
    return str(caught.value).splitlines()


def test_read__every_fault_at_once() -> None:
    faults = _faults(
        {
            "DIGESTBOT_TELEGRAM_TOKN": "1:x",
            "DIGESTBOT_ZONE": "Mars",
            "DIGESTBOT_CATCH_UP": "-3",
            "DIGESTBOT_CORRECT_FOR": "inf",
            "DIGESTBOT_DATABASE_URL": "/var/lib/digestbot.db",
            "DIGESTBOT_TELEGRAM_WEBHOOK_URL": "https://bot.example.com/hook",
        }
    )
    assert {fault.split(":")[0].removeprefix("DIGESTBOT_") for fault in faults} == {
        "TELEGRAM_TOKN",
        "ZONE",
        "CATCH_UP",
        "CORRECT_FOR",
        "DATABASE_URL",
        "TELEGRAM_WEBHOOK_SECRET",
    }


@pytest.mark.parametrize("written", ["digestbot_zone", "DIGSTBOT_ZONE", "DIGESTBOTZONE", "DIGEST_BOT_ZONE"])
def test_read__a_name_in_the_file_misspelt_in_its_first_word(tmp_path: Path, written: str) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text(f"{written}=Asia/Tokyo\nTELEGRAM_TOKEN=of another program\nPATH=/bin\n", encoding="utf-8")
    assert _faults({}, env_file) == [f"{written}: there is no such setting; did you mean DIGESTBOT_ZONE?"]


@pytest.mark.parametrize("url", ["digests.db", "sqlite:///x.db", "mysql://x", "sqlite+aiosqlite://x.db"])
def test_read__a_database_that_we_do_not_speak_to(url: str) -> None:
    (fault,) = _faults({"DIGESTBOT_DATABASE_URL": url})
    assert fault.startswith("DIGESTBOT_DATABASE_URL: write it as sqlite+aiosqlite:///")
    assert fault.endswith("or as postgresql+psycopg://user:password@host/database")


@pytest.mark.parametrize("url", ["postgresql://u:SECRET@h/x", "postgres://h/x", "postgresql+psycopg://"])
def test_read__postgresql_as_it_is_usually_written(url: str) -> None:
    assert _faults({"DIGESTBOT_DATABASE_URL": url}) == [
        "DIGESTBOT_DATABASE_URL: for PostgreSQL write it as postgresql+psycopg://user:password@host/database"
    ]


@pytest.mark.parametrize("place", ["", ":memory:", "file::memory:?uri=true", "file:x?mode=memory&uri=true", "?"])
def test_read__a_database_in_memory_is_none(place: str) -> None:
    (fault,) = _faults({"DIGESTBOT_DATABASE_URL": f"sqlite+aiosqlite:///{place}"})
    assert fault == (
        "DIGESTBOT_DATABASE_URL: what is kept in memory is lost with the process; "
        "name a file, such as sqlite+aiosqlite:///digestbot.db"
    )


def test_read__a_path_at_home_is_written_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    settings = config.read(
        {
            "DIGESTBOT_DIGEST_DIR": "~/digests",
            "DIGESTBOT_TAXONOMY": "~/taxonomy.yaml",
            "DIGESTBOT_DATABASE_URL": "sqlite+aiosqlite:///~/digestbot.db",
        },
        NONE,
    )
    assert (settings.digest_dir, settings.taxonomy) == (Path("/home/me/digests"), Path("/home/me/taxonomy.yaml"))
    assert settings.database_url == "sqlite+aiosqlite:////home/me/digestbot.db"


def test_read__a_home_of_nobody() -> None:
    assert _faults({"DIGESTBOT_DIGEST_DIR": "~nobody-of-that-name/digests"}) == [
        "DIGESTBOT_DIGEST_DIR: '~nobody-of-that-name/digests': there is no such home; write the whole path"
    ]


def test_read__a_webhook_without_https_is_for_a_bot_api_server_of_your_own() -> None:
    given = {
        "DIGESTBOT_TELEGRAM_WEBHOOK_URL": "http://bot.example.com/hook",
        "DIGESTBOT_TELEGRAM_WEBHOOK_SECRET": "a-word",
    }
    assert _faults(given) == [
        "DIGESTBOT_TELEGRAM_WEBHOOK_URL: Telegram calls HTTPS addresses alone; write it as https://..."
    ]
    assert config.read({**given, "DIGESTBOT_TELEGRAM_API_URL": "http://127.0.0.1:8081"}, NONE).telegram_webhook_url


@pytest.mark.parametrize(
    ("name", "written", "said"),
    [
        ("WEB_TOKEN", "short", "it must have 16 characters at least"),
        ("WEB_PORT", "abc", "write a whole number"),
        ("WEB_PORT", "99999", "it must be 65535 at most"),
        ("SEND_AT", "99:99", "write a time as HH:MM such as 08:00"),
        ("LANGUAGE", "fr", "write 'zh-CN' or 'en'"),
        ("WEB_PUBLIC_ARCHIVE", "maybe", "write true or false"),
        ("TELEGRAM_API_URL", "foo", "write a whole address such as https://example.com"),
        ("ALARM_FAILURE_SHARE", "0", "it must be more than 0.0"),
    ],
)
def test_read__says_in_our_words_what_to_write(name: str, written: str, said: str) -> None:
    assert _faults({f"DIGESTBOT_{name}": written}) == [f"DIGESTBOT_{name}: {said}"]


def test_read__no_time_to_catch_up_but_none_to_correct_is_a_wish() -> None:
    assert _faults({"DIGESTBOT_CATCH_UP": "0"}) == ["DIGESTBOT_CATCH_UP: 0 hours would let nothing go out"]
    assert not config.read({"DIGESTBOT_CORRECT_FOR": "0"}, NONE).correct_for


@pytest.mark.parametrize("name", ["CATCH_UP", "CORRECT_FOR", "KEEP_DAYS", "ALARM_SILENT_DAYS"])
def test_read__a_span_that_leaves_the_calendar(name: str) -> None:
    (fault,) = _faults({f"DIGESTBOT_{name}": "99999999"})
    assert fault.startswith(f"DIGESTBOT_{name}: ")
    assert "36500" in fault or "876000 hours" in fault


async def test_read__the_longest_spans_can_be_counted_from_today(tmp_path: Path) -> None:
    settings = config.read(
        {
            "DIGESTBOT_DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path / 'long.db'}",
            "DIGESTBOT_CATCH_UP": "876000",
            "DIGESTBOT_CORRECT_FOR": "876000",
            "DIGESTBOT_KEEP_DAYS": "36500",
            "DIGESTBOT_ALARM_SILENT_DAYS": "36500",
        },
        NONE,
    )
    async with house(settings) as at:
        await load(at.store, digest(items=1))
        await at.store.subscriptions.put(subscription(chat(1)))
        planner = Planner(at.store, catch_up=settings.catch_up, correct_for=settings.correct_for)
        assert await planner.plan(MORNING) == 1
        await thin(settings, at.store, MORNING)
        await watch(settings, at.store, at.renderer, {}).look(MORNING)


def test_read__a_webhook_secret_that_telegram_refuses_is_not_repeated() -> None:
    (fault,) = _faults({"DIGESTBOT_TELEGRAM_WEBHOOK_SECRET": "hush hush!"})
    assert fault.startswith("DIGESTBOT_TELEGRAM_WEBHOOK_SECRET: Telegram takes")
    assert "hush" not in fault


def test_read__lines_of_the_file_that_set_nothing(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text('DIGESTBOT_ZONE=Mars\nDIGESTBOT_TELEGRAM_TOKEN="1:hush\n', encoding="utf-8")
    faults = _faults({}, env_file)
    assert [fault.partition(": ")[0] for fault in faults] == [f"{env_file}:2", "DIGESTBOT_ZONE"]
    assert "hush" not in "".join(faults)


def test_read__a_file_that_is_no_text(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_bytes(b"\xff\xfeD\x00")
    assert _faults({}, env_file) == [f"{env_file} can't be read: save it as UTF-8"]


def test_read__the_environment_wins_and_the_file_may_have_a_mark_and_comments(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    text = (
        "\ufeffDIGESTBOT_ZONE=UTC\n# a comment\nexport DIGESTBOT_LANGUAGE='en' # another\nOTHER=1\nDIGESTBOT_SEND_AT=\n"
    )
    env_file.write_text(text, encoding="utf-8")
    settings = config.read({"DIGESTBOT_ZONE": "Asia/Tokyo"}, env_file)
    assert (settings.zone, settings.language, f"{settings.send_at:%H:%M}") == ("Asia/Tokyo", "en", "08:00")


def test_read__pages_that_others_reach_need_a_password() -> None:
    from_afar = {"DIGESTBOT_WEB_PORT": "8080", "DIGESTBOT_WEB_HOST": "0.0.0.0"}  # noqa: S104
    with pytest.raises(ConfigError, match="DIGESTBOT_WEB_TOKEN: needed where others can reach"):
        config.read(from_afar, env_file=Path("none"))
    with pytest.raises(ConfigError, match="DIGESTBOT_WEB_TOKEN: needed where others can reach"):
        config.read({"DIGESTBOT_WEB_HOST": "0.0.0.0"}, env_file=Path("none"))  # noqa: S104 - the demo takes a port itself
    with pytest.raises(ConfigError, match=r"DIGESTBOT_WEB_TOKEN: .*16"):
        config.read({"DIGESTBOT_WEB_TOKEN": "short"}, env_file=Path("none"))
    config.read({**from_afar, "DIGESTBOT_WEB_TOKEN": "a-long-random-word"}, env_file=Path("none"))
    for host in ("127.0.0.1", "127.0.0.9", "::1", "localhost"):
        config.read({**from_afar, "DIGESTBOT_WEB_HOST": host}, env_file=Path("none"))
