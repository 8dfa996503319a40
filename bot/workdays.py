"""Which days are worked in a country whose holidays move weekends: a pure rule, by the calendar of `holidays`."""

from datetime import date, timedelta
from functools import lru_cache

from bot.models import Workdays

_ONE_DAY = timedelta(days=1)
_WEEKEND = (6, 7)


def is_worked(day: date, country: Workdays) -> bool:
    """Tell whether `day` is a working day there, weekends worked in exchange (调休) included.

    In a year that is not announced yet the public holidays are free and every weekend is.
    """
    return day in _of_year(day.year, country)


def is_announced(year: int, country: Workdays) -> bool:
    """Tell whether the calendar has that year's exchanged days, which a government announces the autumn before."""
    return any(day.isoweekday() in _WEEKEND for day in _of_year(year, country))


@lru_cache(maxsize=64)
def _of_year(year: int, country: Workdays) -> frozenset[date]:
    from holidays import country_holidays  # noqa: PLC0415 - it takes a tenth of a second and 20 MB that most need not spend

    calendar = country_holidays(country.upper(), years=year)
    first = date(year, 1, 1)
    days = (first + number * _ONE_DAY for number in range((date(year, 12, 31) - first).days + 1))
    return frozenset(day for day in days if calendar.is_working_day(day))
