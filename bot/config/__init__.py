"""Every setting with its default and meaning, read from the environment and `.env`."""

from bot.config.reading import read
from bot.config.settings import PREFIX, Settings
from bot.config.values import PLATFORMS, Zone, is_loopback

__all__ = ["PLATFORMS", "PREFIX", "Settings", "Zone", "is_loopback", "read"]
