"""What people do reaches the bot, and decides where it may write."""

import asyncio

import pytest
import telegram
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import BadRequest, ChatMigrated, Forbidden
from telegram.ext import Application, CallbackQueryHandler, ContextTypes, MessageHandler, filters

from tests.emulators.telegram import TelegramEmulator
from tests.emulators.test_telegram import FORUM, TOKEN


async def greet(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.effective_message
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Go on", callback_data="next")]])
    await update.effective_message.reply_html("<b>Hello</b>", reply_markup=keyboard)


async def go_on(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.callback_query
    await update.callback_query.answer("There")
    await update.callback_query.edit_message_text("Next")


async def test_application__polls_answers_and_edits(emulator: TelegramEmulator) -> None:
    application = Application.builder().token(TOKEN).base_url(f"{emulator.url}/bot").build()
    application.add_handlers([MessageHandler(filters.COMMAND, greet), CallbackQueryHandler(go_on)])
    async with application:
        assert application.updater
        await application.start()
        await application.updater.start_polling()
        await emulator.types(7, "/start")
        message = await emulator.wait_for_message(7)
        query = await emulator.presses(7, message, "Go on")
        await emulator.wait_for(lambda: message.edits)
        await application.updater.stop()
        await application.stop()
    assert (message.text, message.history[0].text) == ("Next", "Hello")
    assert message.reply_markup is None
    assert message.edited_at
    assert message.edited_at > message.sent_at
    assert emulator.answered_callbacks[query]["text"] == "There"
    assert len(emulator.latencies) == 2
    assert not emulator.updates.pending


async def test_typing__makes_the_update_telegram_makes(emulator: TelegramEmulator, bot: telegram.Bot) -> None:
    emulator.group(FORUM, forum=True, members={7: "administrator"})
    await emulator.types(7, "/today@digest_test_bot 10-12", chat=FORUM, topic=5)
    await emulator.types(7, "/settings", chat=FORUM, anonymous=True)
    in_topic, in_general = [update.message for update in await bot.get_updates(timeout=0)]
    assert in_topic
    assert in_general
    assert in_topic.entities[0].type == "bot_command"
    assert in_topic.parse_entity(in_topic.entities[0]) == "/today@digest_test_bot"
    assert (in_topic.message_thread_id, in_topic.is_topic_message) == (5, True)
    assert in_topic.from_user
    assert in_topic.from_user.language_code == "zh-hans"
    assert in_general.message_thread_id is None
    assert in_general.sender_chat == in_general.chat
    assert in_general.from_user
    assert in_general.from_user.username == "GroupAnonymousBot"


async def test_typing__reply_outside_a_forum_bears_a_thread_that_is_no_topic(
    emulator: TelegramEmulator, bot: telegram.Bot
) -> None:
    emulator.group(-1005)
    await bot.send_message(-1005, "Digest")
    await emulator.types(7, "/help", chat=-1005, reply_to=emulator.chats[-1005].last)
    (update,) = await bot.get_updates(timeout=0)
    assert update.message
    assert update.message.message_thread_id is not None
    assert not update.message.is_topic_message


async def test_channel__posts_have_no_author(emulator: TelegramEmulator, bot: telegram.Bot) -> None:
    emulator.channel(-1002, username="daily", members={7: "creator"})
    await emulator.types(7, "/today", chat=-1002)
    (update,) = await bot.get_updates(timeout=0)
    assert update.channel_post
    assert update.channel_post.from_user is None
    assert (await bot.send_message("@Daily", "Here")).chat.id == -1002
    assert (await bot.get_chat("@daily")).title == "A channel"
    assert (await bot.get_chat_member("@daily", 7)).status == "creator"
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.get_chat("@nobody")


async def test_block__refuses_and_tells(emulator: TelegramEmulator, bot: telegram.Bot) -> None:
    await emulator.blocks(7)
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(7, "x")
    with pytest.raises(LookupError):
        await emulator.types(7, "/start")
    await emulator.unblocks(7)
    await bot.send_message(7, "x")
    changes = [update.my_chat_member for update in await bot.get_updates(timeout=0)]
    assert [change.new_chat_member.status for change in changes if change] == ["kicked", "member"]


async def test_kick__and_back(emulator: TelegramEmulator, bot: telegram.Bot) -> None:
    emulator.group(-1003, members={7: "creator"})
    await emulator.kicks(-1003, by=7)
    with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
        await bot.send_message(-1003, "x")
    await emulator.adds_bot(-1003, by=7, status="administrator")
    await bot.send_message(-1003, "x")
    admins = await bot.get_chat_administrators(-1003)
    assert [(admin.user.id, admin.status) for admin in admins] == [(7, "creator")]
    assert (await bot.get_chat_member(-1003, bot.id)).status == "administrator"
    kinds = [update.my_chat_member is not None for update in await bot.get_updates(timeout=0)]
    assert kinds == [True, True, False]


async def test_migration__old_id_names_the_new(emulator: TelegramEmulator, bot: telegram.Bot) -> None:
    emulator.group(-50, kind="group", members={7: "creator"})
    await emulator.migrates(-50, -100500)
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(-50, "x")
    assert moved.value.new_chat_id == -100500
    await bot.send_message(-100500, "x")
    leaving, arriving = [update.message for update in await bot.get_updates(timeout=0)]
    assert leaving
    assert arriving
    assert (leaving.chat.id, leaving.migrate_to_chat_id) == (-50, -100500)
    assert (arriving.chat.id, arriving.migrate_from_chat_id) == (-100500, -50)


async def test_topic__must_exist(emulator: TelegramEmulator, bot: telegram.Bot) -> None:
    emulator.group(FORUM, forum=True)
    emulator.topic(FORUM, 5)
    sent = await bot.send_message(FORUM, "x", message_thread_id=5)
    assert (sent.message_thread_id, sent.is_topic_message) == (5, True)
    await emulator.deletes_topic(FORUM, 5)
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_message(FORUM, "x", message_thread_id=5)
    assert emulator.chats[FORUM].messages[0].deleted


async def test_channel__takes_posts_from_administrators_only(emulator: TelegramEmulator, bot: telegram.Bot) -> None:
    emulator.channel(-1004, bot="member")
    with pytest.raises(BadRequest, match=r"(?i)need administrator rights"):
        await bot.send_message(-1004, "x")
    with pytest.raises(BadRequest, match=r"(?i)member list is inaccessible"):
        await bot.get_chat_member(-1004, 7)


async def test_stranger__can_not_be_written_to_first(emulator: TelegramEmulator, bot: telegram.Bot) -> None:
    emulator.private(8, started=False)
    with pytest.raises(Forbidden, match="can't initiate"):
        await bot.send_message(8, "x")
    await emulator.types(8, "/start")
    await bot.send_message(8, "x")


async def pressed(emulator: TelegramEmulator, bot: telegram.Bot) -> str:
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Go on", callback_data="next")]])
    await bot.send_message(7, "x", reply_markup=keyboard)
    return await emulator.presses(7, emulator.chats[7].last, "next")


async def test_button__press_too_old_can_not_be_answered(emulator: TelegramEmulator, bot: telegram.Bot) -> None:
    query = await pressed(emulator, bot)
    emulator.expires_callbacks()
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_callback_query(query)
    with pytest.raises(LookupError):
        await emulator.presses(7, emulator.chats[7].last, "elsewhere")
    assert emulator.violations == []


async def test_button__press_is_answered_once(emulator: TelegramEmulator, bot: telegram.Bot) -> None:
    query = await pressed(emulator, bot)
    assert await bot.answer_callback_query(query)
    assert emulator.violations == []
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_callback_query(query)
    assert emulator.violations == [f"press {query} was answered twice"]


async def test_button__press_that_was_heard_and_never_answered_is_noted(
    emulator: TelegramEmulator, bot: telegram.Bot
) -> None:
    emulator._acts.answer_within = 0.05
    query = await pressed(emulator, bot)
    await asyncio.sleep(0.2)
    assert emulator.violations == [], "the bot is away"
    (update,) = await bot.get_updates(timeout=0)
    await bot.get_updates(timeout=0, offset=update.update_id + 1)
    await emulator.wait_for(lambda: emulator.violations)
    assert emulator.violations == [f"press {query} was not answered within 0.05 s"]


async def test_button__press_that_was_answered_in_time_is_not_noted(
    emulator: TelegramEmulator, bot: telegram.Bot
) -> None:
    emulator._acts.answer_within = 0.2
    query = await pressed(emulator, bot)
    await bot.get_updates(timeout=0, offset=-1)
    await bot.answer_callback_query(query)
    await asyncio.sleep(0.3)
    assert emulator.violations == []
