"""The settings of the model: all three or none, and the key is never repeated."""

from pathlib import Path

import pytest

from bot import config
from bot.errors import ConfigError

NONE = Path("/nowhere/.env")
URL, KEY, MODEL = "DIGESTBOT_AI_URL", "DIGESTBOT_AI_KEY", "DIGESTBOT_AI_MODEL"
ALL = {URL: "https://models.example.com/v1", KEY: "sk-hush", MODEL: "a-model"}


def _faults(environment: dict[str, str]) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        config.read(environment, NONE)
    assert "hush" not in str(caught.value)
    return str(caught.value).splitlines()


def test_ai__all_three_or_none() -> None:
    assert config.read({}, NONE).ai_url is None
    found = config.read(ALL, NONE)
    assert (str(found.ai_url), found.ai_model) == (ALL[URL], ALL[MODEL])
    assert "hush" not in repr(found)


@pytest.mark.parametrize("given", [{URL}, {KEY}, {MODEL}, {URL, KEY}, {URL, MODEL}, {KEY, MODEL}])
def test_ai__some_of_them_names_those_that_are_missing(given: set[str]) -> None:
    (fault,) = _faults({name: ALL[name] for name in given})
    assert fault.startswith(f"{MODEL}: ")
    missing = fault.partition("missing: ")[2].split(", ")
    assert set(missing) == set(ALL) - given


def test_ai__a_faulty_one_is_not_called_missing_too() -> None:
    assert [fault.partition(":")[0] for fault in _faults({**ALL, URL: "models.example.com"})] == [URL]
    assert [fault.partition(":")[0] for fault in _faults({**ALL, KEY: "hush hush"})] == [KEY]
    assert [fault.partition(":")[0] for fault in _faults({**ALL, KEY: "hush密"})] == [KEY]
