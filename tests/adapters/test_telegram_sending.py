"""Sends, edits and deletes over real sockets: what arrives, and what each failure is called."""

from dataclasses import replace

import pytest

from adapters.telegram import TelegramAdapter, TelegramDialect
from bot.errors import ChatGone, ChatMoved, NotDelivered, RateLimited, Rejected
from bot.models import Key
from tests.adapters.telegram_setting import at_telegram, channel, group, part, private
from tests.emulators.telegram import Fault


async def test_send__arrives_as_styled_text_without_preview() -> None:
    async with at_telegram() as (emulator, adapter):
        emulator.private(7)
        keys = ((Key(label="前一天", data="day 2025-10-11"), Key(label="✓", data="+today")),)
        receipt = await adapter.send(
            private(), part('<b>芯片</b> <a href="https://example.com/">x</a>', keys=keys), nonce="n"
        )

        message = emulator.chats[7].last
        assert receipt.message_id == str(message.message_id)
        assert message.text == "芯片 x"
        assert [entity["type"] for entity in message.entities] == ["bold", "text_link"]
        assert message.params["link_preview_options"] == {"is_disabled": True}
        assert [button["callback_data"] for button in message.keyboard[0]] == ["day 2025-10-11", "+today"]


async def test_send__buttons_in_a_channel_are_links_to_the_private_chat() -> None:
    async with at_telegram() as (emulator, adapter):
        emulator.channel(-200)
        emulator.private(7)
        keys = ((Key(label="前一天", data="+day 2025-10-11"), Key(label="?", data="search 芯片")),)
        same = part("x", keys=(*keys, (Key(label="芯片技术", data="+category chips 2025-10-12"),)))
        receipt = await adapter.send(channel(), same, nonce="")
        await adapter.send(private(), same, nonce="")

        under = emulator.chats[-200].last
        links = [[button["url"] for button in row] for row in under.keyboard]
        address = "https://t.me/digest_test_bot?start="
        assert links == [[f"{address}day_2025-10-11"], [f"{address}category_chips_2025-10-12"]]
        assert "url" not in emulator.chats[7].last.keyboard[0][0]

        await adapter.edit(channel(), str(receipt.message_id), replace(same, markup="y", keys=keys))
        assert [[button["url"] for button in row] for row in under.keyboard] == [[f"{address}day_2025-10-11"]]


async def test_send__to_a_channel_while_telegram_does_not_say_what_the_bot_is_called() -> None:
    async with at_telegram() as (emulator, adapter):
        emulator.channel(-200)
        keyed = part("x", keys=((Key(label="前一天", data="+day 2025-10-11"),),))
        emulator.inject(Fault.HANG, methods=("getMe",))
        with pytest.raises(NotDelivered):
            await adapter.send(channel(), keyed, nonce="")
        assert emulator.chats[-200].messages == []
        await adapter.send(channel(), keyed, nonce="")
        assert emulator.chats[-200].last.text == "x"


async def test_send__without_a_sound_where_that_is_wished_for() -> None:
    async with at_telegram() as (emulator, adapter):
        emulator.private(7)
        same = part("x")
        for silent in (True, False, True):
            await adapter.send(private(), same, nonce="", silent=silent)

        assert [message.silent for message in emulator.chats[7].messages] == [True, False, True]


async def test_send__reaches_the_topic() -> None:
    async with at_telegram() as (emulator, adapter):
        emulator.topic(emulator.group(-100, forum=True), 42)
        await adapter.send(group(topic="42"), part("x"), nonce="")
        await adapter.send(group(), part("y"), nonce="")

        assert [message.thread_id for message in emulator.chats[-100].messages] == [42, None]


def test_plain__has_no_style_and_written_links() -> None:
    assert (
        TelegramDialect().plain('<b>a &lt; b</b> <a href="https://example.com/">x</a>')
        == "a < b x (https://example.com/)"
    )


def test_plain__leaves_out_addresses_rather_than_text() -> None:
    text = "字" * 4080
    assert TelegramDialect().plain(f'<a href="https://example.com/long">{text}</a>') == text


# ------------------------------------------------------------------ refusals


async def test_send__flood_waits_as_long_as_telegram_says() -> None:
    async with at_telegram() as (emulator, adapter):
        emulator.private(7)
        emulator.inject(Fault.FLOOD, retry_after=17)
        with pytest.raises(RateLimited) as caught:
            await adapter.send(private(), part("x"), nonce="")

        assert (caught.value.retry_after, caught.value.scope) == (17, "unknown")


async def test_send__blocked_is_gone_with_the_reason() -> None:
    async with at_telegram() as (emulator, adapter):
        emulator.private(7)
        await emulator.blocks(7)
        with pytest.raises(ChatGone, match="bot was blocked by the user"):
            await adapter.send(private(), part("x"), nonce="")


