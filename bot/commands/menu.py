"""The menu of commands a platform's client shows; its words stand in `templates/menu.yaml`."""

from pathlib import Path

import yaml

from bot.contract import MenuEntry, MenuScope

_FILE = Path(__file__).parents[2] / "templates" / "menu.yaml"
_LANGUAGES = ("zh-CN", "en")


def menu() -> tuple[MenuEntry, ...]:
    """Return the commands worth showing, the most wanted first."""
    return tuple(
        MenuEntry(
            name=entry["name"],
            scope=MenuScope(entry["scope"]),
            descriptions={language: entry[language] for language in _LANGUAGES},
        )
        for entry in yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    )
