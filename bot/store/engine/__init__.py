"""The database connection: reads and writes as transactions that wait for each other instead of failing."""

from bot.store.engine.database import Database, new_id
from bot.store.engine.kinds import BUSY_TIMEOUT, is_there
from bot.store.engine.times import Utc

__all__ = ["BUSY_TIMEOUT", "Database", "Utc", "is_there", "new_id"]
