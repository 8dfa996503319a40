"""The days between which a reader searches: a month, a week, since a day, from one day to another."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.commands.words.days import MONTH, MONTHS, read_day
from bot.commands.words.text import arabic, even
from bot.errors import BadCommand

_DAY = timedelta(days=1)
_ON = re.compile(r"(?:on|day|date|日期|时间):\s*(.+)")
"""What stands before a day that could be taken for a word otherwise: `on:10-12`."""
_BETWEEN = re.compile(r"(?P<from>from\s+|自|从)?(?P<start>.*?)\s*(?:\.{2,}|~|到|至|\bto\b)\s*(?P<end>.*)")
_SINCE = re.compile(
    r"(?:since|after|from)\s+(.+)|自从?(.+?)(?:以来|起|开始)?|从(.+?)(?:起|开始)|(.+?)(?:以来|之后|以后|起)"
)
_BEFORE = re.compile(r"before\s+(.+)|(.+?)(?:之前|以前)")
_UNTIL = re.compile(r"until\s+(.+)|截至(.+)|截止到?(.+)")
_YEAR = re.compile(r"(?:in\s+)?([0-9]{4})(年)?")
_MONTH = re.compile(r"([0-9]{4})\s*(?:-|年)\s*([0-9]{1,2})\s*月?|([0-9]{1,2})月份?")
_NAMED_MONTH = re.compile(rf"(?:in\s+)?({MONTH})\.?(?:\s+([0-9]{{4}}))?")
_FULL_DAY = re.compile(
    r"[0-9]{4}\s*[-/.年]\s*[0-9]{1,2}\s*[-/.月]\s*[0-9]{1,2}\s*[日号]?|[0-9]{1,2}\s*月\s*[0-9]{1,2}\s*[日号]"
    rf"|{MONTH}\.?\s*[0-9]{{1,2}}(?:st|nd|rd|th)?(?:\s*,?\s*[0-9]{{4}})?"
    rf"|[0-9]{{1,2}}(?:st|nd|rd|th)?\s*(?:of\s+)?{MONTH}\.?(?:\s*,?\s*[0-9]{{4}})?"
    r"|[0-9]{1,4}\s*(?:天|日|days?)\s*(?:以?前|ago|earlier)"
)
_NUMBER = re.compile(r"[0-9]{1,2}\.[0-9]{1,2}")
"""More often a version than a day."""
_LATELY = re.compile(
    r"(?:最近|近|过去)([0-9]+)个?(天|日|周|星期|月|年)|(?:last|past)\s+([0-9]+)\s+(day|week|month|year)s?"
    r"|(?:the\s+)?past\s+()(week|month|year)"
)
_LENGTHS = {"天": 1, "日": 1, "day": 1, "周": 7, "星期": 7, "week": 7, "月": 30, "month": 30, "年": 365, "year": 365}
_DAYS = "今天 今日 昨天 昨日 前天 前日 大前天 today yesterday the-day-before-yesterday day-before-yesterday"
_PERIODS = {
    "本周 这周 这个星期 本星期 this-week": ("week", 0),
    "上周 上个星期 上星期 上礼拜 last-week": ("week", 1),
    "本月 这个月 this-month": ("month", 0),
    "上月 上个月 last-month": ("month", 1),
    "今年 this-year": ("year", 0),
    "去年 last-year": ("year", 1),
}
_DECEMBER = 12


class Unreadable(BadCommand):
    """What stands behind `on:` is no day; the first words of it may be one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """From the day `first` to the day `last`, both included; None is no bound."""

    first: date | None = None
    last: date | None = None

    def __str__(self) -> str:
        """Write it so that `read_span` reads it whatever the day."""
        if self.first == self.last:
            return str(self.first or "")
        return f"{self.first or ''}..{self.last or ''}"


def read_span(phrase: str, today: date) -> Span | None:
    """Return the days `phrase` names beyond doubt: `2025-10-01..2025-10-12`, `10月`, `上周`, `since 10-01`, `自…起`.

    A day that could be a word or a number (`sun`, `3.5`) is one only after `on:` or as an end of a range; a range that
    could be one of versions (`3.5 to 4.1`) is one only after `on:` or `from`.
    Raises BadCommand for a day that does not exist, Unreadable where `on:` has none behind it.
    """
    text = arabic(even(phrase))
    if match := _ON.fullmatch(text):
        named = _read(match[1], today, sure=True) or _loosely(match[1], today)
        if named is None:
            raise Unreadable("unreadable_day", typed=match[1], today=today)
        return named
    return _read(text, today)


def _read(text: str, today: date, *, sure: bool = False) -> Span | None:
    return _period(text, today) or _between(text, today, sure=sure) or _open(text, today)


