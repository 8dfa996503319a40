"""Connecting, dropping, resuming, and being turned away."""

import discord
import pytest

from tests.emulators.discord import DiscordEmulator, pointed_at
from tests.emulators.test_discord.client import SmallBot
from tests.emulators.test_discord.conftest import Running


async def test_identify__tells_token_and_intents(emulator: DiscordEmulator, bot: SmallBot) -> None:
    (said,) = emulator.gateway.identifies
    assert said["intents"] == discord.Intents(guilds=True).value
    assert emulator.counts["gateway_bot"] == 1
    assert emulator.gateway.heartbeats
    assert bot.shard_count == 1


async def test_drop__resumes_with_what_was_missed(emulator: DiscordEmulator, bot: SmallBot) -> None:
    assert await emulator.drops_gateway() == 1
    asked = await emulator.runs(7, "today", channel=10)
    assert asked.text
    assert len(emulator.gateway.resumes) == len(emulator.gateway.identifies) == 1
    await emulator.wait_for(lambda: "resumed 0" in bot.seen)
    await emulator.asks_to_reconnect()
    await emulator.wait_for(lambda: len(emulator.gateway.resumes) == 2)
    await emulator.runs(7, "today", channel=10)
    assert "ready" not in bot.seen[1:]


async def test_session__forgotten_is_begun_anew(emulator: DiscordEmulator, bot: SmallBot) -> None:
    await emulator.forgets_sessions()
    await emulator.wait_for(lambda: bot.seen.count("ready") == 2, timeout=10)
    assert len(emulator.gateway.identifies) == 2
    await emulator.runs(7, "today", channel=10)


async def test_outage__forgets_nothing(emulator: DiscordEmulator, bot: SmallBot) -> None:
    sent = await bot.get_partial_messageable(10).send("before")
    await emulator.goes_away()
    with pytest.raises(OSError, match="Cannot connect"):
        await bot.get_partial_messageable(10).send("lost")
    await emulator.comes_back()
    await emulator.wait_for_bot(timeout=20)
    await sent.edit(content="after")
    await emulator.runs(7, "today", channel=10)
    assert [message.content for message in emulator.channels[10].messages] == ["after", ""]
    assert len(emulator.gateway.sessions) == 1


async def test_token__wrong_is_turned_away(emulator: DiscordEmulator) -> None:
    async with SmallBot() as bot:
        with pytest.raises(discord.LoginFailure):
            await bot.start("another")
    assert emulator.invalid_requests == 1


@pytest.mark.parametrize("code", [4004, 4014])
async def test_close__for_good(emulator: DiscordEmulator, bot: SmallBot, code: int) -> None:
    await emulator.drops_gateway(code)
    await emulator.wait_for(bot.is_closed)
    assert not emulator.gateway.resumes


async def test_intents__privileged_are_refused(emulator: DiscordEmulator, running: Running) -> None:
    wanted = discord.Intents(guilds=True, message_content=True)
    with pytest.raises(discord.PrivilegedIntentsRequired):
        async with running(SmallBot(intents=wanted)):
            pass
    emulator.gateway.allowed = 1 << 15
    async with running(SmallBot(intents=wanted)):
        assert len(emulator.gateway.identifies) == 2


async def test_shards__each_has_its_guilds(emulator: DiscordEmulator, running: Running) -> None:
    emulator.asking.shards = 2
    emulator.guild(1 << 22)
    emulator.member(1 << 22, 7)
    emulator.text(20, 1 << 22)
    async with running(SmallBot()) as bot:
        assert sorted(said["shard"] for said in emulator.gateway.identifies) == [[0, 2], [1, 2]]
        assert {guild.id: guild.shard_id for guild in bot.guilds} == {1: 0, 1 << 22: 1}
        await emulator.drops_gateway(shard=1)
        await emulator.runs(7, "today", channel=20)
        await emulator.runs(7, "today", channel=10)
        assert "resumed 1" in bot.seen


async def test_pointing__ends() -> None:
    before = discord.http.Route.BASE
    with pointed_at("http://127.0.0.1:1"):
        assert discord.http.Route("GET", "/x").url == "http://127.0.0.1:1/api/v10/x"
    assert discord.http.Route.BASE == before == "https://discord.com/api/v10"
