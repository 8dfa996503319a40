"""Rules: what speaks for a category, and how it is weighed in an item."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from bot.categories.terms import Term
from bot.categories.words import fold, keys
from bot.models import BlockKind, Item


class Place(StrEnum):
    """Where in an item a term stands: the title, the body's first sentence, further down."""

    TITLE = "title"
    OPENING = "opening"
    REST = "rest"


_WORTH = {Place.TITLE: 2.0, Place.OPENING: 1.4, Place.REST: 0.9}
"""What a term is worth in each place."""
_BEFORE = {Place.TITLE: (), Place.OPENING: (Place.TITLE,), Place.REST: (Place.TITLE, Place.OPENING)}
_AGAIN = 0.6
"""What a term counts of that where an earlier place has it: to say a thing again is not to say more."""
_FADE = 0.6
"""What each further term of a place counts of the one before: the strongest decides, many weak ones don't."""
_STEEP = 0.4
_EVEN = 4.0
"""A weight counts `_STEEP` more than in proportion, so that one event is more than two hints; this one as it is."""
_PASSING_MOST = 3.9
"""What is mentioned only further down is not the subject; less than `_SURE`, even listed."""
_EVENT = 9.0
"""The weight of what is the subject wherever it stands."""
_LISTED = 1.25
"""How much better a category the digest lists stands: it wins ties and near-ties."""
_SURE = 5.0
"""The score from which a second label is given."""
_SHARE = 0.4
"""How near to the first a second label must come."""
_PLENTY = 21.0
"""The score from which a label is given however far the first is ahead."""
MOST_LABELS = 3

_SENTENCE_END = re.compile(r"[。！？!?；;\n]|\.(?=\s)")
_BLANK = "\ufffc"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What speaks for the category `slug`; a longer term goes before a shorter, an excluded one before all."""

    slug: str
    terms: tuple[Term, ...] = ()
    excluded: tuple[Term, ...] = ()

    def likely(self, keys: AbstractSet[str]) -> tuple[list[Term], list[Term]]:
        """Return the excluded terms and the terms that a text with these keys may hold, each in their order."""
        ranks = self._ranks
        found = sorted({*ranks[""], *(rank for key in ranks.keys() & keys for rank in ranks[key])})
        terms, first = self._every, bisect_left(found, len(self.excluded))
        return [terms[rank] for rank in found[:first]], [terms[rank] for rank in found[first:]]

    @cached_property
    def _every(self) -> tuple[Term, ...]:
        return (*self.excluded, *self.terms)

    @cached_property
    def _ranks(self) -> Mapping[str, list[int]]:
        """Which terms have a key, and under "" those without any: most of a thousand need no look at all."""
        ranks: dict[str, list[int]] = {"": []}
        for rank, term in enumerate(self._every):
            for key in term.keys or ("",):
                ranks.setdefault(key, []).append(rank)
        return ranks


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A term that was found, where, and what it adds to its category there."""

    term: Term
    place: Place
    worth: float


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
        return _LISTED if self.listed else 1.0


def weigh(item: Item, rules: Iterable[Rule], preferred: frozenset[str]) -> tuple[Weighed, ...]:
    """Return what each rule that `item` meets finds in it, the strongest first; the chosen ones stand in front."""
    text = _Text.of(item)
    weighed = [_weighed(text, rule, listed=rule.slug in preferred) for rule in rules]
    ranked = sorted((one for one in weighed if one.score > 0), key=lambda one: -one.score)
    if not ranked:
        return ()
    enough = needed(ranked[0].score)
    return tuple(
        replace(one, chosen=rank == 0 or (rank < MOST_LABELS and one.score >= enough))
        for rank, one in enumerate(ranked)
    )


def needed(best: float) -> float:
    """Return the score from which a further label is given beside one of `best`."""
    return max(_SURE, min(_SHARE * best, _PLENTY))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Text:
    """An item's folded text, a line for each place: one search serves all three."""

    whole: str
    opening: int
    rest: int
    keys: AbstractSet[str]

    @classmethod
    def of(cls, item: Item) -> "_Text":
        body = "\n".join(block.text for block in item.body if block.kind is not BlockKind.CODE)
        end = _SENTENCE_END.search(body)
        cut = end.end() if end else len(body)
        title, opening, rest = (fold(text) for text in (item.title, body[:cut], body[cut:]))
        whole = f"{title}\n{opening}\n{rest}"
        return cls(whole=whole, opening=len(title) + 1, rest=len(title) + len(opening) + 2, keys=keys(whole))

    def place(self, position: int) -> Place:
        """Return the place that the character at `position` stands in."""
        return Place.TITLE if position < self.opening else Place.OPENING if position < self.rest else Place.REST


def _weighed(text: _Text, rule: Rule, *, listed: bool) -> Weighed:
    at = [(term, {text.place(position) for position in positions}) for term, positions in _found_at(text, rule)]
    found = {place: _found(place, at) for place in Place}
    title, opening, rest = (sum(one.worth for one in found[place]) for place in Place)
    subject = title + opening
    told = subject > 0 or any(one.term.weight >= _EVENT for one in found[Place.REST])
    score = subject + (rest if told else min(rest, _PASSING_MOST))
    every = tuple(one for place in Place for one in found[place])
    weighed = Weighed(slug=rule.slug, score=score, found=every, listed=listed)
    return replace(weighed, score=score * weighed.raised)


def _found(place: Place, at: Iterable[tuple[Term, AbstractSet[Place]]]) -> list[Found]:
    """Return what the terms of one place are worth beside each other; what speaks against counts in full."""
    here = [(term, _strength(term) * _left(term, place, places)) for term, places in at if place in places]
    ranked = sorted(here, key=lambda one: -one[1])
    fades = (_FADE**rank if weight > 0 else 1 for rank, (_, weight) in enumerate(ranked))
    return [
        Found(term=term, place=place, worth=_WORTH[place] * weight * fade)
        for (term, weight), fade in zip(ranked, fades, strict=True)
    ]


def _strength(term: Term) -> float:
    """Return what the weight of `term` counts before place and company: what speaks against counts as it is."""
    return term.weight * (term.weight / _EVEN) ** _STEEP if term.weight > 0 else term.weight


def _left(term: Term, place: Place, places: AbstractSet[Place]) -> float:
    """Return how much of `term` counts in `place` when it stands in `places`."""
    return 1.0 if term.weight < 0 or places.isdisjoint(_BEFORE[place]) else _AGAIN


def _found_at(read: _Text, rule: Rule) -> Iterator[tuple[Term, list[int]]]:
    """Yield the terms of `rule` that stand in the text, and where. In what a word has taken no shorter one counts."""
    text = read.whole
    excluded, terms = rule.likely(read.keys)
    for term in excluded:
        text = term.pattern.sub(_blanked, text)
    left = text
    for term in terms:
        where = left if term.word else text
        found = list(term.pattern.finditer(where))
        if found:
            yield term, [one.start() for one in found]
        if term.word:
            for one in found:
                left = f"{left[: one.start()]}{_blanked(one)}{left[one.end() :]}"


def _blanked(found: re.Match[str]) -> str:
    return _BLANK * len(found[0])
