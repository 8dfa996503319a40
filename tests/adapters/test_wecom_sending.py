"""Messages over real sockets: what stands in the group, and what each failure is called."""

import asyncio
import socket
import traceback
from collections.abc import Callable

import pytest
from aiohttp import web

from adapters.wecom import WecomAdapter
from adapters.wecom.verdicts import judge
from bot.contract import Pace
from bot.errors import ChatGone, DeliveryError, NotDelivered, RateLimited, Rejected, Unknown
from bot.models import Actor, Card, Chat, Command, Part
from bot.pacing import Lane, Pacer
from tests.adapters.telegram_setting import Notes
from tests.adapters.wecom_setting import KEY, at_wecom, group
from tests.emulators.wecom import Fault, WecomEmulator


async def test_send__stands_in_the_group_without_an_id() -> None:
    async with at_wecom() as (emulator, adapter):
        receipt = await adapter.send(group(), Part(markup="1. [**字**](https://example.com)"), nonce="n")
        (message,) = emulator.robots[KEY].messages
        assert (message.kind, message.content, receipt.message_id) == (
            "markdown",
            "1. [**字**](https://example.com)",
            None,
        )


async def test_send__in_the_newer_markdown_no_list_is_counted_anew() -> None:
    async with at_wecom(markdown="markdown_v2") as (emulator, adapter):
        await adapter.send(group(), Part(markup="## x\n\n3. a\n7) b\n2.5"), nonce="")
        (message,) = emulator.robots[KEY].messages
        assert (message.kind, message.content) == ("markdown_v2", "## x\n\n3． a\n7． b\n2.5")
        assert adapter.dialect.measure("## x\n\n3. a\n7) b\n2.5") == (len(message.content.encode()),)


async def test_send__cards() -> None:
    card = Card(title="t", description="d", url="https://example.com")
    async with at_wecom() as (emulator, adapter):
        await adapter.send(group(), Part(cards=(card, card)), nonce="")
        (message,) = emulator.robots[KEY].messages
        assert message.articles == ({"title": "t", "description": "d", "url": "https://example.com"},) * 2


async def test_send__a_call_is_a_text_of_its_own() -> None:
    async with at_wecom() as (emulator, adapter):
        await adapter.send(group(), Part(markup="速递已送达", mention=("@all", "lisi")), nonce="")
        (message,) = emulator.robots[KEY].messages
        assert (message.kind, message.content, message.mentioned) == ("text", "速递已送达", ("@all", "lisi"))


@pytest.mark.parametrize(
    ("fault", "error", "reason"),
    [
        (Fault.BUSY, NotDelivered, "-1 system busy"),
        (Fault.TOO_OFTEN, RateLimited, "45009 api freq out of limit"),
        (Fault.AT_ONCE, RateLimited, "45033 api concurrent out of limit"),
        (Fault.DISABLED, ChatGone, "93004 robot is disabled"),
        (Fault.BAD_CONTENT, Rejected, "40058"),
    ],
)
async def test_send__http_200_is_no_success(fault: Fault, error: type[DeliveryError], reason: str) -> None:
    async with at_wecom() as (emulator, adapter):
        emulator.inject(fault)
        with pytest.raises(error) as caught:
            await adapter.send(group(), Part(markup="x"), nonce="")
        assert (type(caught.value), str(caught.value)) == (error, reason)
        assert emulator.sent == 0


async def test_send__who_speaks_too_often_is_held_a_minute_alone() -> None:
    async with at_wecom() as (emulator, adapter):
        emulator.inject(Fault.TOO_OFTEN)
        with pytest.raises(RateLimited) as caught:
            await adapter.send(group(), Part(markup="x"), nonce="")
        assert (caught.value.retry_after, caught.value.scope) == (60, "chat")


async def test_send__calls_at_the_same_time_wait_a_moment() -> None:
    async with at_wecom() as (emulator, adapter):
        emulator.inject(Fault.AT_ONCE)
        with pytest.raises(RateLimited) as caught:
            await adapter.send(group(), Part(markup="x"), nonce="")
        assert (caught.value.retry_after, caught.value.scope) == (2, "chat")


