"""A calendar week, and what the digests of its days tell."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from bot.models.digest import Item


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Week:
    """A calendar week: `monday` and the six days after it."""

    monday: date

    @classmethod
    def of(cls, day: date) -> Self:
        """Return the week that `day` is in."""
        return cls(monday=day - timedelta(days=day.weekday()))

    @property
    def sunday(self) -> date:
        """Its last day. Raises OverflowError where the calendar ends."""
        return self.monday + timedelta(days=6)

    @property
    def days(self) -> tuple[date, ...]:
        """Its seven days. Raises OverflowError where the calendar ends."""
        return tuple(self.monday + timedelta(days=number) for number in range(7))

    @property
    def name(self) -> str:
        """What ISO 8601 calls it: `2025-W41`."""
        year, number, _ = self.monday.isocalendar()
        return f"{year}-W{number:02}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """One thing that digests told of: `item` is what the last of its `days` said."""

    item: Item
    days: tuple[date, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Chapter:
    """The stories of one category, the most important first; `slug` is empty for those without any."""

    slug: str
    stories: tuple[Story, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class WeekEdition:
    """One subscription's cut of a week. No `categories` means all; `total` counts the items of the uncut week."""

    week: Week
    chapters: tuple[Chapter, ...]
    categories: tuple[str, ...] = ()
    total: int

    @property
    def items(self) -> tuple[Item, ...]:
        """What its stories say, in reading order."""
        return tuple(story.item for chapter in self.chapters for story in chapter.stories)

    @property
    def day(self) -> date:
        """The day it belongs to: its last."""
        return self.week.sunday
