"""How a morning is summed up, when it will be over, and why a chat stands as it does."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from bot.models import DeliveryState, Slot, Subscription, SubscriptionState
from bot.schedule import ONE_DAY, Publication
from bot.store import Record, Settled
from bot.web import kept
from bot.web.kept import Kept
from bot.web.reasons import Verdict, Why, judge
from bot.web.standing import over_at, row, together
from tests.fakes import MORNING, TODAY, chat, subscription

SHANGHAI = ZoneInfo("Asia/Shanghai")
EIGHT = datetime(2025, 10, 12, tzinfo=UTC)
PUBLISHED = Publication(revision_id=1, published_at=EIGHT - timedelta(hours=1))


# ------------------------------------------------------------------ figures


def test_row__every_state_has_its_place() -> None:
    counts = {("console", state): number for number, state in enumerate(DeliveryState, 1)}
    one = row("console", counts, {("console", SubscriptionState.ON): 9}, again=4, sender="1@here")
    assert (one.due, one.waiting, one.sent, one.empty) == (28, 1 + 2, 3, 4)
    assert (one.failed, one.unknown, one.expired, one.lost) == (5, 6, 7, 18)
    assert (one.subscribed, one.done) == (9, 25)


def test_together__is_over_with_the_last_platform_that_moves() -> None:
    nine, ten = (datetime(2025, 10, 12, hour, tzinfo=SHANGHAI) for hour in (9, 10))
    rows = [row(name, {(name, DeliveryState.PLANNED): 1}, {}, again=0, sender="") for name in "abc"]
    moving = [replace(rows[0], over_at=nine), replace(rows[1], over_at=ten), rows[2]]
    total = together(moving)
    assert (total.due, total.waiting, total.over_at) == (3, 3, ten)
    assert together([]).over_at is None


@pytest.mark.parametrize(
    ("number", "settled", "seconds", "end"),
    [
        (600, 300, 10, time(9, 31)),  # 30 a second, 20 seconds more
        (3600, 60, 60, time(10, 31)),
        (1, 1, 0, time(9, 31)),  # the first one came just now
    ],
)
def test_over__goes_on_as_lately(number: int, settled: int, seconds: int, end: time) -> None:
    lately = Settled(number=settled, since=MORNING - timedelta(seconds=seconds))
    found = over_at(number, lately, MORNING, SHANGHAI)
    assert found
    assert found.time() == end


def test_over__nobody_knows_when_nothing_moves_and_nobody_asks_when_all_is_done() -> None:
    assert over_at(5, None, MORNING, SHANGHAI) is None
    assert over_at(0, Settled(number=5, since=MORNING), MORNING, SHANGHAI) is None


# ------------------------------------------------------------------ why


def record(state: DeliveryState, error: str = "") -> Record:
    return Record(
        occasion=f"day:{TODAY}",
        day=TODAY,
        state=state,
        attempts=1,
        begun=1,
        arrived=0,
        error=error,
        planned_at=EIGHT,
        next_at=EIGHT + ONE_DAY,
        settled_at=MORNING,
    )


def why(
    one: Subscription,
    found: Record | None = None,
    publication: Publication | None = PUBLISHED,
    now: datetime = MORNING,
    catch_up: timedelta = ONE_DAY,
) -> Verdict:
    return judge(one, found, publication, now, catch_up=catch_up)


@pytest.mark.parametrize("state", DeliveryState)
def test_why__what_the_ledger_says_goes_first(state: DeliveryState) -> None:
    verdict = why(subscription(chat(1), state=SubscriptionState.PAUSED), record(state, "down"))
    is_open = state in (DeliveryState.PLANNED, DeliveryState.CLAIMED)
    assert verdict.why == ("waiting" if is_open else state)
    assert (verdict.at, verdict.reason) == (EIGHT + ONE_DAY if is_open else MORNING, "down")


def test_why__off_and_paused() -> None:
    off = subscription(chat(1), state=SubscriptionState.OFF)
    assert why(off) == Verdict(why=Why.OFF, day=TODAY, at=off.since)
    paused = replace(subscription(chat(1), state=SubscriptionState.PAUSED), reason="kicked")
    assert why(paused) == Verdict(why=Why.PAUSED, day=TODAY, at=paused.since, reason="kicked")


def test_why__away_until_a_day() -> None:
    away = replace(subscription(chat(1)), away_until=TODAY + 2 * ONE_DAY)
    assert why(away) == Verdict(why=Why.AWAY, day=TODAY, at=EIGHT + 2 * ONE_DAY)
    assert why(replace(away, away_until=TODAY)).why is Why.DUE


def test_why__not_on_that_day_of_the_week() -> None:
    weekdays = Slot(zone="Asia/Shanghai", at=time(8), days=frozenset({1, 2, 3, 4, 5}))
    assert why(subscription(chat(1), slot=weekdays)).why is Why.NOT_THAT_DAY


def test_why__nothing_published_or_the_hour_to_come() -> None:
    evening = subscription(chat(1), slot=Slot(zone="Asia/Shanghai", at=time(20)))
    tonight = EIGHT + timedelta(hours=12)
    assert why(evening, publication=None) == Verdict(why=Why.UNPUBLISHED, day=TODAY, at=tonight)
    assert why(evening) == Verdict(why=Why.TO_COME, day=TODAY, at=tonight)


def test_why__it_subscribed_after_it_had_fallen_due() -> None:
    newcomer = subscription(chat(1), since=EIGHT + timedelta(minutes=1))
    assert why(newcomer) == Verdict(why=Why.TOO_LATE, day=TODAY, at=EIGHT)
    late = Publication(revision_id=1, published_at=EIGHT + timedelta(minutes=2))
    assert why(newcomer, publication=late).why is Why.DUE


def test_why__over_when_the_catch_up_has_passed() -> None:
    verdict = why(subscription(chat(1)), catch_up=timedelta(hours=1))
    assert verdict == Verdict(why=Why.OVER, day=TODAY, at=EIGHT + timedelta(hours=1))


def test_why__by_the_day_where_the_chat_is() -> None:
    far = subscription(chat(1), slot=Slot(zone="Pacific/Honolulu", at=time(8)))
    assert why(far).day == date(2025, 10, 11)


# ------------------------------------------------------------------ one look for all


async def test_kept__everybody_who_asks_meanwhile_gets_the_same_look() -> None:
    looks = 0

    async def look() -> int:
        nonlocal looks
        looks += 1
        await asyncio.sleep(0.01)
        return looks

    value = Kept(look)
    assert await asyncio.gather(*(value.get() for _ in range(50))) == [1] * 50


async def test_kept__is_looked_up_the_less_often_the_longer_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "LEAST", 0.0)
    looks: list[float] = []

    async def look() -> None:
        looks.append(asyncio.get_running_loop().time())
        await asyncio.sleep(0.02)

    value = Kept(look)
    async with asyncio.timeout(20):
        while len(looks) < 2:
            await value.get()
            await asyncio.sleep(0.01)
    assert looks[1] - looks[0] > 0.02 * kept.TIMES


async def counted(looks: list[None]) -> int:
    """Look slowly, and tell how often that was done."""
    looks.append(None)
    await asyncio.sleep(0.05)
    return len(looks)


async def test_kept__is_not_good_longer_than_at_most_after_one_slow_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "LEAST", 0.0)
    monkeypatch.setattr(kept, "TIMES", 10**6)
    value = Kept(partial(counted, []), at_most=0.02)
    assert await value.get() == 1
    await asyncio.sleep(0.03)
    assert await value.get() == 2


async def test_kept__is_looked_up_anew_once_forgotten_even_during_a_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "TIMES", 10**6)
    value = Kept(partial(counted, []))
    before, _ = await asyncio.gather(value.get(), value.forget())
    assert (before, await value.get(), await value.get()) == (1, 2, 2)


async def test_kept__a_look_that_failed_is_not_kept() -> None:
    answers = [ValueError("down"), None]

    async def look() -> str:
        if error := answers.pop(0):
            raise error
        return "up"

    value = Kept(look)
    with pytest.raises(ValueError, match="down"):
        await value.get()
    assert await value.get() == "up"
