"""What people do reaches the bot, and what it answers reaches them."""

import pytest

from tests.emulators.discord import Answer, DiscordEmulator
from tests.emulators.test_discord.client import SmallBot

pytestmark = pytest.mark.usefixtures("bot")


async def test_command__is_answered_in_the_channel(emulator: DiscordEmulator) -> None:
    asked = await emulator.runs(7, "today", channel=10)
    assert (asked.type, asked.ephemeral) == (Answer.MESSAGE, False)
    assert asked.text == "Digest\nfor zh-CN"
    assert asked.latency < 1
    (message,) = emulator.channels[10].messages
    assert message is asked.message
    assert message.buttons == [["Day 2025-10-11"]]
    assert message.allowed_mentions == {"parse": []}
    assert not emulator.violations


async def test_command__is_answered_in_direct_messages(emulator: DiscordEmulator) -> None:
    asked = await emulator.runs(7, "today")
    assert emulator.dm(7).messages == [asked.message]


async def test_button__changes_the_message(emulator: DiscordEmulator) -> None:
    asked = await emulator.runs(7, "today", channel=10)
    assert asked.message
    pressed = await emulator.presses(7, asked.message, "Day 2025")
    assert pressed.type is Answer.UPDATE
    assert asked.message.content == "The digest of 2025-10-11"
    assert asked.message.edits == 1
    assert asked.message.history[0].text == "Digest\nfor zh-CN"
