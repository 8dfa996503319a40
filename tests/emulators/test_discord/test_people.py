"""What people do reaches the bot, and what it answers reaches them."""

import discord
import pytest

from tests.emulators.discord import Answer, Choice, DiscordEmulator, Permission
from tests.emulators.test_discord.client import OFFERED, SmallBot
from tests.emulators.test_discord.conftest import Running


async def test_command__is_answered_in_the_channel(emulator: DiscordEmulator, bot: SmallBot) -> None:
    asked = await emulator.runs(7, "today", channel=10)
    assert (asked.type, asked.ephemeral) == (Answer.MESSAGE, False)
    assert asked.text == "Digest\nfor zh-CN"
    assert asked.latency == asked.answered_after < 1
    (message,) = emulator.channels[10].messages
    assert message is asked.message
    assert message.buttons == [["Day 2025-10-11"]]
    assert message.allowed_mentions == {"parse": []}
    assert (emulator.sent, emulator.violations) == (0, [])
    assert bot.user
    assert bot.user.id == emulator.id


async def test_command__is_answered_in_direct_messages_and_threads(emulator: DiscordEmulator, bot: SmallBot) -> None:
    asked = await emulator.runs(7, "today")
    assert emulator.dm(7).messages == [asked.message]
    emulator.thread(12, 10)
    await emulator.runs(7, "today", channel=12)
    assert len(emulator.channels[12].messages) == 1
    assert bot.get_guild(1)


async def test_command__deferred_is_filled_in_later(emulator: DiscordEmulator, bot: SmallBot) -> None:
    asked = await emulator.runs(7, "category", channel=10, options={"name": "芯片技术"})
    assert (asked.type, asked.ephemeral, asked.text) == (Answer.DEFERRED_MESSAGE, True, "About 芯片技术")
    assert asked.latency < asked.answered_after
    assert asked.message
    assert (asked.message.history, asked.followups, emulator.channels[10].messages) == ([], [], [])
    assert bot.is_ready()


async def test_command__answer_is_edited_and_followed(emulator: DiscordEmulator, bot: SmallBot) -> None:
    asked = await emulator.runs(7, "slow", channel=10)
    await emulator.wait_for(lambda: asked.followups)
    assert asked.text == "second\nthird"
    assert [message.content for message in emulator.channels[10].messages] == ["second"]
    assert bot.is_ready()


@pytest.mark.usefixtures("bot")
async def test_command__what_discord_would_not_offer(emulator: DiscordEmulator) -> None:
    for name, options, told in (
        ("nonsense", {}, "no command"),
        ("category", {}, "options missing"),
        ("category", {"nmae": "x"}, "no option"),
        ("category", {"name": 3}, "does not take"),
        ("settings", {}, "hidden"),
    ):
        with pytest.raises(LookupError, match=told):
            await emulator.runs(7, name, channel=10, options=options)
    emulator.person(9)
    with pytest.raises(LookupError, match="not in guild"):
        await emulator.runs(9, "today", channel=10)
    assert not emulator.interactions


@pytest.mark.usefixtures("bot")
async def test_silence__is_noted(emulator: DiscordEmulator) -> None:
    emulator.answers.answer_within = 0.1
    with pytest.raises(TimeoutError):
        await emulator.runs(7, "silent", channel=10, timeout=0.3)
    assert emulator.violations == ["/silent was not answered within 0.1 s"]


@pytest.mark.usefixtures("bot")
async def test_autocomplete__suggests(emulator: DiscordEmulator) -> None:
    assert await emulator.autocompletes(7, "category", option="name", typed="芯", channel=10) == [
        Choice("芯片技术", "芯片技术")
    ]
    assert len(await emulator.autocompletes(7, "category", option="name")) == len(OFFERED)


async def test_button__works_after_a_restart(emulator: DiscordEmulator, running: Running) -> None:
    async with running(SmallBot()):
        asked = await emulator.runs(7, "today", channel=10)
    assert asked.message
    assert not emulator.gateway.sessions
    async with running(SmallBot(sync=False)):
        pressed = await emulator.presses(7, asked.message, "day:2025-10-11")
    assert pressed.type is Answer.UPDATE
    assert asked.message.content == "The digest of 2025-10-11"
    assert (asked.message.edits, asked.message.history[0].text) == (1, "Digest\nfor zh-CN")
    assert emulator.syncs == 1


