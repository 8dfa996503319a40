"""The hour a reader names."""

import re
from dataclasses import dataclass
from datetime import time

from bot.commands.words.text import arabic, even
from bot.errors import BadCommand

NOON = 12
DAY = 24
_QUARTER = 15

_SPACED = re.compile(r"\A([0-9]{1,2})\s+([0-9]{2})(?![0-9])")
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{1,2})\s*(am|pm|a\.m\.|p\.m\.)?")
_HOUR = re.compile(r"([0-9]{1,2})\s*(am|pm|a\.m\.|p\.m\.)")
_O_CLOCK = re.compile(r"([0-9]{1,2})\s*o'?\s?clock")
_FOUR_DIGITS = re.compile(r"([0-9]{2})([0-9]{2})")
_BARE = re.compile(r"([0-9]{1,2})")
_PART = r"(凌晨|清晨|清早|早上|早晨|早|上午|中午|下午|午后|傍晚|晚上|夜里|深夜|半夜|晚|夜)?"
_CHINESE_CLOCK = re.compile(_PART + r"\s*([0-9]{1,2}):([0-9]{2})")
_CHINESE_HOUR = re.compile(_PART + r"\s*([0-9]{1,2})\s*[点时]\s*(?:钟|整|(半)|([0-9])\s*刻钟?|([0-9]{1,2})\s*分?)?")
_WORDS = {
    "noon": time(12),
    "midday": time(12),
    "midnight": time(0),
    "中午": time(12),
    "正午": time(12),
    "半夜": time(0),
}
_LATEST_AT_NIGHT = {"晚上": 4, "晚": 4, "夜里": 5, "深夜": 5, "半夜": 5, "夜": 5}
"""`深夜1点` is 01:00, and `晚上1点` too; but `晚上5点` is when work ends, 17:00."""
_EVENING = frozenset({"下午", "午后", "傍晚", "pm", *_LATEST_AT_NIGHT})


@dataclass(frozen=True, kw_only=True, slots=True)
class Hour:
    """A local time; `other` is what it may have meant as well (`7点` without a part of the day: 19:00)."""

    at: time
    other: time | None = None


def read_hour(phrase: str) -> Hour | None:
    """Return the hour `phrase` names: `07:30`, `7 30`, `7点半`, `晚上8点`, `7pm`, `0730`, `7`; None when it names none.

    Raises BadCommand for an hour no clock shows (`25:00`).
    """
    text = _SPACED.sub(r"\1:\2", arabic(even(phrase)))
    if text in _WORDS:
        return Hour(at=_WORDS[text])
    if match := _CHINESE_HOUR.fullmatch(text):
        return _spoken(match, phrase)
    if match := _CHINESE_CLOCK.fullmatch(text):
        return Hour(at=_time(int(match[2]), int(match[3]), match[1], phrase))
    if match := _O_CLOCK.fullmatch(text):
        return _either(int(match[1]), 0, phrase)
    for pattern in (_CLOCK, _HOUR, _FOUR_DIGITS, _BARE):
        if match := pattern.fullmatch(text):
            return _plain(pattern, match, phrase)
    return None


def _spoken(match: re.Match[str], phrase: str) -> Hour:
    part, hour, half, quarters, minutes = match.groups()
    minute = 30 if half else int(quarters) * _QUARTER if quarters else int(minutes or 0)
    if part is None:
        return _either(int(hour), minute, phrase)
    return Hour(at=_time(int(hour), minute, part, phrase))


def _either(hour: int, minute: int, phrase: str) -> Hour:
    at = _time(hour, minute, None, phrase)
    return Hour(at=at, other=at.replace(hour=(hour + NOON) % DAY) if 0 < hour <= NOON else None)


def _plain(pattern: re.Pattern[str], match: re.Match[str], phrase: str) -> Hour:
    if pattern is _HOUR:
        return Hour(at=_time(int(match[1]), 0, match[2], phrase))
    if pattern is _BARE:
        return Hour(at=_time(int(match[1]), 0, None, phrase))
    half = match[3] if pattern is _CLOCK else None
    return Hour(at=_time(int(match[1]), int(match[2]), half, phrase))


def _time(hour: int, minute: int, part: str | None, phrase: str) -> time:
    part = part.replace(".", "") if part else None
    if hour == DAY and minute == 0 and part is None:
        return time(0)
    hour = _of_the_day(hour, part)
    if hour >= DAY or minute >= 60 or (part in {"am", "pm"} and not _on_a_dial(phrase)):  # noqa: PLR2004
        raise BadCommand("bad_hour", typed=phrase)
    return time(hour, minute)


def _of_the_day(hour: int, part: str | None) -> int:
    """Return the hour of the day that the clock's `hour` is in that part of the day."""
    at_night = _LATEST_AT_NIGHT.get(part or "")
    if hour == NOON and (at_night or part in {"凌晨", "am"}):
        return 0
    if at_night and hour <= at_night:
        return hour
    if (hour < NOON and part in _EVENING) or (part == "中午" and hour <= _LATEST_NOON):
        return hour + NOON
    return hour


_LATEST_NOON = 3
"""`中午1点` is 13:00; `中午11点` is 11:00."""


def _on_a_dial(phrase: str) -> bool:
    """Tell whether a time with am or pm names an hour from 1 to 12."""
    match = re.match(r"\s*([0-9]{1,2})", even(phrase))
    return match is not None and 1 <= int(match[1]) <= NOON
