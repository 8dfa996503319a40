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
_STANDS_ALONE = re.compile(r"(?<![和与及])(每天|每日|工作日|周末)(?![和与及])")
_JOINTS = frozenset({"和", "与", "及", "以及", "and", "&"})
_JOINT = re.compile("以及|[和与及]")
_PIECES = frozenset({"hour", "zone", "days", "slug", "category"})
"""What is written into one word with something else; all else next to a word could turn it round."""
_LISTED = frozenset({"days", "slug", "category"})
"""What there may be several of."""
_LONGEST_WORD = 30
"""Letters of a word that is worth cutting up: `周一到周五纽约时间早上8点半芯片和开源`."""
_SEPARATOR = re.compile(r"[\s,、;]+")

Reader = Callable[[str], object | None]
Read = tuple[str, object]
"""The name of a reader, and what it read."""


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


def phrases(
    text: str, readers: Mapping[str, Reader], *, listed: bool = False
) -> tuple[tuple[Read, ...], tuple[str, ...]]:
    """Return what the readers make of `text`, and the words none could read.

    The longest phrase wins, then the first reader. Words beyond the first `MOST_WORDS` are not read. Where things may
    be `listed`, they are read without spaces and with joining words between them too (`周一和周四早上8点`).
    """
    words = _split(text)
    words, rest = words[:MOST_WORDS], words[MOST_WORDS:]
    read: list[Read] = []
    unread: list[str] = []
    while words:
        found = _longest(words, readers)
        if found is None:
            pieces = _pieces(words, read, readers) if listed else None
            read.extend(pieces or ())
            unread.extend(words[:1] if pieces is None else ())
            words = words[1:]
        else:
            length, name, value = found
            read.append((name, value))
            words = words[length:]
    return tuple(read), (*unread, *rest)


def joins(word: str) -> bool:
    """Tell whether `word` does nothing but join two others."""
    return even(word) in _JOINTS


def _pieces(words: list[str], read: list[Read], readers: Mapping[str, Reader]) -> tuple[Read, ...] | None:
    """Return what the first word holds, which no reader could read whole: nothing where it joins what is beside it."""
    if joins(words[0]):
        following = _longest(words[1:], readers)
        joined = read and following and {read[-1][0], following[1]} <= _LISTED
        return () if joined else None
    if words[0].isascii() or len(words[0]) > _LONGEST_WORD:
        return None
    return _cut(words[0], {name: reader for name, reader in readers.items() if name in _PIECES})


def _cut(word: str, readers: Mapping[str, Reader]) -> tuple[Read, ...] | None:
    """Return what stands in `word`, the longest first; None where something of it says nothing we know."""
    for end in range(len(word), 0, -1):
        found = None if word[:end].isdecimal() else _longest([word[:end]], readers)
        if found is None:
            continue
        head = found[1:]
        if end == len(word):
            return (head,)
        joint = _JOINT.match(word, end)
        tail = _cut(word[joint.end() if joint else end :], readers)
        if tail and _follows(head[0], tail[0][0], joined=joint is not None):
            return (head, *tail)
    return None


def _follows(one: str, other: str, *, joined: bool) -> bool:
    """Tell whether such things stand next to each other: a place before a category is a part of what is meant."""
    if joined or one == other:
        return {one, other} <= (_LISTED if joined else {"days"})
    return not {one, other}.isdisjoint({"hour", "days"})


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
