"""What is typed into an address, read: a fault is no answer, never an error."""

from datetime import date


def read_day(typed: str | None) -> date | None:
    """Return the day `typed` as 2025-10-12; None when it is none."""
    try:
        return date.fromisoformat(typed or "")
    except ValueError:
        return None


def read_number(typed: str | None, *, digits: int) -> int | None:
    """Return the number that was `typed`; None when it is none, or longer than so many `digits`."""
    if not typed or len(typed) > digits or not (typed.isascii() and typed.isdecimal()):
        return None
    return int(typed)
