"""How the options somebody fills in stand in the payload of a command."""

from collections.abc import Mapping
from typing import Any

from tests.emulators.discord.commands import GROUP, SUBCOMMAND
from tests.emulators.discord.places import Channel, Person
from tests.emulators.discord.refusal import Json
from tests.emulators.discord.world import World

_STRING, _INTEGER, _BOOLEAN, _USER, _CHANNEL, _NUMBER = 3, 4, 5, 6, 7, 10
_TYPES: dict[int, type | tuple[type, ...]] = {_STRING: str, _INTEGER: int, _BOOLEAN: bool, _NUMBER: (int, float)}


def reach(command: Json, path: list[str], locale: str) -> list[Json]:
    """The subcommand groups and subcommands named by `path`, outermost first. Raises LookupError."""
    found: list[Json] = []
    at = command
    for name in path:
        at = _named(at, name, locale)
        found.append(at)
    if any(option["type"] in (SUBCOMMAND, GROUP) for option in at.get("options") or []):
        raise LookupError(f"/{command['name']} has subcommands; name one of them")
    return found


def fill(
    world: World, one: Json, given: Mapping[str, Any], locale: str, *, typing: str = ""
) -> tuple[list[Json], Json]:
    """Return the options of a command or subcommand as Discord sends them, and what they resolve to.

    With `typing` that option is the one in focus, and others may still be missing. Raises LookupError for what
    Discord's client would not let anybody send.
    """
    filled: list[Json] = []
    resolved: Json = {}
    for name, value in given.items():
        option = _named(one, name, locale)
        entry = {"name": option["name"], "type": option["type"], "value": _value(world, option, value, resolved)}
        focused = name == typing
        if not focused:
            _check(option, entry["value"])
        elif not option.get("autocomplete"):
            raise LookupError(f"option {name!r} suggests nothing")
        filled.append({**entry, "focused": True} if focused else entry)
    missing = [option["name"] for option in one.get("options") or [] if option.get("required")]
    missing = [name for name in missing if name not in {entry["name"] for entry in filled}]
    if missing and not typing:
        raise LookupError(f"options missing: {missing}")
    return filled, resolved


def nest(subcommands: list[Json], filled: list[Json]) -> list[Json]:
    """Put filled options under the subcommands they belong to."""
    for one in reversed(subcommands):
        filled = [{"name": one["name"], "type": one["type"], "options": filled}]
    return filled


def _named(one: Json, name: str, locale: str) -> Json:
    every: list[Json] = one.get("options") or []
    for option in every:
        if name in (option["name"], (option.get("name_localizations") or {}).get(locale)):
            return option
    raise LookupError(f"no option {name!r} among {[option['name'] for option in every]}")


def _value(world: World, option: Json, value: Any, resolved: Json) -> Any:
    if option["type"] == _CHANNEL:
        return _channel(world, option, world.at(value), resolved)
    if option["type"] == _USER:
        someone: Person = world.who(value)
        resolved.setdefault("users", {})[str(someone.id)] = someone.json()
        return str(someone.id)
    return value


def _channel(world: World, option: Json, channel: Channel, resolved: Json) -> str:
    if (kinds := option.get("channel_types")) and int(channel.kind) not in kinds:
        raise LookupError(f"option {option['name']!r} does not offer {channel.kind.name}")
    shown = {**channel.json(world.id), "permissions": str(channel.bot_permissions())}
    resolved.setdefault("channels", {})[str(channel.id)] = shown
    return str(channel.id)


def _check(option: Json, value: Any) -> None:
    name, kind = option["name"], _TYPES.get(option["type"])
    if kind and not isinstance(value, kind):
        raise LookupError(f"option {name!r} does not take {value!r}")
    choices = [choice["value"] for choice in option.get("choices") or []]
    if choices and value not in choices:
        raise LookupError(f"option {name!r} offers {choices}")
    if isinstance(value, str) and not option.get("min_length", 0) <= len(value) <= option.get("max_length", 6000):
        raise LookupError(f"option {name!r} does not take {len(value)} characters")
    if isinstance(value, int | float) and not option.get("min_value", value) <= value <= option.get("max_value", value):
        raise LookupError(f"option {name!r} does not take {value}")
