"""Listening by long poll and by webhook: order, patience, and when it ends."""

import asyncio
import socket

import aiohttp
import pytest

from adapters.telegram import TelegramAdapter, Webhook
from bot.contract import EventKind
from bot.errors import ConfigError, Occupied
from bot.models import Command
from tests.adapters.telegram_setting import TOKEN, Notes, at_telegram, listening, part
from tests.emulators.telegram import Fault, TelegramEmulator

HEADER = "X-Telegram-Bot-Api-Secret-Token"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def words(notes: Notes) -> list[str]:
    return [command.words for command in notes.commands]


async def test_listen__hears_commands_and_events() -> None:
    notes = Notes()
    async with at_telegram() as (emulator, adapter):
        emulator.private(7, language_code="en")
        await emulator.types(7, "/today before")
        async with listening(adapter, notes):
            await emulator.wait_for(lambda: notes.commands)
            await emulator.types(7, "/day 10-12")
            await emulator.blocks(7)
            await emulator.wait_for(lambda: notes.events)

        assert [(command.name, command.words) for command in notes.commands] == [("today", "before"), ("day", "10-12")]
        assert [event.kind for event in notes.events] == [EventKind.BLOCKED]


async def test_listen__takes_a_webhook_off_first() -> None:
    notes = Notes()
    async with at_telegram() as (emulator, adapter):
        emulator.private(7)
        emulator.updates.set_hook({"url": "http://127.0.0.1:9/"})
        await emulator.types(7, "/today")
        async with listening(adapter, notes):
            await emulator.wait_for(lambda: notes.commands)


async def test_listen__one_chat_in_order_others_not_delayed() -> None:
    order: list[str] = []

    async def act(command: Command) -> None:
        if command.words == "slow":
            await asyncio.sleep(0.2)
        order.append(command.words)

    async with at_telegram() as (emulator, adapter):
        emulator.private(7)
        emulator.private(8)
        for user, text in ((7, "/a slow"), (7, "/a second"), (8, "/a other")):
            await emulator.types(user, text)
        async with listening(adapter, Notes(act=act)):
            await emulator.wait_for(lambda: len(order) == 3)

    assert order == ["other", "slow", "second"]


async def test_listen__a_failing_command_stops_nothing() -> None:
    async def act(command: Command) -> None:
        if command.words == "bad":
            raise LookupError(command.words)

    notes = Notes(act=act)
    async with at_telegram() as (emulator, adapter):
        emulator.private(7)
        async with listening(adapter, notes):
            for text in ("/a bad", "/a good"):
                await emulator.types(7, text)
            await emulator.wait_for(lambda: len(notes.commands) == 2)

    assert words(notes) == ["bad", "good"]


async def test_listen__an_unreadable_update_is_passed_over() -> None:
    notes = Notes()
    async with at_telegram() as (emulator, adapter):
        emulator.private(7)
        async with listening(adapter, notes):
            await emulator.wait_for(lambda: emulator.counts["getUpdates"])
            emulator.updates.put("message", {"chat": "nonsense"})
            emulator.updates.put("message", {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "new kind"}})
            await emulator.types(7, "/today after")
            await emulator.wait_for(lambda: notes.commands)

    assert words(notes) == ["after"]


async def test_listen__cancelled_lets_an_answer_under_way_finish() -> None:
    begun = asyncio.Event()

    async with at_telegram() as (emulator, adapter):

        async def act(command: Command) -> None:
            begun.set()
            await asyncio.sleep(0.1)
            await adapter.respond(command, [part("done")])

        emulator.private(7)
        await emulator.types(7, "/today")
        async with listening(adapter, Notes(act=act)):
            await begun.wait()

        assert emulator.chats[7].last.text == "done"


