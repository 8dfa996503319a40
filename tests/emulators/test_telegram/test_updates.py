"""Updates come by long poll or webhook, until they are confirmed."""

import asyncio
import time

import aiohttp
import pytest
import telegram
from aiohttp import web
from telegram.error import BadRequest, Conflict

from tests.emulators.telegram import TelegramEmulator
from tests.emulators.test_telegram import call


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


@pytest.mark.parametrize(
    ("secret", "complaint"), [("字", "unallowed characters"), ("a b", "unallowed characters"), ("x" * 257, "too long")]
)
async def test_webhook__with_a_secret_that_is_none_is_refused(bot: telegram.Bot, secret: str, complaint: str) -> None:
    with pytest.raises(BadRequest, match=complaint):
        await bot.set_webhook("http://127.0.0.1:9/hook", secret_token=secret)
    assert not (await bot.get_webhook_info()).url
