"""A week's edition: out of the digests that are published of its days, as it is sent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from bot import weeks
from bot.buttons import under_week
from bot.contract import Dialect
from bot.models import Delivery, Digest, Format, Part, Week
from bot.render import Renderer
from bot.store import Store


@dataclass(frozen=True, kw_only=True, slots=True)
class WeekOrder:
    """What makes one week's edition differ from another on a platform; `revisions` are what it is made of."""

    week: Week
    revisions: tuple[int, ...]
    categories: frozenset[str]
    format: Format
    language: str

    @classmethod
    def of(cls, delivery: Delivery) -> Self | None:
        """Return what is ordered for `delivery`; None when it brings no week."""
        if delivery.week is None:
            return None
        return cls(
            week=delivery.week,
            revisions=delivery.revisions,
            categories=delivery.categories,
            format=delivery.format,
            language=delivery.language,
        )


async def compose_week(store: Store, renderer: Renderer, dialect: Dialect, order: WeekOrder) -> tuple[Part, ...]:
    """Return the parts of a week, exactly as they are sent; none when nothing is in its categories.

    Nobody is called to it: a mention goes with the day's digest.
    """
    digests = await revisions(store, order.revisions)
    categories = await store.categories.all()
    slugs = [category.slug for category in categories]
    edition = weeks.gather(order.week, digests, categories=order.categories, order=slugs, format=order.format)
    if not edition.chapters:
        return ()
    before, _ = await store.digests.around(order.week.monday)
    return renderer.edition(
        edition,
        dialect,
        order.language,
        categories=categories,
        buttons=under_week(order.week, _occurring(digests), categories, before=before),
    )


async def revisions(store: Store, ids: Sequence[int]) -> tuple[Digest, ...]:
    """Return the digests as they were in these revisions."""
    return tuple([await store.digests.revision(number) for number in ids])


def _occurring(digests: Iterable[Digest]) -> frozenset[str]:
    return frozenset(slug for digest in digests for item in digest.items for slug in item.categories)
