"""China's working days, against the notices of the State Council on the holidays of 2024, 2025 and 2026."""

from datetime import date, timedelta

import pytest

from bot.models import Workdays
from bot.workdays import is_announced, is_worked

FREE = {
    2024: "0101 0210-0217 0404-0406 0501-0505 0608-0610 0915-0917 1001-1007",
    2025: "0101 0128-0204 0404-0406 0501-0505 0531-0602 1001-1008",
    2026: "0101-0103 0215-0223 0404-0406 0501-0505 0619-0621 0925-0927 1001-1007",
}
"""The days that each notice gives off, weekends among them."""
EXCHANGED = {
    2024: "0204 0218 0407 0428 0511 0914 0929 1012",
    2025: "0126 0208 0427 0928 1011",
    2026: "0104 0214 0228 0509 0920 1010",
}
"""The weekends that each notice has worked."""


def days(year: int, written: str) -> set[date]:
    found = set()
    for stretch in written.split():
        first, _, last = stretch.partition("-")
        day, end = (date(year, int(text[:2]), int(text[2:])) for text in (first, last or first))
        while day <= end:
            found.add(day)
            day += timedelta(days=1)
    return found


@pytest.mark.parametrize("year", FREE)
def test_is_worked__every_day_of_the_year_is_as_the_notice_says(year: int) -> None:
    free, exchanged = days(year, FREE[year]), days(year, EXCHANGED[year])
    every = days(year, "0101-1231")
    usual = {day for day in every if day.isoweekday() < 6}
    assert {day for day in every if is_worked(day, Workdays.CHINA)} == usual - free | exchanged


def test_is_worked__in_a_year_not_announced_the_holidays_are_free_and_so_is_every_weekend() -> None:
    year = 2090
    assert not is_announced(year, Workdays.CHINA)
    worked = [day for day in days(year, "0101-1231") if is_worked(day, Workdays.CHINA)]
    assert all(day.isoweekday() < 6 for day in worked)
    assert not set(worked) & days(year, "0101 0501 0502 1001-1003")
    assert 235 < len(worked) < 255


@pytest.mark.parametrize("year", FREE)
def test_is_announced__years_whose_exchanged_days_are_known(year: int) -> None:
    assert is_announced(year, Workdays.CHINA)
