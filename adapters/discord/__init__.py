"""Discord: REST calls of our own over aiohttp, and discord.py for the gateway."""

from adapters.discord.adapter import DiscordAdapter
from adapters.discord.dialect import DiscordDialect
from adapters.discord.looks import message

__all__ = ["DiscordAdapter", "DiscordDialect", "message"]
