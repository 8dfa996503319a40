"""Every interaction is answered in time, however long the answer takes, and read by those it is for."""

import asyncio

import pytest

from adapters.discord import DiscordAdapter
from bot.errors import DeliveryError, NotDelivered
from bot.models import Actor, Command
from tests.adapters.discord_setting import MANAGER, READER, ROOM, Notes, answering, keys, part, room
from tests.emulators.discord import Answer, Fault

PATIENCE = 0.2


async def at_once(adapter: DiscordAdapter, command: Command) -> None:
    await adapter.respond(command, [part("Here")])


async def slowly(adapter: DiscordAdapter, command: Command) -> None:
    await asyncio.sleep(0.5)
    await adapter.respond(command, [part("Here at last")])


async def test_slow__is_put_off_and_then_said_in_that_place() -> None:
    async with answering(slowly, patience=PATIENCE) as (emulator, _, __):
        asked = await emulator.runs(READER, "today", channel=ROOM)
        assert (asked.type, asked.text, asked.followups) == (Answer.DEFERRED_MESSAGE, "Here at last", [])
        assert 0.15 < asked.latency < 0.5
        assert not asked.ephemeral


async def test_slow__quiet_command_is_put_off_for_the_asker_alone() -> None:
    async with answering(slowly, patience=PATIENCE) as (emulator, _, __):
        asked = await emulator.runs(MANAGER, "settings", channel=ROOM)
        assert (asked.type, asked.ephemeral, asked.text) == (Answer.DEFERRED_MESSAGE, True, "Here at last")


async def test_slow__press_changes_its_message_in_the_end() -> None:
    async with answering(slowly, patience=PATIENCE) as (emulator, adapter, _):
        await adapter.send(room(), part("Before", keys=keys("Go=day_1")), nonce="n")
        message = emulator.channels[ROOM].last
        pressed = await emulator.presses(READER, message, "Go")
        assert (pressed.type, message.text) == (Answer.DEFERRED_UPDATE, "Here at last")


async def test_quiet__commands_alone() -> None:
    async with answering(at_once) as (emulator, _, __):
        assert (await emulator.runs(MANAGER, "settings", channel=ROOM)).ephemeral
        assert (await emulator.runs(READER, "help", channel=ROOM)).ephemeral
        assert not (await emulator.runs(READER, "today", channel=ROOM)).ephemeral
        assert not (await emulator.runs(READER, "help")).ephemeral


async def test_private__answer_to_a_press_leaves_the_message_alone() -> None:
    async def refuse(adapter: DiscordAdapter, command: Command) -> None:
        await adapter.respond(command, [part("Not you")], private=True)

    async with answering(refuse) as (emulator, adapter, _):
        await adapter.send(room(), part("Before", keys=keys("Go=pick_chips")), nonce="n")
        message = emulator.channels[ROOM].last
        pressed = await emulator.presses(READER, message, "Go")
        assert (pressed.type, pressed.ephemeral, pressed.text) == (Answer.MESSAGE, True, "Not you")
        assert message.edits == 0


async def test_parts__follow_in_order_and_stay_with_the_asker() -> None:
    async def at_length(adapter: DiscordAdapter, command: Command) -> None:
        for word in ("one", "two", "three"):
            await adapter.respond(command, [part(word)])

    async with answering(at_length) as (emulator, _, __):
        asked = await emulator.runs(READER, "help", channel=ROOM)
        await emulator.wait_for(lambda: len(asked.followups) == 2)
        assert asked.text == "one\ntwo\nthree"
        assert all(message.ephemeral for message in asked.followups)


async def test_nothing_to_say__leaves_nobody_waiting() -> None:
    async def nothing(_: DiscordAdapter, __: Command) -> None:
        await asyncio.sleep(0.4)

    async with answering(nothing, patience=PATIENCE) as (emulator, _, __):
        asked = await emulator.runs(READER, "today", channel=ROOM)
        assert asked.message is not None
        assert asked.message.deleted


@pytest.mark.parametrize("recorded", [True, False])
async def test_first_answer__is_given_again_when_nobody_knows(recorded: bool) -> None:  # noqa: FBT001
    async with answering(at_once) as (emulator, _, __):
        emulator.inject(Fault.HANG_UP, methods=("callback",), recorded=recorded)
        asked = await emulator.runs(READER, "today", channel=ROOM)
        assert (asked.text, emulator.counts["callback"]) == ("Here", 2)


async def test_too_late__is_an_error_and_no_reason_to_pause_the_chat() -> None:
    errors: list[DeliveryError] = []

    async def late(adapter: DiscordAdapter, command: Command) -> None:
        await asyncio.sleep(0.4)
        try:
            await adapter.respond(command, [part()])
        except DeliveryError as error:
            errors.append(error)
            raise

    async with answering(late, patience=PATIENCE) as (emulator, _, __):
        await emulator.runs(READER, "today", channel=ROOM, answered=False)
        emulator.expires_interactions()
        await emulator.wait_for(lambda: errors)
        assert [type(error) for error in errors] == [NotDelivered]


async def test_respond__without_a_question() -> None:
    async with answering(at_once) as (_, adapter, __):
        command = Command(name="today", actor=Actor(address="7"), chat=room())
        with pytest.raises(NotDelivered):
            await adapter.respond(command, [part()])
    assert Notes().commands == []