async def test_send__a_robot_that_is_no_more_is_gone() -> None:
    async with at_wecom() as (emulator, adapter):
        emulator.robots[KEY].alive = False
        with pytest.raises(ChatGone) as caught:
            await adapter.send(group(), Part(markup="x"), nonce="")
        assert str(caught.value) == "93000 invalid webhook url"


async def test_send__without_a_key_is_gone() -> None:
    async with at_wecom() as (emulator, adapter):
        with pytest.raises(ChatGone, match="key is missing"):
            await adapter.send(Chat(platform="wecom", address="r-2"), Part(markup="x"), nonce="")
        assert emulator.calls == {}


@pytest.mark.parametrize("part", [Part(markup="字" * 1366), Part(markup=""), Part(cards=(Card(title="t", url=""),))])
async def test_send__bad_content_is_rejected(part: Part) -> None:
    async with at_wecom() as (_, adapter):
        with pytest.raises(Rejected) as caught:
            await adapter.send(group(), part, nonce="")
        assert "hint" not in str(caught.value)
        assert "192.0.2" not in str(caught.value)


@pytest.mark.parametrize("recorded", [False, True])
@pytest.mark.parametrize("fault", [Fault.HANG, Fault.HANG_UP, Fault.BAD_GATEWAY])
async def test_send__nobody_knows(fault: Fault, *, recorded: bool) -> None:
    async with at_wecom() as (emulator, adapter):
        emulator.inject(fault, recorded=recorded)
        with pytest.raises(Unknown):
            await adapter.send(group(), Part(markup="x"), nonce="")
        assert emulator.sent == emulator.injected_unknowns == int(recorded)


async def test_send__no_connection_is_certain() -> None:
    async with at_wecom() as (emulator, adapter):
        await emulator.goes_away()
        with pytest.raises(NotDelivered, match="no connection to WeCom"):
            await adapter.send(group(), Part(markup="x"), nonce="")
        await emulator.comes_back()
        await adapter.send(group(), Part(markup="x"), nonce="")


async def test_send__an_address_that_is_none_is_certain() -> None:
    adapter = WecomAdapter(api_url="http://nowhere.invalid", connect_timeout=2)
    with pytest.raises(NotDelivered):
        await adapter.send(group(), Part(markup="x"), nonce="")
    await adapter.close()


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"<html>", Unknown),
        (b"[]", Unknown),
        (b'{"code": 0}', Unknown),
        (b'{"errcode": "0"}', Unknown),
        (b'{"errcode": 45002, "errmsg": "content size out of limit"}', Rejected),
        (b'{"errcode": 301019, "errmsg": "something new"}', NotDelivered),
        (b'{"errcode": 93008}', ChatGone),
    ],
)
def test_judge__by_the_code_alone(body: bytes, error: type[DeliveryError]) -> None:
    with pytest.raises(error):
        judge(200, body, KEY)


@pytest.mark.parametrize(("said", "wait"), [("30", 30), ("soon", 60), (None, 60)])
@pytest.mark.parametrize("body", [b"<html>429 Too Many Requests", b'{"message": "rate limit exceeded"}', b""])
def test_judge__a_proxys_429_is_certain(body: bytes, said: str | None, wait: float) -> None:
    with pytest.raises(RateLimited) as caught:
        judge(429, body, KEY, retry_after=said)
    assert (caught.value.retry_after, caught.value.scope) == (wait, "unknown")


@pytest.mark.parametrize("code", [40058, 45009, 93000, 301019])
def test_judge__half_a_surrogate_can_be_kept(code: int) -> None:
    with pytest.raises(DeliveryError) as caught:
        judge(200, f'{{"errcode": {code}, "errmsg": "no \\ud83d"}}'.encode(), KEY)
    assert str(caught.value).encode().decode() == f"{code} no ?"


def test_judge__a_warning_beside_the_ok_is_ok() -> None:
    judge(200, b'{"errcode": 0, "errmsg": "ok. Warning: wrong json format. "}', KEY)


