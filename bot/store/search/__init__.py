"""What is published, found by its words: FTS5 on SQLite, tsvector on PostgreSQL, one way of asking for both."""

from bot.store.search.finding import Hit, Search
from bot.store.search.keeping import keep

__all__ = ["Hit", "Search", "keep"]
