"""Expressions: the regular ones that terms can be, spelt out, and what a text must have to be worth the search."""

import re
from collections.abc import Mapping, Sequence
from itertools import accumulate

from bot.categories.words import HAN, any_of, fold, keys_of

_LIST = re.compile(r"\{([a-z]+)\}")
_ESCAPED = re.compile(r"(\\.)|[^\\]+")
_ASIDE = re.compile(r"\\.|\[[^]]*\]|\{[^}]*[^}a-z][^}]*\}")
"""What holds no letters that must be there: an escape, a class, how often something stands."""
_TIMES, _OTHER = "\0", "\1"
_OPTIONAL = rf"(?![?*{_TIMES}])"
_CHOICES = re.compile(rf"\(\?:([^()]*)\){_OPTIONAL}")
_WORDS = re.compile(r"\(\?<!\[a-z[^]]*\]\)\(\?:([a-z|]+)\)\(\?!\[a-z[^]]*\]\)")
"""Latin words to choose from that no letter stands before or behind."""
_CALLED = re.compile(_LIST.pattern + _OPTIONAL)
_CHINESE = re.compile(f"[{HAN}]+")
_LITERAL = re.compile(_CHINESE.pattern + _OPTIONAL)


def spelt_out(text: str, lists: Mapping[str, Sequence[str]]) -> str:
    """Return a regular expression with its lists spelt out, folded but for what a backslash escapes."""
    folded = _ESCAPED.sub(lambda found: found[1] or fold(found[0]), text)
    return _LIST.sub(lambda found: any_of(lists[found[1]]), folded)


def needed(text: str, lists: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """Return keys of which a text has one that the expression is found in, none where that is hard to tell."""
    plain = _ASIDE.sub(lambda found: (_TIMES if found[0][0] == "{" else _OTHER) * len(found[0]), text)
    depths = list(accumulate((letter == "(") - (letter == ")") for letter in plain))
    if any(letter == "|" and depth == 0 for letter, depth in zip(plain, depths, strict=True)):
        return frozenset()
    literals = [found[0] for found in _LITERAL.finditer(plain) if depths[found.start()] == 0]
    if literals:
        return keys_of([max(literals, key=len)])
    choices = [found[1].split("|") for found in _CHOICES.finditer(plain) if depths[found.start()] == 1]
    chinese = [several for several in choices if all(map(_CHINESE.fullmatch, several))]
    if chinese:
        return keys_of(max(chinese, key=lambda several: min(map(len, several))))
    words = [found[1].split("|") for found in _WORDS.finditer(text) if depths[found.start()] == 1]
    if words:
        return frozenset(words[0])
    called = [found[1] for found in _CALLED.finditer(plain) if depths[found.start()] == 0]
    return keys_of(lists[called[0]]) if called else frozenset()
