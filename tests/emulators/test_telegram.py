"""The emulator against python-telegram-bot's own client, and against bare HTTP where no client would go."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
import telegram
from aiohttp import web
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TimedOut,
)
from telegram.ext import Application, CallbackQueryHandler, ContextTypes, MessageHandler, filters
from telegram.request import HTTPXRequest

from tests.emulators.telegram import Fault, TelegramEmulator

TOKEN = "123456:TEST"
FORUM = -1001


@pytest.fixture
async def emulator() -> AsyncIterator[TelegramEmulator]:
    async with TelegramEmulator(TOKEN) as running:
        running.private(7, language_code="zh-hans", first_name="Lin")
        yield running


@pytest.fixture
async def bot(emulator: TelegramEmulator) -> AsyncIterator[telegram.Bot]:
    patient = HTTPXRequest(connection_pool_size=8, read_timeout=0.5)
    async with telegram.Bot(TOKEN, base_url=f"{emulator.url}/bot", request=patient) as client:
        yield client


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def call(
    http: aiohttp.ClientSession, emulator: TelegramEmulator, method: str, **params: Any
) -> tuple[int, dict[str, Any]]:
    async with http.post(f"{emulator.url}/bot{TOKEN}/{method}", json=params) as answer:
        return answer.status, await answer.json()


# ------------------------------------------------------------------ the real application


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


# ------------------------------------------------------------------ strictness


async def test_html__is_read_by_telegrams_parser(emulator: TelegramEmulator, bot: telegram.Bot) -> None:
    sent = await bot.send_message(7, "\U0001f4f0 <b>一</b> <a href='https://example.com'>x</a>\n", parse_mode="HTML")
    assert sent.text == "\U0001f4f0 一 x"
    assert [(entity.type, entity.offset, entity.length) for entity in sent.entities] == [
        ("bold", 3, 1),
        ("text_link", 5, 1),
    ]
    assert emulator.chats[7].last.raw.endswith("</a>\n")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("<b>oops", "Can't parse entities: can't find end tag"),
        ("a<br>b", "Can't parse entities: unsupported start tag"),
        (" <b></b> ", "Text must be non-empty"),
        ("字" * 4097, "Message is too long"),
        ("\U0001f4f0" * 2049, "Message is too long"),
        ("<b>x</b>" * 4097, "Text is too long"),
    ],
)
async def test_html__is_refused(bot: telegram.Bot, text: str, complaint: str) -> None:
    with pytest.raises(BadRequest) as refused:
        await bot.send_message(7, text, parse_mode="HTML")
    assert complaint.lower() in str(refused.value).lower()


async def test_text__that_just_fits_is_taken(emulator: TelegramEmulator, bot: telegram.Bot) -> None:
    await bot.send_message(7, "<b>" + "\U0001f4f0" * 2048 + "</b>", parse_mode="HTML")
    await bot.send_message(7, "<b>oops")
    assert emulator.chats[7].last.text == "<b>oops"


async def test_entities__past_a_hundred_are_taken_and_noted(emulator: TelegramEmulator, bot: telegram.Bot) -> None:
    await bot.send_message(7, "<b>x</b> " * 100, parse_mode="HTML")
    assert not emulator.violations
    await bot.send_message(7, "<b>x</b> " * 101, parse_mode="HTML")
    assert "101 entities" in emulator.violations[0]


@pytest.mark.parametrize(
    ("button", "complaint"),
    [
        ({"text": "x", "callback_data": "字" * 22}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "url": "nonsense"}, "Wrong HTTP URL"),
        ({"text": "x"}, "Text buttons are unallowed"),
    ],
)
async def test_button__is_refused(
    emulator: TelegramEmulator, http: aiohttp.ClientSession, button: dict[str, str], complaint: str
) -> None:
    markup = {"inline_keyboard": [[button]]}
    status, answer = await call(http, emulator, "sendMessage", chat_id=7, text="x", reply_markup=markup)
    assert (status, answer["ok"]) == (400, False)
    assert complaint in answer["description"]


async def test_edit__same_content_is_refused(emulator: TelegramEmulator, bot: telegram.Bot) -> None:
    sent = await bot.send_message(7, "One")
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_text("One", chat_id=7, message_id=sent.message_id)
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("Two", chat_id=7, message_id=99)
    assert emulator.chats[7].last.edits == 0


async def test_delete__works_for_two_days(emulator: TelegramEmulator, bot: telegram.Bot) -> None:
    fresh = await bot.send_message(7, "Fresh")
    old = await bot.send_message(7, "Old")
    emulator.chats[7].messages[1].date -= 49 * 3600
    assert await bot.delete_message(7, fresh.message_id)
    with pytest.raises(BadRequest, match="can't be deleted"):
        await bot.delete_message(7, old.message_id)
    assert [message.text for message in emulator.chats[7].standing] == ["Old"]


async def test_forms__of_every_kind_are_read(emulator: TelegramEmulator, http: aiohttp.ClientSession) -> None:
    url = f"{emulator.url}/bot{TOKEN}/sendMessage"
    markup = '{"inline_keyboard":[[{"text":"x","callback_data":"d"}]]}'
    async with http.post(url, data={"chat_id": "7", "text": "form", "reply_markup": markup}) as answer:
        assert answer.status == 200
    async with http.get(url, params={"chat_id": "7", "text": "query"}) as answer:
        assert answer.status == 200
    assert [message.text for message in emulator.chats[7].messages] == ["form", "query"]
    assert emulator.chats[7].messages[0].buttons == [["x"]]


async def test_unknown__token_method_and_body(emulator: TelegramEmulator, http: aiohttp.ClientSession) -> None:
    with pytest.raises(InvalidToken):
        async with telegram.Bot("1:OTHER", base_url=f"{emulator.url}/bot"):
            pass
    assert await call(http, emulator, "sendNothing") == (
        404,
        {"ok": False, "error_code": 404, "description": "Not Found"},
    )
    headers = {"Content-Type": "application/json"}
    async with http.post(f"{emulator.url}/bot{TOKEN}/sendMessage", data=b"{", headers=headers) as answer:
        assert answer.status == 400


async def test_menu__by_scope_and_language(emulator: TelegramEmulator, bot: telegram.Bot) -> None:
    scope = telegram.BotCommandScopeAllPrivateChats()
    await bot.set_my_commands([("today", "今天")], scope=scope, language_code="zh")
    assert emulator.commands["all_private_chats", "zh"] == [{"command": "today", "description": "今天"}]
    assert (await bot.get_my_commands(scope=scope, language_code="zh"))[0].command == "today"
    with pytest.raises(BadRequest, match=r"(?i)language_code_invalid"):
        await bot.set_my_commands([("today", "x")], language_code="zh-CN")
    with pytest.raises(BadRequest, match=r"(?i)bot_command_invalid"):
        await bot.set_my_commands([("To-day", "x")])


# ------------------------------------------------------------------ who may be written to


async def test_block__refuses_and_tells(emulator: TelegramEmulator, bot: telegram.Bot) -> None:
    await emulator.blocks(7)
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(7, "x")
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


# ------------------------------------------------------------------ updates


async def test_polling__keeps_updates_until_confirmed(emulator: TelegramEmulator, bot: telegram.Bot) -> None:
    for text in ("/one", "/two", "/three"):
        await emulator.types(7, text)
    first = await bot.get_updates(timeout=0, limit=2)
    assert [update.update_id for update in await bot.get_updates(timeout=0, limit=2)] == [u.update_id for u in first]
    rest = await bot.get_updates(timeout=0, offset=first[-1].update_id + 1)
    assert [update.message.text for update in rest if update.message] == ["/three"]
    assert not await bot.get_updates(timeout=0, offset=rest[-1].update_id + 1)


async def test_polling__is_held_until_something_happens(emulator: TelegramEmulator, bot: telegram.Bot) -> None:
    begun = time.monotonic()
    waiting = asyncio.create_task(bot.get_updates(timeout=5))
    await asyncio.sleep(0.1)
    await emulator.types(7, "/today")
    assert len(await waiting) == 1
    assert 0.1 <= time.monotonic() - begun < 1
    assert await bot.get_updates(timeout=0, allowed_updates=["callback_query"])
    await emulator.types(7, "/dropped")
    assert len(emulator.updates.pending) == 1


async def test_polling__second_poller_ends_the_first(
    emulator: TelegramEmulator, bot: telegram.Bot, http: aiohttp.ClientSession
) -> None:
    older = asyncio.create_task(bot.get_updates(timeout=5))
    await emulator.wait_for(lambda: emulator.counts["getUpdates"])
    newer = asyncio.create_task(call(http, emulator, "getUpdates", timeout=5))
    with pytest.raises(Conflict, match="terminated by other getUpdates request"):
        await older
    await emulator.types(7, "/today")
    _, answer = await newer
    assert len(answer["result"]) == 1


async def test_webhook__posts_with_the_secret_until_taken(emulator: TelegramEmulator, bot: telegram.Bot) -> None:
    seen: list[tuple[str, str]] = []

    async def take(request: web.BaseRequest) -> web.Response:
        body = await request.json()
        seen.append((request.headers["X-Telegram-Bot-Api-Secret-Token"], body["message"]["text"]))
        return web.Response(status=500 if len(seen) == 1 else 200)

    runner = web.ServerRunner(web.Server(take))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await bot.set_webhook(f"http://127.0.0.1:{runner.addresses[0][1]}/hook", secret_token="s3cret")
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await bot.get_updates(timeout=0)
    await emulator.types(7, "/today")
    await emulator.wait_for(lambda: len(seen) == 2 and not emulator.updates.pending)
    assert seen == [("s3cret", "/today")] * 2
    await bot.delete_webhook()
    assert await bot.get_updates(timeout=0) == ()
    await runner.cleanup()


# ------------------------------------------------------------------ trouble


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


async def test_outage__refuses_connections_and_forgets_nothing(emulator: TelegramEmulator, bot: telegram.Bot) -> None:
    await bot.send_message(7, "before")
    await emulator.goes_away()
    with pytest.raises(NetworkError):
        await bot.send_message(7, "lost")
    await emulator.comes_back()
    await bot.send_message(7, "after")
    assert [message.text for message in emulator.chats[7].messages] == ["before", "after"]


# ------------------------------------------------------------------ as a process of its own


async def test_process__is_steered_and_counts(http: aiohttp.ClientSession) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.emulators.telegram", stdout=asyncio.subprocess.PIPE, env=dict(os.environ)
    )
    assert process.stdout
    url = (await process.stdout.readline()).decode().strip()

    async def control(**order: Any) -> dict[str, Any]:
        async with http.post(f"{url}/_control", json=order) as answer:
            reply: dict[str, Any] = await answer.json()
            return reply

    assert await control(do="private_chats", count=50) == {"chats": 50}
    await control(do="types", user=1007, text="/today")
    for chat in range(1000, 1050):
        async with http.post(f"{url}/bot{TOKEN}/sendMessage", json={"chat_id": chat, "text": "x"}) as answer:
            assert answer.status == 200
    totals = await control(do="totals")
    assert (totals["sent"], totals["chats_reached"], totals["most_to_one_chat"]) == (50, 50, 1)
    assert len(totals["latencies"]) == 1
    await control(do="reset")
    assert (await control(do="totals"))["sent"] == 0
    assert "KeyError" in (await control(do="nonsense"))["error"]
    process.send_signal(signal.SIGTERM)
    assert await process.wait() == 0
