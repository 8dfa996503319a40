"""Answers to typed and pressed commands, rights, chats by name, and the menu."""

import pytest

from bot.contract import MenuEntry, MenuScope
from bot.errors import ChatGone, ChatMoved
from bot.models import Actor, ChatKind, Command, Key, Part
from tests.adapters.telegram_setting import Notes, at_telegram, group, listening, part, private
from tests.emulators.telegram import Fault, Message

DAY = Key(label="前一天", data="day 2025-10-11")
NEW = Key(label="今天", data="+today")
FIRST = part("first", keys=((DAY, NEW),))


async def test_respond__typed_is_answered_in_order_in_its_topic() -> None:
    async with at_telegram() as (emulator, adapter):
        emulator.private(7)
        emulator.topic(emulator.group(-100, forum=True), 42)

        async def act(command: Command) -> None:
            await adapter.respond(command, [part("1"), part("2")], private=True)

        async with listening(adapter, Notes(act=act)):
            await emulator.types(7, "/today", chat=-100, topic=42)
            await emulator.wait_for_message(-100, after=1)

        assert [(message.text, message.thread_id) for message in emulator.chats[-100].messages] == [
            ("1", 42),
            ("2", 42),
        ]


async def test_respond__is_never_paid_for_and_a_push_only_where_that_is_set() -> None:
    command = Command(name="today", actor=Actor(address="7"), chat=private())
    for paid in (True, False):
        async with at_telegram(paid=paid) as (emulator, adapter):
            emulator.private(7)
            same = part("x")
            await adapter.send(private(), same, nonce="")
            await adapter.respond(command, [same])

            pushed, answered = (message.params for message in emulator.chats[7].messages)
            assert pushed.get("allow_paid_broadcast", False) is paid
            assert "allow_paid_broadcast" not in answered


async def press(data: str, answer: list[Part], *, private_answer: bool = False, old: bool = False) -> list[Message]:
    """Press a button under a message and return what then stands in the chat; the press is acknowledged."""
    async with at_telegram() as (emulator, adapter):
        emulator.private(7)
        await adapter.send(private(), FIRST, nonce="")
        answered: list[Command] = []

        async def act(command: Command) -> None:
            await adapter.respond(command, answer, private=private_answer)
            answered.append(command)

        async with listening(adapter, Notes(act=act)):
            query = await emulator.presses(7, emulator.chats[7].last, data)
            if old:
                emulator.chats[7].last.deleted = True
            await emulator.wait_for(lambda: answered)
            await emulator.wait_for(lambda: query in emulator.answered_callbacks)
        assert emulator.counts["answerCallbackQuery"] == 1
        return emulator.chats[7].messages


async def test_respond__pressed_changes_the_message_and_sends_the_rest() -> None:
    messages = await press("day 2025-10-11", [part("second"), part("third")])

    assert [(message.text, message.edits) for message in messages] == [("second", 1), ("third", 0)]


async def test_respond__pressed_with_the_same_answer_is_fine() -> None:
    messages = await press("day 2025-10-11", [FIRST])

    assert [(message.text, message.edits) for message in messages] == [("first", 0)]


async def test_respond__pressed_under_a_vanished_message_sends() -> None:
    messages = await press("day 2025-10-11", [part("second")], old=True)

    assert [message.text for message in messages if not message.deleted] == ["second"]


async def test_respond__pressed_for_a_new_message_leaves_the_old() -> None:
    messages = await press("+today", [part("second")])

    assert [(message.text, message.edits) for message in messages] == [("first", 0), ("second", 0)]


async def test_respond__pressed_and_private_is_an_alert() -> None:
    async with at_telegram() as (emulator, adapter):
        emulator.private(7)
        await adapter.send(private(), FIRST, nonce="")

        async def act(command: Command) -> None:
            await adapter.respond(command, [part("<b>Only admins</b> &amp; such")], private=True)

        async with listening(adapter, Notes(act=act)):
            query = await emulator.presses(7, emulator.chats[7].last, DAY.data)
            await emulator.wait_for(lambda: query in emulator.answered_callbacks)
            answer = emulator.answered_callbacks[query]

        assert (answer["text"], answer["show_alert"]) == ("Only admins & such", True)
        assert [(message.text, message.edits) for message in emulator.chats[7].messages] == [("first", 0)]


async def test_respond__pressed_and_private_but_long_is_a_message() -> None:
    messages = await press("day 2025-10-11", [part("x" * 201)], private_answer=True)

    assert [(len(message.text), message.edits) for message in messages] == [(5, 0), (201, 0)]


@pytest.mark.parametrize("private_answer", [False, True])
async def test_respond__too_late_for_the_press_still_answers(private_answer: bool) -> None:  # noqa: FBT001
    async with at_telegram() as (emulator, adapter):
        emulator.private(7)
        await adapter.send(private(), FIRST, nonce="")

        async def act(command: Command) -> None:
            emulator._asking.open_callbacks.clear()
            await adapter.respond(command, [part("second")], private=private_answer)

        async with listening(adapter, Notes(act=act)):
            await emulator.presses(7, emulator.chats[7].last, NEW.data)
            message = await emulator.wait_for_message(7, after=1)

        assert message.text == "second"


