"""The categories that are known: the taxonomy's, and those that documents brought along."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.models import Category
from bot.store import codec
from bot.store.engine import Database
from bot.store.tables import categories, item_categories

AFTER_THE_TAXONOMY = 1_000


class Categories:
    """What is known of categories."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self, brought: Sequence[Category] = ()) -> tuple[Category, ...]:
        """Return every category, the taxonomy's first in its order, then the others by name.

        `brought` stand among them as they will once a document that brings them is loaded.
        """
        rows = await self._database.read_in_thread(lambda connection: connection.execute(select(categories)).all())
        known = {row.slug: (row.place, _category(row)) for row in rows}
        new = {one.slug: (AFTER_THE_TAXONOMY, one) for one in brought if one.slug not in known}
        # Sorted here, since databases differ in how they sort Chinese.
        return tuple(one for _, one in sorted([*known.values(), *new.values()], key=_place))

    async def follow(self, taxonomy: Sequence[Category]) -> None:
        """Take over the taxonomy's names, aliases and order. A category it no longer has stays, after the others."""
        async with self._database.write() as connection:
            await connection.execute(update(categories).values(place=AFTER_THE_TAXONOMY))
            for place, category in enumerate(taxonomy):
                await _put(connection, category, place)

    async def used(self) -> frozenset[str]:
        """Return the slugs that any item has."""
        async with self._database.read() as connection:
            return frozenset(await connection.scalars(select(item_categories.c.slug).distinct()))


async def remember(connection: AsyncConnection, found: Sequence[Category]) -> None:
    """Add the categories that are new, leaving known ones as they are."""
    wanted = [category.slug for category in found]
    known = set(await connection.scalars(select(categories.c.slug).where(categories.c.slug.in_(wanted))))
    for category in found:
        if category.slug not in known:
            await _put(connection, category, AFTER_THE_TAXONOMY)


async def _put(connection: AsyncConnection, category: Category, place: int) -> None:
    values = {
        "zh": category.zh,
        "en": category.en,
        "aliases": codec.words_to_json(category.aliases),
        "place": place,
    }
    there = select(func.count()).where(categories.c.slug == category.slug)
    if await connection.scalar(there):
        await connection.execute(update(categories).where(categories.c.slug == category.slug).values(values))
    else:
        await connection.execute(insert(categories).values(slug=category.slug, **values))


def _place(placed: tuple[int, Category]) -> tuple[int, str]:
    place, category = placed
    return place, category.zh


def _category(row: Row[*tuple[Any, ...]]) -> Category:
    return Category(slug=row.slug, zh=row.zh, en=row.en, aliases=codec.words_from_json(row.aliases))
