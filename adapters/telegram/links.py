"""Addresses that open the bot and say something to it."""

from telegram.helpers import create_deep_linked_url

NEW_MESSAGE = "+"
"""Before a button's data: answer with a new message instead of changing the one it stands under."""


def start_link(name: str, payload: str) -> str:
    """Return the address under which somebody presses Start on the bot called `name` (`@bot`) with this payload.

    Raises ValueError for a payload of other signs than letters, digits, `_` and `-`, or of more than 64.
    """
    return create_deep_linked_url(name.removeprefix("@"), payload)


def press_link(name: str, data: str) -> str | None:
    """Return the address that gives in private the command of a button's `data`; None for one that no link holds."""
    try:
        return start_link(name, data.removeprefix(NEW_MESSAGE).replace(" ", "_"))
    except ValueError:
        return None