@pytest.mark.parametrize("too_late", [False, True])
async def test_respond__private_in_a_channel_is_never_a_post(too_late: bool) -> None:  # noqa: FBT001
    async with at_telegram() as (emulator, adapter):
        emulator.private(7)
        channel = emulator.channel(-1001, members={7: "member"})
        await adapter.send(group(-1001), FIRST, nonce="")
        answered: list[Command] = []

        async def act(command: Command) -> None:
            if too_late:
                emulator.expires_callbacks()
            await adapter.respond(command, [part("not here")], private=True)
            answered.append(command)

        async with listening(adapter, Notes(act=act)):
            query = await emulator.presses(7, channel.last, "+today")
            await emulator.wait_for(lambda: answered)
        assert [message.text for message in channel.messages] == ["first"]
        assert (query in emulator.answered_callbacks) is not too_late


async def test_press__without_an_answer_is_acknowledged_all_the_same() -> None:
    async def act(command: Command) -> None:
        raise LookupError(command.name)

    async with at_telegram() as (emulator, adapter):
        emulator.private(7)
        await adapter.send(private(), FIRST, nonce="")
        async with listening(adapter, Notes(act=act)):
            query = await emulator.presses(7, emulator.chats[7].last, DAY.data)
            await emulator.wait_for(lambda: query in emulator.answered_callbacks)


async def test_respond__acknowledges_while_the_change_is_slow() -> None:
    async with at_telegram() as (emulator, adapter):
        emulator.private(7)
        await adapter.send(private(), FIRST, nonce="")
        emulator.inject(Fault.SLOW, delay=0.1, methods=["editMessageText"])

        async def act(command: Command) -> None:
            await adapter.respond(command, [part("second")])

        async with listening(adapter, Notes(act=act)):
            query = await emulator.presses(7, emulator.chats[7].last, DAY.data)
            await emulator.wait_for(lambda: query in emulator.answered_callbacks)

            assert emulator.chats[7].last.text == "first"
            await emulator.wait_for(lambda: emulator.chats[7].last.text == "second")


# ------------------------------------------------------------------ rights and chats


async def test_may_manage__asks_for_the_rank() -> None:
    async with at_telegram() as (emulator, adapter):
        for user in (7, 8, 9, 10):
            emulator.private(user)
        emulator.group(-100, members={7: "creator", 8: "administrator", 9: "member"})
        may = [await adapter.may_manage(group(), Actor(address=str(user))) for user in (7, 8, 9, 10, 404)]

        assert may == [True, True, False, False, False]


async def test_may_manage__own_chat_and_anonymous_admin_need_no_asking() -> None:
    async with at_telegram() as (emulator, adapter):
        emulator.group(-100)

        assert await adapter.may_manage(private(), Actor(address="7"))
        assert await adapter.may_manage(group(), Actor(address="-100"))
        assert not await adapter.may_manage(group(), Actor(address="-200"))


async def test_anonymous_admin__may_manage() -> None:
    async with at_telegram() as (emulator, adapter):
        emulator.private(7)
        emulator.group(-100, members={7: "administrator"})
        notes = Notes()
        async with listening(adapter, notes):
            await emulator.types(7, "/subscribe", chat=-100, anonymous=True)
            await emulator.wait_for(lambda: notes.commands)

        assert await adapter.may_manage(notes.commands[0].chat, notes.commands[0].actor)


async def test_may_manage__of_a_channel_where_the_bot_is_not() -> None:
    async with at_telegram() as (emulator, adapter):
        emulator.channel(-200, bot="left")

        assert not await adapter.may_manage(group(-200), Actor(address="7"))


async def test_find_chat__by_name_and_by_id() -> None:
    async with at_telegram() as (emulator, adapter):
        emulator.channel(-200, username="daily_news", title="Daily")
        found = await adapter.find_chat("@daily_news")

        assert (found, found.kind, found.title) == (group(-200), ChatKind.CHANNEL, "Daily")
        assert await adapter.find_chat("-200") == found


@pytest.mark.parametrize("name", ["@nobody", "12", "words", ""])
async def test_find_chat__unseen_is_gone(name: str) -> None:
    async with at_telegram() as (_, adapter):
        with pytest.raises(ChatGone):
            await adapter.find_chat(name)


async def test_find_chat__private_has_the_name() -> None:
    async with at_telegram() as (emulator, adapter):
        emulator.private(7, first_name="Ada")
        found = await adapter.find_chat("7")

        assert (found.kind, found.title) == (ChatKind.PRIVATE, "Ada")


async def test_may_manage__of_a_moved_group_tells_where() -> None:
    async with at_telegram() as (emulator, adapter):
        await emulator.migrates(emulator.group(-5, kind="group"), -1005)
        with pytest.raises(ChatMoved):
            await adapter.may_manage(group(-5), Actor(address="7"))


async def test_publish_commands__per_scope_and_language() -> None:
    today = MenuEntry(
        name="today", scope=MenuScope.EVERYONE, descriptions={"zh-CN": "今天的日报", "en": "Today's digest"}
    )
    subscribe = MenuEntry(name="subscribe", scope=MenuScope.MANAGERS, descriptions={"zh-CN": "订阅", "en": "Subscribe"})
    async with at_telegram() as (emulator, adapter):
        await adapter.publish_commands([today, subscribe])
        shown = {place: [entry["description"] for entry in menu] for place, menu in emulator.commands.items()}

    both = {"": ["Today's digest", "Subscribe"], "zh": ["今天的日报", "订阅"]}
    wide = ("default", "all_private_chats", "all_chat_administrators")
    expected = {(scope, code): names for scope in wide for code, names in both.items()}
    expected |= {("all_group_chats", code): names[:1] for code, names in both.items()}
    assert shown == expected
