"""Who says which categories an item belongs to: a person, its document, a model, or the rules."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from bot.categories.names import index_of, named
from bot.categories.rules import Rule, Weighed, weigh
from bot.categories.taxonomy import Taxonomy
from bot.categories.terms import term
from bot.models import Category, Digest, Item

_OWN_WEIGHT = 3
"""What its own name weighs for a category that the digest lists and the taxonomy lacks."""


class Voice(StrEnum):
    """Whose word it is; each goes before those below it."""

    PERSON = "person"
    DOCUMENT = "document"
    MODEL = "model"
    RULES = "rules"


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """What was said of a digest's items beforehand, slugs by the item's number: by people, and by a model."""

    person: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    model: Mapping[int, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """The categories of `item`, the primary one first, whose word they are, and what the rules found in it.

    `given` are those that its section or tags name, whoever decided in the end.
    """

    item: Item
    voice: Voice
    slugs: tuple[str, ...]
    given: tuple[str, ...] = ()
    weighed: tuple[Weighed, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Sorted:
    """A digest whose items carry their categories, and those that occur: the taxonomy's first, then its own.

    `words` are those that were heard.
    """

    digest: Digest
    categories: tuple[Category, ...]
    decisions: tuple[Decision, ...] = field(repr=False, compare=False)
    words: Words = field(repr=False, compare=False)


def sort(digest: Digest, taxonomy: Taxonomy, words: Words | None = None) -> Sorted:
    """Give every item its categories, the primary one first.

    A person's word decides alone, and so does a section or tag the taxonomy knows. A section or tag it does not know
    becomes a category of its own and the item's primary one; the model or the rules add theirs. Where nothing is given
    the model decides, or without one the rules. An item nothing speaks for gets none.
    """
    heard = words or Words()
    index = index_of(taxonomy.categories)
    listed = named(digest.categories, index)
    own = [category for category in listed if category not in taxonomy.categories]
    rules = (*taxonomy.rules, *map(_own_rule, own))
    preferred = frozenset(category.slug for category in listed)
    given = [_given(item, index) for item in digest.items]
    decisions = tuple(
        _decide(item, categories, taxonomy, weigh(item, rules, preferred), heard)
        for item, categories in zip(digest.items, given, strict=True)
    )
    items = tuple(replace(one.item, categories=one.slugs) for one in decisions)
    seen = (*taxonomy.categories, *listed, *(category for several in given for category in several))
    return Sorted(
        digest=replace(digest, items=items),
        categories=_used(items, taxonomy.categories, seen),
        decisions=decisions,
        words=heard,
    )


def undecided(digest: Digest, taxonomy: Taxonomy) -> tuple[Item, ...]:
    """Return the items whose section and tags decide nothing: those that are the model's or the rules' to sort."""
    index = index_of(taxonomy.categories)
    return tuple(item for item in digest.items if not _settles(_given(item, index), taxonomy))


def _given(item: Item, index: Mapping[str, Category]) -> tuple[Category, ...]:
    return named((item.section or "", *item.tags), index)


def _decide(
    item: Item, given: tuple[Category, ...], taxonomy: Taxonomy, weighed: tuple[Weighed, ...], words: Words
) -> Decision:
    """Return the decision of the first who has a word in it."""
    slugs = tuple(category.slug for category in given)
    if item.number in words.person:
        voice, chosen = Voice.PERSON, words.person[item.number]
    elif _settles(given, taxonomy):
        voice, chosen = Voice.DOCUMENT, slugs
    elif item.number in words.model:
        voice, chosen = Voice.MODEL, (*slugs, *words.model[item.number])
    else:
        voice, chosen = Voice.RULES, (*slugs, *(one.slug for one in weighed if one.chosen))
    return Decision(item=item, voice=voice, slugs=tuple(dict.fromkeys(chosen)), given=slugs, weighed=weighed)


def _settles(given: Iterable[Category], taxonomy: Taxonomy) -> bool:
    """Tell whether a section or tag decides alone: the taxonomy knows it."""
    return any(category in taxonomy.categories for category in given)


def _used(items: Iterable[Item], known: tuple[Category, ...], seen: Iterable[Category]) -> tuple[Category, ...]:
    used = {slug for item in items for slug in item.categories}
    first = {category.slug: category for category in known}
    every = {category.slug: category for category in seen} | first
    order = sorted(every.values(), key=lambda category: category.slug not in first)
    return tuple(category for category in order if category.slug in used)


def _own_rule(category: Category) -> Rule:
    return Rule(slug=category.slug, terms=(term(category.zh, _OWN_WEIGHT),))
