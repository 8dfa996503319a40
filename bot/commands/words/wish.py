"""What a reader wants of a subscription, read out of words in any order."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from bot.commands.words.absence import read_absence, refuse_unread
from bot.commands.words.hours import Hour, read_hour
from bot.commands.words.question import read_category, read_everything
from bot.commands.words.switches import read_silent, read_tells_empty, read_weekly
from bot.commands.words.text import Reader, even, phrases
from bot.commands.words.weekdays import read_days
from bot.commands.words.zones import read_zone
from bot.errors import BadCommand
from bot.models import Category, Days, Format, Workdays

T = TypeVar("T")
_TARGET = re.compile(r"@-?[A-Za-z0-9_]{2,}|-[0-9]{5,}")
_FORMATS = {
    Format.FULL: "full 完整 全文 详细",
    Format.BRIEF: "brief short 简要 摘要 简版 简短",
    Format.HEADLINES: "headlines headline titles 标题 仅标题 只看标题",
}
_LANGUAGES = {
    "zh-CN": "zh zh-cn zh-hans cn 中文 简体 简体中文 汉语 chinese",
    "en": "en en-us en-gb 英文 英语 english",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What the words say; None where they say nothing. `categories` are slugs, none of them means all.

    `away_until` is BACK for who is back. `target` names another chat (`@channel` or its address); `unread` are the
    words that say nothing we know.
    """

    target: str | None = None
    hour: Hour | None = None
    zone: str | None = None
    days: Days | None = None
    categories: frozenset[str] | None = None
    format: Format | None = None
    language: str | None = None
    silent: bool | None = None
    tells_empty: bool | None = None
    weekly: bool | None = None
    away_until: date | None = None
    unread: tuple[str, ...] = ()


def read_wish(words: str, categories: Sequence[Category], today: date) -> Wish:
    """Return what `words`, said on `today`, wish for.

    Raises BadCommand for an hour, an offset or an absence that can't be, and for two kinds of days at once.
    """
    read, unread = phrases(words, _readers(categories, today), listed=True)
    refuse_unread(unread, today)
    last = dict(read)
    named = frozenset(value.slug for _, value in read if isinstance(value, Category))
    return Wish(
        target=_given(last, "target", str),
        hour=_given(last, "hour", Hour),
        zone=_given(last, "zone", str),
        days=_days([value for name, value in read if name == "days"]),
        categories=named or (frozenset() if "everything" in last else None),
        format=_given(last, "format", Format),
        language=_given(last, "language", str),
        silent=_given(last, "silent", bool),
        tells_empty=_given(last, "tells_empty", bool),
        weekly=_given(last, "weekly", bool),
        away_until=_given(last, "away", date),
        unread=unread,
    )


def _readers(categories: Sequence[Category], today: date) -> Mapping[str, Reader]:
    return {
        "target": read_target,
        "hour": read_hour,
        "zone": read_zone,
        "days": read_days,
        "silent": read_silent,
        "tells_empty": read_tells_empty,
        "weekly": read_weekly,
        "away": lambda phrase: read_absence(phrase, today),
        "format": read_format,
        "language": read_language,
        "everything": read_everything,
        "category": lambda phrase: read_category(phrase, categories),
    }


def _given(read: Mapping[str, object], name: str, kind: type[T]) -> T | None:
    """Return what the reader of that name read last."""
    value = read.get(name)
    return value if isinstance(value, kind) else None


def _days(named: Sequence[object]) -> Days | None:
    """Return all the weekdays that were named, or the one calendar."""
    calendars = {value for value in named if isinstance(value, Workdays)}
    weekdays = frozenset().union(*(value for value in named if isinstance(value, frozenset)))
    if not calendars:
        return weekdays or None
    if weekdays:
        raise BadCommand("bad_days")
    return calendars.pop()


def read_target(phrase: str) -> str | None:
    """Return the chat `phrase` names: `@channel`, or the address in `-100123456789` and `@-100123456789`."""
    if not _TARGET.fullmatch(phrase):
        return None
    bare = phrase.removeprefix("@")
    return bare if re.fullmatch(r"-?[0-9]+", bare) else phrase


def read_format(phrase: str) -> Format | None:
    """Return the format `phrase` names, in Chinese or English."""
    return next((format_ for format_, names in _FORMATS.items() if even(phrase) in names.split()), None)


def read_language(phrase: str) -> str | None:
    """Return the tag of the language `phrase` names."""
    return next((tag for tag, names in _LANGUAGES.items() if even(phrase) in names.split()), None)