async def _page(_: web.BaseRequest) -> web.Response:
    return web.Response(text=f'{{"errcode": 93000, "errmsg": "invalid webhook url {KEY}"}}')


async def _slow(_: web.BaseRequest) -> web.Response:
    return web.Response(status=429, text="<html>", headers={"Retry-After": "7"})


async def _redirect(_: web.BaseRequest) -> web.Response:
    return web.Response(status=302, headers={"Location": f"http://127.0.0.1:1/?key={KEY}"})


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def test_send__waits_as_long_as_the_proxy_says() -> None:
    runner = web.ServerRunner(web.Server(_slow))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    adapter = WecomAdapter(api_url=f"http://127.0.0.1:{runner.addresses[0][1]}")
    with pytest.raises(RateLimited) as caught:
        await adapter.send(group(), Part(markup="x"), nonce="")
    assert caught.value.retry_after == 7
    await adapter.close()
    await runner.cleanup()


@pytest.mark.parametrize("answer", [_page, _redirect, None])
async def test_send__no_error_shows_the_key(answer: Callable[..., object] | None) -> None:
    port = _free_port()
    runner = web.ServerRunner(web.Server(answer)) if answer else None  # type: ignore[arg-type]
    if runner:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
    adapter = WecomAdapter(api_url=f"http://127.0.0.1:{port}", connect_timeout=0.3, read_timeout=0.3)
    with pytest.raises(DeliveryError) as caught:
        await adapter.send(group(), Part(markup="x"), nonce="")
    assert KEY not in "".join(traceback.format_exception(caught.value, chain=True))
    assert KEY not in repr(adapter) + repr(group())
    await adapter.close()
    if runner:
        await runner.cleanup()


async def test_pace__is_each_robots_own() -> None:
    async with at_wecom() as (emulator, adapter):
        emulator.robot("another-key")
        emulator.enforce(per_minute=20)
        pacer = Pacer(adapter.pace)
        first, second = group(), group("another-key", "r-2")

        async def say(chat: Chat) -> None:
            async with pacer.turn(chat, Lane.PUSH) as turn:
                await turn.moment()
                await adapter.send(chat, Part(markup="x"), nonce="")

        async with asyncio.timeout(5):
            await asyncio.gather(*(say(chat) for chat in (first, second) for _ in range(20)))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(say(first), 0.1)
        assert (emulator.sent, emulator.errors) == (40, {})
        assert adapter.pace == Pace(per_second=None, per_group_minute=20)


# ------------------------------------------------------------------ what robots can't do


async def test_robots__hear_nothing_and_change_nothing() -> None:
    notes = Notes()
    async with at_wecom() as (_, adapter):
        await adapter.publish_commands([])
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(adapter.listen(notes), 0.05)
        assert (notes.commands, notes.events) == ([], [])
        assert not await adapter.may_manage(group(), Actor(address="1"))
        with pytest.raises(ChatGone, match="key"):
            await adapter.find_chat("研发群")
        for change in (adapter.edit(group(), "1", Part(markup="x")), adapter.delete(group(), "1")):
            with pytest.raises(Rejected, match="WeCom can't"):
                await change


async def test_respond__says_it_in_the_group() -> None:
    async with at_wecom() as (emulator, adapter):
        command = Command(name="today", actor=Actor(address="1"), chat=group())
        await adapter.respond(command, [Part(markup="1"), Part(markup="2")])
        assert emulator.robots[KEY].contents == ["1", "2"]


async def test_identify__asks_without_anybodys_key() -> None:
    async with at_wecom() as (emulator, adapter):
        assert await adapter.identify() == "group robots"
        assert KEY not in emulator.calls
        await emulator.goes_away()
        with pytest.raises((NotDelivered, Unknown)):
            await adapter.identify()


async def test_identify__a_proxys_page_is_not_wecom() -> None:
    async with WecomEmulator() as emulator:
        emulator.inject(Fault.BAD_GATEWAY)
        adapter = WecomAdapter(api_url=emulator.url)
        with pytest.raises(Unknown, match="proxy"):
            await adapter.identify()
        await adapter.close()
