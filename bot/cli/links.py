"""`digestbot links`: an address for each category, under which one tap subscribes to it."""

from typing import Annotated

import typer

from adapters.telegram import TelegramDialect, start_link
from bot import config
from bot.app import house
from bot.cli import terminal
from bot.cli.waiting import finish
from bot.commands.words import START_PREFIX
from bot.config import Settings
from bot.errors import ConfigError
from bot.models import Category
from bot.platforms import adapters_of


def links(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print an object of links by slug.")] = False,
) -> None:
    """List a link for each category, to be put beside your digest: on Telegram one tap subscribes to it."""
    name, categories = finish(_read(config.read()))
    found = {one.slug: start_link(name, START_PREFIX + one.slug) for one in categories}
    if as_json:
        terminal.as_json(found, indent=2)
    else:
        terminal.table(("Category", "", "Link"), [(one.zh, one.en, found[one.slug]) for one in categories])


async def _read(settings: Settings) -> tuple[str, tuple[Category, ...]]:
    """Return the bot's name, asking Telegram, and the categories."""
    adapters = {adapter.dialect.platform: adapter for adapter in adapters_of(settings)}
    try:
        if TelegramDialect.platform not in adapters:
            raise ConfigError("DIGESTBOT_TELEGRAM_TOKEN: is not set; links to categories are Telegram's")
        async with house(settings, create=False) as at:
            return await adapters[TelegramDialect.platform].identify(), await at.store.categories.all()
    finally:
        for adapter in adapters.values():
            await adapter.close()
