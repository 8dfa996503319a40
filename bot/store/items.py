"""The items of a revision, as rows and back."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row

from bot.models import Item
from bot.store import codec


def item_row(revision_id: int, item: Item) -> dict[str, object]:
    """Return the row of `items`."""
    return {
        "revision_id": revision_id,
        "number": item.number,
        "title": item.title,
        "url": item.url,
        "body": codec.blocks_to_json(item.body),
        "section": item.section,
        "tags": codec.words_to_json(item.tags),
    }


def category_rows(revision_id: int, item: Item) -> list[dict[str, object]]:
    """Return the rows of `item_categories`."""
    return [
        {"revision_id": revision_id, "number": item.number, "slug": slug, "place": place}
        for place, slug in enumerate(item.categories)
    ]


def item_of(row: Row[*tuple[Any, ...]], slugs: Iterable[str]) -> Item:
    """Return what a row of `items` says, in the categories `slugs`."""
    return Item(
        number=row.number,
        title=row.title,
        url=row.url,
        body=codec.blocks_from_json(row.body),
        section=row.section,
        tags=codec.words_from_json(row.tags),
        categories=tuple(slugs),
    )
