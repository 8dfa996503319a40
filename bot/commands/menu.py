"""The menu of commands a platform's client shows; its words stand in `templates/menu.j2` and `options.j2`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from bot.contract import MenuEntry, MenuOption, MenuScope
from bot.render import Renderer, Words, read_words

_TEMPLATES = Path(__file__).parents[2] / "templates"
_SOURCE, _TRANSLATED = "en", ("zh-CN",)
_LANGUAGES = (_SOURCE, *_TRANSLATED)
_ALSO = {"unsubscribe": "取消订阅 停止推送 stop", "subscribe": "开始订阅"}
"""What people say in place of a command's name; none of it is ever shown."""


def menu(*, operators: bool = False) -> tuple[MenuEntry, ...]:
    """Return the commands worth showing, the most wanted first; those of `operators` where there are any."""
    renderer = Renderer(_TEMPLATES)
    options = {key: _option(key, given, renderer) for key, given in _read("options.yaml").items()}
    entries = (
        MenuEntry(
            name=given["name"],
            scope=MenuScope(given["scope"]),
            descriptions=_descriptions("menu", given["name"], renderer),
            names=_names("menu", given["name"], renderer),
            options=tuple(options[key] for key in given.get("options", ())),
            quiet=given.get("quiet", False),
        )
        for given in _read("menu.yaml")
    )
    return tuple(entry for entry in entries if operators or entry.scope is not MenuScope.OPERATORS)


def spoken_names() -> Mapping[str, str]:
    """Return the command that is called so, by every name that readers see in a menu or say instead, in lower case."""
    renderer = Renderer(_TEMPLATES)
    readers = [given["name"] for given in _read("menu.yaml") if given["scope"] != MenuScope.OPERATORS]
    return {
        called.casefold(): name
        for name in readers
        for called in (name, *_names("menu", name, renderer).values(), *_ALSO.get(name, "").split())
    }


def examples(option: str) -> Mapping[str, tuple[str, ...]]:
    """Return the phrases that are offered for `option`, by language tag."""
    renderer = Renderer(_TEMPLATES)
    lists = {language: renderer.phrase("options", f"{option}_examples", language) for language in _LANGUAGES}
    return {language: tuple(listed.splitlines()) for language, listed in lists.items()}


def spoken_words() -> Mapping[str, Words]:
    """Return how each language writes days, places and lists."""
    return read_words(_TEMPLATES)


def _read(file: str) -> Any:  # noqa: ANN401 - what YAML holds
    return yaml.safe_load((_TEMPLATES / file).read_text(encoding="utf-8"))


def _option(key: str, given: Mapping[str, Any], renderer: Renderer) -> MenuOption:
    return MenuOption(
        name=given.get("name", key),
        names=_names("options", key, renderer),
        descriptions=_descriptions("options", key, renderer),
        before=given.get("before", ""),
        suggested=given["suggested"],
    )


def _descriptions(template: str, macro: str, renderer: Renderer) -> dict[str, str]:
    return {language: renderer.phrase(template, macro, language) for language in _LANGUAGES}


def _names(template: str, macro: str, renderer: Renderer) -> dict[str, str]:
    called = {"called": True}
    return {language: renderer.phrase(template, macro, language, values=called) for language in _TRANSLATED}
