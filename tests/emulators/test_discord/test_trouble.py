"""Faults, limits and lateness strike as they are told, and are counted."""

import time

import aiohttp
import discord
import pytest

from tests.emulators.discord import ANSWERS, DiscordEmulator, Fault
from tests.emulators.test_discord.client import SmallBot
from tests.emulators.test_discord.test_strictness import call


async def test_flood__is_waited_out(emulator: DiscordEmulator, bot: SmallBot) -> None:
    emulator.inject(Fault.FLOOD, chat=10, retry_after=0.3)
    begun = time.monotonic()
    await bot.get_partial_messageable(10).send("x")
    assert time.monotonic() - begun >= 0.3
    assert (emulator.refusals, emulator.invalid_requests, emulator.violations) == (1, 1, [])
    emulator.inject(Fault.FLOOD, retry_after=0.1, scope="shared")
    await bot.get_partial_messageable(10).send("x")
    assert (emulator.refusals, emulator.invalid_requests) == (2, 1)


async def test_flood__too_long_is_raised_and_impatience_noted(
    emulator: DiscordEmulator, bot: SmallBot, http: aiohttp.ClientSession
) -> None:
    emulator.text(11, 1)
    emulator.inject(Fault.FLOOD, chat=10, retry_after=60.5)
    with pytest.raises(discord.RateLimited) as flood:
        await bot.get_partial_messageable(10).send("x")
    assert flood.value.retry_after == 60.5
    await bot.get_partial_messageable(11).send("x")
    await emulator.wait_for(lambda: time.monotonic() > emulator.calls[-2].at + 0.15)
    await call(http, emulator, "POST", "/channels/10/messages", {"content": "x"})
    assert "before its flood wait was over" in emulator.violations[0]


@pytest.mark.parametrize(("fault", "recorded"), [(Fault.SERVER_ERROR, False), (Fault.BAD_GATEWAY, True)])
async def test_server_error__is_tried_again_and_the_nonce_keeps_it_one(
    emulator: DiscordEmulator, bot: SmallBot, fault: Fault, *, recorded: bool
) -> None:
    emulator.inject(fault, recorded=recorded)
    await bot.get_partial_messageable(10).send("x", nonce="n")
    assert (len(emulator.messages), emulator.sent) == (1, 1)
    assert emulator.injected_unknowns == emulator.posting.deduplicated == int(recorded)


@pytest.mark.parametrize("recorded", [False, True])
async def test_hang_up__leaves_it_unknown(emulator: DiscordEmulator, bot: SmallBot, *, recorded: bool) -> None:
    emulator.inject(Fault.HANG_UP, recorded=recorded)
    with pytest.raises(aiohttp.ClientError):
        await bot.get_partial_messageable(10).send("x")
    assert len(emulator.messages) == emulator.injected_unknowns == int(recorded)


async def test_hang__and_slow(emulator: DiscordEmulator, http: aiohttp.ClientSession) -> None:
    patience = aiohttp.ClientTimeout(total=0.3)
    url = f"{emulator.url}/api/v10/channels/10/messages"
    for fault, delay in ((Fault.HANG, 0.0), (Fault.SLOW, 0.5)):
        emulator.inject(fault, recorded=True, delay=delay)
        with pytest.raises(TimeoutError):
            await http.post(url, json={"content": "x"}, timeout=patience)
    await emulator.wait_for(lambda: emulator.injected_unknowns == 2)
    emulator.inject(Fault.SLOW, delay=0.1)
    begun = time.monotonic()
    assert (await call(http, emulator, "POST", "/channels/10/messages", {"content": "x"}))[0] == 200
    assert time.monotonic() - begun >= 0.1


async def test_bad_markup__is_an_invalid_form(emulator: DiscordEmulator, bot: SmallBot) -> None:
    emulator.inject(Fault.BAD_MARKUP)
    with pytest.raises(discord.HTTPException) as refused:
        await bot.get_partial_messageable(10).send("x")
    assert refused.value.code == 50035


