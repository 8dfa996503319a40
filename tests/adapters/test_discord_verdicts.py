"""Discord's refusals: which pause a chat, which wait, and which are no fault of the chat's."""

import json
from typing import Any

import pytest
from aiohttp import web

from adapters.discord import DiscordAdapter
from adapters.discord.verdicts import judge
from bot.errors import ChatGone, DeliveryError, NotDelivered, RateLimited, Rejected, Unknown, Vanished
from tests.adapters.discord_setting import TOKEN, part, room


def said(code: int, **more: object) -> dict[str, Any]:
    return {"code": code, "message": "what Discord says", **more}


@pytest.mark.parametrize("status", [403, 404])
@pytest.mark.parametrize("code", [0, 20009, 50009, 50278, 999_999])
def test_judge__what_is_refused_for_good_pauses_the_chat(status: int, code: int) -> None:
    error = judge(status, said(code))
    assert isinstance(error, ChatGone)
    assert "what Discord says" in str(error)


def test_judge__who_shares_no_server_is_told_so() -> None:
    assert "shares no server" in str(judge(403, said(50278)))


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (403, 40333, RateLimited),
        (403, 40003, RateLimited),
        (403, 20016, RateLimited),
        (403, 40002, NotDelivered),
        (403, 40004, NotDelivered),
        (403, 40006, NotDelivered),
        (403, 130_000, NotDelivered),
        (403, 40001, NotDelivered),
        (403, 50005, Rejected),
        (403, 50021, Rejected),
        (404, 10008, Vanished),
        (503, 130_000, Unknown),
    ],
)
def test_judge__what_is_not_the_chats_leaves_it_alone(status: int, code: int, kind: type[DeliveryError]) -> None:
    error = judge(status, said(code))
    assert isinstance(error, kind)
    assert not isinstance(error, ChatGone)


def test_judge__a_blocked_address_holds_the_account() -> None:
    error = judge(403, said(40333))
    assert isinstance(error, RateLimited)
    assert (error.retry_after, error.scope) == (60, "account")


@pytest.mark.parametrize("code", [0, 50006, 50035, 200_000, 999_999])
def test_judge__bad_content_is_rejected(code: int) -> None:
    assert type(judge(400, said(code))) is Rejected


@pytest.mark.parametrize(("status", "code"), [(400, 50035), (403, 50013), (403, 999_999), (429, 0), (404, 10008)])
def test_judge__half_a_surrogate_can_be_kept(status: int, code: int) -> None:
    body = {**said(code), "message": "no \ud83d", "errors": {"embeds\udc00": {"_errors": [{}]}}}
    assert "no ?" in str(judge(status, body)).encode().decode()


async def _nothing_here(_: web.BaseRequest) -> web.Response:
    return web.Response(status=404, text=json.dumps({"code": 0, "message": "404: Not Found"}))


async def test_change__of_what_is_nowhere_is_rejected_and_a_send_pauses() -> None:
    runner = web.ServerRunner(web.Server(_nothing_here))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    adapter = DiscordAdapter(TOKEN, api_url=f"http://127.0.0.1:{runner.addresses[0][1]}")
    for change in (adapter.edit(room(), "1", part()), adapter.delete(room(), "1")):
        with pytest.raises(Rejected):
            await change
    with pytest.raises(ChatGone):
        await adapter.send(room(), part(), nonce="n")
    await adapter.close()
    await runner.cleanup()
