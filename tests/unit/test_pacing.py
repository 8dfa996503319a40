import asyncio
import random
import time
from itertools import pairwise

import pytest

from bot import runtime
from bot.contract import Pace
from bot.models import Chat, ChatKind
from bot.pacing import Lane, Pacer
from tests.unit.pacing import chat, send


def most_in_one_second(times: list[float]) -> int:
    return max(sum(start <= moment < start + 1 for moment in times) for start in times)


async def test_turn__even_spacing_and_never_more_than_the_allowance_in_a_second() -> None:
    pacer, log = Pacer(Pace(per_second=20)), list[tuple[float, str]]()
    await asyncio.gather(*(send(pacer, chat(number), log) for number in range(45)))
    times = [moment for moment, _ in log]
    assert most_in_one_second(times) <= 20
    assert times[-1] - times[0] < 45 / 20 + 0.5
    gaps = [late - early for early, late in pairwise(times)]
    assert sorted(gaps)[len(gaps) // 2] == pytest.approx(0.05, abs=0.02)


async def test_turn__counts_a_second_from_the_answer_not_from_the_sending() -> None:
    pacer, log = Pacer(Pace(per_second=10)), list[tuple[float, str]]()
    await asyncio.gather(*(send(pacer, chat(number), log, took=0.3) for number in range(11)))
    assert log[10][0] - log[0][0] >= 1.29


async def test_turn__the_way_there_and_back_costs_no_pace_and_jitter_none_too_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.pacing.round_trip.ENOUGH", 50)
    pacer, arrivals, dice = Pacer(Pace(per_second=50)), list[float](), random.Random(50)  # noqa: S311
    there = back = 0.12

    async def push(number: int) -> None:
        async with pacer.turn(chat(number), Lane.PUSH) as turn:
            await turn.moment()
            await asyncio.sleep(there + dice.uniform(0, 0.02))
            arrivals.append(time.monotonic())
            await asyncio.sleep(back)

    await asyncio.gather(*(push(number) for number in range(200)))
    assert most_in_one_second(arrivals) <= 50
    known = arrivals[97:]
    assert known[-1] - known[0] < len(known) / 50 * 1.13, "by the answers alone it would be 1.26"


async def test_turn__a_call_that_fails_tells_nothing_of_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.pacing.round_trip.ENOUGH", 5)
    pacer, log = Pacer(Pace(per_second=10)), list[tuple[float, str]]()
    await asyncio.gather(*(send(pacer, chat(number), log, took=0.3) for number in range(5)))
    with pytest.raises(ConnectionError):
        async with pacer.turn(chat(9), Lane.PUSH):
            raise ConnectionError
    await asyncio.sleep(1)
    log.clear()
    await asyncio.gather(*(send(pacer, chat(number), log, took=0.3) for number in range(11)))
    assert 1 < log[10][0] - log[0][0] < 1.2, "1.3 without knowing the way, or if the failure had been quick on it"


async def test_turn__a_send_that_is_never_answered_keeps_others_waiting_for_a_while_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.pacing.pacer.OVERDUE", 0.2)
    pacer, log = Pacer(Pace(per_second=5)), list[tuple[float, str]]()
    stuck = [asyncio.create_task(send(pacer, chat(number), log, took=60)) for number in range(5)]
    started = time.monotonic()
    await asyncio.wait_for(send(pacer, chat(9), log), 5)
    assert 1.15 < time.monotonic() - started < 2.5
    for task in stuck:
        task.cancel()
    await asyncio.gather(*stuck, return_exceptions=True)


async def test_turn__recording_what_is_sent_delays_no_push() -> None:
    pacer, log, dice = Pacer(Pace(per_second=20)), list[float](), random.Random(20)  # noqa: S311

    async def push(number: int) -> None:
        async with pacer.turn(chat(number), Lane.PUSH) as turn:
            await asyncio.sleep(dice.choice((0.0, 0.045)))
            await turn.moment()
            log.append(time.monotonic())

    await asyncio.gather(*(push(number) for number in range(15)))
    gaps = [late - early for early, late in pairwise(log)]
    assert sum(gap == pytest.approx(0.05, abs=0.015) for gap in gaps) >= 10, "half of them waited for a record"


async def test_turn__a_slow_disk_does_not_set_the_pace() -> None:
    pacer, log = Pacer(Pace(per_second=20)), list[float]()

    async def push(number: int) -> None:
        async with pacer.turn(chat(number), Lane.PUSH) as turn:
            await asyncio.sleep(0.25)
            await turn.moment()
            log.append(time.monotonic())

    await asyncio.gather(*(push(number) for number in range(40)))
    assert log[-1] - log[20] < 19 / 20 * 1.3, "two at the door at a time would take 2.4 s"


async def test_turn__what_may_be_used_sooner_is_not_waited_for_longer() -> None:
    pacer, log = Pacer(Pace(per_second=2)), list[tuple[float, str]]()
    allowance = pacer._allowance
    assert allowance
    for _ in range(2):
        await allowance.moment(Lane.REPLY)
    began = asyncio.get_running_loop().time()
    waiting = asyncio.create_task(send(pacer, chat(1), log, Lane.REPLY))
    await asyncio.sleep(0)
    allowance.give_back(began + 5)
    allowance.give_back(began + 0.6)
    async with asyncio.timeout(2):
        await waiting


async def test_turn__few_are_recorded_long_before_they_are_sent() -> None:
    pacer, recorded = Pacer(Pace(per_second=20)), list[int]()
    pacer.hold_all(60)

    async def push(number: int) -> None:
        async with pacer.turn(chat(number), Lane.PUSH) as turn:
            recorded.append(number)
            await turn.moment()

    pushes = [asyncio.create_task(push(number)) for number in range(10)]
    await asyncio.sleep(0.1)
    assert recorded == [0, 1]
    pushes[0].cancel()
    await asyncio.sleep(0.05)
    assert recorded == [0, 1, 2]
    for task in pushes:
        task.cancel()
    await asyncio.gather(*pushes, return_exceptions=True)


async def test_turn__replies_go_before_waiting_pushes() -> None:
    pacer, log = Pacer(Pace(per_second=20)), list[tuple[float, str]]()
    pushes = [asyncio.create_task(send(pacer, chat(number), log)) for number in range(30)]
    await asyncio.sleep(0.2)
    asked = time.monotonic()
    await send(pacer, chat(99), log, Lane.REPLY)
    assert next(moment for moment, address in log if address == "99") - asked < 0.1
    await asyncio.gather(*pushes)


async def test_turn__one_chat_waits_for_itself_alone() -> None:
    pacer, log = Pacer(Pace(per_second=100, per_chat_second=4)), list[tuple[float, str]]()
    await asyncio.gather(*(send(pacer, chat(number % 2), log) for number in range(4)))
    first, second = ([moment for moment, address in log if address == name] for name in "01")
    assert first[1] - first[0] >= 0.25
    assert abs(second[0] - first[0]) < 0.1


async def test_turn__topics_of_a_chat_share_its_limit() -> None:
    pacer, log = Pacer(Pace(per_second=100, per_chat_second=4)), list[tuple[float, str]]()
    topics = [Chat(platform="telegram", address="1", topic=topic) for topic in ("a", "b")]
    await asyncio.gather(*(send(pacer, topic, log) for topic in topics))
    assert log[1][0] - log[0][0] >= 0.25


@pytest.mark.parametrize("kind", [ChatKind.GROUP, ChatKind.CHANNEL])
async def test_turn__a_group_has_an_allowance_by_the_minute_and_so_has_a_channel(kind: ChatKind) -> None:
    pacer, log = Pacer(Pace(per_second=100, per_group_minute=3)), list[tuple[float, str]]()
    group = chat(1, kind)
    for _ in range(3):
        await send(pacer, group, log)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(send(pacer, group, log), 0.3)
    await asyncio.wait_for(send(pacer, chat(2), log), 0.3)


async def test_turn__a_cancelled_waiter_costs_no_turn() -> None:
    pacer, log = Pacer(Pace(per_second=2)), list[tuple[float, str]]()
    await send(pacer, chat(1), log)
    waiters = [asyncio.create_task(send(pacer, chat(number), log)) for number in (2, 3, 4)]
    await asyncio.sleep(0.05)
    for waiter in waiters:
        waiter.cancel()
    await asyncio.gather(*waiters, return_exceptions=True)
    started = time.monotonic()
    await send(pacer, chat(5), log)
    assert time.monotonic() - started < 0.6


async def test_turn__without_a_limit_nobody_waits() -> None:
    pacer, log = Pacer(Pace(per_second=None)), list[tuple[float, str]]()
    started = time.monotonic()
    await asyncio.gather(*(send(pacer, chat(number), log) for number in range(500)))
    assert time.monotonic() - started < 0.5


async def test_turn__forgets_chats_that_are_idle() -> None:
    pacer, log = Pacer(Pace(per_second=None, per_chat_second=20)), list[tuple[float, str]]()
    await asyncio.gather(*(send(pacer, chat(number), log) for number in range(50)))
    await asyncio.sleep(0.2)
    assert not pacer._gates


def test_turn__is_given_on_the_loop_that_the_bot_runs_on() -> None:
    """It counts in milliseconds and calls at once what is due sooner than that."""
    log, dice = list[tuple[float, str]](), random.Random(300)  # noqa: S311

    async def crowd() -> None:
        pacer = Pacer(Pace(per_second=300))
        await asyncio.gather(*(send(pacer, chat(number), log, took=dice.uniform(0, 0.02)) for number in range(450)))

    runtime.run(crowd())
    assert len(log) == 450
    assert most_in_one_second([moment for moment, _ in log]) <= 300
