"""The buttons under a digest that was pushed: each answers with a new message, the delivered one stays."""

from collections.abc import Sequence
from datetime import date

from bot.models import Button, Category, Digest

MOST_CATEGORIES = 20
"""With the days around them these stay within the 25 buttons that every platform shows."""
A_ROW = 3


def under_push(
    digest: Digest, categories: Sequence[Category], *, before: date | None, whole: bool = False
) -> tuple[tuple[Button, ...], ...]:
    """Return a row for the day before and rows for the categories that occur, in the order of `categories`.

    The `whole` digest is offered too where the chat has less of it.
    """
    occurring = {slug for item in digest.items for slug in item.categories}
    keys = [
        Button(label="category", values={"slug": category.slug}, press=f"+category {category.slug} {digest.day}")
        for category in categories
        if category.slug in occurring
    ][:MOST_CATEGORIES]
    keys += [Button(label="all", press=f"+day {digest.day} all")] if whole and digest.items else []
    back = (Button(label="previous_day", values={"day": before}, press=f"+day {before}"),) if before else ()
    rows = (back, *(tuple(keys[start : start + A_ROW]) for start in range(0, len(keys), A_ROW)))
    return tuple(row for row in rows if row)
