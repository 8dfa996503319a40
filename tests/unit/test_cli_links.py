"""`digestbot links`: what a publisher puts beside the digest."""

import asyncio

import pytest

from adapters.telegram import start_link
from bot.categories import default_taxonomy
from tests.emulators.telegram import TelegramEmulator
from tests.unit.commandline import SAMPLE, CommandLine

TOKEN = "123456:SECRET-of-the-bot"


async def test_links__are_of_the_bots_name_and_every_category(digestbot: CommandLine) -> None:
    async with TelegramEmulator(TOKEN) as emulator:
        digestbot.set(telegram_token=TOKEN, telegram_api_url=emulator.url)
        assert (await asyncio.to_thread(digestbot, "links")).code == 2
        await asyncio.to_thread(digestbot, "load", SAMPLE)
        listed = await asyncio.to_thread(digestbot, "links")
        told = await asyncio.to_thread(digestbot, "links", "--json")
    assert (listed.code, told.code) == (0, 0)
    address = f"https://t.me/{emulator.me['username']}?start=cat_"
    assert told.json == {one.slug: address + one.slug for one in default_taxonomy().categories}
    assert all(link in listed.out for link in told.json.values())
    assert "SECRET" not in listed.out + listed.err


def test_links__without_a_token_say_which_is_missing(digestbot: CommandLine) -> None:
    ended = digestbot("links")
    assert (ended.code, ended.out) == (2, "")
    assert "DIGESTBOT_TELEGRAM_TOKEN" in ended.err


@pytest.mark.parametrize("payload", ["cat_中", "cat chips", "c" * 65])
def test_start_link__refuses_what_telegram_would_drop(payload: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        start_link("@bot", payload)
