"""Terms: how what speaks for a category is written, and the patterns it is looked for with."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from bot.categories.expressions import needed, spelt_out
from bot.categories.words import any_of, fold, keys_of, whole

_GAP = re.compile(r"\s*(?:…|\.\.\.)\s*")
_ACROSS_GAP = r"[^。!?;\n]{0,12}?"
_ACROSS_WORDS = r"(?:[^。.!?;\n]|\.(?!\s)){0,40}?"
"""Between English words: they say in forty letters what Chinese says in twelve."""
_ENGLISH = re.compile(r"[a-z][a-z~ '-]+")
_LIST = re.compile(r"\{([a-z]+)\}")
_EXPRESSION = re.compile(r"/.+/")


class PatternError(ValueError):
    """A term that can't be looked for; its text says why, and how to mend it."""


@dataclass(frozen=True, kw_only=True)
class Term:
    """What speaks for a category or, with a negative weight, against it: `expression` says how it is looked for.

    It is found only in a text with one of its `keys`; with none it may be in any. A `word` takes its place, so that
    no shorter one counts in it; others look at the whole text.
    """

    text: str
    weight: float
    expression: str
    keys: frozenset[str] = frozenset()
    word: bool = True

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The expression compiled, when it is first needed: of thousands most wait long."""
        return re.compile(self.expression, re.MULTILINE)


def term(text: str, weight: float = 0, lists: Mapping[str, Sequence[str]] | None = None) -> Term:
    """Build a term from how it is written.

    Words stand for themselves, `…` for some of the same sentence, `{name}` for a word of that list; a verb with `~`
    counts in all its forms. Between slashes stands a regular expression for folded text. Raises PatternError for what
    can't be looked for.
    """
    try:
        if _EXPRESSION.fullmatch(text):
            return _checked(text, weight, lists or {})
        return _phrase(text, weight, lists or {})
    except KeyError as error:
        raise PatternError(f"write a list called {error} under `words:`") from error
    except re.error as error:
        raise PatternError(f"mend the regular expression ({error})") from error


def _checked(text: str, weight: float, lists: Mapping[str, Sequence[str]]) -> Term:
    """Return the term for a regular expression. Raises PatternError and re.error for one that can't be used."""
    expression, keys = spelt_out(text[1:-1], lists), needed(text[1:-1], lists)
    built = Term(text=text, weight=weight, expression=expression, keys=keys, word=False)
    if built.pattern.search(""):
        raise PatternError("say what must be there: this is found anywhere")
    return built


def _phrase(text: str, weight: float, lists: Mapping[str, Sequence[str]]) -> Term:
    """Return the term for words with gaps and lists."""
    written, parts = ([list(_pieces(part)) for part in _GAP.split(one) if part] for one in (text.strip(), fold(text)))
    said = ["".join(any_of(lists[piece]) if listed else whole(piece) for listed, piece in part) for part in parts]
    gaps = [_gap(before[-1], after[0]) for before, after in pairwise(written)]
    expression = said[0] + "".join(gap + one for gap, one in zip(gaps, said[1:], strict=True))
    literals = [piece for part in parts for listed, piece in part if not listed]
    called = [piece for part in parts for listed, piece in part if listed]
    keys = keys_of([max(literals, key=len)] if literals else lists[called[0]])
    return Term(text=text, weight=weight, expression=expression, keys=keys, word=not gaps and not called)


def _gap(before: tuple[bool, str], after: tuple[bool, str]) -> str:
    """Return what may stand between two pieces: more where one is English, and the other not Chinese."""
    words = [piece.strip() for listed, piece in (before, after) if not listed]
    return _ACROSS_WORDS if words and all(map(_ENGLISH.fullmatch, words)) else _ACROSS_GAP


def _pieces(part: str) -> Iterator[tuple[bool, str]]:
    """Yield the names of lists, and the words between them."""
    for rank, piece in enumerate(_LIST.split(part)):
        if piece:
            yield rank % 2 == 1, piece
