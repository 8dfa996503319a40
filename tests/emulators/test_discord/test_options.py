"""What somebody can fill into a command's options."""

from typing import Any

import pytest

from tests.emulators.discord import DiscordEmulator
from tests.emulators.discord.options import fill, nest, reach

SHOW: dict[str, Any] = {
    "name": "show",
    "name_localizations": {"zh-CN": "显示"},
    "type": 1,
    "options": [
        {"type": 7, "name": "channel", "required": True, "channel_types": [0, 5]},
        {"type": 4, "name": "hour", "min_value": 0, "max_value": 23},
        {"type": 3, "name": "format", "choices": [{"name": "Full", "value": "full"}]},
        {"type": 6, "name": "who"},
    ],
}
COMMAND: dict[str, Any] = {"name": "settings", "options": [SHOW]}


def test_options__are_nested_and_resolved(emulator: DiscordEmulator) -> None:
    inner = reach(COMMAND, ["显示"], "zh-CN")
    given = {"channel": 10, "hour": 8, "format": "full", "who": 7}
    filled, resolved = fill(emulator, inner[-1], given, "zh-CN")
    (outer,) = nest(inner, filled)
    assert (outer["name"], outer["type"]) == ("show", 1)
    assert [entry["value"] for entry in outer["options"]] == ["10", 8, "full", "7"]
    assert resolved["channels"]["10"]["name"] == "general"
    assert resolved["users"]["7"]["id"] == "7"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "missing"),
        ({"channel": 20}, "does not offer FORUM"),
        ({"channel": 10, "hour": 24}, "does not take 24"),
        ({"channel": 10, "hour": "8"}, "does not take '8'"),
        ({"channel": 10, "format": "wide"}, "offers"),
    ],
)
def test_options__nobody_could_send(emulator: DiscordEmulator, given: dict[str, Any], told: str) -> None:
    emulator.forum(20, 1)
    with pytest.raises(LookupError, match=told):
        fill(emulator, SHOW, given, "en-US")


def test_subcommand__must_be_named() -> None:
    with pytest.raises(LookupError, match="has subcommands"):
        reach(COMMAND, [], "en-US")
