"""A few rounds of chaos, of each weather and all news; `make chaos` plays two hundred."""

from pathlib import Path

import pytest

from tests.acceptance.chaos.__main__ import rounds
from tests.acceptance.chaos.outcome import sums, total
from tests.acceptance.chaos.plan import News, Weather, draw

SEEDS = (317, 320, 322, 348)
"""Deaf, strict and rough weather with corrections, fair weather with a retraction; sends of a second's length."""


@pytest.mark.timeout(300)
async def test_chaos__loses_nothing_and_doubles_only_what_nobody_can_know(tmp_path: Path) -> None:
    plans = [draw(seed) for seed in SEEDS]
    assert {plan.weather for plan in plans} == set(Weather)
    assert {stop.news for plan in plans for stop in plan.stops} == set(News)
    assert {stop.gently for plan in plans for stop in plan.stops} == {True, False}
    print()
    outcomes = await rounds(SEEDS, tmp_path)
    print(total(outcomes))
    assert [fault for one in outcomes for fault in one.faults] == []
    tallies = sums(outcomes)
    assert [tally.platform for tally in tallies] == ["telegram", "discord", "wecom"]
    assert sum(tally.in_flight.total() for tally in tallies) > 0
    for tally in tallies:
        assert tally.count.lost.total() == 0
        assert tally.count.doubled.total() <= tally.most
        assert not tally.again
