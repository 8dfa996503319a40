"""The weeks that subscriptions get: planned like days, and made of what is published of their days."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.models import Week
from bot.schedule import DueWeek
from bot.store import statements
from bot.store.engine import Database


class Weeks:
    """The weeks of the ledger."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def plan(self, due: Sequence[DueWeek], now: datetime) -> int:
        """Write the missing ledger rows of every week that is due and return their number; idempotent."""
        unserved = await self._unserved(due)
        rows = [_plan_row(one, now) for one in due if one.slot_id in unserved]
        if not rows:
            return 0
        async with self._database.write() as connection:
            planned = (await connection.execute(statements.PLAN_WEEK, rows)).rowcount
            await connection.execute(statements.MARK_WEEK_SERVED, rows)
        return planned

    async def waiting(self, due: Sequence[DueWeek]) -> Mapping[str, int]:
        """Return how many deliveries `plan` would add for `due`, by platform."""
        found: Counter[str] = Counter()
        async with self._database.read() as connection:
            for one in due:
                rows = await connection.execute(statements.WAITING_WEEK, _waiting_row(one))
                found.update({line.platform: line.number for line in rows})
        return found

    async def _unserved(self, due: Sequence[DueWeek]) -> set[int]:
        """Return the slots with a subscription not marked as served: a look that takes no write lock."""
        found: set[int] = set()
        async with self._database.read() as connection:
            for week in {one.week for one in due}:
                ids = [one.slot_id for one in due if one.week == week]
                row = {"the_day": week.sunday, "slots": ids}
                found |= set(await connection.scalars(statements.WEEK_UNSERVED, row))
        return found


def occasion_of_week(week: Week) -> str:
    """Name the occasion of a week."""
    return f"week:{week.name}"


def _waiting_row(due: DueWeek) -> dict[str, object]:
    return {
        "slot": due.slot_id,
        "the_day": due.week.sunday,
        "the_occasion": occasion_of_week(due.week),
        "fell_due": due.fell_due,
    }


def _plan_row(due: DueWeek, now: datetime) -> dict[str, object]:
    return {**_waiting_row(due), "closes": due.deadline, "now": now}
