"""Slash commands, buttons, menus and forms as commands; channels that come and go as events."""

import asyncio
import gc

import pytest

from adapters.discord import DiscordAdapter
from bot.contract import EventKind, Suggestion
from bot.errors import ConfigError, NotDelivered
from bot.models import Actor, ChatKind, Command, Key
from tests.adapters.discord_setting import (
    GUILD,
    MANAGER,
    READER,
    ROOM,
    Notes,
    answering,
    at_discord,
    keys,
    listening,
    part,
    room,
)
from tests.emulators.discord import Answer, Permission


async def hello(adapter: DiscordAdapter, command: Command) -> None:
    await adapter.respond(command, [part(f"{command.name}: {command.words}")])


async def test_command__with_what_was_filled_in() -> None:
    async with answering(hello) as (emulator, _, notes):
        asked = await emulator.runs(READER, "分类", channel=ROOM, options={"分类": "chips", "日期": "10-12"})
        (command,) = notes.commands
        assert (command.name, command.words, command.locale) == ("category", "chips 10-12", "zh-CN")
        assert (command.actor.address, command.chat, command.chat.kind) == (str(READER), room(), ChatKind.GROUP)
        assert not command.in_place
        assert asked.text == "category: chips 10-12"


async def test_command__with_what_tells_words_from_days_and_categories() -> None:
    async with answering(hello) as (emulator, _, notes):
        filled = {"词语": "存算一体 芯片", "分类": "chips", "日期": "10-12"}
        await emulator.runs(READER, "搜索", channel=ROOM, options=filled)
        await emulator.runs(READER, "search", channel=ROOM, options={"category": "#chips"})
        assert [command.words for command in notes.commands] == ["存算一体 芯片 #chips on:10-12", "#chips"]


async def test_command__in_direct_messages() -> None:
    async with answering(hello) as (emulator, _, notes):
        emulator.person(9, name="ann")
        asked = await emulator.runs(9, "status")
        (command,) = notes.commands
        assert command.chat.kind is ChatKind.PRIVATE
        assert command.chat.address == str(emulator.dm(9).id)
        assert not asked.ephemeral


async def test_command__in_a_thread_and_in_a_forum() -> None:
    async with answering(hello) as (emulator, _, notes):
        emulator.thread(20, ROOM)
        emulator.forum(30, GUILD)
        emulator.thread(31, 30)
        await emulator.runs(READER, "today", channel=20)
        await emulator.runs(READER, "today", channel=31)
        assert [command.chat.address for command in notes.commands] == ["20", "30"]


async def test_press__changes_its_message_also_after_a_restart() -> None:
    async def show(adapter: DiscordAdapter, command: Command) -> None:
        await adapter.respond(command, [part(f"{command.name} {command.words}", keys=keys("Back=day_2025-10-11"))])

    async with at_discord() as (emulator, adapter):
        async with listening(adapter, emulator, Notes(act=lambda command: show(adapter, command))):
            await emulator.runs(READER, "today", channel=ROOM)
        message = emulator.channels[ROOM].last
        again = DiscordAdapter(adapter._token, api_url=emulator.url)
        notes = Notes(act=lambda command: show(again, command))
        async with listening(again, emulator, notes):
            pressed = await emulator.presses(READER, message, "Back")
        await again.close()
        assert (notes.commands[0].name, notes.commands[0].words, notes.commands[0].in_place) == (
            "day",
            "2025-10-11",
            True,
        )
        assert (pressed.type, message.text, message.edits) == (Answer.UPDATE, "day 2025-10-11", 1)


async def test_press__for_a_new_message_is_answered_to_the_asker_alone() -> None:
    async with answering(hello) as (emulator, adapter, notes):
        await adapter.send(room(), part("Digest", keys=keys("Chips=+category_chips")), nonce="n")
        message = emulator.channels[ROOM].last
        pressed = await emulator.presses(READER, message, "Chips")
        assert (notes.commands[0].name, notes.commands[0].in_place) == ("category", False)
        assert (pressed.type, pressed.ephemeral, pressed.text) == (Answer.MESSAGE, True, "category: chips")
        assert (message.text, message.edits) == ("Digest", 0)


