"""The week a reader names, seen from their own today, and what of it they ask for."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.commands.words.ahead import read_day_ahead
from bot.commands.words.days import read_day
from bot.commands.words.question import named_categories, only_one, read_category, read_everything
from bot.commands.words.text import arabic, even, phrases
from bot.errors import BadCommand
from bot.models import Category, Week

_BACK = {
    0: "本周 这周 这一周 本星期 这星期 这个星期 this-week the-week",
    1: "上周 上一周 上个周 上星期 上个星期 上礼拜 last-week the-last-week previous-week",
    2: "上上周 上上星期 上上个星期 week-before-last the-week-before-last",
    -1: "下周 下一周 下星期 下个星期 next-week",
}
_AGO = re.compile(r"([0-9]{1,3})\s*(?:个?周|个?星期|个?礼拜|weeks?)\s*(?:以?前|ago|earlier)")
_ISO = re.compile(r"([0-9]{4})\s*-?\s*(?:w|第)\s*([0-9]{1,2})\s*周?")
_NUMBER = re.compile(r"w\s*([0-9]{1,2})|第\s*([0-9]{1,2})\s*周")
_ONE_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class WeekQuestion:
    """A week and categories as far as they were named; `everything` means whatever the chat's own choice is."""

    week: Week | None = None
    categories: tuple[Category, ...] = ()
    everything: bool = False
    unread: tuple[str, ...] = ()


def read_week_question(words: str, today: date, categories: Sequence[Category]) -> WeekQuestion:
    """Return what `words` ask of a week; a day names the week it is in.

    Raises BadCommand for a week or day that does not exist or is yet to come, and for several weeks.
    """
    return _read(words, categories, lambda phrase: read_week(phrase, today) or _week_of_day(phrase, today))


def asks_for_week(words: str, today: date, categories: Sequence[Category]) -> bool:
    """Tell whether `words` name a week as such, not by a day, and nothing we don't know. Raises BadCommand."""
    question = _read(words, categories, lambda phrase: read_week(phrase, today))
    return question.week is not None and not question.unread


def _read(words: str, categories: Sequence[Category], week_of: Callable[[str], Week | None]) -> WeekQuestion:
    read, unread = phrases(
        words,
        {
            "week": week_of,
            "everything": read_everything,
            "category": lambda phrase: read_category(phrase, categories),
        },
    )
    monday = only_one("week", [value.monday for _, value in read if isinstance(value, Week)])
    return WeekQuestion(
        week=Week.of(monday) if monday else None,
        categories=named_categories(read),
        everything=any(name == "everything" for name, _ in read),
        unread=unread,
    )


def read_week(phrase: str, today: date) -> Week | None:
    """Return the week `phrase` names: `上周`, `last week`, `2 weeks ago`, `2025-W41`, `第41周`; None for none.

    A number alone is the latest such week. Raises BadCommand for one that does not exist or is yet to come.
    """
    text = arabic(even(phrase))
    try:
        monday = _back(text, Week.of(today).monday) or _numbered(text, today)
    except (ValueError, OverflowError) as error:
        raise BadCommand("bad_week", typed=phrase, week=Week.of(today)) from error
    if monday is not None and monday > today:
        raise BadCommand("future_week", week=Week.of(monday))
    return Week.of(monday) if monday else None


def _back(text: str, this: date) -> date | None:
    word = re.sub(r"\s+", "-", text)
    for back, words in _BACK.items():
        if word in words.split():
            return this - back * _ONE_WEEK
    match = _AGO.fullmatch(text)
    return this - int(match[1]) * _ONE_WEEK if match else None


def _numbered(text: str, today: date) -> date | None:
    if match := _ISO.fullmatch(text):
        return date.fromisocalendar(int(match[1]), int(match[2]), 7) - timedelta(days=6)  # the calendar's end cuts one
    if match := _NUMBER.fullmatch(text):
        return _latest(int(match[1] or match[2]), today)
    return None


def _latest(number: int, today: date) -> date:
    """Return the Monday of the latest week of that number; the 53rd is seven years ago at most."""
    for year in range(today.isocalendar().year, today.isocalendar().year - 8, -1):
        try:
            monday = date.fromisocalendar(year, number, 1)
        except ValueError:
            continue
        if monday <= today:
            return monday
    raise ValueError(f"no year has a week {number}")


def _week_of_day(phrase: str, today: date) -> Week | None:
    """Return the week of the day that `phrase` names; one of this week is that, though it is yet to come."""
    if _names_one_of_this_week(phrase, today):
        return Week.of(today)
    day = read_day(phrase, today)
    return Week.of(day) if day else None


def _names_one_of_this_week(phrase: str, today: date) -> bool:
    try:
        ahead = read_day_ahead(phrase, today)
    except (ValueError, OverflowError):
        return False
    return ahead is not None and Week.of(ahead) == Week.of(today)
