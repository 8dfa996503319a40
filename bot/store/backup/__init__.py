"""Backups of a SQLite database: taken while the bot runs, brought back while it does not."""

from bot.store.backup.restoring import restore
from bot.store.backup.taking import backup

__all__ = ["backup", "restore"]