async def test_press__that_nobody_answers_is_acknowledged() -> None:
    async with at_discord() as (emulator, adapter), listening(adapter, emulator, Notes()):
        await adapter.send(room(), part("Digest", keys=keys("Chips=category_chips")), nonce="n")
        pressed = await emulator.presses(READER, emulator.channels[ROOM].last, "Chips", answered=False)
        assert pressed.type is Answer.DEFERRED_UPDATE


async def test_menu__gives_all_that_was_chosen() -> None:
    options = (
        tuple(Key(label=name, data=f"pick {name}", option=name, on=name == "ai") for name in ("chips", "ai", "oss")),
        (Key(label="Everything", data="pick all"),),
    )
    which = part("Which?", keys=options, menu="categories")

    async def choose(adapter: DiscordAdapter, command: Command) -> None:
        await adapter.respond(command, [which])

    async with answering(choose) as (emulator, adapter, notes):
        await adapter.send(room(), which, nonce="n")
        message = emulator.channels[ROOM].last
        assert [option["label"] for option in message.select("")["options"] if option["default"]] == ["ai"]
        assert message.buttons == [["Everything"]]
        await emulator.chooses(MANAGER, message, "", ["chips", "oss"])
        await emulator.chooses(MANAGER, message, "", [])
        assert [(command.name, command.words) for command in notes.commands] == [
            ("categories", "chips oss"),
            ("categories", "all"),
        ]


async def test_form__what_is_typed_goes_behind_the_press() -> None:
    asking = ((Key(label="🕗 08:00", data="set at", asks="What time?"),),)
    async with answering(hello) as (emulator, adapter, notes):
        await adapter.send(room(), part("Settings", keys=asking), nonce="n")
        message = emulator.channels[ROOM].last
        opened = await emulator.presses(MANAGER, message, "🕗 08:00")
        assert (opened.type, opened.data["title"]) == (Answer.MODAL, "🕗 08:00")
        assert not notes.commands
        sent = await emulator.submits(MANAGER, opened, {"What time?": "07:30"})
        (command,) = notes.commands
        assert (command.name, command.words, command.in_place) == ("set", "at 07:30", True)
        assert (sent.type, message.text) == (Answer.UPDATE, "set: at 07:30")


async def test_autocomplete__offers_what_the_listener_suggests() -> None:
    notes = Notes(suggestions=(Suggestion(label="芯片技术", value="chips"),))
    async with at_discord() as (emulator, adapter), listening(adapter, emulator, notes):
        offered = await emulator.autocompletes(READER, "category", option="category", typed="芯", channel=ROOM)
        assert offered == [("芯片技术", "chips")]
        (typed,) = notes.typed
        assert (typed.name, typed.option, typed.typed, typed.chat) == ("category", "category", "芯", room())


async def test_manager__is_known_by_the_permissions_of_the_question() -> None:
    seen: dict[str, bool] = {}

    async def look(adapter: DiscordAdapter, command: Command) -> None:
        seen[command.actor.address] = await adapter.may_manage(command.chat, command.actor)
        await adapter.respond(command, [part()])

    async with answering(look) as (emulator, _, __):
        await emulator.runs(MANAGER, "settings", channel=ROOM)
        await emulator.runs(READER, "settings", channel=ROOM, uninvited=True)
        assert seen == {str(MANAGER): True, str(READER): False}


async def test_manager__is_asked_for_when_there_is_no_question() -> None:
    async with at_discord() as (emulator, adapter), listening(adapter, emulator, Notes()):
        await emulator.wait_for(lambda: adapter._gateway and adapter._gateway.guilds)
        chat = await adapter.find_chat(f"@{ROOM}")
        assert chat == room()
        actors = [Actor(address=str(one)) for one in (MANAGER, READER)]
        assert [await adapter.may_manage(chat, actor) for actor in actors] == [True, False]


