"""The menu of commands a platform's client shows; its words stand in `templates/menu.yaml` and `options.yaml`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from bot.contract import MenuEntry, MenuOption, MenuScope

_TEMPLATES = Path(__file__).parents[2] / "templates"
_LANGUAGES = ("zh-CN", "en")


def menu(*, operators: bool = False) -> tuple[MenuEntry, ...]:
    """Return the commands worth showing, the most wanted first; those of `operators` where there are any."""
    options = {name: _option(name, given) for name, given in _read("options.yaml").items()}
    entries = (
        MenuEntry(
            name=given["name"],
            scope=MenuScope(given["scope"]),
            descriptions=_in_languages(given),
            names={"zh-CN": given["called"]},
            options=tuple(options[name] for name in given.get("options", ())),
            quiet=given.get("quiet", False),
        )
        for given in _read("menu.yaml")
    )
    return tuple(entry for entry in entries if operators or entry.scope is not MenuScope.OPERATORS)


def examples(option: str) -> Mapping[str, tuple[str, ...]]:
    """Return the phrases that are offered for `option`, by language tag."""
    given = _read("options.yaml")[option]["examples"]
    return {language: tuple(given[language]) for language in _LANGUAGES}


def _read(file: str) -> Any:  # noqa: ANN401 - what YAML holds
    return yaml.safe_load((_TEMPLATES / file).read_text(encoding="utf-8"))


def _option(name: str, given: Mapping[str, Any]) -> MenuOption:
    return MenuOption(
        name=given.get("name", name),
        names={"zh-CN": given["called"]},
        descriptions=_in_languages(given),
        before=given.get("before", ""),
        suggested=given.get("suggested", False),
    )


def _in_languages(given: Mapping[str, Any]) -> dict[str, str]:
    return {language: given[language] for language in _LANGUAGES}
