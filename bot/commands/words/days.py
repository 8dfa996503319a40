"""The day a reader names, seen from their own today."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from bot.commands.words.text import arabic, even
from bot.commands.words.weekdays import read_weekday
from bot.errors import BadCommand

_BACK = {
    0: "今天 今日 今 today",
    1: "昨天 昨日 昨 yesterday 1day-ago a-day-ago",
    2: "前天 前日 the-day-before-yesterday day-before-yesterday",
    3: "大前天",
    7: "a-week-ago last-week 上周 上星期",
    -1: "明天 明日 tomorrow",
    -2: "后天 the-day-after-tomorrow",
    -3: "大后天",
}
MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
"""A month's name; its first three letters are in `MONTHS`. `mars` and `decision` are none."""
_MONTH = rf"({MONTH})\.?"
_FULL = re.compile(r"([0-9]{4})\s*[-./年]\s*([0-9]{1,2})\s*[-./月]\s*([0-9]{1,2})\s*[日号]?")
_DIGITS = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_MONTH_DAY = re.compile(r"([0-9]{1,2})\s*[-./月]\s*([0-9]{1,2})\s*[日号]?")
_DAY = re.compile(r"([0-9]{1,2})\s*[日号]")
_AGO = re.compile(r"([0-9]{1,4})\s*(?:天|日|days?)\s*(?:以?前|ago|earlier)")
_WEEKS_AGO = re.compile(r"([0-9]{1,3})\s*(?:个?周|个?星期|个?礼拜|weeks?)\s*(?:以?前|ago|earlier)")
_NAMED = re.compile(_MONTH + r"\s*([0-9]{1,2})(?:st|nd|rd|th)?(?:\s*,?\s*([0-9]{4}))?")
_DAY_NAMED = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?\s*(?:of\s+)?" + _MONTH + r"(?:\s*,?\s*([0-9]{4}))?")
_LAST_WEEK = re.compile(r"上个?((?:周|星期|礼拜)[一二三四五六日天])")
_THIS_WEEK = re.compile(r"(?:这个?|本)((?:周|星期|礼拜)[一二三四五六日天])")
_LAST = re.compile(r"last\s+([a-z]+)")
_WEEK = timedelta(days=7)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Spelt:
    """A date as it was written; who reads it finds the year, or the month and year, that are left out."""

    year: int | None = None
    month: int | None = None
    day: int


def read_day(phrase: str, today: date, *, last: date | None = None) -> date | None:
    """Return the day `phrase` names, never one after `today` or, if that is later, `last`; None when it names none.

    A missing year or month is that of the latest such day. A weekday is the latest one, today included;
    `上周三` is that of the calendar week before, `last wednesday` the latest before today.
    Raises BadCommand for a day that does not exist or is yet to come.
    """
    text = arabic(even(phrase))
    try:
        day = _by_word(text, today) or _by_number(text, today) or _by_weekday(text, today)
    except (ValueError, OverflowError) as error:
        raise BadCommand("bad_day", typed=phrase, today=today) from error
    if day is not None and day > max(today, last or today):
        raise BadCommand("future_day", day=day, today=today)
    return day


def _by_word(text: str, today: date) -> date | None:
    word = re.sub(r"\s+", "-", text)
    for back, words in _BACK.items():
        if word in words.split():
            return today - timedelta(days=back)
    if match := _AGO.fullmatch(text):
        return today - timedelta(days=int(match[1]))
    if match := _WEEKS_AGO.fullmatch(text):
        return today - timedelta(weeks=int(match[1]))
    return None


def _by_number(text: str, today: date) -> date | None:
    return by_date(
        text,
        of_year=lambda month, number: _latest_of_year(month, number, today),
        of_month=lambda number: _latest_of_month(number, today),
    )


def by_date(text: str, *, of_year: Callable[[int, int], date], of_month: Callable[[int], date]) -> date | None:
    """Return the date in even, arabic `text`; None when there is none.

    Without a year it is what `of_year` makes of month and day, without a month too what `of_month` makes of the day.
    Raises ValueError for a date that does not exist.
    """
    found = _spelt(text)
    if found is None:
        return None
    if found.year is not None and found.month is not None:
        return date(found.year, found.month, found.day)
    if found.month is not None:
        return of_year(found.month, found.day)
    return of_month(found.day)


def _spelt(text: str) -> _Spelt | None:
    """Return the date in even, arabic `text` as far as it is spelt out; None when there is none."""
    if match := _FULL.fullmatch(text) or _DIGITS.fullmatch(text):
        return _Spelt(year=int(match[1]), month=int(match[2]), day=int(match[3]))
    if match := _MONTH_DAY.fullmatch(text):
        return _Spelt(month=int(match[1]), day=int(match[2]))
    if match := _DAY.fullmatch(text):
        return _Spelt(day=int(match[1]))
    if match := _NAMED.fullmatch(text):
        month, day, year = match.groups()
    elif match := _DAY_NAMED.fullmatch(text):
        day, month, year = match.groups()
    else:
        return None
    return _Spelt(year=int(year) if year else None, month=MONTHS[month[:3]], day=int(day))


def _by_weekday(text: str, today: date) -> date | None:
    monday = today - timedelta(days=today.weekday())
    if match := _LAST_WEEK.fullmatch(text):
        return monday - _WEEK + timedelta(days=(read_weekday(match[1]) or 1) - 1)
    if match := _THIS_WEEK.fullmatch(text):
        return monday + timedelta(days=(read_weekday(match[1]) or 1) - 1)
    if (match := _LAST.fullmatch(text)) and (number := read_weekday(match[1])):
        return today - timedelta(days=(today.isoweekday() - number - 1) % 7 + 1)
    if number := read_weekday(text):
        return today - timedelta(days=(today.isoweekday() - number) % 7)
    return None


def _latest_of_year(month: int, number: int, today: date) -> date:
    """Return the latest such day; 29 February is at most eight years ago. Raises ValueError if there is none."""
    return first([(today.year - back, month, number) for back in range(9)], lambda day: day <= today)


def _latest_of_month(number: int, today: date) -> date:
    months = [divmod(today.year * 12 + today.month - 1 - back, 12) for back in range(3)]
    return first([(year, month + 1, number) for year, month in months], lambda day: day <= today)


def first(candidates: Iterable[tuple[int, int, int]], fits: Callable[[date], bool]) -> date:
    """Return the first of these days that exists and `fits`. Raises ValueError if there is none."""
    for year, month, number in candidates:
        try:
            day = date(year, month, number)
        except ValueError:
            continue
        if fits(day):
            return day
    message = "no calendar has this day"
    raise ValueError(message)
