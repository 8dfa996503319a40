"""Digests of a week, and subscriptions that want it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from bot.models import Block, Chat, Digest, Item, Run, Slot, Story, Subscription, Week, WeekEdition
from tests.fakes import SHANGHAI_EIGHT, subscription

SUNDAY = date(2025, 10, 12)
MONDAY = date(2025, 10, 6)
WEEK = Week(monday=MONDAY)
EIGHT = datetime(2025, 10, 12, 0, tzinfo=UTC)
"""Eight o'clock of that Sunday in Shanghai."""


def story(title: str, *slugs: str, url: str | None = None, body: str = "") -> Item:
    """Return an item without its number."""
    blocks = (Block(runs=(Run(text=body),)),) if body else ()
    return Item(number=0, title=title, url=url, categories=slugs, body=blocks)


def day(number: int, *stories: Item) -> Digest:
    """Return the digest of a day of the week, 1 for Monday."""
    items = tuple(replace(one, number=place) for place, one in enumerate(stories, 1))
    return Digest(day=MONDAY + timedelta(days=number - 1), title=f"Day {number}", items=items)


def told(edition: WeekEdition) -> list[tuple[str, list[str]]]:
    """Return what a week tells: each category with the titles below it."""
    return [(chapter.slug, [one.item.title for one in chapter.stories]) for chapter in edition.chapters]


def stories(edition: WeekEdition) -> list[Story]:
    return [one for chapter in edition.chapters for one in chapter.stories]


def ran(edition: WeekEdition) -> dict[str, list[int]]:
    """Return the weekdays of each story by its title."""
    return {one.item.title: [when.isoweekday() for when in one.days] for one in stories(edition)}


def weekly(of: Chat, *, zone: str = "Asia/Shanghai", at: time = time(8), **others: object) -> Subscription:
    slot = SHANGHAI_EIGHT if (zone, at) == (SHANGHAI_EIGHT.zone, SHANGHAI_EIGHT.at) else Slot(zone=zone, at=at)
    return replace(subscription(of, slot=slot), weekly=True, **others)  # type: ignore[arg-type]


def only(occasions: Iterable[str]) -> list[str]:
    return [occasion for occasion in occasions if occasion.startswith("week:")]
