"""The menu of commands: what Telegram shows to whom, in which language."""

from collections.abc import Iterator, Sequence

from telegram.constants import BotCommandScopeType

from bot.contract import MenuEntry, MenuScope

_EVERYONE = frozenset({MenuScope.EVERYONE})
_ALL = frozenset({MenuScope.EVERYONE, MenuScope.MANAGERS})
_SHOWN = {
    BotCommandScopeType.DEFAULT: _ALL,
    BotCommandScopeType.ALL_PRIVATE_CHATS: _ALL,
    BotCommandScopeType.ALL_GROUP_CHATS: _EVERYONE,
    BotCommandScopeType.ALL_CHAT_ADMINISTRATORS: _ALL,
}
_LANGUAGES = {"": "en", "zh": "zh-CN"}
"""Telegram's language code (none: everybody else) and the tag of ours."""


def menu_calls(menu: Sequence[MenuEntry]) -> Iterator[dict[str, object]]:
    """Yield the parameters of each setMyCommands call."""
    for scope, shown in _SHOWN.items():
        for code, tag in _LANGUAGES.items():
            commands = [
                {"command": entry.name, "description": entry.descriptions[tag]}
                for entry in menu
                if entry.scope in shown
            ]
            yield {"commands": commands, "scope": {"type": str(scope)}, **({"language_code": code} if code else {})}
