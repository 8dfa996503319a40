"""Trouble on the way to Telegram over real sockets: what is certain, what nobody knows, and what no error shows."""

import asyncio
import socket
import traceback
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from adapters.telegram import TelegramAdapter
from bot.errors import DeliveryError, NotDelivered, RateLimited, Rejected, Unknown
from tests.adapters.telegram_setting import TOKEN, at_telegram, part, private
from tests.emulators.telegram import Fault


@pytest.mark.parametrize("recorded", [False, True])
@pytest.mark.parametrize("fault", [Fault.SERVER_ERROR, Fault.BAD_GATEWAY, Fault.HANG, Fault.HANG_UP])
async def test_send__lost_answer_is_unknown(fault: Fault, recorded: bool) -> None:  # noqa: FBT001
    async with at_telegram() as (emulator, adapter):
        emulator.private(7)
        emulator.inject(fault, recorded=recorded)
        with pytest.raises(Unknown):
            await adapter.send(private(), part("x"), nonce="")

        assert len(emulator.chats[7].messages) == recorded


async def test_send__no_connection_is_certain() -> None:
    async with at_telegram() as (emulator, adapter):
        emulator.private(7)
        await adapter.send(private(), part("x"), nonce="")
        await emulator.goes_away()
        await asyncio.sleep(0.01)
        with pytest.raises(NotDelivered, match="no connection"):
            await adapter.send(private(), part("y"), nonce="")
        await emulator.comes_back()
        await adapter.send(private(), part("y"), nonce="")

        assert [message.text for message in emulator.chats[7].messages] == ["x", "y"]


async def test_send__full_backlog_is_certain() -> None:
    """Nobody accepts, and the queue of connections is full: the connect timeout fires."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.settimeout(0)
            filler.connect_ex(listener.getsockname())
        adapter = TelegramAdapter(TOKEN, api_url=f"http://127.0.0.1:{listener.getsockname()[1]}", connect_timeout=0.2)
        with pytest.raises(NotDelivered) as caught:
            await adapter.send(private(), part("x"), nonce="")
        await adapter.close()
        for filler in fillers:
            filler.close()
    assert "secret-of" not in shown(caught.value).lower()


@asynccontextmanager
async def answering(answer: Callable[[bytes], bytes]) -> AsyncIterator[TelegramAdapter]:
    """An adapter whose every request gets the bytes that `answer` makes of it, and a closed connection."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer(await reader.readuntil(b"\r\n\r\n")))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    adapter = TelegramAdapter(TOKEN, api_url=f"http://127.0.0.1:{port}", connect_timeout=0.3, read_timeout=0.2)
    try:
        yield adapter
    finally:
        await adapter.close()
        server.close()
        await server.wait_closed()


def shown(error: BaseException) -> str:
    return "".join(traceback.format_exception(error)) + repr(error)


def echoing(status: str) -> Callable[[bytes], bytes]:
    """A server that repeats the address it was asked for, as web servers do."""

    def answer(request: bytes) -> bytes:
        page = b"<p>The requested URL " + request.split(b" ")[1] + b" is no good"
        return f"HTTP/1.1 {status}\r\nContent-Length: {len(page)}\r\n\r\n".encode() + page

    return answer


@pytest.mark.parametrize("status", ["200 OK", "302 Found", "400 Bad", "403 No", "404 No", "413 Big", "502 Bad"])
async def test_send__foreign_answer_is_unknown_and_hides_the_token(
    status: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    async with answering(echoing(status)) as adapter:
        with pytest.raises(Unknown) as caught:
            await adapter.send(private(), part("x"), nonce="")

    assert "secret-of" not in shown(caught.value).lower()
    assert "secret-of" not in caplog.text.lower()


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"garbage\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        b'HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n{"result": 1}',
    ],
)
async def test_send__half_an_answer_is_unknown(answer: bytes, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    async with answering(lambda _: answer) as adapter:
        with pytest.raises(Unknown) as caught:
            await adapter.send(private(), part("x"), nonce="")

    assert "secret-of" not in (shown(caught.value) + caplog.text).lower()


def refusing(status: str, body: bytes, *headers: str) -> Callable[[bytes], bytes]:
    head = "\r\n".join((f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""))
    return lambda _: head.encode() + body


@pytest.mark.parametrize(("headers", "wait"), [(("Retry-After: 30",), 30), (("Retry-After: soon",), 60), ((), 60)])
@pytest.mark.parametrize("body", [b"<html>429 Too Many Requests", b'{"message": "rate limit exceeded"}', b"[]", b""])
async def test_send__a_proxys_429_is_certain(headers: tuple[str, ...], wait: float, body: bytes) -> None:
    async with answering(refusing("429 Slow", body, *headers)) as adapter:
        with pytest.raises(RateLimited) as caught:
            await adapter.send(private(), part("x"), nonce="")

    assert (caught.value.retry_after, caught.value.scope) == (wait, "unknown")


@pytest.mark.parametrize("description", ["Bad Request: \\ud83d", "Forbidden: \\udc00 was blocked by the user"])
async def test_send__an_error_with_half_a_surrogate_can_be_kept(description: str) -> None:
    body = f'{{"ok":false,"error_code":400,"description":"{description}"}}'.encode()
    for status in ("400 Bad", "403 No"):
        async with answering(refusing(status, body)) as adapter:
            with pytest.raises(DeliveryError) as caught:
                await adapter.send(private(), part("x"), nonce="")

        assert "?" in str(caught.value).encode().decode()


async def test_send__an_error_that_quotes_the_token_does_not() -> None:
    body = f'{{"ok":false,"error_code":400,"description":"Bad Request: bot{TOKEN} says no"}}'.encode()
    async with answering(refusing("400 Bad", body)) as adapter:
        with pytest.raises(Rejected, match="<secret> says no") as caught:
            await adapter.send(private(), part("x"), nonce="")

    assert "secret-of" not in shown(caught.value).lower()


async def test_every_failure__hides_the_token() -> None:
    failures: list[DeliveryError] = []
    async with at_telegram() as (emulator, adapter):
        emulator.private(7)
        for fault in Fault:
            if fault is not Fault.SLOW:
                emulator.inject(fault)
                with pytest.raises(DeliveryError) as caught:
                    await adapter.send(private(), part("x"), nonce="")
                failures.append(caught.value)
        await emulator.goes_away()
        with pytest.raises(DeliveryError) as caught:
            await adapter.send(private(), part("x"), nonce="")
        failures.append(caught.value)

        assert len(failures) == len(Fault)
        assert "secret-of" not in ("".join(shown(failure) for failure in failures) + repr(adapter)).lower()
        for failure in failures:
            assert failure.__cause__ is not None
            assert failure.__cause__.__context__ is None
