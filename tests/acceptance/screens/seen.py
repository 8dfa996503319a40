"""What stood on the emulated platforms at any time, as their readers saw it, and whether it is in one language."""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tests.acceptance.screens.paper import CHINESE
from tests.acceptance.screens.stage import Stage
from tests.emulators.discord import Answer, DiscordEmulator
from tests.emulators.discord.message import BUTTON, walk
from tests.emulators.discord.message import Message as DiscordMessage
from tests.emulators.discord.message import Version as DiscordVersion
from tests.emulators.telegram import Message as TelegramMessage
from tests.emulators.telegram import TelegramEmulator
from tests.emulators.telegram.places import Version as TelegramVersion
from tests.emulators.wecom import WecomEmulator

_HAN = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff01-\uff1b\uff1d-\uffee]+")  # but for ＜, WeCom's way to write <
_LATIN = re.compile(r"[A-Za-z]{2,}")
_NOT_WORDS = re.compile(
    r"<code>.*?</code>|`[^`]*`|\]\([^)]*\)|<[^>]*>"  # code, addresses, tags
    r"|(?<![A-Za-z<])/[a-z]+( [a-z-]+)?|[@#][\w-]+"  # commands, people, channels
    r"|\d+@[\w.-]+|UTC[+-]?\d*|[A-Z]\w+/[\w/]+|\b\d{4}-W\d+",  # a process, zones, a week
    re.DOTALL,
)
_NAMES = frozenset({"AI", "Telegram", "telegram", "Discord", "discord", "wecom", "English"})
_OWN_NAME = "简体中文"
"""What Chinese is called, in every language."""


@dataclass(frozen=True, kw_only=True)
class Screen:
    """What was shown at once: its markup, and the labels beneath."""

    platform: str
    markup: str
    labels: tuple[str, ...] = ()

    def foreign(self, language: str) -> list[str]:
        """Return the words in another language than this."""
        return [word for text in (self.markup, *self.labels) for word in foreign(text, language)]


def foreign(text: str, language: str) -> list[str]:
    """Return what in `text` is not in `language`; code, commands, addresses and names are in none."""
    if language != CHINESE:
        return _HAN.findall(text.replace(_OWN_NAME, ""))
    words = _LATIN.findall(html.unescape(_NOT_WORDS.sub(" ", text)))
    return [word for word in words if word not in _NAMES]


def every_screen(at: Stage) -> list[Screen]:
    """Return what stood anywhere."""
    return [*_on_telegram(at.telegram), *_on_discord(at.discord), *_on_wecom(at.wecom)]


def shown(at: Stage) -> dict[str, set[str]]:
    """Return the replies that a platform's readers really saw, all parts of them, by platform."""
    stood = {(one.platform, one.markup) for one in every_screen(at)}
    seen: dict[str, set[str]] = {note.platform: set() for note in at.renderer.notes}
    for note in at.renderer.notes:
        if note.parts and all((note.platform, part.markup) in stood for part in note.parts):
            seen[note.platform].add(note.template)
    return seen


def _on_telegram(emulator: TelegramEmulator) -> Iterator[Screen]:
    for message in emulator.messages:
        said: list[TelegramMessage | TelegramVersion] = [message, *message.history]
        for version in said:
            rows: Sequence[Sequence[dict[str, Any]]] = (version.reply_markup or {}).get("inline_keyboard", [])
            labels = tuple(button["text"] for row in rows for button in row)
            yield Screen(platform="telegram", markup=version.raw, labels=labels)
    for answer in emulator.answered_callbacks.values():
        yield Screen(platform="telegram", markup=str(answer.get("text") or ""))


def _on_discord(emulator: DiscordEmulator) -> Iterator[Screen]:
    messages = dict.fromkeys(emulator.messages)
    for asked in emulator.answers.asked:
        messages |= dict.fromkeys(filter(None, (asked.message, *asked.followups)))
        if asked.choices:
            yield Screen(platform="discord", markup="", labels=tuple(choice.name for choice in asked.choices))
        if asked.type is Answer.MODAL:
            labels = tuple(part["label"] for part in asked.data["components"])
            yield Screen(platform="discord", markup=str(asked.data["title"]), labels=labels)
    for message in messages:
        said: list[DiscordMessage | DiscordVersion] = [message, *message.history]
        for version in said:
            for embed in version.embeds:
                yield Screen(platform="discord", markup=embed["description"], labels=_labels(version))


def _on_wecom(emulator: WecomEmulator) -> Iterator[Screen]:
    for robot in emulator.robots.values():
        for content in robot.contents:
            yield Screen(platform="wecom", markup=content)


def _labels(version: DiscordMessage | DiscordVersion) -> tuple[str, ...]:
    parts = list(walk(version.components))
    buttons = [part["label"] for part in parts if part.get("type") == BUTTON]
    options = [option["label"] for part in parts for option in part.get("options") or []]
    return (*buttons, *options)
