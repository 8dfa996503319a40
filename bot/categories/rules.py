"""Rules: weighted terms that speak for a category, and how they are weighed in an item."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.models import BlockKind, Item

_TITLE, _OPENING, _REST = 3.0, 1.5, 1.0
"""What a term is worth in the title, in the body's first sentence, and further down."""
_REST_MOST = 8.0
"""A long body may not outweigh the title by mentioning everything."""
_PASSING_MOST = 4.0
"""What is mentioned only further down is not the subject; less than `_SURE`, even listed."""
_LISTED = 1.25
"""How much better a category the digest lists stands: it wins ties and near-ties."""
_SURE = 6.0
"""The score from which a second label is given."""
_SHARE = 0.35
"""How near to the first a second label must come."""
MOST_LABELS = 3

_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_SPACE_AT_HAN = re.compile(rf"(?<=[{_HAN}])\s+|\s+(?=[{_HAN}])")
_SENTENCE_END = re.compile(r"[。！？!?；;\n]|\.(?=\s)")
_BLANK = "\ufffc"


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

    @property
    def raised(self) -> float:
        """By what the sum is multiplied."""
        return _raise(listed=self.listed)


def term(text: str, weight: float = 0) -> Term:
    """Build a term from its words. `…` stands for up to twelve characters of the same sentence."""
    parts = [part for part in re.split(r"\s*(?:…|\.\.\.)\s*", fold(text)) if part]
    pattern = re.compile(r"[^。!?;\n]{0,12}?".join(_bounded(part) for part in parts))
    return Term(text=text, weight=weight, start=parts[0] if parts else "", pattern=pattern)


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
    enough = needed(ranked[0].score)
    return tuple(
        replace(one, chosen=rank == 0 or (rank < MOST_LABELS and one.score >= enough))
        for rank, one in enumerate(ranked)
    )


def needed(best: float) -> float:
    """Return the score from which a second label is given beside one of `best`."""
    return max(_SURE, _SHARE * best)


def worth(found: Found) -> float:
    """Return what a found term adds to its category, before a long body is capped and a listed category raised."""
    return found.term.weight * {Place.TITLE: _TITLE, Place.OPENING: _OPENING, Place.REST: _REST}[found.place]


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
    title, opening, rest = (sum(one.term.weight for one in found if one.place is place) for place in Place)
    subject = _TITLE * title + _OPENING * opening
    score = subject + min(_REST * rest, _REST_MOST if subject > 0 else _PASSING_MOST)
    return Weighed(slug=rule.slug, score=score * _raise(listed=listed), found=found, listed=listed)


def _raise(*, listed: bool) -> float:
    return _LISTED if listed else 1


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
