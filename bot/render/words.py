"""A language: its catalogue, and how it writes days, hours, places and subjects."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel import Locale
from babel.core import get_global
from babel.dates import format_date, format_time, get_day_names, get_timezone_location
from babel.numbers import format_decimal

from bot.models import Category

DOMAIN = "digestbot"
SOURCE_LANGUAGE = "en"
_DAY = {"zh": "M月d日 EEE", "en": "EEE d MMM"}
_SHORT_DAY = {"zh": "M/d", "en": "d MMM"}
_MONTH = {"zh": "yyyy年M月", "en": "MMMM yyyy"}
_CLOCK = "HH:mm"
_FULL_DAY = {"zh": "yyyy年M月d日 EEE", "en": "EEE d MMM yyyy"}

_SPANS = {
    "zh": (("yyyy年M月d日", "d日"), ("yyyy年M月d日", "M月d日"), ("yyyy年M月d日", "yyyy年M月d日")),
    "en": (("d", "d MMM yyyy"), ("d MMM", "d MMM yyyy"), ("d MMM yyyy", "d MMM yyyy")),
}
"""From the first to the last of some days: of one month, of one year, of two."""
_COMMA = {"zh": "、", "en": ", "}
_BETWEEN = {"zh": "–", "en": " – "}
_OFFSET = re.compile(r"Etc/GMT([+-])([0-9]+)")


class Words:
    """One language's words. `tag` is what chats call it (`zh-CN`, `en`)."""

    def __init__(self, locale: str, translations: NullTranslations) -> None:
        self._locale = Locale.parse(locale)
        self.language = self._locale.language
        self.gettext = translations.gettext
        self.ngettext = translations.ngettext
        self.pgettext = translations.pgettext

    def day(self, day: date) -> str:
        """Write a day of about now: `10月12日 周日`, `Sun 12 Oct`."""
        return format_date(day, _DAY[self.language], locale=self._locale)

    def day_from(self, day: date, today: date) -> str:
        """Write a day as it is said on `today`: with its year where that is another."""
        return self.day(day) if day.year == today.year else self.full_day(day)

    def short_day(self, day: date) -> str:
        """Write a day where there is little room: `10/12`, `12 Oct`."""
        return format_date(day, _SHORT_DAY[self.language], locale=self._locale)

    def month(self, day: date) -> str:
        """Write the month of a day: `2025年10月`, `October 2025`."""
        return format_date(day, _MONTH[self.language], locale=self._locale)

    def full_day(self, day: date) -> str:
        """Write a day of any year: `2025年10月12日 周日`, `Sun 12 Oct 2025`."""
        return format_date(day, _FULL_DAY[self.language], locale=self._locale)

    def span(self, first: date, last: date) -> str:
        """Write the days from `first` to `last`: `2025年10月6日–12日`, `6–12 Oct 2025`, `29 Sep – 5 Oct 2025`."""
        apart = 2 if first.year != last.year else int(first.month != last.month)
        from_, to = (
            format_date(day, pattern, locale=self._locale)
            for day, pattern in zip((first, last), _SPANS[self.language][apart], strict=True)
        )
        return f"{from_}{_BETWEEN[self.language] if apart else '–'}{to}"

    def clock(self, moment: time | datetime) -> str:
        """Write a time of day: `08:00`."""
        return format_time(moment.time() if isinstance(moment, datetime) else moment, _CLOCK, locale=self._locale)

    def number(self, number: int) -> str:
        """Write a number: `1,204`."""
        return str(format_decimal(number, locale=self._locale))

    def weekdays(self, days: Iterable[int]) -> str:
        """Write ISO weekdays (1 is Monday), neighbours as a stretch: `Mon–Fri, Sun`, `周一–周五、周日`."""
        names = get_day_names("abbreviated", locale=self._locale)
        stretches: list[list[int]] = []
        for day in sorted(days):
            if stretches and stretches[-1][-1] == day - 1:
                stretches[-1].append(day)
            else:
                stretches.append([day])
        return self.listed("–".join(names[day - 1] for day in dict.fromkeys((s[0], s[-1]))) for s in stretches)

    def listed(self, names: Iterable[str]) -> str:
        """Write names one after the other: `芯片技术、产品应用`, `Chips, Products`."""
        return _COMMA[self.language].join(names)

    def zone(self, zone: str) -> str:
        """Write an IANA zone as its city: `Asia/Shanghai` is `上海`, `Shanghai`; `Etc/GMT-8` is `UTC+8`.

        CLDR lists some by an older spelling (`Asia/Calcutta`), which Babel does not look for; a city that is new to it
        the catalogue may know.
        """
        if match := _OFFSET.fullmatch(zone):
            return f"UTC{'+' if match[1] == '-' else '-'}{match[2]}"  # POSIX counts westwards
        older = (one for one, newer in get_global("zone_aliases").items() if newer == zone)
        listed = (self._locale.time_zones.get(spelling, {}).get("city") for spelling in (zone, *older))
        if city := next(filter(None, listed), None):
            return str(city)
        return self.gettext(get_timezone_location(zone, locale=self._locale, return_city=True).rpartition("/")[2])


def name_category(slug: str, categories: Sequence[Category], language: str) -> str:
    """Return the name of `slug` in `language`, the slug itself when nobody knows it."""
    return next((category.name(language) for category in categories if category.slug == slug), slug)


def words_of(tag: str, words: Mapping[str, Words]) -> Words:
    """Return the words of the language `tag` (`zh-CN`), English where there is none of it."""
    return words.get(tag.replace("_", "-").split("-")[0].lower(), words[SOURCE_LANGUAGE])


def read_words(templates: Path) -> dict[str, Words]:
    """Return each language there is, by the first part of its tag (`zh`), from the catalogues below `templates`.

    Raises OSError, UnicodeDecodeError and struct.error for one that can't be read: `make messages` makes it anew.
    """
    words = {SOURCE_LANGUAGE: Words(SOURCE_LANGUAGE, NullTranslations())}
    for path in sorted(templates.glob(f"locale/*/LC_MESSAGES/{DOMAIN}.mo")):
        with path.open("rb") as catalogue:
            known = Words(path.parents[1].name, GNUTranslations(catalogue))
        words[known.language] = known
    return words
