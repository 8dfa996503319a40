"""Languages: days, hours and places read as people write them."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tzfpy import timezonenames

from bot.render.words import Words, read_words

TEMPLATES = Path(__file__).parents[2] / "templates"


@pytest.fixture(scope="module")
def words() -> dict[str, Words]:
    return read_words(TEMPLATES)


def test_day__as_people_write_it(words: dict[str, Words]) -> None:
    day = date(2025, 10, 12)
    assert (words["zh"].day(day), words["en"].day(day)) == ("10月12日 周日", "Sun 12 Oct")
    assert (words["zh"].full_day(day), words["en"].full_day(day)) == ("2025年10月12日 周日", "Sun 12 Oct 2025")


def test_clock__has_two_digits(words: dict[str, Words]) -> None:
    assert words["en"].clock(time(7, 5)) == words["zh"].clock(time(7, 5)) == "07:05"
    assert words["zh"].clock(datetime(2025, 10, 12, 23, 59, tzinfo=UTC).astimezone(ZoneInfo("Asia/Tokyo"))) == "08:59"


@pytest.mark.parametrize(
    ("days", "zh", "en"),
    [
        ({1, 2, 3, 4, 5}, "周一–周五", "Mon–Fri"),
        ({1, 3, 6, 7}, "周一、周三、周六–周日", "Mon, Wed, Sat–Sun"),
        ({7}, "周日", "Sun"),
        (range(1, 8), "周一–周日", "Mon–Sun"),
    ],
)
def test_weekdays__neighbours_are_a_stretch(words: dict[str, Words], days: set[int], zh: str, en: str) -> None:
    assert (words["zh"].weekdays(days), words["en"].weekdays(days)) == (zh, en)


def test_zone__is_a_city(words: dict[str, Words]) -> None:
    assert (words["zh"].zone("Asia/Shanghai"), words["en"].zone("Asia/Shanghai")) == ("上海", "Shanghai")
    assert words["en"].zone("America/Argentina/Buenos_Aires") == "Buenos Aires"
    assert words["en"].zone("UTC")


@pytest.mark.parametrize("hours", [hours for hours in range(-12, 15) if hours])
def test_zone__an_offset_is_told_as_clocks_count_it_and_posix_does_not(words: dict[str, Words], hours: int) -> None:
    zone = f"Etc/GMT{-hours:+}"
    assert datetime.now(ZoneInfo(zone)).utcoffset() == timedelta(hours=hours)
    assert [one.zone(zone) for one in words.values()] == [f"UTC{hours:+}"] * 2


def test_zone__every_city_a_place_is_in_has_its_chinese_name(words: dict[str, Words]) -> None:
    cities = [zone for zone in timezonenames() if not zone.startswith("Etc/")]
    assert len(cities) > 400
    assert [zone for zone in cities if words["zh"].zone(zone).isascii()] == []
    assert words["zh"].zone("Asia/Kolkata") == words["zh"].zone("Asia/Calcutta") == "加尔各答"


def test_zone__english_keeps_a_city_by_its_present_name(words: dict[str, Words]) -> None:
    named = [words["en"].zone(zone) for zone in ("Asia/Kolkata", "Europe/Kyiv", "America/Nuuk", "Asia/Yangon")]
    assert named == ["Kolkata", "Kyiv", "Nuuk", "Yangon"]


def test_read_words__a_broken_catalogue_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "locale/zh_CN/LC_MESSAGES"
    path.mkdir(parents=True)
    (path / "digestbot.mo").write_bytes(b"no catalogue")
    with pytest.raises(OSError, match="Bad magic number"):
        read_words(tmp_path)
