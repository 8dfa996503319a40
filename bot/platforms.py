"""The platforms there are: how each looks, and the adapters for the accounts in the settings."""

from collections.abc import Mapping
from functools import partial

from adapters import discord, telegram, wecom
from adapters.console import ConsoleDialect
from adapters.discord import DiscordAdapter, DiscordDialect
from adapters.telegram import TelegramAdapter, TelegramDialect, Webhook
from adapters.web import WebDialect
from adapters.wecom import WecomAdapter, WecomDialect
from bot.config import Settings
from bot.contract import Adapter, Dialect
from bot.web import Window

TOKENS: Mapping[str, str] = {"telegram": "telegram_token", "discord": "discord_token"}
"""The setting that holds each platform's account."""


def dialects() -> Mapping[str, Dialect]:
    """Return how every platform looks, whether it is set up or not."""
    known: tuple[Dialect, ...] = (TelegramDialect(), DiscordDialect(), WecomDialect(), ConsoleDialect(), WebDialect())
    return {dialect.platform: dialect for dialect in known}


def windows(settings: Settings) -> tuple[Window, ...]:
    """Return the platforms a publisher looks at, and what their adapters send for a part."""
    return (
        Window(dialect=TelegramDialect(), said=telegram.said),
        Window(dialect=DiscordDialect(), said=discord.message),
        Window(dialect=WecomDialect(), said=partial(wecom.said, markdown=settings.wecom_markdown)),
    )


def platforms(settings: Settings) -> tuple[str, ...]:
    """Return the platforms with an account in the settings. WeCom has none: each robot brings its key along."""
    return tuple(platform for platform, setting in TOKENS.items() if getattr(settings, setting))


def adapters_of(settings: Settings) -> tuple[Adapter, ...]:
    """Build an adapter for each account, and that for WeCom's robots, which costs nothing while there are none."""
    robots = WecomAdapter(api_url=str(settings.wecom_api_url), markdown=settings.wecom_markdown)
    return (*_telegram(settings), *_discord(settings), robots)


def _telegram(settings: Settings) -> tuple[Adapter, ...]:
    if settings.telegram_token is None:
        return ()
    webhook = None
    if settings.telegram_webhook_url and settings.telegram_webhook_secret:
        webhook = Webhook(
            url=str(settings.telegram_webhook_url),
            secret=settings.telegram_webhook_secret.get_secret_value(),
            port=settings.telegram_webhook_port,
        )
    token, api_url = settings.telegram_token.get_secret_value(), str(settings.telegram_api_url)
    paid = settings.telegram_paid_broadcast
    return (TelegramAdapter(token, api_url=api_url, webhook=webhook, paid=paid),)


def _discord(settings: Settings) -> tuple[Adapter, ...]:
    if settings.discord_token is None:
        return ()
    token, api_url = settings.discord_token.get_secret_value(), str(settings.discord_api_url)
    return (DiscordAdapter(token, api_url=api_url, crosspost=settings.discord_crosspost),)
