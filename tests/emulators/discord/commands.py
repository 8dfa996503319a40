"""The bot's slash commands: what it may register, and what people can then call."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.emulators.discord.places import snowflake
from tests.emulators.discord.refusal import Json, Tree, unknown
from tests.emulators.discord.wire import Call
from tests.emulators.discord.world import World

CHAT_INPUT, SUBCOMMAND, GROUP = 1, 1, 2
LOCALES = {
    "id", "da", "de", "en-GB", "en-US", "es-ES", "es-419", "fr", "hr", "it", "lt", "hu",
    "nl", "no", "pl", "pt-BR", "ro", "fi", "sv-SE", "vi", "tr", "cs", "el", "bg",
    "ru", "uk", "hi", "th", "zh-CN", "ja", "zh-TW", "ko",
}  # fmt: skip
_NAME = re.compile(r"[-_'\w]{1,32}")
_ALL_CHARACTERS = 8000
Path = tuple[str | int, ...]


@dataclass(kw_only=True, slots=True)
class Commands:
    """The global commands by name. `syncs` counts how often they were written, `reads` how often read."""

    world: World
    known: dict[str, Json] = field(default_factory=dict)
    syncs: int = 0
    reads: int = 0

    def routes(self) -> list[tuple[str, str, str, Callable[[Call], Any]]]:
        path = "/applications/{application}/commands"
        return [("GET", path, "get_commands", self.get), ("PUT", path, "put_commands", self.put)]

    def get(self, call: Call) -> list[Json]:
        self._check_mine(call)
        self.reads += 1
        whole = call.query.get("with_localizations") in ("1", "true")
        left_out = () if whole else ("name_localizations", "description_localizations")
        return [{key: value for key, value in one.items() if key not in left_out} for one in self.known.values()]

    def put(self, call: Call) -> list[Json]:
        self._check_mine(call)
        check_commands(call.body)
        self.syncs += 1
        kept = {name: command["id"] for name, command in self.known.items()}
        self.known = {}
        for given in call.body:
            command_id = kept.get(given["name"], str(snowflake()))
            self.known[given["name"]] = {
                **_DEFAULTS,
                **given,
                "id": command_id,
                "application_id": str(self.world.id),
                "version": str(snowflake()),
            }
        return list(self.known.values())

    def find(self, name: str, locale: str) -> Json:
        """Return the command somebody means who reads its name in `locale`. Raises LookupError."""
        for command in self.known.values():
            if name in (command["name"], (command.get("name_localizations") or {}).get(locale)):
                return command
        raise LookupError(f"no command {name!r} among {sorted(self.known)}")

    def _check_mine(self, call: Call) -> None:
        if call.ids["application"] != str(self.world.id):
            raise unknown("Webhook")


_DEFAULTS: Json = {
    "type": CHAT_INPUT, "default_member_permissions": None, "dm_permission": True, "nsfw": False, "contexts": None,
    "integration_types": [0], "name_localizations": None, "description_localizations": None,
}  # fmt: skip


def check_commands(commands: Any) -> None:
    """Raise Refused unless Discord would take these as all of the bot's commands."""
    tree = Tree()
    if not isinstance(commands, list):
        tree.add((), "LIST_TYPE_CONVERT", "Must be a list.")
        tree.check()
    tree.most((), [one for one in commands if one.get("type", CHAT_INPUT) == CHAT_INPUT], 100)
    names = [(one.get("type", CHAT_INPUT), one.get("name")) for one in commands]
    for number, command in enumerate(commands):
        if names.index(names[number]) != number:
            tree.add((number,), "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")
        _check(tree, (number,), command)
        if sum(_sizes(command)) > _ALL_CHARACTERS:
            message = f"Command exceeds maximum size ({_ALL_CHARACTERS})"
            tree.add((number,), "APPLICATION_COMMAND_TOO_LARGE", message)
    tree.check()


def _check(tree: Tree, path: Path, one: Json) -> None:
    """A command or an option of one."""
    for where, name in _spellings(one, "name"):
        if not _NAME.fullmatch(name) or name != name.lower():
            tree.add((*path, *where), "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
    for where, text in _spellings(one, "description"):
        tree.most((*path, *where), text, 100, least=1)
    for what in ("name_localizations", "description_localizations"):
        for locale in set(one.get(what) or {}) - LOCALES:
            tree.add((*path, what, locale), "BASE_TYPE_CHOICES", "This locale is not known")
    options = one.get("options") or []
    tree.most((*path, "options"), options, 25)
    required = [bool(option.get("required")) for option in options]
    for number, option in enumerate(options):
        _check(tree, (*path, "options", number), option)
        if option.get("choices") and option.get("autocomplete"):
            tree.add((*path, "options", number), "APPLICATION_COMMAND_OPTIONS_CHOICES_AUTOCOMPLETE", "One or the other")
        if required[number] and not all(required[:number]):
            message = "Required options must be placed before non-required options"
            tree.add((*path, "options", number), "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message)
        _check_choices(tree, (*path, "options", number, "choices"), option.get("choices") or [])


def _check_choices(tree: Tree, path: Path, choices: list[Json]) -> None:
    tree.most(path, choices, 25)
    for number, choice in enumerate(choices):
        for where, name in _spellings(choice, "name"):
            tree.most((*path, number, *where), name, 100, least=1)


def _spellings(one: Json, what: str) -> Iterator[tuple[Path, str]]:
    yield (what,), one.get(what) or ""
    for locale, text in (one.get(f"{what}_localizations") or {}).items():
        yield (f"{what}_localizations", locale), text


def _sizes(one: Json) -> Iterator[int]:
    for what in ("name", "description"):
        yield max(len(text) for _, text in _spellings(one, what))
    for choice in one.get("choices") or []:
        yield len(choice["name"]) + len(str(choice["value"]))
    for option in one.get("options") or []:
        yield from _sizes(option)
