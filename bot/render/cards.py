"""Items as cards: plain text within what a card holds, and as many to a message as there may be."""

from collections.abc import Iterable, Iterator, Sequence

from bot.contract import Dialect, Size
from bot.models import Card, Item, Part
from bot.render.environment import CONTROLS
from bot.render.graphemes import breaks

MOST = 8
"""Cards in a message; this and the two below are WeCom's (documentation of the robots), which alone has cards."""
TITLE = 128
"""UTF-8 bytes of a card's title; WeCom would cut a longer one without a mark."""
DESCRIPTION = 512
"""UTF-8 bytes of a card's description."""
_LIMITS: Size = (MOST, TITLE, DESCRIPTION)
"""Of what `_measure_cards` measures."""
_MARK = "…"


def cards_of(items: Iterable[Item]) -> Iterator[tuple[Card, ...]]:
    """Yield the cards of each message, in order. An item without a link can't be a card and is left out."""
    cards = [_card(item, item.url) for item in items if item.url]
    for start in range(0, len(cards), MOST):
        yield tuple(cards[start : start + MOST])


def measure(part: Part, dialect: Dialect) -> tuple[Size, Size]:
    """Return the sizes of a part and the limits they stand against: of its cards, or of its text by the platform."""
    if part.cards:
        return _measure_cards(part.cards), _LIMITS
    return dialect.measure(part.markup), dialect.limits


def _measure_cards(cards: Sequence[Card]) -> Size:
    """Return how many those are, and the UTF-8 bytes of the longest title and of the longest description."""
    return (
        len(cards),
        max(_size(card.title) for card in cards),
        max(_size(card.description) for card in cards),
    )


def _card(item: Item, url: str) -> Card:
    body = " ".join(block.text for block in item.body)
    return Card(title=_fitted(f"{item.number}. {item.title}", TITLE), description=_fitted(body, DESCRIPTION), url=url)


def _fitted(text: str, limit: int) -> str:
    """Return `text` as one line of at most `limit` bytes, with a mark where it was cut."""
    line = " ".join(text.translate(CONTROLS).split())
    if _size(line) <= limit:
        return line
    room = limit - _size(_MARK)
    end = max((end for end in breaks(line[:limit]) if _size(line[:end]) <= room), default=0)
    return line[:end].rstrip() + _MARK


def _size(text: str) -> int:
    return len(text.encode("utf-8", "replace"))
