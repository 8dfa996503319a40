"""The settings of a subscription: one screen, a page for each that has many answers, and what changes them."""

from bot.commands.settings.change import amend
from bot.commands.settings.pages import COMMON_ZONES
from bot.commands.settings.setting import here, set_one, settings

__all__ = ["COMMON_ZONES", "amend", "here", "set_one", "settings"]
