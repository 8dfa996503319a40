"""An item's id in the index: from it its day and number are known, and a greater one is to be read first."""

from datetime import date

_ROOM = 10_000
"""More than a digest has items."""


def place(day: date, number: int) -> int:
    """Return the id of an item: days count up, and the numbers of a day down."""
    return day.toordinal() * _ROOM + _ROOM - 1 - number


def item_at(id_: int) -> tuple[date, int]:
    """Return the day and the number of an item by its id."""
    ordinal, rest = divmod(id_, _ROOM)
    return date.fromordinal(ordinal), _ROOM - 1 - rest


def span(first: date | None, last: date | None) -> tuple[int, int]:
    """Return the least and the greatest id of the days from `first` to `last`, both included; None is no bound."""
    return (first or date.min).toordinal() * _ROOM, (last or date.max).toordinal() * _ROOM + _ROOM - 1
