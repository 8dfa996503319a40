"""A reply to a chat whose own push still waits behind a crowd."""

import asyncio
import random
import time

from bot.contract import Pace
from bot.models import Chat
from bot.pacing import Lane, Pacer

ASKER = 29
Log = list[tuple[float, str, Lane]]


def chat(number: int) -> Chat:
    return Chat(platform="telegram", address=str(number))


async def send(pacer: Pacer, number: int, log: Log, lane: Lane = Lane.PUSH, took: float = 0.0) -> None:
    async with pacer.turn(chat(number), lane) as turn:
        await turn.moment()
        log.append((time.monotonic(), str(number), lane))
        await asyncio.sleep(took)


async def test_turn__who_asks_does_not_wait_for_its_own_push() -> None:
    pacer, log = Pacer(Pace(per_second=20)), Log()
    pushes = [asyncio.create_task(send(pacer, number, log)) for number in range(ASKER + 1)]
    await asyncio.sleep(0.1)
    asked = time.monotonic()
    await send(pacer, ASKER, log, Lane.REPLY)
    assert time.monotonic() - asked < 0.2
    await asyncio.gather(*pushes)
    assert sorted(int(number) for _, number, lane in log if lane is Lane.PUSH) == list(range(ASKER + 1))


async def test_turn__a_push_that_made_way_comes_next_and_not_last() -> None:
    pacer, log = Pacer(Pace(per_second=20)), Log()
    pushes = [asyncio.create_task(send(pacer, number, log)) for number in range(20)]
    await asyncio.sleep(0.1)
    await asyncio.gather(*(send(pacer, 18, log, Lane.REPLY) for _ in range(3)))
    await asyncio.gather(*pushes)
    order = [(number, lane) for _, number, lane in log]
    assert order.index(("18", Lane.PUSH)) - order.index(("18", Lane.REPLY)) <= 5, (
        "three replies, and two that were at the door"
    )


async def test_turn__a_push_that_is_under_way_is_not_overtaken_in_its_chat() -> None:
    pacer, log = Pacer(Pace(per_second=20, per_chat_second=10)), Log()
    push = asyncio.create_task(send(pacer, 1, log, took=0.2))
    await asyncio.sleep(0.1)
    await send(pacer, 1, log, Lane.REPLY)
    await push
    assert [lane for _, _, lane in log] == [Lane.PUSH, Lane.REPLY]
    assert log[1][0] - log[0][0] >= 0.29


async def test_turn__a_reply_given_up_at_once_leaves_its_push_in_line() -> None:
    """The push made way for it and must not look for it without ever letting the loop run."""
    pacer, log = Pacer(Pace(per_second=20, per_chat_second=1)), Log()
    pacer.hold_all(0.3)
    pushes = [asyncio.create_task(send(pacer, number, log)) for number in range(5)]
    await asyncio.sleep(0.05)
    reply = asyncio.create_task(send(pacer, 4, log, Lane.REPLY))
    await asyncio.sleep(0)
    reply.cancel()
    async with asyncio.timeout(5):
        await asyncio.gather(*pushes)
    assert len(log) == 5


async def test_turn__with_cancellations_everywhere_nobody_is_stuck_and_no_turn_is_lost() -> None:
    await asyncio.gather(*(_with_cancellations(random.Random(seed)) for seed in range(4)))  # noqa: S311


async def _with_cancellations(dice: random.Random) -> None:
    pacer, log = Pacer(Pace(per_second=200)), Log()
    wanted = [(dice.randrange(5), dice.choice((Lane.REPLY, Lane.PUSH, Lane.PUSH))) for _ in range(120)]
    tasks = []
    for number, lane in wanted:
        tasks.append(asyncio.create_task(send(pacer, number, log, lane)))
        if dice.random() < 0.3:
            await asyncio.sleep(0.004)
        if dice.random() < 0.3:
            dice.choice(tasks).cancel()
    async with asyncio.timeout(10):
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert len(log) >= sum(outcome is None for outcome in outcomes) > 20
    await asyncio.sleep(1.1)
    assert pacer._allowance is not None
    assert len(pacer._allowance._unused) == 200
    assert pacer._gates == {}
