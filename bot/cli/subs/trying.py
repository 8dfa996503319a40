"""`digestbot subs test`: whether a chat can be reached."""

import secrets

import typer

from bot import config
from bot.app import House, house
from bot.cli import terminal
from bot.cli.subs.changing import Number, entry_of
from bot.cli.subs.listing import line
from bot.cli.waiting import finish
from bot.config import Settings
from bot.contract import Adapter
from bot.models import Reply, Subscription
from bot.platforms import adapters_of

_NONCE_BYTES = 12


def test(number: Number) -> None:
    """Send a short message to a subscription's chat, to see that it arrives. Exits with 1 when it does not."""
    finish(_test(config.read(), number))


async def _test(settings: Settings, number: int) -> None:
    adapters = {adapter.dialect.platform: adapter for adapter in adapters_of(settings)}
    try:
        async with house(settings) as at:
            entry = await entry_of(at, number)
            platform = entry.subscription.chat.platform
            if platform not in adapters:
                raise typer.BadParameter(f"{platform} is not set up in the settings", param_hint="NUMBER")
            await _send(at, adapters[platform], entry.subscription)
            terminal.say(f"Sent to {line(entry, await at.store.categories.all())}")
    finally:
        for adapter in adapters.values():
            await adapter.close()


async def _send(at: House, adapter: Adapter, to: Subscription) -> None:
    reply = Reply(template="test")
    for part in at.renderer.reply(reply, adapter.dialect, to.language, categories=()):
        await adapter.send(to.chat, part, nonce=secrets.token_hex(_NONCE_BYTES))
