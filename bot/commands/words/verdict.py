"""What an operator says of an item: of which day, which one, and where it belongs, in any order."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.commands.words.nearest import read_day_near
from bot.commands.words.question import read_category
from bot.commands.words.text import even, phrases
from bot.models import Category

_NUMBER = re.compile(r"#?([0-9]{1,3})|第([0-9]{1,3})条")
_NOWHERE = frozenset({"none", "无", "不分类"})
_RESET = frozenset({"reset", "重置", "还原"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """A day, an item and its categories as far as they were named; no slugs at all: it belongs nowhere.

    `reset` takes an earlier word back; `unread` are the words that say nothing we know.
    """

    day: date | None = None
    number: int | None = None
    slugs: tuple[str, ...] | None = None
    reset: bool = False
    unread: tuple[str, ...] = ()


def read_verdict(words: str, today: date, categories: Sequence[Category]) -> Verdict:
    """Return what `words` say. Raises BadCommand for a day that does not exist."""
    read, unread = phrases(
        words,
        {
            "number": _read_number,
            "day": lambda phrase: read_day_near(phrase, today),
            "nowhere": lambda phrase: True if even(phrase) in _NOWHERE else None,
            "reset": lambda phrase: True if even(phrase) in _RESET else None,
            "category": lambda phrase: read_category(phrase, categories),
        },
    )
    last = dict(read)
    day, number = last.get("day"), last.get("number")
    slugs = tuple(dict.fromkeys(value.slug for _, value in read if isinstance(value, Category)))
    return Verdict(
        day=day if isinstance(day, date) else None,
        number=number if isinstance(number, int) else None,
        slugs=slugs if slugs or "nowhere" in last else None,
        reset="reset" in last,
        unread=unread,
    )


def _read_number(phrase: str) -> int | None:
    found = _NUMBER.fullmatch(phrase)
    return int(found[1] or found[2]) if found else None
