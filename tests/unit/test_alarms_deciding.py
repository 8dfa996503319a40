"""What is an alarm: pure rules."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.delivery.alarms import Alarm, Cause, Facts, Rules, Tally, decide
from tests.fakes import MORNING, TODAY

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
RULES = Rules(zone=ZoneInfo("Asia/Shanghai"), at=time(9, 30), silent_days=2, failure_share=0.2)
WELL = Facts(
    published=True,
    last_delivery=MORNING - MINUTE,
    subscribed_since=MORNING - 100 * DAY,
    tallies={TODAY: Tally(arrived=100, failed=0)},
)


def causes(facts: Facts, rules: Rules = RULES, now: datetime = MORNING) -> list[Cause]:
    return [alarm.cause for alarm in decide(facts, rules, now)]


def test_decide__all_is_well() -> None:
    assert causes(WELL) == []


def test_decide__everything_at_once() -> None:
    worst = Facts(
        published=False,
        last_delivery=None,
        subscribed_since=MORNING - 3 * DAY,
        tallies={TODAY: Tally(arrived=0, failed=5)},
        refused=("a",),
    )
    assert causes(worst) == list(Cause)


@pytest.mark.parametrize(
    ("now", "wanted"),
    [(MORNING - MINUTE, []), (MORNING, [Cause.NO_DIGEST]), (MORNING.replace(hour=15, minute=59), [Cause.NO_DIGEST])],
)
def test_no_digest__from_the_hour_on(now: datetime, wanted: list[Cause]) -> None:
    missing = replace(WELL, published=False)
    assert causes(missing, now=now) == wanted
    assert causes(missing, replace(RULES, at=None), now) == []


def test_no_digest__the_day_is_that_of_the_zone() -> None:
    late = datetime(2025, 10, 12, 17, tzinfo=MORNING.tzinfo)
    assert causes(replace(WELL, published=False), now=late) == []
    (alarm,) = decide(replace(WELL, published=False), replace(RULES, at=time(0)), late)
    assert alarm.day == date(2025, 10, 13)


@pytest.mark.parametrize(
    ("last", "since", "silent"),
    [
        (2 * DAY, 100 * DAY, True),
        (2 * DAY - MINUTE, 100 * DAY, False),
        (50 * DAY, 2 * DAY, True),
        (50 * DAY, DAY, False),
        (None, 2 * DAY, True),
        (None, DAY, False),
        (None, None, False),
        (50 * DAY, None, False),
    ],
)
def test_silence__for_those_who_waited_as_long(
    last: timedelta | None, since: timedelta | None, *, silent: bool
) -> None:
    facts = replace(
        WELL,
        last_delivery=None if last is None else MORNING - last,
        subscribed_since=None if since is None else MORNING - since,
    )
    assert causes(facts) == [Cause.SILENCE] * silent
    assert causes(facts, replace(RULES, silent_days=0)) == []


@pytest.mark.parametrize(
    ("failed", "arrived", "alarm"), [(4, 0, False), (5, 0, True), (5, 20, False), (6, 20, True), (20, 80, False)]
)
def test_failures__above_the_share_and_not_a_few(failed: int, arrived: int, *, alarm: bool) -> None:
    tally = Tally(arrived=arrived, failed=failed)
    assert causes(replace(WELL, tallies={TODAY: tally})) == [Cause.FAILURES] * alarm


def test_failures__each_day_has_its_own() -> None:
    bad = Tally(arrived=0, failed=5)
    facts = replace(WELL, tallies={TODAY - DAY: bad, TODAY: Tally(arrived=100, failed=5), TODAY + DAY: bad})
    assert [alarm.day for alarm in decide(facts, RULES, MORNING)] == [TODAY - DAY, TODAY + DAY]


def test_refused__names_five_and_counts_the_rest() -> None:
    (alarm,) = decide(replace(WELL, refused=tuple("abcdefg")), RULES, MORNING)
    assert alarm == Alarm(cause=Cause.REFUSED_FILE, day=TODAY, values={"files": tuple("abcde"), "more": 2})
