"""Why an item is in its categories and not in others, put together from the decision itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.categories.deciding import Decision, Voice
from bot.categories.names import index_of, named
from bot.categories.rules import Place, Weighed, needed
from bot.categories.taxonomy import Taxonomy
from bot.models import Item

_SAME = 1e-9


class Why(StrEnum):
    """Why a category that the rules weighed was chosen or not."""

    FIRST = "first"
    """Nothing speaks louder."""
    NEAR = "near"
    """It is strong enough to stand beside the first."""
    WEAK = "weak"
    """It is not."""
    SURPLUS = "surplus"
    """It would be, but there are as many labels as an item may have."""
    SAID = "said"
    """Somebody whose word goes before the rules chose it."""
    OVERRULED = "overruled"
    """The rules would choose it; somebody whose word goes before theirs did not."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """A term that was found: where, its weight in the taxonomy, and what it is worth there beside the others."""

    term: str
    place: Place
    weight: float
    worth: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A category that the rules weighed, with what spoke for it, and why it was chosen or not.

    A second label needs a score of `needed`. `capped` tells that the body weighs less than its terms do together.
    """

    slug: str
    score: float
    needed: float
    chosen: bool
    why: Why
    listed: bool
    capped: bool
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Label:
    """A category an item has, and whose word that is; `named` is the section or tag, where it is the document's."""

    slug: str
    voice: Voice
    named: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Explanation:
    """The labels of an item, the primary one first, and all that the rules weighed, the strongest first."""

    item: Item
    voice: Voice
    labels: tuple[Label, ...]
    candidates: tuple[Candidate, ...]


def explain(decision: Decision, taxonomy: Taxonomy) -> Explanation:
    """Return why `decision`, taken by `taxonomy`, came out as it did."""
    names = _names(decision, taxonomy) if decision.voice is not Voice.PERSON else {}
    labels = tuple(
        Label(slug=slug, voice=Voice.DOCUMENT if slug in names else decision.voice, named=names.get(slug, ""))
        for slug in decision.slugs
    )
    best = decision.weighed[0].score if decision.weighed else 0.0
    return Explanation(
        item=decision.item,
        voice=decision.voice,
        labels=labels,
        candidates=tuple(_candidate(one, rank, decision, needed(best)) for rank, one in enumerate(decision.weighed)),
    )


def _names(decision: Decision, taxonomy: Taxonomy) -> Mapping[str, str]:
    """Return the section or tag that names each category the document gives, by slug."""
    written = (decision.item.section or "", *decision.item.tags)
    if not any(written):
        return {}
    index = index_of(taxonomy.categories)
    return {category.slug: name for name in reversed(written) for category in named((name,), index)}


def _candidate(one: Weighed, rank: int, decision: Decision, enough: float) -> Candidate:
    evidence = tuple(
        Evidence(term=found.term.text, place=found.place, weight=found.term.weight, worth=found.worth)
        for found in one.found
    )
    bare = sum(each.worth for each in evidence)
    return Candidate(
        slug=one.slug,
        score=one.score,
        needed=enough,
        chosen=one.slug in decision.slugs,
        why=_why(one, rank, decision, enough),
        listed=one.listed,
        capped=bare * one.raised > one.score + _SAME,
        evidence=evidence,
    )


def _why(one: Weighed, rank: int, decision: Decision, enough: float) -> Why:
    if decision.voice is not Voice.RULES or one.slug in decision.given:
        if one.slug in decision.slugs:
            return Why.SAID
        if one.chosen:
            return Why.OVERRULED
    elif one.chosen:
        return Why.NEAR if rank else Why.FIRST
    return Why.SURPLUS if one.score >= enough else Why.WEAK
