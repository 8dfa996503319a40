"""Rules: weighted terms that speak for a category, and how they are weighed in an item."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.models import BlockKind, Item

_WORTH = {"title": 3.0, "opening": 1.5, "rest": 0.5}
"""What a term is worth in the title, in the body's first sentence, and further down."""
_FADE = 1 / 3
"""What each further term of a place counts of the one before: the strongest decides, many weak ones don't."""
_PASSING_MOST = 4.0
"""What is mentioned only further down is not the subject; less than `_SURE`, even listed."""
_LISTED = 1.25
"""How much better a category the digest lists stands: it wins ties and near-ties."""
_SURE = 8.0
"""The score from which a second label is given."""
_SHARE = 0.4
"""How near to the first a second label must come."""
_MOST_LABELS = 3

_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_SPACE_AT_HAN = re.compile(rf"(?<=[{_HAN}])\s+|\s+(?=[{_HAN}])")
_SENTENCE_END = re.compile(r"[。！？!?；;\n]|\.(?=\s)")
_BLANK = "\ufffc"
_GAP = re.compile(r"\s*(?:…|\.\.\.)\s*")
_LIST = re.compile(r"\{([a-z]+)\}")
_REGEX = re.compile(r"/.+/")
_ESCAPED = re.compile(r"(\\.)|[^\\]+")


class PatternError(ValueError):
    """A term that can't be looked for, and why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """A word that speaks for a category or, with a negative weight, against it. `start` is its first literal part."""

    text: str
    weight: float
    start: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """What speaks for the category `slug`; a longer term goes before a shorter, an excluded one before all."""

    slug: str
    terms: tuple[Term, ...] = ()
    excluded: tuple[Term, ...] = ()


class Place(StrEnum):
    """Where in an item a term stands: the title, the body's first sentence, further down."""

    TITLE = "title"
    OPENING = "opening"
    REST = "rest"


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A term that was found, and where."""

    term: Term
    place: Place


@dataclass(frozen=True, kw_only=True, slots=True)
class Weighed:
    """What speaks for the category `slug`: the terms found, and their sum, raised where the digest `listed` it."""

    slug: str
    score: float
    found: tuple[Found, ...]
    listed: bool = False
    chosen: bool = False


def term(text: str, weight: float = 0, words: Mapping[str, Sequence[str]] | None = None) -> Term:
    """Build a term from how it is written; `words` are the lists that `{name}` stands for.

    `…` stands for up to twelve characters of the same sentence; between slashes stands a regular expression for text
    that is folded (`fold`). Raises PatternError for one that can't be read, or would be found in any text.
    """
    try:
        pattern, start = _expression(text, words or {}) if _REGEX.fullmatch(text) else _phrase(text, words or {})
        compiled = re.compile(pattern)
    except KeyError as error:
        raise PatternError(f"there are no words called {error}") from error
    except re.error as error:
        raise PatternError(f"not a regular expression ({error})") from error
    if compiled.search(""):
        raise PatternError("it would be found anywhere")
    return Term(text=text, weight=weight, start=start, pattern=compiled)


def fold(text: str) -> str:
    """Return `text` as terms are compared: NFKC, lower case, no spaces beside Han characters."""
    return _SPACE_AT_HAN.sub("", unicodedata.normalize("NFKC", text).casefold().strip())


def weigh(item: Item, rules: Iterable[Rule], preferred: frozenset[str]) -> tuple[Weighed, ...]:
    """Return what each rule that `item` meets finds in it, the strongest first; the chosen ones stand in front."""
    places = _places(item)
    weighed = [_weighed(places, rule, listed=rule.slug in preferred) for rule in rules]
    ranked = sorted((one for one in weighed if one.score > 0), key=lambda one: -one.score)
    if not ranked:
        return ()
    enough = max(_SURE, _SHARE * ranked[0].score)
    return tuple(
        replace(one, chosen=rank == 0 or (rank < _MOST_LABELS and one.score >= enough))
        for rank, one in enumerate(ranked)
    )


def _expression(text: str, words: Mapping[str, Sequence[str]]) -> tuple[str, str]:
    """Return the regular expression between slashes, folded but for what a backslash escapes."""
    folded = _ESCAPED.sub(lambda found: found[1] or fold(found[0]), text[1:-1])
    return _LIST.sub(lambda found: _any(words[found[1]]), folded), ""


def _phrase(text: str, words: Mapping[str, Sequence[str]]) -> tuple[str, str]:
    """Return the expression for words with gaps and lists, and the literal it starts with, if it starts with one."""
    parts = [part for part in _GAP.split(fold(text)) if part]
    pattern = r"[^。!?;\n]{0,12}?".join(
        "".join(_any(words[piece]) if listed else _bounded(piece) for listed, piece in _pieces(part)) for part in parts
    )
    start = parts[0] if parts else ""
    return pattern, "" if "{" in start else start


def _pieces(part: str) -> Iterator[tuple[bool, str]]:
    """Yield the names of lists, and the words between them."""
    for rank, piece in enumerate(_LIST.split(part)):
        if piece:
            yield rank % 2 == 1, piece


def _any(words: Sequence[str]) -> str:
    longest_first = sorted((fold(word) for word in words), key=lambda word: -len(word))
    return f"(?:{'|'.join(map(_bounded, longest_first))})"


def _bounded(part: str) -> str:
    """Latin words are matched whole (a plural counts, and so does `RTX` in `RTX5090`), Han ones anywhere."""
    before = r"(?<![a-z0-9])" if part[0].isascii() and part[0].isalnum() else ""
    after = ""
    if part[-1].isascii():
        after = r"s?(?![a-z])" if part[-1].isalpha() else r"(?!\d)" if part[-1].isdigit() else ""
    return before + re.escape(part) + after


def _places(item: Item) -> dict[Place, str]:
    body = "\n".join(block.text for block in item.body if block.kind is not BlockKind.CODE)
    end = _SENTENCE_END.search(body)
    cut = end.end() if end else len(body)
    return {Place.TITLE: fold(item.title), Place.OPENING: fold(body[:cut]), Place.REST: fold(body[cut:])}


def _weighed(places: Mapping[Place, str], rule: Rule, *, listed: bool) -> Weighed:
    found = tuple(Found(term=term, place=place) for place, text in places.items() for term in _terms_in(text, rule))
    title, opening, rest = (_WORTH[place] * _together(one.term.weight for one in found if one.place is place) for place in Place)
    subject = title + opening
    score = subject + (rest if subject > 0 else min(rest, _PASSING_MOST))
    return Weighed(slug=rule.slug, score=score * (_LISTED if listed else 1), found=found, listed=listed)


def _together(weights: Iterable[float]) -> float:
    """Return what the terms of one place weigh together; what speaks against counts in full."""
    listed = sorted(weights, reverse=True)
    return sum(weight * _FADE**rank if weight > 0 else weight for rank, weight in enumerate(listed))


def _terms_in(text: str, rule: Rule) -> list[Term]:
    """Return the terms of `rule` in `text`. What one has taken is blanked, so that no shorter one counts in it."""
    for excluded in rule.excluded:
        if excluded.start in text:
            text = excluded.pattern.sub(_BLANK, text)
    found = []
    for candidate in rule.terms:
        if candidate.start in text:
            text, times = candidate.pattern.subn(_BLANK, text)
            if times:
                found.append(candidate)
    return found
