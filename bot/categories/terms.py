"""Terms: how what speaks for a category is written, and the patterns it is looked for with."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_SPACE_AT_HAN = re.compile(rf"(?<=[{_HAN}])\s+|\s+(?=[{_HAN}])")
_GAP = re.compile(r"\s*(?:…|\.\.\.)\s*")
_ACROSS_GAP = r"[^。!?;\n]{0,12}?"
_LIST = re.compile(r"\{([a-z]+)\}")
_EXPRESSION = re.compile(r"/.+/")
_ESCAPED = re.compile(r"(\\.)|[^\\]+")


class PatternError(ValueError):
    """A term that can't be looked for; its text says why, and how to mend it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """What speaks for a category or, with a negative weight, against it. It is found only where its `clue` stands.

    A `word` takes its place, so that no shorter one counts in it; other patterns look at the whole text.
    """

    text: str
    weight: float
    pattern: re.Pattern[str]
    clue: str = ""
    word: bool = True


def term(text: str, weight: float = 0, lists: Mapping[str, Sequence[str]] | None = None) -> Term:
    """Build a term from how it is written: words, `…` for up to twelve characters, `{name}` for a word of that list.

    Between slashes stands a regular expression for folded text. Raises PatternError for what can't be looked for.
    """
    try:
        if _EXPRESSION.fullmatch(text):
            pattern, clue, word = _expression(text[1:-1], lists or {}), "", False
        else:
            pattern, clue, word = _phrase(fold(text), lists or {})
        compiled = re.compile(pattern, re.MULTILINE)
    except KeyError as error:
        raise PatternError(f"write a list called {error} under `words:`") from error
    except re.error as error:
        raise PatternError(f"mend the regular expression ({error})") from error
    if compiled.search(""):
        raise PatternError("say what must be there: this is found anywhere")
    return Term(text=text, weight=weight, pattern=compiled, clue=clue, word=word)


def fold(text: str) -> str:
    """Return `text` as terms are compared: NFKC, lower case, no spaces beside Han characters."""
    return _SPACE_AT_HAN.sub("", unicodedata.normalize("NFKC", text).casefold().strip())


def _expression(text: str, lists: Mapping[str, Sequence[str]]) -> str:
    """Return a regular expression with its lists spelt out, folded but for what a backslash escapes."""
    folded = _ESCAPED.sub(lambda found: found[1] or fold(found[0]), text)
    return _LIST.sub(lambda found: _any_of(lists[found[1]]), folded)


def _phrase(folded: str, lists: Mapping[str, Sequence[str]]) -> tuple[str, str, bool]:
    """Return the expression for words with gaps and lists, its longest literal, and whether that is all of it."""
    parts = [list(_pieces(part)) for part in _GAP.split(folded) if part]
    clue = max((piece for part in parts for listed, piece in part if not listed), key=len, default="")
    spelt = ["".join(_any_of(lists[piece]) if listed else _bounded(piece) for listed, piece in part) for part in parts]
    return _ACROSS_GAP.join(spelt), clue, clue == folded


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
    tails = sorted((re.escape(word[1:]) + _end(word) for word in words), key=lambda tail: -len(tail))
    return f"{re.escape(first)}{whole}(?:{'|'.join(tails)})"


def _bounded(part: str) -> str:
    """Latin words are matched whole (a plural counts, and so does `RTX` in `RTX5090`), Han ones anywhere."""
    return ("(?<![a-z0-9])" if _is_latin(part[0]) else "") + re.escape(part) + _end(part)


def _end(part: str) -> str:
    if not _is_latin(part[-1]):
        return ""
    return r"s?(?![a-z])" if part[-1].isalpha() else r"(?!\d)"


def _is_latin(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()
