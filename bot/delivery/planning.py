"""Planning: what is due becomes rows of the ledger. Run as often as you like; it adds only what is missing."""

from datetime import datetime, timedelta

from bot import schedule
from bot.store import Store


async def plan(store: Store, now: datetime, *, catch_up: timedelta) -> int:
    """Plan a delivery for every subscription that is due at `now` and return how many were added."""
    published = await store.digests.publications(schedule.days_at(now))
    if not published:
        return 0
    due = schedule.due(await store.deliveries.slots(), now, published, catch_up=catch_up)
    return await store.deliveries.plan(due, now)