async def test_guild__removed_and_back() -> None:
    async with at_discord() as (emulator, adapter):
        emulator.text(11, GUILD)
        emulator.forum(12, GUILD)
        notes = Notes()
        async with listening(adapter, emulator, notes):
            await emulator.wait_for(lambda: adapter._gateway and adapter._gateway.is_ready())
            await emulator.outage(GUILD)
            await emulator.outage(GUILD, over=True)
            await emulator.kicks_bot(GUILD)
            await emulator.wait_for(lambda: len(notes.events) == 3)
            assert {(event.kind, event.chat.address) for event in notes.events} == {
                (EventKind.KICKED, str(address)) for address in (ROOM, 11, 12)
            }
            await emulator.adds_bot(GUILD)
            await emulator.wait_for(lambda: len(notes.events) == 6)
            assert {event.kind for event in notes.events[3:]} == {EventKind.JOINED}


async def test_channel__deleted_and_denied() -> None:
    async with at_discord() as (emulator, adapter):
        emulator.text(11, GUILD)
        emulator.thread(20, 11)
        notes = Notes()
        async with listening(adapter, emulator, notes):
            await emulator.wait_for(lambda: adapter._gateway and adapter._gateway.guilds)
            await emulator.denies(ROOM, Permission.SEND_MESSAGES)
            await emulator.denies(ROOM, Permission.NONE)
            await emulator.wait_for(lambda: notes.events)
            assert [(event.kind, event.chat) for event in notes.events] == [(EventKind.BACK, room())]
            await emulator.deletes(11)
            await emulator.wait_for(lambda: len(notes.events) >= 2)
            assert {event.chat.address for event in notes.events[1:]} >= {"11"}
            assert {event.kind for event in notes.events[1:]} == {EventKind.KICKED}


async def test_connection__is_taken_up_again() -> None:
    async with answering(hello) as (emulator, _, notes):
        await emulator.runs(READER, "today", channel=ROOM)
        await emulator.drops_gateway()
        await emulator.runs(READER, "today", channel=ROOM, timeout=15)
        assert len(notes.commands) == 2
        assert len(emulator.gateway.resumes) == 1


async def test_listen__refused_token() -> None:
    async with at_discord() as (emulator, _):
        stranger = DiscordAdapter("wrong", api_url=emulator.url)
        with pytest.raises(ConfigError, match="DIGESTBOT_DISCORD_TOKEN"):
            await stranger.listen(Notes())
        with pytest.raises(ConfigError, match="DIGESTBOT_DISCORD_TOKEN"):
            await stranger.identify()
        await stranger.close()


async def test_listen__ended_while_it_logs_in_says_nothing_of_it(caplog: pytest.LogCaptureFixture) -> None:
    async with at_discord() as (_, adapter):
        for steps in range(12):
            task = asyncio.create_task(adapter.listen(Notes()))
            for _ in range(steps):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.wait([task])
        gc.collect()  # a failure that nobody has looked at is told now
    assert "never retrieved" not in caplog.text


async def test_close__who_calls_after_it_opens_nothing() -> None:
    async with at_discord() as (_, adapter):
        await adapter.close()
        with pytest.raises(NotDelivered):
            await adapter.send(room(), part(), nonce="n")


async def test_commands__are_written_once() -> None:
    async with at_discord() as (emulator, adapter):
        for _ in range(2):
            async with listening(adapter, emulator, Notes()):
                pass
        assert emulator.syncs == 1
        assert emulator.commands["subscribe"]["default_member_permissions"] == "16"
        assert emulator.commands["status"]["contexts"] == [1]
        assert emulator.commands["today"]["name_localizations"] == {"zh-CN": "今天"}


def test_repr__tells_no_secret() -> None:
    adapter = DiscordAdapter("SECRET", api_url="https://example.com")
    assert "SECRET" not in repr(adapter) + repr(adapter._rest)
