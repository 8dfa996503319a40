"""What a reader asks of the archive: a day, categories, or both, in any order."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.categories import find
from bot.commands.words.days import read_day
from bot.commands.words.text import even, phrases
from bot.commands.words.weekdays import read_weekday
from bot.errors import BadCommand
from bot.models import Category

ALL = frozenset({"all", "everything", "全部", "所有", "全选"})
START_PREFIX = "cat_"
"""Before the slug in a deep link's payload (`/start cat_chips`)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """A day and categories as far as they were named; `everything` means whatever the chat's own choice is."""

    day: date | None = None
    categories: tuple[Category, ...] = ()
    everything: bool = False
    unread: tuple[str, ...] = ()


def read_question(words: str, today: date, categories: Sequence[Category], *, last: date | None = None) -> Question:
    """Return what `words` ask. A weekday beside a date of that weekday says nothing new.

    Raises BadCommand for a day that does not exist or comes after `today` and `last`, and for several days.
    """
    read, unread = phrases(
        words,
        {
            "weekday": lambda phrase: read_day(phrase, today) if read_weekday(phrase) else None,
            "day": lambda phrase: read_day(phrase, today, last=last),
            "everything": read_everything,
            "category": lambda phrase: read_category(phrase, categories),
        },
    )
    dates = [value for name, value in read if name == "day" and isinstance(value, date)]
    weekdays = [value for name, value in read if name == "weekday" and isinstance(value, date)]
    told = {day.isoweekday() for day in dates}
    return Question(
        day=only_one("day", [*dates, *(day for day in weekdays if day.isoweekday() not in told)]),
        categories=named_categories(read),
        everything=any(name == "everything" for name, _ in read),
        unread=unread,
    )


def named_categories(read: Sequence[tuple[str, object]]) -> tuple[Category, ...]:
    """Return the categories among what was `read`, each once."""
    return tuple({value.slug: value for _, value in read if isinstance(value, Category)}.values())


def only_one(command: str, days: Sequence[date]) -> date | None:
    """Return the one day there is in `days`, which `command` is asked for. Raises BadCommand for several."""
    different = tuple(dict.fromkeys(days))
    if len(different) > 1:
        raise BadCommand("one_at_a_time", command=command, days=different)
    return different[0] if different else None


def read_everything(phrase: str) -> bool | None:
    """Return True when `phrase` asks for all categories."""
    return True if even(phrase) in ALL else None


def read_category(phrase: str, categories: Sequence[Category]) -> Category | None:
    """Return the category `phrase` names, by slug, name or alias; None when it names none, or one not to have."""
    if even(phrase).startswith("-"):  # names are compared without their signs
        return None
    name = phrase.removeprefix(START_PREFIX).lstrip("#")
    if re.match(r"[0-9]+\s", name):  # a number before a name is an hour or a day, not its ornament
        return None
    return find(name, categories)
