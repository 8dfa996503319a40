"""Planning: what is due, and what was sent but no longer holds, becomes rows of the ledger."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from bot import schedule
from bot.store import Head, Store

LOOK_AGAIN = timedelta(seconds=30)
"""How often corrections are looked for though no digest changed: for chats that were served late."""


class Planner:
    """Plans as often as you like; it adds only what is missing."""

    def __init__(self, store: Store, *, catch_up: timedelta, correct_for: timedelta) -> None:
        self._store = store
        self._catch_up = catch_up
        self._correct_for = correct_for
        self._heads: tuple[Head, ...] = ()
        self._served_late: frozenset[date] = frozenset()
        self._look_at: datetime | None = None
        self._looked: datetime | None = None

    async def plan(self, now: datetime) -> int:
        """Plan what is due at `now` and what has to be changed; return how many deliveries were added."""
        if self._looked and now < self._looked:
            await self._store.deliveries.set_back(now, looked=self._looked, owner=self._store.leases.owner)
        self._looked = now
        return await self._plan_due(now) + await self._plan_weeks(now) + await self._plan_changes(now)

    async def early(self, day: date, now: datetime) -> tuple[schedule.Due, ...]:
        """Return the slots that get the digest of `day` later today, as if their hour were now."""
        published = await self._store.digests.publications([day])
        if not published:
            return ()
        return schedule.early(await self._store.deliveries.slots(), now, published, catch_up=self._catch_up)

    async def push_now(self, day: date, now: datetime) -> int:
        """Plan what is due the digest of `day` later today; return how many deliveries were added. Idempotent."""
        return await self._store.deliveries.plan(await self.early(day, now), now)

    async def unplanned(self, now: datetime) -> Mapping[date, Mapping[str, int]]:
        """Return how many digests are due at `now` and not planned, by day and platform: what `plan` would add."""
        found: dict[date, Mapping[str, int]] = {}
        due = await self._due(now)
        for day in sorted({one.day for one in due}):
            found[day] = await self._store.deliveries.waiting([one for one in due if one.day == day])
        return found

    async def unplanned_weeks(self, now: datetime) -> Mapping[date, Mapping[str, int]]:
        """Return how many weeks are due at `now` and not planned, by their Sunday and platform."""
        due = await self._due_weeks(now)
        return {due[0].week.sunday: await self._store.weeks.waiting(due)} if due else {}

    async def _plan_due(self, now: datetime) -> int:
        due = await self._due(now)
        return await self._store.deliveries.plan(due, now) if due else 0

    async def _due(self, now: datetime) -> tuple[schedule.Due, ...]:
        published = await self._store.digests.publications(schedule.days_at(now))
        if not published:
            return ()
        return schedule.due(await self._store.deliveries.slots(), now, published, catch_up=self._catch_up)

    async def _plan_weeks(self, now: datetime) -> int:
        """Plan the weeks that are due; after the days, so that a chat's own digest of Sunday comes first."""
        due = await self._due_weeks(now)
        return await self._store.weeks.plan(due, now) if due else 0

    async def _due_weeks(self, now: datetime) -> tuple[schedule.DueWeek, ...]:
        week = schedule.week_at(now)
        published = await self._store.digests.publications(week.days) if week else {}
        if week is None or not published:
            return ()
        sunday = published.get(week.sunday)
        published_at = sunday.published_at if sunday else None
        slots = await self._store.deliveries.slots()
        return schedule.due_weeks(slots, now, week, published_at, catch_up=self._catch_up)

    async def _plan_changes(self, now: datetime) -> int:
        sent_since = now - self._correct_for
        first, corrections = (sent_since - schedule.ONE_DAY).date(), self._store.corrections
        looked = self._look_at is not None and now < self._look_at <= now + LOOK_AGAIN
        if not looked:
            self._served_late = await corrections.served_late(first, since=sent_since)
        heads = await corrections.heads(first, and_of=self._served_late)
        if looked and heads == self._heads:
            return 0
        planned = 0
        for head in heads:
            deadline = now + self._correct_for
            planned += await corrections.plan(head, now, sent_since=sent_since, deadline=deadline)
        self._heads, self._look_at = heads, now + LOOK_AGAIN
        return planned
