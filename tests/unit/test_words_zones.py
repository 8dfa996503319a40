"""Reading zones out of typed words."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.words import read_zone
from bot.errors import BadCommand


@pytest.mark.parametrize(
    ("words", "zone"),
    [
        ("asia/tokyo", "Asia/Tokyo"),
        ("ASIA/TOKYO", "Asia/Tokyo"),
        ("tokyo", "Asia/Tokyo"),
        ("东京", "Asia/Tokyo"),
        ("东京时间", "Asia/Tokyo"),
        ("上海", "Asia/Shanghai"),
        ("北京时间", "Asia/Shanghai"),
        ("beijing time", "Asia/Shanghai"),
        ("new york", "America/New_York"),
        ("New_York", "America/New_York"),
        ("america/new york", "America/New_York"),
        ("Buenos Aires", "America/Argentina/Buenos_Aires"),
        ("istanbul", "Europe/Istanbul"),
        ("singapore", "Asia/Singapore"),
        ("UTC+8", "Etc/GMT-8"),
        ("GMT+8", "Etc/GMT-8"),
        ("ＵＴＣ＋８", "Etc/GMT-8"),
        ("utc-3", "Etc/GMT+3"),
        ("UTC−3", "Etc/GMT+3"),
        ("UTC+08:00", "Etc/GMT-8"),
        ("+08:00", "Etc/GMT-8"),
        ("UTC+5:30", "Asia/Kolkata"),
        ("UTC+0", "UTC"),
        ("São Paulo", "America/Sao_Paulo"),
        ("Zürich", "Europe/Zurich"),
        ("Bogotá", "America/Bogota"),
        ("+8", "Etc/GMT-8"),
        ("-5", "Etc/GMT+5"),
        ("+0530", "Asia/Kolkata"),
        ("东八区", "Etc/GMT-8"),
        ("东8区", "Etc/GMT-8"),
        ("西 5 区", "Etc/GMT+5"),
        ("Etc/GMT-8", "Etc/GMT-8"),
    ],
)
def test_read_zone__forms(words: str, zone: str) -> None:
    assert read_zone(words) == zone


@pytest.mark.parametrize("words", ["UTC+15", "UTC-13", "utc+99", "UTC+8:20", "+15", "东15区"])
def test_read_zone__offsets_nobody_has(words: str) -> None:
    with pytest.raises(BadCommand, match="bad_zone"):
        read_zone(words)


def test_read_zone__every_offset_that_a_clock_shows_in_winter_or_in_summer() -> None:
    seasons = [datetime(2025, month, 1, tzinfo=UTC) for month in (1, 7)]

    def shown(zone: str) -> set[timedelta | None]:
        return {season.astimezone(ZoneInfo(zone)).utcoffset() for season in seasons}

    offsets = {offset for zone in available_timezones() for offset in shown(zone) if offset is not None}
    assert len(offsets) > 30
    for offset in offsets:
        hours, minutes = divmod(abs(offset) // timedelta(minutes=1), 60)
        zone = read_zone(f"UTC{'-' if offset < timedelta() else '+'}{hours}:{minutes:02}")
        assert zone is not None
        assert offset in shown(zone)


def test_read_zone__every_iana_name() -> None:
    unread = [zone for zone in available_timezones() if "/" in zone and read_zone(zone.lower()) != zone]
    assert unread == []


@given(offset=st.integers(-12, 14))
def test_read_zone__offset_is_what_the_clock_shows(offset: int) -> None:
    zone = read_zone(f"UTC{offset:+}")
    assert zone is not None
    assert datetime(2025, 10, 12, tzinfo=ZoneInfo(zone)).utcoffset() == timedelta(hours=offset)
