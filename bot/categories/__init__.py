"""Which categories an item belongs to: what its document says, else what the taxonomy's weighted terms say."""

from dataclasses import dataclass, replace

from bot.categories.names import close, find, index_of, named
from bot.categories.rules import Rule, Term, judge, term
from bot.categories.taxonomy import Taxonomy, default_taxonomy, read_taxonomy
from bot.models import Category, Digest

__all__ = ["Rule", "Sorted", "Taxonomy", "Term", "close", "default_taxonomy", "find", "read_taxonomy", "sort"]

_OWN_WEIGHT = 3
"""What its own name weighs for a category that the digest lists and the taxonomy lacks."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sorted:
    """A digest whose items carry their categories, and those that occur: the taxonomy's first, then its own."""

    digest: Digest
    categories: tuple[Category, ...]


def sort(digest: Digest, taxonomy: Taxonomy) -> Sorted:
    """Give every item its categories, the primary one first.

    A section or tag the taxonomy knows decides alone. One it does not know becomes a category of its own and the
    item's primary one; the rules add theirs. Where nothing is given the rules decide. An item nothing speaks for
    gets none.
    """
    index = index_of(taxonomy.categories)
    listed = named(digest.categories, index)
    rules = (*taxonomy.rules, *(_own_rule(category) for category in listed if category not in taxonomy.categories))
    preferred = frozenset(category.slug for category in listed)
    seen = {category.slug: category for category in (*taxonomy.categories, *listed)}
    items = []
    for item in digest.items:
        given = named((item.section or "", *item.tags), index)
        seen = {**{category.slug: category for category in given}, **seen}
        slugs = tuple(category.slug for category in given)
        if not any(category in taxonomy.categories for category in given):
            slugs = tuple(dict.fromkeys((*slugs, *judge(item, rules, preferred))))
        items.append(replace(item, categories=slugs))
    used = {slug for item in items for slug in item.categories}
    known = tuple(category for category in taxonomy.categories if category.slug in used)
    own = tuple(category for slug, category in seen.items() if slug in used and category not in known)
    return Sorted(digest=replace(digest, items=tuple(items)), categories=(*known, *own))


def _own_rule(category: Category) -> Rule:
    return Rule(slug=category.slug, terms=(term(category.zh, _OWN_WEIGHT),))
