"""The slash commands: the menu as Discord registers it, and whether what is registered is that."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from adapters.discord.looks import Json
from bot.contract import MenuEntry, MenuOption, MenuScope

_TEXT = 3
_GUILDS, _DIRECT = 0, 1
_MANAGE_CHANNELS = str(1 << 4)
_SOURCE, _LOCALE = "en", "zh-CN"
"""The language of the descriptions themselves, and the one they are translated to, by Discord's name."""
_COMPARED = ("name", "description", "default_member_permissions", "contexts", "integration_types")
_COMPARED_OPTION = ("name", "description", "type", "autocomplete", "required")
_TRANSLATED = ("name_localizations", "description_localizations")


def tree(menu: Sequence[MenuEntry]) -> list[Json]:
    """Return the commands as Discord takes them; those of managers are hidden from all others."""
    return [_command(entry) for entry in menu]


def same(wanted: Sequence[Mapping[str, Any]], registered: Sequence[Mapping[str, Any]]) -> bool:
    """Tell whether `registered`, as Discord tells it, is what is `wanted`."""
    return sorted(map(repr, map(_essence, wanted))) == sorted(map(repr, map(_essence, registered)))


def _command(entry: MenuEntry) -> Json:
    command: Json = {"type": 1, **_words(entry), "options": [_option(option) for option in entry.options]}
    command["integration_types"] = [0]
    command["contexts"] = [_DIRECT] if entry.scope is MenuScope.OPERATORS else [_GUILDS, _DIRECT]
    if entry.scope is MenuScope.MANAGERS:
        command["default_member_permissions"] = _MANAGE_CHANNELS
    return command


def _option(option: MenuOption) -> Json:
    return {"type": _TEXT, **_words(option), "autocomplete": option.suggested, "required": False}


def _words(one: MenuEntry | MenuOption) -> Json:
    named = one.names.get(_LOCALE)
    return {
        "name": one.name,
        "name_localizations": {_LOCALE: named} if named else None,
        "description": one.descriptions[_SOURCE],
        "description_localizations": {_LOCALE: one.descriptions[_LOCALE]},
    }


def _essence(command: Mapping[str, Any]) -> list[object]:
    options = [list(_values(option, _COMPARED_OPTION)) for option in command.get("options") or ()]
    return [list(_values(command, _COMPARED)), options]


def _values(one: Mapping[str, Any], names: Sequence[str]) -> Iterator[object]:
    """Yield what counts; Discord leaves out what is at its default, or says null."""
    for name in names:
        value = one.get(name) or None
        yield sorted(value) if isinstance(value, list) else value
    for name in _TRANSLATED:
        yield sorted((one.get(name) or {}).items())