async def test_send__kicked_is_gone() -> None:
    async with at_telegram() as (emulator, adapter):
        await emulator.kicks(emulator.group(-100))
        with pytest.raises(ChatGone, match="kicked from the supergroup"):
            await adapter.send(group(), part("x"), nonce="")


async def test_send__unknown_chat_is_gone() -> None:
    async with at_telegram() as (_, adapter):
        with pytest.raises(ChatGone, match=r"(?i)chat not found"):
            await adapter.send(private(404), part("x"), nonce="")


async def test_send__muted_is_gone() -> None:
    async with at_telegram() as (emulator, adapter):
        emulator.group(-100, bot="restricted")
        with pytest.raises(ChatGone, match=r"(?i)not enough rights"):
            await adapter.send(group(), part("x"), nonce="")


async def test_send__migrated_moves_and_keeps_title() -> None:
    async with at_telegram() as (emulator, adapter):
        await emulator.migrates(emulator.group(-5, kind="group"), -1005)
        with pytest.raises(ChatMoved) as caught:
            await adapter.send(replace(group(-5), title="Readers"), part("x"), nonce="")

        assert (caught.value.chat, caught.value.chat.title) == (group(-1005), "Readers")


async def test_send__deleted_topic_falls_back_to_general() -> None:
    async with at_telegram() as (emulator, adapter):
        emulator.topic(emulator.group(-100, forum=True), 42)
        await emulator.deletes_topic(-100, 42)
        with pytest.raises(ChatMoved) as caught:
            await adapter.send(group(topic="42"), part("x"), nonce="")

        assert caught.value.chat == group()


async def test_send__closed_topic_falls_back_to_general() -> None:
    async with at_telegram() as (emulator, adapter):
        emulator.topic(emulator.group(-100, forum=True), 42)
        emulator.chats[-100].closed_topics.add(42)
        with pytest.raises(ChatMoved) as caught:
            await adapter.send(group(topic="42"), part("x"), nonce="")

        assert caught.value.chat == group()


@pytest.mark.parametrize("markup", ["<b>x", "<br>", "字" * 4097, "x" * 32769, ""])
async def test_send__bad_content_is_rejected(markup: str) -> None:
    async with at_telegram() as (emulator, adapter):
        emulator.private(7)
        with pytest.raises(Rejected):
            await adapter.send(private(), part(markup), nonce="")


async def test_send__refused_token_is_not_delivered() -> None:
    async with at_telegram() as (emulator, _):
        emulator.private(7)
        other = TelegramAdapter("999:OTHER", api_url=emulator.url)
        with pytest.raises(NotDelivered, match="refused the token"):
            await other.send(private(), part("x"), nonce="")
        await other.close()


# ------------------------------------------------------------------ changing and taking back


async def test_edit__changes_text_and_keys() -> None:
    async with at_telegram() as (emulator, adapter):
        emulator.private(7)
        receipt = await adapter.send(private(), part("x", keys=((Key(label="k", data="k"),),)), nonce="")
        assert receipt.message_id
        await adapter.edit(private(), receipt.message_id, part("<i>y</i>"))

        assert (emulator.chats[7].last.raw, emulator.chats[7].last.keyboard) == ("<i>y</i>", [])


async def test_edit__of_what_is_already_so_succeeds() -> None:
    async with at_telegram() as (emulator, adapter):
        emulator.private(7)
        receipt = await adapter.send(private(), part("x"), nonce="")
        assert receipt.message_id
        await adapter.edit(private(), receipt.message_id, part("x"))

        assert emulator.chats[7].last.edits == 0
        assert emulator.counts["editMessageText"] == 1


async def test_edit__of_a_vanished_message_is_rejected() -> None:
    async with at_telegram() as (emulator, adapter):
        emulator.private(7)
        with pytest.raises(Rejected, match=r"(?i)message to edit not found"):
            await adapter.edit(private(), "99", part("x"))


async def test_delete__takes_the_message_back_once_and_for_all() -> None:
    async with at_telegram() as (emulator, adapter):
        emulator.private(7)
        receipt = await adapter.send(private(), part("x"), nonce="")
        assert receipt.message_id
        await adapter.delete(private(), receipt.message_id)
        await adapter.delete(private(), receipt.message_id)

        assert emulator.chats[7].standing == []


async def test_delete__of_an_old_message_is_rejected() -> None:
    async with at_telegram() as (emulator, adapter):
        emulator.private(7)
        receipt = await adapter.send(private(), part("x"), nonce="")
        assert receipt.message_id
        emulator.chats[7].last.date -= 49 * 3600
        with pytest.raises(Rejected, match="can't be deleted"):
            await adapter.delete(private(), receipt.message_id)
