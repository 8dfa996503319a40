"""The newsroom opens at any time of day."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.browser.newsroom import EIGHT, where_it_is


@pytest.mark.parametrize("month", [1, 7])
def test_where_it_is__some_place_has_that_hour_at_any_time(month: int) -> None:
    midnight = datetime(2026, month, 1, tzinfo=UTC)
    for hours in range(24):
        now = midnight + timedelta(hours=hours)
        assert now.astimezone(where_it_is(EIGHT, now)).hour == EIGHT.hour
