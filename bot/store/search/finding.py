"""Finding items."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from bot.models import Item
from bot.store.engine import Database
from bot.store.items import item_of
from bot.store.search.index import index_of
from bot.store.search.places import item_at, span
from bot.store.search.tiers import Tiers, tiers
from bot.store.tables import digests, item_categories, items
from bot.terms import Phrase


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """An item that was found, and the day of its digest."""

    day: date
    item: Item


class Search:
    """The published items by their words."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(
        self,
        wanted: Sequence[Phrase],
        *,
        slugs: Sequence[str] = (),
        first: date | None = None,
        last: date | None = None,
        skip: int = 0,
        limit: int = 10,
    ) -> tuple[Hit, ...]:
        """Return the items with all that is `wanted`, of one of the categories, from the day `first` to the day `last`.

        Those with the words in their title come first, then the newest; `skip` leaves out as many of them. Without
        phrases it is the whole categories, the newest first; without those either, nothing.
        """

        def read(connection: Connection) -> tuple[Hit, ...]:
            asked = tiers(wanted, slugs, index_of(connection.dialect.name))
            return _load(connection, _ids(connection, asked, span(first, last), skip + limit)[skip:])

        return await self._database.read_in_thread(read)


def _ids(connection: Connection, asked: Sequence[Tiers], bounds: tuple[int, int], most: int) -> list[int]:
    """Return the first ids, `most` at most. What nothing meets at all is not looked for tier by tier."""
    found: list[int] = []
    for some in asked:
        if len(found) < most and (some.any is None or _page(connection, some.any, bounds, 1)):
            for tier in some.each:
                found += _page(connection, tier, bounds, most - len(found))
    return found


def _page(connection: Connection, condition: str, bounds: tuple[int, int], most: int) -> Sequence[int]:
    if not most:
        return ()
    index = index_of(connection.dialect.name)
    query = select(index.id).where(index.meets(condition), index.id.between(*bounds))
    return connection.scalars(query.order_by(index.id).limit(most)).all()


def _load(connection: Connection, ids: Sequence[int]) -> tuple[Hit, ...]:
    """Return the items of `ids` in that order."""
    if not ids:
        return ()
    places = [item_at(each) for each in ids]
    days, numbers = {day for day, _ in places}, {number for _, number in places}
    told = select(digests.c.day, items).join(items, items.c.revision_id == digests.c.revision_id)
    rows = connection.execute(told.where(digests.c.day.in_(days), items.c.number.in_(numbers)))
    found = {(row.day, row.number): row for row in rows}
    revisions = {found[place].revision_id for place in places if place in found}
    sorted_ = select(item_categories).where(
        item_categories.c.revision_id.in_(revisions), item_categories.c.number.in_(numbers)
    )
    slugs: dict[tuple[int, int], list[str]] = {}
    for row in connection.execute(sorted_.order_by(item_categories.c.place)):
        slugs.setdefault((row.revision_id, row.number), []).append(row.slug)
    return tuple(
        Hit(day=day, item=item_of(found[day, number], slugs.get((found[day, number].revision_id, number), ())))
        for day, number in places
        if (day, number) in found
    )
