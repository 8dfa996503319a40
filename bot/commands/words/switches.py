"""What a reader switches on or off: sound, a word on empty days, the week."""

import re
from collections.abc import Mapping

from bot.commands.words.text import even

_SILENT = {
    True: "silent silently quiet quietly mute muted no-sound without-sound 静音 静默 无声 静音推送 静默推送 免打扰",
    False: "sound with-sound loud unmute 有声 出声 响铃 有提示音 取消静音 关闭静音",
}
_EMPTY = {
    True: "tell-empty tell-empty-days say-so say-when-empty 没有也说 没有也说一声 空了也说 没内容也说 没有也告诉我",
    False: "hide-empty nothing-when-empty send-nothing 没有就不发 没有就别发 空了不发 没内容就不发",
}
_WEEKLY = {
    True: "weekly with-the-week 周报 每周汇总 一周汇总 周日汇总 一周回顾 周日回顾",
    False: "no-weekly not-weekly without-the-week 不要周报 取消周报 关闭周报 不要每周汇总",
}
_ON = frozenset({"on", "开", "开启", "打开"})
_TURNED = re.compile(r"(.+?)-?(on|off|开|关|开启|关闭|打开|关掉)")
"""A switch with its position: `silent off`, `周报 开`."""


def read_silent(phrase: str) -> bool | None:
    """Return True for no sound, False for sound; None when `phrase` is about something else."""
    return _read(phrase, _SILENT)


def read_tells_empty(phrase: str) -> bool | None:
    """Return whether a day with nothing in the categories is to be told of; None for other words."""
    return _read(phrase, _EMPTY)


def read_weekly(phrase: str) -> bool | None:
    """Return whether the week is wanted on Sundays; None for other words."""
    return _read(phrase, _WEEKLY)


def _read(phrase: str, names: Mapping[bool, str]) -> bool | None:
    word = re.sub(r"\s+", "-", even(phrase))
    if (turned := _TURNED.fullmatch(word)) and (on := _named(turned[1], names)) is not None:
        return on is (turned[2] in _ON)
    return _named(word, names)


def _named(word: str, names: Mapping[bool, str]) -> bool | None:
    return next((on for on, words in names.items() if word in words.split()), None)
