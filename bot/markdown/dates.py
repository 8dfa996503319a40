"""Dates as publishers write them: in front matter, headings and file names."""

import re
import unicodedata
from datetime import date, datetime

_WRITTEN = re.compile(r"(?<!\d)(20\d\d)\s*([-./年])\s*(\d{1,2})\s*([-./月])\s*(\d{1,2})(?!\d)")
_DIGITS = re.compile(r"(?<!\d)(20\d\d)(\d\d)(\d\d)(?:\d{4}|\d{6})?(?!\d)")
_ZONE = re.compile(r"\s*(?:(Z)|([+-])(\d\d?)(?::?(\d\d))?)$", re.IGNORECASE)
_CENTURY = range(2000, 2100)


def find_date(text: str) -> date | None:
    """Return the first date in `text`: 2025.10.12, 2025-10-12, 2025/10/12 or 2025年10月12日, in any width."""
    plain = unicodedata.normalize("NFKC", text)
    for found in _WRITTEN.finditer(plain):
        if day := _date(found[1], found[3], found[5]):
            return day
    return None


def file_date(name: str) -> date | None:
    """Return the date a file name carries: 2025-05-06.md, 20250506.md or 202505060912.md."""
    stem = re.split(r"[\\/]", name)[-1]
    if day := find_date(stem):
        return day
    for found in _DIGITS.finditer(stem):
        if day := _date(found[1], found[2], found[3]):
            return day
    return None


def read_moment(text: str) -> tuple[date, datetime | None] | None:
    """Return the day of a front matter date and, if it has an offset, the moment; None if it is no date.

    The day is the one on the calendar of the offset it was written with. Only this century counts.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    try:
        moment = datetime.fromisoformat(_ZONE.sub(_iso_zone, plain) if ":" in plain else plain)
    except ValueError:
        day = find_date(plain)
        return (day, None) if day else None
    if moment.year not in _CENTURY:
        return None
    return moment.date(), moment if moment.tzinfo else None


def _iso_zone(found: re.Match[str]) -> str:
    utc, sign, hours, minutes = found.groups()
    return "+00:00" if utc else f"{sign}{int(hours):02}:{minutes or '00'}"


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