@pytest.mark.usefixtures("bot")
async def test_menu__takes_what_it_offers(emulator: DiscordEmulator) -> None:
    asked = await emulator.runs(7, "today", channel=10)
    assert asked.message
    chosen = await emulator.chooses(7, asked.message, "categories", [OFFERED[0], "c1"])
    assert (chosen.type, asked.message.content) == (Answer.DEFERRED_UPDATE, "Chosen: c0, c1")
    for values, told in ((["nothing"], "offers"), (["c0", "c1", "c2"], "3 choices")):
        with pytest.raises(LookupError, match=told):
            await emulator.chooses(7, asked.message, "", values)
    await emulator.deletes(10)
    with pytest.raises(LookupError):
        await emulator.presses(7, asked.message, "day:2025-10-11")


@pytest.mark.usefixtures("bot")
async def test_form__is_opened_and_sent(emulator: DiscordEmulator) -> None:
    opened = await emulator.runs(8, "settings", channel=10)
    assert (opened.type, opened.data["title"]) == (Answer.MODAL, "Hour")
    for values in ({"At": "too long"}, {"At": ""}, {"Nothing": "7"}):
        with pytest.raises(LookupError):
            await emulator.submits(8, opened, values)
    sent = await emulator.submits(8, opened, {"hour": "07:30"})
    assert (sent.text, sent.ephemeral) == ("At 07:30", True)
    with pytest.raises(LookupError, match="no form"):
        await emulator.submits(8, opened, {"hour": "07:30"})
    again = await emulator.runs(8, "settings", channel=10)
    by_name = await emulator.submits(8, again.data["custom_id"], {"At": "7"})
    assert by_name.text == "At 7"


@pytest.mark.usefixtures("bot")
async def test_ephemeral__is_seen_by_who_asked(emulator: DiscordEmulator) -> None:
    asked = await emulator.runs(7, "category", options={"name": "x"}, channel=10)
    assert asked.message
    asked.message.components = [{"type": 1, "components": [{"type": 2, "style": 1, "label": "A", "custom_id": "a"}]}]
    with pytest.raises(LookupError, match="only who asked"):
        await emulator.presses(8, asked.message, "A")


async def test_guild__comes_and_goes(emulator: DiscordEmulator, bot: SmallBot) -> None:
    await emulator.kicks_bot(1)
    await emulator.wait_for(lambda: "removed 1" in bot.seen)
    with pytest.raises(discord.Forbidden) as refused:
        await bot.get_partial_messageable(10).send("x")
    assert refused.value.code == 50001
    await emulator.adds_bot(1)
    await emulator.wait_for(lambda: "joined 1" in bot.seen)
    await bot.get_partial_messageable(10).send("x")
    await emulator.outage(1)
    await emulator.outage(1, over=True)
    await emulator.runs(7, "today", channel=10)
    assert bot.seen == ["ready", "removed 1", "joined 1"]


async def test_channel__deleted_is_told_and_unknown(emulator: DiscordEmulator, bot: SmallBot) -> None:
    await emulator.deletes(10)
    await emulator.wait_for(lambda: "deleted 10" in bot.seen)
    with pytest.raises(discord.NotFound) as refused:
        await bot.get_partial_messageable(10).send("x")
    assert refused.value.code == 10003


async def test_permissions__are_shown_and_enforced(emulator: DiscordEmulator, bot: SmallBot) -> None:
    await emulator.denies(10, Permission.EMBED_LINKS)
    guild = bot.get_guild(1)
    assert guild
    channel = guild.get_channel(10)
    assert isinstance(channel, discord.TextChannel)
    await emulator.wait_for(lambda: not channel.permissions_for(guild.me).embed_links)
    await channel.send("x")
    with pytest.raises(discord.Forbidden) as refused:
        await channel.send(embed=discord.Embed(title="x"))
    assert refused.value.code == 50013
    await emulator.denies(10, Permission.VIEW_CHANNEL)
    with pytest.raises(discord.Forbidden) as refused:
        await channel.send("x")
    assert refused.value.code == 50001
    assert emulator.invalid_requests == 2
    assert (await guild.fetch_member(8)).guild_permissions.manage_channels


async def test_direct_messages__open_and_close(emulator: DiscordEmulator, bot: SmallBot) -> None:
    someone = await bot.fetch_user(7)
    await someone.send("x")
    assert emulator.dm(7).last.content == "x"
    await emulator.closes_dms(7)
    with pytest.raises(discord.Forbidden) as refused:
        await someone.send("x")
    assert refused.value.code == 50007
