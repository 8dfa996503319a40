"""Buttons, and the rows they stand in. No reply has more than 25, the most that every platform shows."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from bot.categories import close
from bot.commands.ask import Ask
from bot.commands.words import joins
from bot.models import Button, Category, Reply

MOST_CATEGORIES = 20
"""Categories beyond these are reached by typing their name."""
MOST_BYTES = 64
"""What a button holds (Telegram's limit)."""
_TYPED_MOST = 60

Rows = tuple[tuple[Button, ...], ...]


def key(label: str, press: str, *, on: bool = False, option: str = "", asks: str = "", **values: object) -> Button:
    """Return a button: `label` is a macro of `buttons.j2`, `values` its arguments."""
    return Button(label=label, values=values, press=press, on=on, option=option, asks=asks)


def fits(press: str) -> bool:
    """Tell whether a button holds `press`."""
    return len(press.encode()) <= MOST_BYTES


def rows(buttons: Iterable[Button], width: int) -> Rows:
    """Return the buttons in rows of at most `width`."""
    listed = tuple(buttons)
    return tuple(listed[start : start + width] for start in range(0, len(listed), width))


def day_keys(days: Iterable[date | None], press: Callable[[date], str]) -> Rows:
    """Return a row with a button for each day there is, whose press it can hold."""
    buttons = tuple(key("day", press(day), day=day) for day in days if day and fits(press(day)))
    return (buttons,) if buttons else ()


def category_keys(categories: Iterable[Category], press: Callable[[Category], str]) -> Rows:
    """Return a button for each category, two in a row."""
    return rows((key("category", press(category), slug=category.slug) for category in categories), 2)


def shortened(words: Sequence[str]) -> str:
    """Return words as an answer repeats them."""
    return " ".join(words)[:_TYPED_MOST]


def near(words: Sequence[str], categories: Iterable[Category]) -> tuple[Category, ...]:
    """Return the few categories that come close to the first of `words`."""
    known = tuple(categories)
    telling = [word for word in words if not joins(word)][:3]
    return tuple({found.slug: found for word in telling for found in close(word, known)}.values())[:4]


def unknown(
    ask: Ask,
    words: Sequence[str],
    press: Callable[[Category], str],
    template: str = "unknown_category",
    *,
    tail: str = "",
) -> Reply:
    """Say that we don't know `words`, and offer the categories that come close, or else all of them.

    Where a button does not hold all that was typed beside them, they are named, to be typed once more. `tail` is what
    a typed command about the same chat ends with.
    """
    found = near(words, ask.categories)
    offered = found or ask.categories[:MOST_CATEGORIES]
    pressable = all(fits(press(category)) for category in offered)
    named = () if pressable else tuple(category.slug for category in offered)
    values = {"typed": shortened(words), "near": bool(found), "named": named, "tail": tail}
    return Reply(template=template, values=values, buttons=category_keys(offered, press) if pressable else ())