async def test_listen__waits_out_a_network_failure_without_showing_the_token(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level("DEBUG")
    notes = Notes()
    async with at_telegram(read_timeout=1.0) as (emulator, adapter):
        emulator.private(7)
        async with listening(adapter, notes):
            await emulator.wait_for(lambda: emulator.counts["getUpdates"])
            await emulator.goes_away()
            await asyncio.sleep(0.1)
            await emulator.comes_back()
            await emulator.types(7, "/today")
            await emulator.wait_for(lambda: notes.commands)

    out = capsys.readouterr()
    assert "no updates from Telegram" in out.out + out.err + caplog.text
    assert "secret-of" not in (out.out + out.err + caplog.text).lower()


async def test_listen__begins_although_telegram_is_away() -> None:
    notes = Notes()
    async with at_telegram() as (emulator, adapter):
        emulator.private(7)
        await emulator.goes_away()
        async with listening(adapter, notes):
            await asyncio.sleep(0.05)
            await emulator.comes_back()
            await emulator.types(7, "/today")
            await emulator.wait_for(lambda: notes.commands)


@pytest.mark.parametrize("fault", [Fault.SERVER_ERROR, Fault.BAD_GATEWAY, Fault.HANG_UP, Fault.FLOOD])
async def test_listen__survives_a_failing_poll(fault: Fault) -> None:
    notes = Notes()
    async with at_telegram() as (emulator, adapter):
        emulator.private(7)
        emulator.inject(fault, methods=["getUpdates"], retry_after=0)
        await emulator.types(7, "/today")
        async with listening(adapter, notes):
            await emulator.wait_for(lambda: notes.commands)


async def test_listen__second_instance_ends_the_first_with_a_clear_word() -> None:
    async with at_telegram() as (emulator, first):
        second = TelegramAdapter(TOKEN, api_url=emulator.url, poll_timeout=2)
        ended = asyncio.create_task(first.listen(Notes()))
        await emulator.wait_for(lambda: emulator.counts["getUpdates"])
        async with listening(second, Notes()):
            with pytest.raises(Occupied, match="another instance"):
                await asyncio.wait_for(ended, 2)
            polls = emulator.counts["getUpdates"]
            await asyncio.sleep(0.05)

            assert emulator.counts["getUpdates"] == polls
        await second.close()


async def test_listen__refused_token_names_the_setting() -> None:
    async with TelegramEmulator(TOKEN) as emulator:
        adapter = TelegramAdapter("999:WRONG-token", api_url=emulator.url)
        with pytest.raises(ConfigError, match="DIGESTBOT_TELEGRAM_TOKEN: Telegram refuses it") as caught:
            await adapter.listen(Notes())
        await adapter.close()

    assert "WRONG" not in str(caught.value)


# ------------------------------------------------------------------ webhook


async def test_webhook__hears_what_telegram_posts() -> None:
    notes = Notes()
    port = free_port()
    hook = Webhook(url=f"http://127.0.0.1:{port}/hook/telegram", secret="s3cret_-", port=port)
    async with at_telegram(webhook=hook) as (emulator, adapter):
        emulator.private(7)
        await emulator.types(7, "/today before")
        async with listening(adapter, notes):
            await emulator.types(7, "/today after")
            await emulator.wait_for(lambda: len(notes.commands) == 2)

        assert words(notes) == ["before", "after"]
        assert emulator.updates.hook["secret_token"] == "s3cret_-"
        assert emulator.updates.hook["allowed_updates"] == [
            "message",
            "callback_query",
            "my_chat_member",
            "inline_query",
        ]
    assert "s3cret" not in repr(hook)


async def test_webhook__hears_an_update_once_though_posted_twice() -> None:
    notes = Notes()
    port = free_port()
    hook = Webhook(url=f"http://127.0.0.1:{port}/hook", secret="s3cret", port=port)
    chat = {"id": 7, "type": "private", "first_name": "A"}
    async with at_telegram(webhook=hook) as (emulator, adapter), listening(adapter, notes):
        await emulator.wait_for(lambda: emulator.updates.hook)
        async with aiohttp.ClientSession(headers={HEADER: "s3cret"}) as session:
            for number, text in ((1, "/today once"), (1, "/today once"), (2, "/today then")):
                message = {"message_id": 1, "date": 1, "chat": chat, "text": text}
                async with session.post(hook.url, json={"update_id": number, "message": message}) as answer:
                    assert answer.status == 200
        await emulator.wait_for(lambda: "then" in words(notes))

    assert words(notes) == ["once", "then"]


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({HEADER: "wrong"}, b"{}", 403),
        ({HEADER: "\u00e9"}, b"{}", 403),
        ({}, b"{}", 403),
        ({HEADER: "s3cret"}, b"{no json", 400),
        ({HEADER: "s3cret"}, b"[]", 400),
        ({HEADER: "s3cret"}, b'{"update_id": 1}', 200),
    ],
)
async def test_webhook__knows_telegram_by_the_secret(headers: dict[str, str], body: bytes, status: int) -> None:
    notes = Notes()
    port = free_port()
    hook = Webhook(url=f"http://127.0.0.1:{port}/hook", secret="s3cret", port=port)
    async with at_telegram(webhook=hook) as (emulator, adapter), listening(adapter, notes):
        await emulator.wait_for(lambda: emulator.updates.hook)
        async with (
            aiohttp.ClientSession() as session,
            session.post(hook.url, data=body, headers=headers) as answer,
        ):
            assert answer.status == status

    assert notes.commands == []


async def test_webhook__taken_port_names_the_setting() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        hook = Webhook(url="https://example.com/hook", secret="s3cret", port=port)
        async with at_telegram(webhook=hook) as (_, adapter):
            with pytest.raises(ConfigError, match="DIGESTBOT_TELEGRAM_WEBHOOK_PORT"):
                await adapter.listen(Notes())
