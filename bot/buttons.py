"""The buttons under a digest that was pushed: each answers with a new message, the delivered one stays."""

from collections.abc import Collection, Sequence
from datetime import date

from bot.models import Button, Category, Digest, Week

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


def under_week(
    week: Week, occurring: Collection[str], categories: Sequence[Category], *, before: date | None
) -> tuple[tuple[Button, ...], ...]:
    """Return a row for the week of the digest `before`, and rows for the categories (slugs) that are `occurring`."""
    keys = [
        Button(label="category", values={"slug": category.slug}, press=f"+week {category.slug} {week.monday}")
        for category in categories
        if category.slug in occurring
    ][:MOST_CATEGORIES]
    earlier = Week.of(before) if before else None
    back = (
        (Button(label="previous_week", values={"week": earlier}, press=f"+week {earlier.monday}"),) if earlier else ()
    )
    rows = (back, *(tuple(keys[start : start + A_ROW]) for start in range(0, len(keys), A_ROW)))
    return tuple(row for row in rows if row)
