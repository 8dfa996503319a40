"""The day to come that a reader names, seen from their own today."""

import re
from datetime import date, timedelta

from bot.commands.words.days import by_date, first
from bot.commands.words.text import arabic, even
from bot.commands.words.weekdays import read_weekday

_AHEAD = {
    1: "明天 明日 tomorrow",
    2: "后天 the-day-after-tomorrow day-after-tomorrow",
    3: "大后天",
}
_SIGNS = {"一": 1, "两": 2, "二": 2, "三": 3, "a": 1, "one": 1, "two": 2, "three": 3}
_NUMBER = r"([0-9]{1,3}|[一二两三]|a|one|two|three)"
_DAYS = re.compile(_NUMBER + r"\s*(?:天|日|days?)")
_WEEKS = re.compile(_NUMBER + r"\s*个?\s*(?:周|星期|礼拜|weeks?)")
_MONTHS = re.compile(_NUMBER + r"\s*个?\s*(?:月|months?)")
_NEXT_WEEK = re.compile(r"下个?((?:周|星期|礼拜)[一二三四五六日天])")
_NEXT = re.compile(r"(?:next|this)\s+([a-z]+)")
_A_WEEK_ON = frozenset({"下周", "下星期", "下个星期", "下礼拜", "next week"})
_A_MONTH_ON = frozenset({"下月", "下个月", "next month"})
_MONTHS_END = frozenset(
    {"月底", "月末", "本月底", "这个月底", "the end of the month", "end of the month", "end of month"}
)
_HALF_A_MONTH = frozenset({"半个月", "半月", "half a month"})
_WEEK = timedelta(days=7)
_MONTHS_A_YEAR = 12
_YEARS_TO_A_LEAP = 9


def read_day_ahead(phrase: str, today: date) -> date | None:
    """Return the day after `today` that `phrase` names, the soonest there is; None when it names none.

    A missing year or month is that of the next such day, a weekday the next one; `下周三` is that of the calendar week
    to come, and `next week` and `next month` begin with their first day; `月底` is when this one is over. A date with
    its year may be any. Raises ValueError for a date that does not exist, OverflowError for one beyond all calendars.
    """
    text = arabic(even(phrase))
    word = re.sub(r"\s+", "-", text)
    for ahead, words in _AHEAD.items():
        if word in words.split():
            return today + timedelta(days=ahead)
    return _by_week(text, today) or _by_month(text, today) or _by_date(text, today)


def read_span(phrase: str, today: date) -> date | None:
    """Return the day that is `3天`, `两周`, `半个月`, `a month` after `today`; None when `phrase` is no such length.

    Raises OverflowError for one beyond all calendars.
    """
    text = arabic(even(phrase))
    if match := _DAYS.fullmatch(text):
        return today + timedelta(days=_count(match[1]))
    if match := _WEEKS.fullmatch(text):
        return today + _count(match[1]) * _WEEK
    if text in _HALF_A_MONTH:
        return today + timedelta(days=15)
    if match := _MONTHS.fullmatch(text):
        return _months_on(today, _count(match[1]))
    return None


def _count(number: str) -> int:
    return _SIGNS.get(number) or int(number)


def _by_week(text: str, today: date) -> date | None:
    monday = today - timedelta(days=today.weekday()) + _WEEK
    if text in _A_WEEK_ON:
        return monday
    if match := _NEXT_WEEK.fullmatch(text):
        return monday + timedelta(days=(read_weekday(match[1]) or 1) - 1)
    match = _NEXT.fullmatch(text)
    number = read_weekday(match[1] if match else text)
    return today + timedelta(days=(number - today.isoweekday() - 1) % 7 + 1) if number else None


def _by_month(text: str, today: date) -> date | None:
    return _months_on(today.replace(day=1), 1) if text in _A_MONTH_ON | _MONTHS_END else None


def _by_date(text: str, today: date) -> date | None:
    months = (_months_on(today.replace(day=1), ahead) for ahead in range(_MONTHS_A_YEAR))
    return by_date(
        text,
        of_year=lambda month, number: first(
            [(today.year + years, month, number) for years in range(_YEARS_TO_A_LEAP)], lambda day: day > today
        ),
        of_month=lambda number: first(((month.year, month.month, number) for month in months), lambda day: day > today),
    )


def _months_on(day: date, months: int) -> date:
    """Return the same day some months later, or the last of a shorter month."""
    years, month = divmod(day.month - 1 + months, _MONTHS_A_YEAR)
    first = date(day.year + years, month + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))
