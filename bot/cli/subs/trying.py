"""`digestbot subs test`: whether a chat can be reached."""

import secrets

import typer

from bot import config
from bot.app import House, house
from bot.cli import terminal
from bot.cli.subs.changing import Number, entry_of
from bot.cli.subs.listing import line
from bot.cli.waiting import finish
from bot.config import PREFIX, Settings
from bot.contract import Adapter
from bot.errors import NotDelivered, Unknown
from bot.models import Reply, Subscription
from bot.platforms import adapters_of
from bot.store import Entry

_NONCE_BYTES = 12


def test(number: Number) -> None:
    """Send a short message to a subscription's chat, to see that it arrives. Exits with 1 when it does not."""
    finish(_test(config.read(), number))


async def _test(settings: Settings, number: int) -> None:
    adapters = {adapter.dialect.platform: adapter for adapter in adapters_of(settings)}
    try:
        async with house(settings, create=False) as at:
            entry = await entry_of(at, number)
            platform = entry.subscription.chat.platform
            if platform not in adapters:
                raise typer.BadParameter(f"{platform} is not set up in the settings", param_hint="NUMBER")
            await _try(at, adapters[platform], entry)
            terminal.say(f"Sent to {line(entry, await at.store.categories.all())}")
    finally:
        for adapter in adapters.values():
            await adapter.close()


async def _try(at: House, adapter: Adapter, entry: Entry) -> None:
    """Send it. Raises typer.Exit where the platform could not be asked, with what to look at."""
    try:
        await _send(at, adapter, entry.subscription)
    except (NotDelivered, Unknown) as error:
        setting = f"{PREFIX}{adapter.dialect.platform.upper()}_API_URL"
        terminal.fail(str(error))
        terminal.note(
            f"Look at the network and at {setting} (digestbot doctor tries it too), "
            f"then try again: digestbot subs test {entry.number}"
        )
        raise typer.Exit(1) from error


async def _send(at: House, adapter: Adapter, to: Subscription) -> None:
    reply = Reply(template="test")
    for part in at.renderer.reply(reply, adapter.dialect, to.language, categories=()):
        await adapter.send(to.chat, part, nonce=secrets.token_hex(_NONCE_BYTES))
