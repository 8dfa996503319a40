import asyncio
import time
from typing import Literal

import pytest

from bot.contract import Pace
from bot.errors import RateLimited
from bot.pacing import Pacer
from tests.unit.pacing import chat, send


async def test_hold__delays_one_chat_and_nobody_else() -> None:
    pacer, log = Pacer(Pace(per_second=100)), list[tuple[float, str]]()
    pacer.hold(chat(1), 0.3)
    started = time.monotonic()
    await asyncio.gather(send(pacer, chat(1), log), send(pacer, chat(2), log))
    waited = {address: moment - started for moment, address in log}
    assert waited["2"] < 0.1
    assert waited["1"] >= 0.29


async def test_hold_all__delays_everybody() -> None:
    pacer, log = Pacer(Pace(per_second=100)), list[tuple[float, str]]()
    pacer.hold_all(0.3)
    started = time.monotonic()
    await send(pacer, chat(1), log)
    assert log[0][0] - started >= 0.29


async def test_hold__a_shorter_wait_does_not_cut_a_longer_one_short() -> None:
    pacer, log = Pacer(Pace(per_second=100)), list[tuple[float, str]]()
    pacer.hold(chat(1), 0.3)
    pacer.hold(chat(1), 0.1)
    started = time.monotonic()
    await send(pacer, chat(1), log)
    assert log[0][0] - started >= 0.29


async def test_hold_all__a_shorter_wait_does_not_cut_a_longer_one_short() -> None:
    pacer, log = Pacer(Pace(per_second=100)), list[tuple[float, str]]()
    pacer.hold_all(0.3)
    pacer.hold_all(0.1)
    started = time.monotonic()
    await send(pacer, chat(1), log)
    assert log[0][0] - started >= 0.29


def limited(seconds: float = 0.0, scope: Literal["chat", "account", "unknown"] = "unknown") -> RateLimited:
    return RateLimited("retry later", retry_after=seconds, scope=scope)


async def test_refused__one_chat_slows_nobody_else() -> None:
    pacer = Pacer(Pace(per_second=20))
    for _ in range(5):
        pacer.refused(chat(1), limited())
    assert pacer.per_second == pytest.approx(20)


async def test_refused__several_chats_at_once_slow_the_account() -> None:
    pacer = Pacer(Pace(per_second=20))
    for number in range(3):
        pacer.refused(chat(number), limited())
    assert pacer.per_second == pytest.approx(16)


async def test_refused__one_after_another_slow_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.pacing.pacer.LATELY", 0.05)
    pacer = Pacer(Pace(per_second=20))
    for number in range(3):
        pacer.refused(chat(number), limited())
        await asyncio.sleep(0.06)
    assert pacer.per_second == pytest.approx(20)


async def test_refused__chats_that_are_each_at_their_own_limit_slow_nobody_else() -> None:
    """So Discord says it of a channel's bucket."""
    pacer = Pacer(Pace(per_second=20))
    for number in range(5):
        pacer.refused(chat(number), limited(scope="chat"))
    assert pacer.per_second == pytest.approx(20)


async def test_refused__the_account_waits_and_slows_when_the_platform_says_so() -> None:
    pacer, log = Pacer(Pace(per_second=20)), list[tuple[float, str]]()
    pacer.refused(chat(1), limited(0.3, "account"))
    started = time.monotonic()
    await send(pacer, chat(2), log)
    assert log[0][0] - started >= 0.29
    assert pacer.per_second == pytest.approx(16)


async def test_refused__the_pace_recovers_when_all_is_calm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.pacing.allowance.CALM", 0.1)
    pacer, log = Pacer(Pace(per_second=200)), list[tuple[float, str]]()
    for number in range(3):
        pacer.refused(chat(number), limited())
    slowed = pacer.per_second or 0
    await asyncio.sleep(0.15)
    await asyncio.gather(*(send(pacer, chat(number + 10), log) for number in range(100)))
    assert slowed < 170
    assert (pacer.per_second or 0) > 199
