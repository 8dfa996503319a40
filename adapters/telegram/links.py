"""Addresses that open the bot and say something to it."""

from telegram.helpers import create_deep_linked_url


def start_link(name: str, payload: str) -> str:
    """Return the address under which somebody presses Start on the bot called `name` (`@bot`) with this payload.

    Raises ValueError for a payload of other signs than letters, digits, `_` and `-`, or of more than 64.
    """
    return create_deep_linked_url(name.removeprefix("@"), payload)