async def test_limits__hold_one_channel_and_all(emulator: DiscordEmulator, http: aiohttp.ClientSession) -> None:
    emulator.text(11, 1)
    emulator.enforce(per_second=4, per_bucket=2)

    async def status(channel: int) -> int:
        return (await call(http, emulator, "POST", f"/channels/{channel}/messages", {"content": "x"}))[0]

    assert [await status(10) for _ in range(3)] == [200, 200, 429]
    assert await status(11) == 200
    async with http.get(f"{emulator.url}/api/v10/users/@me") as answer:
        assert answer.headers["X-RateLimit-Scope"] == "global"
        assert answer.headers["Via"]
        assert (await answer.json())["global"]
    emulator.enforce(per_second=0, per_bucket=1, bucket_seconds=0.2)
    async with http.post(f"{emulator.url}/api/v10/channels/10/messages", json={"content": "x"}) as answer:
        assert answer.headers["X-RateLimit-Remaining"] == "0"
        assert answer.headers["X-RateLimit-Bucket"]
        assert 0 < float(answer.headers["X-RateLimit-Reset-After"]) <= 0.2


async def test_limits__discord_py_keeps_them_by_itself(emulator: DiscordEmulator, bot: SmallBot) -> None:
    emulator.enforce(per_bucket=2, bucket_seconds=0.3)
    for _ in range(4):
        await bot.get_partial_messageable(10).send("x")
    assert (emulator.refusals, emulator.sent) == (0, 4)
    emulator.calm()


async def test_answer__too_late_or_twice(emulator: DiscordEmulator, bot: SmallBot, http: aiohttp.ClientSession) -> None:
    asked = await emulator.runs(7, "slow", channel=10)
    await emulator.wait_for(lambda: asked.followups)
    path, body = f"/interactions/{asked.id}/{asked.token}/callback", {"type": 4, "data": {"content": "x"}}
    status, answer = await call(http, emulator, "POST", path, body)
    assert (status, answer["code"]) == (400, 40060)
    emulator.answers.answer_within = 0.1
    with pytest.raises(TimeoutError):
        await emulator.runs(7, "silent", channel=10, timeout=0.2)
    late = emulator.interactions[-1]
    for with_token in (late.token, "nonsense"):
        status, answer = await call(http, emulator, "POST", f"/interactions/{late.id}/{with_token}/callback", body)
        assert (status, answer["code"]) == (404, 10062)
    hook = f"/webhooks/{emulator.id}/{late.token}"
    assert (await call(http, emulator, "POST", hook, {"content": "x"}))[1]["code"] == 10015
    assert bot.is_ready()


@pytest.mark.usefixtures("bot")
async def test_answer__token_dies(emulator: DiscordEmulator, http: aiohttp.ClientSession) -> None:
    asked = await emulator.runs(7, "today", channel=10)
    path = f"/webhooks/{emulator.id}/{asked.token}/messages/@original"
    assert (await call(http, emulator, "PATCH", path, {"content": "x"}))[0] == 200
    emulator.expires_interactions()
    status, answer = await call(http, emulator, "PATCH", path, {"content": "y"})
    assert (status, answer["code"]) == (401, 50027)


@pytest.mark.usefixtures("bot")
async def test_answer__must_fit_the_question(emulator: DiscordEmulator, http: aiohttp.ClientSession) -> None:
    emulator.answers.answer_within = 2
    with pytest.raises(TimeoutError):
        await emulator.runs(7, "silent", channel=10, timeout=0.05)
    asked = emulator.interactions[-1]
    path = f"/interactions/{asked.id}/{asked.token}/callback"
    many = {"choices": [{"name": "x", "value": "x"}] * 26}
    for body in ({"type": 7, "data": {"content": "x"}}, {"type": 8, "data": many}, {"type": 9, "data": {"title": ""}}):
        assert (await call(http, emulator, "POST", path, body))[1]["code"] == 50035
    status, _ = await call(http, emulator, "POST", path, {"type": 4, "data": {"content": "x"}})
    assert (status, asked.text) == (204, "x")


@pytest.mark.usefixtures("bot")
async def test_answer__can_be_hit_by_faults(emulator: DiscordEmulator) -> None:
    rule = emulator.inject(Fault.HANG_UP, methods=ANSWERS, chat=10)
    with pytest.raises(TimeoutError):
        await emulator.runs(7, "slow", channel=10, timeout=0.3)
    assert rule.hits == 1
    assert not emulator.messages
