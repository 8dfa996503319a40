"""Telegram: the Bot API through python-telegram-bot, over aiohttp."""

from adapters.telegram.adapter import TelegramAdapter
from adapters.telegram.dialect import TelegramDialect
from adapters.telegram.letters import said
from adapters.telegram.links import start_link
from adapters.telegram.webhook import Webhook

__all__ = ["TelegramAdapter", "TelegramDialect", "Webhook", "said", "start_link"]
