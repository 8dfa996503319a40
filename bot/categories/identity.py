"""What makes a story the same story in another revision of its digest."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence

from bot.categories.words import fold
from bot.models import Item


def identities(items: Sequence[Item]) -> Mapping[int, str]:
    """Return the identity of each item of a digest, by its number.

    It is made of the address, or of the title where there is none; of both where several items share an address.
    """
    shared = {url for url, times in Counter(item.url for item in items).items() if times > 1}
    return {item.number: _identity(item, shared=item.url in shared) for item in items}


def _identity(item: Item, *, shared: bool) -> str:
    title = fold(item.title)
    name = title if not item.url else f"{item.url}\n{title}" if shared else item.url
    return hashlib.sha256(name.encode()).hexdigest()
