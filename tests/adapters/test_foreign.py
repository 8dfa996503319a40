"""What others say, made fit to be kept: any text can be stored, and any `Retry-After` is a wait."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.foreign import UNSAID, legible, wait_said

DAY = 86_400.0


@given(st.text(st.characters(codec=None)))
def test_legible__can_be_encoded_and_keeps_what_could_be(text: str) -> None:
    kept = legible(text).encode().decode()
    assert len(kept) == len(text)
    assert all(now == before or "\ud800" <= before <= "\udfff" for now, before in zip(kept, text, strict=True))


@pytest.mark.parametrize(("said", "wait"), [("30", 30), ("0.5", 0.5), (" 12 ", 12), ("86400", DAY)])
def test_wait__in_seconds(said: str, wait: float) -> None:
    assert wait_said(said) == wait


@pytest.mark.parametrize("zone", ["GMT", "+0000", "-0000"])
def test_wait__until_a_date(zone: str) -> None:
    moment = datetime.now(UTC) + timedelta(seconds=90)
    assert 85 < wait_said(format_datetime(moment).replace("+0000", zone)) <= 90


@pytest.mark.parametrize(
    "said",
    [
        None,
        "",
        "soon",
        "0",
        "-5",
        "nan",
        "inf",
        "1e9",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Fri, 31 Dec 9999 23:59:59 GMT",
    ],
)
def test_wait__that_makes_no_sense_is_a_minute_or_what_is_wished_for(said: str | None) -> None:
    assert (wait_said(said), wait_said(said, otherwise=1.0)) == (UNSAID, 1.0)


@given(st.text())
def test_wait__is_one_whatever_is_said(said: str) -> None:
    assert 0 < wait_said(said) <= DAY


@given(st.integers(), st.integers(), st.integers())
def test_wait__is_one_whatever_date_is_said(day: int, year: int, zone: int) -> None:
    assert 0 < wait_said(f"Thu, {day} Jan {year} 00:00:00 {zone:+05}") <= DAY
