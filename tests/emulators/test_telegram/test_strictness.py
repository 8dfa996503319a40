"""What Telegram refuses, the emulator refuses."""

import aiohttp
import pytest
import telegram
from telegram.error import BadRequest, InvalidToken

from tests.emulators.telegram import TelegramEmulator
from tests.emulators.test_telegram import TOKEN, call


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


@pytest.mark.parametrize(
    ("text", "blemish"),
    [
        ('<a href="nonsense here">x</a>', '<a href="nonsense here"> is no link'),
        ("<A HREF=''>x</A>", "<A HREF=''> is no link"),
        ("a&nbsp;b", "&nbsp; is shown as it is"),
        ("it&apos;s", "&apos; is shown as it is"),
        ("<blockquote>a<blockquote expandable>b</blockquote></blockquote>", "a quote stands within a quote"),
    ],
)
async def test_html__taken_and_spoilt_in_silence_is_noted(
    emulator: TelegramEmulator, bot: telegram.Bot, text: str, blemish: str
) -> None:
    sent = await bot.send_message(7, text, parse_mode="HTML")
    await bot.edit_message_text(f"{text}!", chat_id=7, message_id=sent.message_id, parse_mode="HTML")
    assert [violation.split(": ", 1)[1].rsplit(" in ", 1)[0] for violation in emulator.violations] == [blemish] * 2


async def test_html__that_is_shown_as_it_was_meant_is_not_noted(emulator: TelegramEmulator, bot: telegram.Bot) -> None:
    quotes = "<blockquote>a</blockquote>\n<blockquote>b</blockquote>"
    links = '<a href="https://example.com/?a=1&amp;b=2">x</a><a href="https://example.com/?a=1&amp;b=2">y</a>'
    await bot.send_message(7, f"{quotes}\n{links} &lt;&gt;&quot;&#39;&amp;nbsp; AT&T; R&D", parse_mode="HTML")
    await bot.send_message(7, "<a href=''> &nbsp;")
    assert emulator.violations == []


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
