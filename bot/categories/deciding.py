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
    """The categories of `item`, the primary one first, whose word they are, and what the rules found in it."""

    item: Item
    voice: Voice
    slugs: tuple[str, ...]
    weighed: tuple[Weighed, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Sorted:
    """A digest whose items carry their categories, and those that occur: the taxonomy's first, then its own."""

    digest: Digest
    categories: tuple[Category, ...]
    decisions: tuple[Decision, ...] = field(repr=False, compare=False)


def sort(digest: Digest, taxonomy: Taxonomy, words: Words | None = None) -> Sorted:
    """Give every item its categories, the primary one first.

    A person's word decides alone, and so does a section or tag the taxonomy knows. A section or tag it does not know
    becomes a category of its own and the item's primary one; the model or the rules add theirs. Where nothing is given
    the model decides, or without one the rules. An item nothing speaks for gets none.
    """
    index = index_of(taxonomy.categories)
    listed = named(digest.categories, index)
    own = [category for category in listed if category not in taxonomy.categories]
    rules = (*taxonomy.rules, *map(_own_rule, own))
    preferred = frozenset(category.slug for category in listed)
    given = [named((item.section or "", *item.tags), index) for item in digest.items]
    decisions = tuple(
        _decide(item, categories, taxonomy, weigh(item, rules, preferred), words or Words())
        for item, categories in zip(digest.items, given, strict=True)
    )
    items = tuple(replace(one.item, categories=one.slugs) for one in decisions)
    seen = (*taxonomy.categories, *listed, *(category for several in given for category in several))
    return Sorted(
        digest=replace(digest, items=items), categories=_used(items, taxonomy.categories, seen), decisions=decisions
    )


def _decide(
    item: Item, given: tuple[Category, ...], taxonomy: Taxonomy, weighed: tuple[Weighed, ...], words: Words
) -> Decision:
    """Return the decision of the first who has a word in it."""
    if item.number in words.person:
        return Decision(item=item, voice=Voice.PERSON, slugs=words.person[item.number], weighed=weighed)
    slugs = tuple(category.slug for category in given)
    if any(category in taxonomy.categories for category in given):
        return Decision(item=item, voice=Voice.DOCUMENT, slugs=slugs, weighed=weighed)
    voice, more = Voice.RULES, tuple(one.slug for one in weighed if one.chosen)
    if item.number in words.model:
        voice, more = Voice.MODEL, words.model[item.number]
    return Decision(item=item, voice=voice, slugs=tuple(dict.fromkeys((*slugs, *more))), weighed=weighed)


def _used(items: Iterable[Item], known: tuple[Category, ...], seen: Iterable[Category]) -> tuple[Category, ...]:
    used = {slug for item in items for slug in item.categories}
    first = {category.slug: category for category in known}
    every = {category.slug: category for category in seen} | first
    order = sorted(every.values(), key=lambda category: category.slug not in first)
    return tuple(category for category in order if category.slug in used)


def _own_rule(category: Category) -> Rule:
    return Rule(slug=category.slug, terms=(term(category.zh, _OWN_WEIGHT),))
