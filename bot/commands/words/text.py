"""Typed text made even, and cut into the phrases that mean something."""

import re
import unicodedata
from collections.abc import Callable, Mapping

LONGEST_PHRASE = 7
"""Words in the longest phrase we know: `pause until 12 October 2025 5 pm`."""
MOST_WORDS = 16
"""Nobody's command is longer; a pasted article need not be read to the end."""

_NUMERALS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_NUMBER = re.compile(r"[零〇一二两三四五六七八九十]+(?=个?[点时月日号天分刻周年]|个星期|个礼拜)")
_WEEK = re.compile(r"(?:周|星期|礼拜)[一二三四五六日天](?:\s*(?:[、,和/]\s*)?[一二三四五六日天](?![点时月号]))+")
_STANDS_ALONE = re.compile(r"(每天|每日|工作日|周末|北京时间|东京时间)")
_SEPARATOR = re.compile(r"[\s,、;]+")

Reader = Callable[[str], object | None]


def even(text: str) -> str:
    """Return `text` with one form for each letter: NFKC, lower case, one kind of dash."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\u2010-\u2015\u2212]", "-", folded).strip()


def arabic(text: str) -> str:
    """Return `text` with the Chinese numerals that count something (`三天`, `十二月`) as digits."""
    return _NUMBER.sub(lambda match: _value(match.group()), text)


def _value(numeral: str) -> str:
    if "十" not in numeral:
        return "".join(str(_NUMERALS[sign]) for sign in numeral)
    tens, _, ones = numeral.partition("十")
    if len(tens) > 1 or len(ones) > 1:
        return numeral
    return str(_NUMERALS.get(tens, 1) * 10 + _NUMERALS.get(ones, 0))


def phrases(text: str, readers: Mapping[str, Reader]) -> tuple[tuple[tuple[str, object], ...], tuple[str, ...]]:
    """Return what the readers make of `text`, as (name of the reader, what it read), and the words none could read.

    The longest phrase wins, then the first reader. Words beyond the first `MOST_WORDS` are not read.
    """
    words = _split(text)
    words, rest = words[:MOST_WORDS], words[MOST_WORDS:]
    read: list[tuple[str, object]] = []
    unread: list[str] = []
    while words:
        found = _longest(words, readers)
        if found is None:
            unread.append(words[0])
            words = words[1:]
        else:
            length, name, value = found
            read.append((name, value))
            words = words[length:]
    return tuple(read), (*unread, *rest)


def _split(text: str) -> list[str]:
    evened = unicodedata.normalize("NFKC", text)
    joined = _WEEK.sub(lambda match: re.sub(r"[\s、,和/]", "", match.group()), evened)
    return [word for word in _SEPARATOR.split(_STANDS_ALONE.sub(r" \1 ", joined)) if word]


def _longest(words: list[str], readers: Mapping[str, Reader]) -> tuple[int, str, object] | None:
    for length in range(min(LONGEST_PHRASE, len(words)), 0, -1):
        phrase = " ".join(words[:length])
        for name, reader in readers.items():
            value = reader(phrase)
            if value is not None:
                return length, name, value
    return None
