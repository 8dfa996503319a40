"""Until when a reader wants nothing."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from bot.commands.words.ahead import read_day_ahead, read_span
from bot.commands.words.days import read_day
from bot.commands.words.hours import read_hour
from bot.commands.words.text import even
from bot.errors import BadCommand

BACK = date.min
"""The absence of one who is back: no day is before it."""
LONGEST = timedelta(days=366)
_TYPED_MOST = 60
_LONGEST_HOUR = 3
"""Words of `下午 5 点`."""

_PAUSE = r"(?:暂停|停更|休假|请假|away|pause|paused)(?:推送|订阅)?"
_AWAY = re.compile(_PAUSE)
_BEGINS = re.compile(rf"{_PAUSE}(?![a-z])")
_UNTIL = re.compile(rf"(?:{_PAUSE}\s*)?(?:直到|到|至|until|till|til)\s*(.+)")
_FOR = re.compile(rf"{_PAUSE}\s*(?:for\s+)?(.+)")
_BACK = "回来 回来了 我回来了 恢复 恢复推送 继续推送 取消暂停 结束暂停 back back-now i'm-back i-am-back resume unpause"


def read_absence(phrase: str, today: date) -> date | None:
    """Return the first day that brings something again, for `暂停到 10-20`, `pause 3 days`; BACK for `back`.

    None when `phrase` is about something else. Raises BadCommand for an absence without an end, one that is over, one
    longer than a year, or one that is to end at an hour.
    """
    text = even(phrase)
    if re.sub(r"\s+", "-", text) in _BACK.split():
        return BACK
    try:
        until = _length(text, today) or _day(text, today)
        if until is None:
            _refuse_hour(text, today)
    except (ValueError, OverflowError) as error:
        raise _bad(phrase, today) from error
    if until and until <= today:
        raise BadCommand("past_absence", day=until, example=_example(today))
    if _AWAY.fullmatch(text) or (until and until > today + LONGEST):
        raise _bad(phrase, today)
    return until


def _length(text: str, today: date) -> date | None:
    match = _FOR.fullmatch(text)
    return read_span(match[1], today) if match else None


def _day(text: str, today: date) -> date | None:
    match = _UNTIL.fullmatch(text) or _FOR.fullmatch(text)
    return (read_day_ahead(match[1], today) or read_day(match[1], today, last=date.max)) if match else None


def _refuse_hour(text: str, today: date) -> None:
    """Raise BadCommand where `text` is a pause until a day and an hour of it: a digest a day knows no such hour."""
    words = text.split()
    for length in range(1, min(_LONGEST_HOUR, len(words) - 1) + 1):
        day = _day(" ".join(words[:-length]).removesuffix(" at"), today)
        if day and (hour := read_hour(" ".join(words[-length:]))):
            raise BadCommand("timed_absence", day=day, at=hour.at)


def refuse_unread(unread: Sequence[str], today: date) -> None:
    """Raise BadCommand where a pause is among the words that nobody could read: its end is missing."""
    for number, word in enumerate(unread):
        if _BEGINS.match(even(word)):
            raise _bad(" ".join(unread[number:])[:_TYPED_MOST], today)


def _bad(phrase: str, today: date) -> BadCommand:
    return BadCommand("bad_absence", typed=phrase, example=_example(today))


def _example(today: date) -> date:
    return today + timedelta(days=7)
