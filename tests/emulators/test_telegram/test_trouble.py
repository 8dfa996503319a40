"""Faults and limits strike as they are told, and are counted."""

import asyncio
import time
from datetime import timedelta

import aiohttp
import pytest
import telegram
from telegram.error import (
    BadRequest,
    NetworkError,
    RetryAfter,
    TimedOut,
)

from tests.emulators.telegram import Fault, TelegramEmulator
from tests.emulators.test_telegram import call


async def test_flood__hits_one_chat_and_notes_impatience(
    emulator: TelegramEmulator, bot: telegram.Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    emulator.private(8)
    emulator.inject(Fault.FLOOD, chat=7, retry_after=2)
    with pytest.raises(RetryAfter) as flood:
        await bot.send_message(7, "x")
    assert flood.value.retry_after == timedelta(seconds=2)
    await bot.send_message(8, "x")
    await asyncio.sleep(0.15)
    assert not emulator.violations
    await bot.send_message(7, "x")
    assert "before its flood wait was over" in emulator.violations[0]


@pytest.mark.parametrize("recorded", [False, True])
@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.SERVER_ERROR, NetworkError),
        (Fault.BAD_GATEWAY, NetworkError),
        (Fault.HANG, TimedOut),
        (Fault.HANG_UP, NetworkError),
    ],
)
async def test_unknown_outcome__is_recorded_or_not(
    emulator: TelegramEmulator, bot: telegram.Bot, fault: Fault, error: type[Exception], *, recorded: bool
) -> None:
    rule = emulator.inject(fault, recorded=recorded)
    with pytest.raises(error):
        await bot.send_message(7, "x")
    assert len(emulator.chats[7].messages) == emulator.injected_unknowns == int(recorded)
    assert rule.hits == 1
    await bot.send_message(7, "x")


async def test_rule__skips_then_counts(emulator: TelegramEmulator, bot: telegram.Bot) -> None:
    emulator.inject(Fault.BAD_MARKUP, skip=1, times=2)
    await bot.send_message(7, "1")
    for text in "23":
        with pytest.raises(BadRequest, match="parse entities"):
            await bot.send_message(7, text)
    await bot.send_message(7, "4")
    assert [message.text for message in emulator.chats[7].messages] == ["1", "4"]


async def test_slow__answer_given_up_on_is_an_unknown(emulator: TelegramEmulator, bot: telegram.Bot) -> None:
    emulator.inject(Fault.SLOW, delay=0.7, recorded=True)
    with pytest.raises(TimedOut):
        await bot.send_message(7, "x")
    await emulator.wait_for(lambda: emulator.injected_unknowns == 1)
    emulator.inject(Fault.SLOW, delay=0.1, jitter=0.1)
    begun = time.monotonic()
    await bot.send_message(7, "x")
    assert 0.1 <= time.monotonic() - begun < 0.5


async def test_limits__are_exact(emulator: TelegramEmulator, http: aiohttp.ClientSession) -> None:
    emulator.group(-60, kind="group")
    for user in range(20, 25):
        emulator.private(user)
    emulator.enforce(per_second=3, per_chat_per_second=2, per_group_per_minute=1)

    async def status(chat: int) -> int:
        return (await call(http, emulator, "sendMessage", chat_id=chat, text="x"))[0]

    assert [await status(20), await status(20), await status(20), await status(21), await status(22)] == [
        200, 200, 429, 200, 429,
    ]  # fmt: skip
    await asyncio.sleep(1.01)
    assert [await status(-60), await status(-60)] == [200, 429]
    _, answer = await call(http, emulator, "sendMessage", chat_id=-60, text="x")
    assert 55 <= answer["parameters"]["retry_after"] <= 60
    assert answer["description"] == f"Too Many Requests: retry after {answer['parameters']['retry_after']}"
    assert emulator.refusals == 4


async def test_limits__what_is_paid_for_goes_beyond_the_free_ones_and_not_beyond_its_own(
    emulator: TelegramEmulator, http: aiohttp.ClientSession
) -> None:
    for user in range(20, 26):
        emulator.private(user)
    emulator.enforce(per_second=1, paid_per_second=3)
    said = [
        (await call(http, emulator, "sendMessage", chat_id=20 + place, text="x", allow_paid_broadcast=paid))[0]
        for place, paid in enumerate((False, False, True, True, True, True))
    ]
    assert said == [200, 429, 200, 200, 200, 429]


async def test_outage__refuses_connections_and_forgets_nothing(emulator: TelegramEmulator, bot: telegram.Bot) -> None:
    await bot.send_message(7, "before")
    await emulator.goes_away()
    with pytest.raises(NetworkError):
        await bot.send_message(7, "lost")
    await emulator.comes_back()
    await bot.send_message(7, "after")
    assert [message.text for message in emulator.chats[7].messages] == ["before", "after"]
