from datetime import time
from pathlib import Path

import pytest

from bot import config
from bot.errors import ConfigError

NONE = Path("/nowhere/.env")


def test_admins__are_platform_and_address_each_once() -> None:
    settings = config.read({"DIGESTBOT_ADMINS": "telegram:12345, telegram:-100987,telegram:12345,"}, env_file=NONE)
    assert settings.admins == (("telegram", "12345"), ("telegram", "-100987"))


@pytest.mark.parametrize("written", ["12345", "telegram:", "telegramm:12345", "telegram:12345;telegram:1"])
def test_admins__what_is_none_is_named_with_an_example(written: str) -> None:
    with pytest.raises(ConfigError, match=r"DIGESTBOT_ADMINS: .*such as telegram:12345"):
        config.read({"DIGESTBOT_ADMINS": written}, env_file=NONE)


def test_admins__a_name_on_telegram_is_no_id() -> None:
    with pytest.raises(ConfigError, match="'telegram:@ada': Telegram's ids are numbers"):
        config.read({"DIGESTBOT_ADMINS": "telegram:@ada"}, env_file=NONE)


def test_admins__robots_are_none() -> None:
    with pytest.raises(ConfigError, match="DIGESTBOT_ADMINS: 'wecom:r-1a2b3c4d': a WeCom robot hears nothing"):
        config.read({"DIGESTBOT_ADMINS": "wecom:r-1a2b3c4d"}, env_file=NONE)


def test_alarm_at__is_a_time_of_day() -> None:
    assert config.read({"DIGESTBOT_ALARM_AT": "10:30"}, env_file=NONE).alarm_at == time(10, 30)
    with pytest.raises(ConfigError, match="DIGESTBOT_ALARM_AT: '10' is not a time"):
        config.read({"DIGESTBOT_ALARM_AT": "10"}, env_file=NONE)


@pytest.mark.parametrize("setting", ["KEEP_DAYS=6", "ALARM_SILENT_DAYS=-1", "ALARM_FAILURE_SHARE=20", "WEB_PORT=0"])
def test_limits__of_what_is_kept_watched_and_served(setting: str) -> None:
    name, value = f"DIGESTBOT_{setting}".split("=")
    with pytest.raises(ConfigError, match=name):
        config.read({name: value}, env_file=NONE)
