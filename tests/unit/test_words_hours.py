"""Reading hours out of typed words."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.words import Hour, read_hour
from bot.errors import BadCommand


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("07:30", (7, 30)),
        ("7:30", (7, 30)),
        ("７：３０", (7, 30)),
        ("0730", (7, 30)),
        ("7 30", (7, 30)),
        ("7 30 pm", (19, 30)),
        ("7", (7, 0)),
        ("早上7点", (7, 0)),
        ("早上7点半", (7, 30)),
        ("晚上8点半", (20, 30)),
        ("晚上 8 点 半", (20, 30)),
        ("下午3:15", (15, 15)),
        ("上午十点一刻", (10, 15)),
        ("19点05分", (19, 5)),
        ("中午12点", (12, 0)),
        ("中午1点", (13, 0)),
        ("中午11点", (11, 0)),
        ("晚上12点", (0, 0)),
        ("晚上1点", (1, 0)),
        ("晚上5点", (17, 0)),
        ("晚6点半", (18, 30)),
        ("深夜1点", (1, 0)),
        ("深夜1:30", (1, 30)),
        ("夜里2点", (2, 0)),
        ("夜里五点", (5, 0)),
        ("夜里9点", (21, 0)),
        ("半夜", (0, 0)),
        ("半夜1点", (1, 0)),
        ("半夜三点半", (3, 30)),
        ("半夜11点", (23, 0)),
        ("半夜12点", (0, 0)),
        ("夜里0点", (0, 0)),
        ("下午1点", (13, 0)),
        ("凌晨12点", (0, 0)),
        ("凌晨4点", (4, 0)),
        ("中午", (12, 0)),
        ("7pm", (19, 0)),
        ("7 AM", (7, 0)),
        ("7:45 p.m.", (19, 45)),
        ("12am", (0, 0)),
        ("12pm", (12, 0)),
        ("24:00", (0, 0)),
        ("noon", (12, 0)),
    ],
)
def test_read_hour__forms(words: str, at: tuple[int, int]) -> None:
    assert read_hour(words) == Hour(at=time(*at))


@pytest.mark.parametrize(
    ("words", "at", "other"),
    [
        ("7点", (7, 0), (19, 0)),
        ("七点半", (7, 30), (19, 30)),
        ("12点", (12, 0), (0, 0)),
        ("8 o'clock", (8, 0), (20, 0)),
    ],
)
def test_read_hour__without_a_part_of_the_day(words: str, at: tuple[int, int], other: tuple[int, int]) -> None:
    assert read_hour(words) == Hour(at=time(*at), other=time(*other))


@pytest.mark.parametrize("words", ["25:00", "7:60", "7 60", "25", "24:30", "13pm", "0am", "27点", "7点75分", "0765"])
def test_read_hour__impossible(words: str) -> None:
    with pytest.raises(BadCommand, match="bad_hour"):
        read_hour(words)


@pytest.mark.parametrize("words", ["", "foo", "12345", "7:3:0", "10-12", "7天", "半"])
def test_read_hour__other_words(words: str) -> None:
    assert read_hour(words) is None


@given(at=st.times())
def test_read_hour__every_minute(at: time) -> None:
    minute = at.replace(second=0, microsecond=0)
    for spelling in (f"{at:%H:%M}", f"{at:%H%M}", f"{at:%I:%M%p}", f"{at.hour}:{at:%M}"):
        read = read_hour(spelling)
        assert read is not None
        assert read.at == minute
