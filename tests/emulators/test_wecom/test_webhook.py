"""What a robot may say, what WeCom answers, and trouble on purpose."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.emulators.wecom import Fault, WecomEmulator

KEY = "693a91f6-7aaa-4bc4-97a0-0ec2sifa5aaa"


@pytest.fixture
async def wecom() -> AsyncIterator[WecomEmulator]:
    async with WecomEmulator() as running:
        running.robot(KEY)
        yield running


async def say(wecom: WecomEmulator, body: object, key: str = KEY) -> dict[str, Any]:
    timeout = aiohttp.ClientTimeout(total=0.5)
    async with (
        aiohttp.ClientSession(timeout=timeout) as http,
        http.post(f"{wecom.url}/cgi-bin/webhook/send", params={"key": key}, json=body) as answer,
    ):
        assert answer.status == 200
        said: dict[str, Any] = await answer.json()
        return said


def markdown(content: str, kind: str = "markdown") -> dict[str, Any]:
    return {"msgtype": kind, kind: {"content": content}}


async def test_say__stands_in_the_group(wecom: WecomEmulator) -> None:
    assert await say(wecom, markdown("**字**")) == {"errcode": 0, "errmsg": "ok"}
    called = {"msgtype": "text", "text": {"content": "字", "mentioned_list": ["@all"]}}
    assert (await say(wecom, called))["errcode"] == 0
    assert wecom.robots[KEY].contents == ["**字**", "字"]
    assert wecom.robots[KEY].messages[1].mentioned == ("@all",)


@pytest.mark.parametrize(
    ("body", "code", "words"),
    [
        (markdown("字" * 1366), 40058, "markdown.content exceed max length 4096. invalid Request Parameter, hint: ["),
        (markdown("字" * 1366, "markdown_v2"), 40058, "markdown_v2.content exceed max length 4096"),
        (markdown("字" * 683, "text"), 40058, "text.content exceed max length 2048"),
        (markdown(""), 44004, "empty"),
        ({"msgtype": "poem", "poem": {}}, 40008, "invalid message type"),
        ("words", 40008, "invalid message type"),
        ({"msgtype": "news", "news": {"articles": [{"title": "t", "url": "u"}] * 9}}, 45008, "out of limit"),
        ({"msgtype": "news", "news": {"articles": [{"title": "t"}]}}, 40063, "empty"),
    ],
)
async def test_say__what_is_wrong_is_refused(wecom: WecomEmulator, body: object, code: int, words: str) -> None:
    said = await say(wecom, body)
    assert said["errcode"] == code
    assert words in said["errmsg"]
    assert wecom.sent == 0


async def test_say__bytes_are_counted_not_letters(wecom: WecomEmulator) -> None:
    assert (await say(wecom, markdown("字" * 1365)))["errcode"] == 0


async def test_say__an_unknown_key_is_refused_differently_each_time(wecom: WecomEmulator) -> None:
    first, second = await say(wecom, markdown("x"), "another"), await say(wecom, markdown("x"), "another")
    assert first["errcode"] == second["errcode"] == 93000
    assert first["errmsg"].startswith("invalid webhook url, hint: [")
    assert first != second


async def test_say__what_is_spoilt_in_silence_is_noted(wecom: WecomEmulator) -> None:
    for kind in ("markdown", "text"):
        await say(wecom, markdown("<@all> look", kind))
    await say(wecom, {"msgtype": "news", "news": {"articles": [{"title": "字" * 43, "url": "u"}]}})
    assert len(wecom.violations) == 3


async def test_enforce__by_the_minute_and_robot(wecom: WecomEmulator) -> None:
    wecom.robot("another")
    wecom.enforce(per_minute=2)
    codes = [(await say(wecom, markdown("x")))["errcode"] for _ in range(3)]
    assert codes == [0, 0, 45009]
    assert (await say(wecom, markdown("x"), "another"))["errcode"] == 0


@pytest.mark.parametrize("recorded", [False, True])
async def test_inject__a_lost_answer(wecom: WecomEmulator, *, recorded: bool) -> None:
    wecom.inject(Fault.HANG_UP, recorded=recorded)
    with pytest.raises(aiohttp.ClientError):
        await say(wecom, markdown("x"))
    assert (wecom.sent, wecom.injected_unknowns) == (recorded, recorded)


@pytest.mark.parametrize(("fault", "code"), [(Fault.BUSY, -1), (Fault.DISABLED, 93004), (Fault.AT_ONCE, 45033)])
async def test_inject__a_refusal_once(wecom: WecomEmulator, fault: Fault, code: int) -> None:
    wecom.inject(fault, key=KEY)
    assert (await say(wecom, markdown("x")))["errcode"] == code
    assert (await say(wecom, markdown("x")))["errcode"] == 0
