"""Terms: how what speaks for a category is written, and the patterns it is looked for with."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby, pairwise

from bot.categories.words import VERB, one_of, spelt

_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_SPACE_AT_HAN = re.compile(rf"(?<=[{_HAN}])\s+|\s+(?=[{_HAN}])")
_GAP = re.compile(r"\s*(?:…|\.\.\.)\s*")
_ACROSS_GAP = r"[^。!?;\n]{0,12}?"
_ACROSS_WORDS = r"(?:[^。.!?;\n]|\.(?!\s)){0,40}?"
"""Between English words: they say in forty letters what Chinese says in twelve."""
_LIST = re.compile(r"\{([a-z]+)\}")
_EXPRESSION = re.compile(r"/.+/")
_ESCAPED = re.compile(r"(\\.)|[^\\]+")
_WORDS = re.compile(r"[a-z][a-z~ '-]+")
_ASIDE = re.compile(r"\\.|\[[^]]*\]|\{[^}]*\}")
_GROUP = re.compile(r"\(\?:([^()]*)\)(?![?*\0])")
_CALLED = re.compile(r"\{([a-z]+)\}(?![?*\0])")
_CHINESE = re.compile(f"[{_HAN}]+")
"""What an expression has that is no letter of what it finds, a group of choices, a list, and Chinese letters."""
_QUOTES = str.maketrans("\u2018\u2019", "''")


class PatternError(ValueError):
    """A term that can't be looked for; its text says why, and how to mend it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """What speaks for a category or, with a negative weight, against it.

    It is found only in a text with one of its `keys`; with none it may be in any.

    A `word` takes its place, so that no shorter one counts in it; other patterns look at the whole text.
    """

    text: str
    weight: float
    pattern: re.Pattern[str]
    keys: frozenset[str] = frozenset()
    word: bool = True


def term(text: str, weight: float = 0, lists: Mapping[str, Sequence[str]] | None = None) -> Term:
    """Build a term from how it is written: words, `…` for up to twelve characters, `{name}` for a word of that list.

    Between slashes stands a regular expression for folded text. Raises PatternError for what can't be looked for.
    """
    try:
        if _EXPRESSION.fullmatch(text):
            pattern, keys, word = _expression(text[1:-1], lists or {}), _needed(text[1:-1], lists or {}), False
        else:
            pattern, keys, word = _phrase(text, lists or {})
        compiled = re.compile(pattern, re.MULTILINE)
    except KeyError as error:
        raise PatternError(f"write a list called {error} under `words:`") from error
    except re.error as error:
        raise PatternError(f"mend the regular expression ({error})") from error
    if compiled.search(""):
        raise PatternError("say what must be there: this is found anywhere")
    return Term(text=text, weight=weight, pattern=compiled, keys=keys, word=word)


def fold(text: str) -> str:
    """Return `text` as terms are compared: NFKC, lower case, no spaces beside Han characters."""
    return _SPACE_AT_HAN.sub("", unicodedata.normalize("NFKC", text).translate(_QUOTES).casefold().strip())


def _expression(text: str, lists: Mapping[str, Sequence[str]]) -> str:
    """Return a regular expression with its lists spelt out, folded but for what a backslash escapes."""
    folded = _ESCAPED.sub(lambda found: found[1] or fold(found[0]), text)
    return _LIST.sub(lambda found: _any_of(lists[found[1]]), folded)


def _needed(expression: str, lists: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """Return keys of which a text has one that `expression` is found in, none where that is hard to tell."""
    plain = _ASIDE.sub(lambda found: found[0] if _LIST.fullmatch(found[0]) else "\0" * len(found[0]), expression)
    depths = list(accumulate((letter == "(") - (letter == ")") for letter in plain))
    if any(letter == "|" and depth == 0 for letter, depth in zip(plain, depths, strict=True)):
        return frozenset()
    choices = [group[1].split("|") for group in _GROUP.finditer(plain) if depths[group.start()] == 1]
    chinese = [several for several in choices if all(map(_CHINESE.fullmatch, several))]
    if chinese:
        return frozenset(choice[:2] for choice in max(chinese, key=lambda several: min(map(len, several))))
    called = [found[1] for found in _CALLED.finditer(plain) if depths[found.start()] == 0]
    return _keys_of(lists[called[0]]) if called else frozenset()


def _keys_of(words: Sequence[str]) -> frozenset[str]:
    """Return keys of which every text has one that one of `words` stands in."""
    return frozenset().union(*(one_of(fold(word)) for word in words))


def _phrase(text: str, lists: Mapping[str, Sequence[str]]) -> tuple[str, frozenset[str], bool]:
    """Return the expression for words with gaps and lists, its keys, and whether it is but words."""
    written, parts = ([list(_pieces(part)) for part in _GAP.split(one) if part] for one in (text.strip(), fold(text)))
    literals = [piece for part in parts for listed, piece in part if not listed]
    lists_called = [piece for part in parts for listed, piece in part if listed]
    keys = one_of(max(literals, key=len)) if literals else _keys_of(lists[lists_called[0]])
    said = ["".join(_any_of(lists[piece]) if listed else _bounded(piece) for listed, piece in part) for part in parts]
    gaps = [_gap(before[-1], after[0]) for before, after in pairwise(written)]
    return (
        said[0] + "".join(gap + one for gap, one in zip(gaps, said[1:], strict=True)),
        keys,
        not gaps and not lists_called,
    )


def _gap(before: tuple[bool, str], after: tuple[bool, str]) -> str:
    """Return what may stand between two pieces: more where one is English, and the other not Chinese."""
    plain = [piece for listed, piece in (before, after) if not listed]
    return _ACROSS_WORDS if plain and all(_WORDS.fullmatch(piece.strip()) for piece in plain) else _ACROSS_GAP


def _pieces(part: str) -> Iterator[tuple[bool, str]]:
    """Yield the names of lists, and the words between them."""
    for rank, piece in enumerate(_LIST.split(part)):
        if piece:
            yield rank % 2 == 1, piece


def _any_of(words: Sequence[str]) -> str:
    """Return an expression for one of `words`, that no position begins which can't be the first letter of one."""
    folded = sorted({fold(word) for word in words})
    return (
        f"(?:{'|'.join(_beginning(first, list(several)) for first, several in groupby(folded, lambda word: word[0]))})"
    )


def _beginning(first: str, words: Sequence[str]) -> str:
    """Return an expression for one of `words`, all of which begin with `first`."""
    whole = f"(?<![a-z0-9]{first})" if _is_latin(first) else ""
    begun = len(re.escape(first))
    tails = sorted(((spelt(word) + _end(word))[begun:] for word in words), key=lambda tail: -len(tail))
    return f"{re.escape(first)}{whole}(?:{'|'.join(tails)})"


def _bounded(part: str) -> str:
    """Latin words are matched whole (a plural counts, and so does `RTX` in `RTX5090`), Han ones anywhere."""
    return ("(?<![a-z0-9])" if _is_latin(part[0]) else "") + spelt(part) + _end(part)


def _end(part: str) -> str:
    if part[-1].isascii() and part[-1].isdigit():
        return r"(?!\d)"
    return r"(?![a-z])" if _is_latin(part[-1]) or part[-1] == VERB else ""


def _is_latin(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()