def joined(spans: Sequence[Span]) -> Span:
    """Return the days that all the spans have, or else those from the first of them to the last."""
    firsts = [span.first for span in spans if span.first]
    lasts = [span.last for span in spans if span.last]
    if firsts and lasts and max(firsts) > min(lasts):
        bounds = (*firsts, *lasts)
        return Span(first=min(bounds), last=max(bounds))
    return Span(first=max(firsts, default=None), last=min(lasts, default=None))


def _between(text: str, today: date, *, sure: bool) -> Span | None:
    match = _BETWEEN.fullmatch(text)
    sides = (match["start"], match["end"]) if match else ("", "")
    if match is None or not any(sides):
        return None
    if not (sure or match["from"]) and all(_NUMBER.fullmatch(side) for side in sides if side):
        return None
    start, end = (_loosely(side, today) if side else Span() for side in sides)
    if start is None or end is None:
        return None
    if start.first and end.last and start.first > end.last:
        start, end = end, start
    return Span(first=start.first, last=end.last)


def _open(text: str, today: date) -> Span | None:
    """Read a range with one end."""
    ways: tuple[tuple[re.Pattern[str], Callable[[Span], Span]], ...] = (
        (_UNTIL, lambda named: Span(last=named.last)),
        (_SINCE, lambda named: Span(first=named.first)),
        (_BEFORE, lambda named: Span(last=_day_before(named.first, text, today) if named.first else None)),
    )
    for pattern, bounded in ways:
        match = pattern.fullmatch(text)
        side = next(filter(None, match.groups()), "") if match else ""
        if side and (named := _loosely(side, today)):
            return bounded(named)
    return None


def _day_before(day: date, typed: str, today: date) -> date:
    if day == date.min:
        raise BadCommand("bad_day", typed=typed, today=today)
    return day - _DAY


def _loosely(text: str, today: date) -> Span | None:
    """Read a period or any day there is a word for."""
    return _period(text.strip(), today) or _one_day(text.strip(), today)


def _one_day(text: str, today: date) -> Span | None:
    try:
        day = read_day(text, today)
    except BadCommand as error:
        day = error.values.get("day")  # type: ignore[assignment]  # one that is yet to come bounds as well
        if day is None and _FULL_DAY.fullmatch(text):
            raise
    return Span(first=day, last=day) if day else None


def _period(text: str, today: date) -> Span | None:
    word = re.sub(r"\s+", "-", text)
    for words, (unit, back) in _PERIODS.items():
        if word in words.split():
            return _calendar(unit, back, today)
    if match := _LATELY.fullmatch(text):
        number, unit = (found for found in match.groups() if found is not None)
        return _lately(int(number or 1) * _LENGTHS[unit], today)
    if (match := _YEAR.fullmatch(text)) and (match[2] or text.startswith("in")):
        return _year(int(match[1]))
    if match := _MONTH.fullmatch(text):
        return _month(int(match[1]) if match[1] else None, int(match[2] or match[3]), today, text)
    if (match := _NAMED_MONTH.fullmatch(text)) and (match[2] or text.startswith("in")):
        return _month(int(match[2]) if match[2] else None, MONTHS[match[1][:3]], today, text)
    return _one_day(text, today) if word in _DAYS.split() or _FULL_DAY.fullmatch(text) else None


def _lately(length: int, today: date) -> Span:
    """Return the last `length` days; from the first of all days on where the calendar has fewer."""
    return Span(first=date.fromordinal(max(today.toordinal() - length + 1, date.min.toordinal())), last=today)


def _calendar(unit: str, back: int, today: date) -> Span:
    if unit == "week":
        monday = today - timedelta(days=today.weekday() + 7 * back)
        return Span(first=monday, last=monday + 6 * _DAY)
    if unit == "year":
        return _year(today.year - back)
    year, month = divmod(today.year * _DECEMBER + today.month - 1 - back, _DECEMBER)
    return _whole_month(year, month + 1)


def _year(year: int) -> Span:
    return Span(first=date(max(year, 1), 1, 1), last=date(max(year, 1), _DECEMBER, 31))


def _month(year: int | None, month: int, today: date, typed: str) -> Span:
    """Return a month; without a year, the latest that has begun."""
    if not 1 <= month <= _DECEMBER or year == 0:
        raise BadCommand("bad_day", typed=typed, today=today)
    return _whole_month(today.year - (month > today.month) if year is None else year, month)


def _whole_month(year: int, month: int) -> Span:
    first = date(year, month, 1)
    return Span(
        first=first, last=(first + 31 * _DAY).replace(day=1) - _DAY if (year, month) != (9999, 12) else date.max
    )
