"""What makes a story the same story in another revision of its digest."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence

from bot.categories.words import fold
from bot.models import Item

_REFERENCE = 7
"""Letters of an identity that stand for it in a button: enough to tell the items of one digest apart."""


def identities(items: Sequence[Item]) -> Mapping[int, str]:
    """Return the identity of each item of a digest, by its number.

    It is made of the address, or of the title where there is none; of both where several items share an address.
    """
    shared = {url for url, times in Counter(item.url for item in items).items() if times > 1}
    return {item.number: _identity(item, shared=item.url in shared) for item in items}


def references(items: Sequence[Item]) -> Mapping[int, str]:
    """Return what stands in a button for each item, by its number: that may be another's in the next revision."""
    return {number: identity[:_REFERENCE] for number, identity in identities(items).items()}


def referred(items: Sequence[Item], reference: str) -> Item | None:
    """Return the item that `reference` stands for; None when it is gone."""
    numbers = {found: number for number, found in references(items).items()}
    return next((item for item in items if item.number == numbers.get(reference)), None)


def _identity(item: Item, *, shared: bool) -> str:
    title = fold(item.title)
    name = title if not item.url else f"{item.url}\n{title}" if shared else item.url
    return hashlib.sha256(name.encode()).hexdigest()
