"""What a reader asks of the archive: a day, a category, or both, in any order."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.categories import find
from bot.commands.words.days import read_day
from bot.commands.words.text import even, phrases
from bot.models import Category

ALL = frozenset({"all", "everything", "全部", "所有", "全选"})
START_PREFIX = "cat_"
"""Before the slug in a deep link's payload (`/start cat_chips`)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """A day and a category as far as they were named; `everything` means whatever the chat's own choice is."""

    day: date | None = None
    category: Category | None = None
    everything: bool = False
    unread: tuple[str, ...] = ()


def read_question(words: str, today: date, categories: Sequence[Category], *, last: date | None = None) -> Question:
    """Return what `words` ask. Raises BadCommand for a day that does not exist or comes after `today` and `last`."""
    read, unread = phrases(
        words,
        {
            "day": lambda phrase: read_day(phrase, today, last=last),
            "everything": read_everything,
            "category": lambda phrase: read_category(phrase, categories),
        },
    )
    days = [value for _, value in read if isinstance(value, date)]
    named = [value for _, value in read if isinstance(value, Category)]
    return Question(
        day=days[-1] if days else None,
        category=named[-1] if named else None,
        everything=any(name == "everything" for name, _ in read),
        unread=unread,
    )


def read_everything(phrase: str) -> bool | None:
    """Return True when `phrase` asks for all categories."""
    return True if even(phrase) in ALL else None


def read_category(phrase: str, categories: Sequence[Category]) -> Category | None:
    """Return the category `phrase` names, by slug, name or alias; None when it names none."""
    name = phrase.removeprefix(START_PREFIX).lstrip("#")
    if re.match(r"[0-9]+\s", name):  # a number before a name is an hour or a day, not its ornament
        return None
    return find(name, categories)
