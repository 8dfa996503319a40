"""Every table. The invariants of the design are constraints here, not good intentions elsewhere."""

from bot.store.tables.archive import categories, digests, item_categories, items, model_answers, revisions, verdicts
from bot.store.tables.ledger import daily_sums, deliveries, delivery_parts, editions, weekly_sums
from bot.store.tables.running import NOBODY, alarms, leases, source_files
from bot.store.tables.schema import NEVER, metadata
from bot.store.tables.subscribing import chats, slots, subscriptions

__all__ = [
    "NEVER",
    "NOBODY",
    "alarms",
    "categories",
    "chats",
    "daily_sums",
    "deliveries",
    "delivery_parts",
    "digests",
    "editions",
    "item_categories",
    "items",
    "leases",
    "metadata",
    "model_answers",
    "revisions",
    "slots",
    "source_files",
    "subscriptions",
    "verdicts",
    "weekly_sums",
]
