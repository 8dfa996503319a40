"""An item's id in the index: from it its day and number are known, and the least one is to be read first.

FTS5 reads its lists from the front almost twice as fast as from behind, so the newest have to stand there.
"""

from datetime import date

_ROOM = 10_000
"""More than a digest has items."""
_END = date.max.toordinal()


def place(day: date, number: int) -> int:
    """Return the id of an item: days count down, and the numbers of a day up."""
    return (_END - day.toordinal()) * _ROOM + number


def item_at(id_: int) -> tuple[date, int]:
    """Return the day and the number of an item by its id."""
    back, number = divmod(id_, _ROOM)
    return date.fromordinal(_END - back), number


def span(first: date | None, last: date | None) -> tuple[int, int]:
    """Return the least and the greatest id of the days from `first` to `last`, both included; None is no bound."""
    return place(last or date.max, 0), place(first or date.min, _ROOM - 1)
