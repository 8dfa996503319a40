"""Discord: REST calls of our own over aiohttp, and discord.py for the gateway."""

from adapters.discord.adapter import DiscordAdapter
from adapters.discord.dialect import DiscordDialect

__all__ = ["DiscordAdapter", "DiscordDialect"]
