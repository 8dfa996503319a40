"""When a subscription's next digest comes."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from bot.commands.ask import Ask
from bot.models import Subscription
from bot.schedule import next_opening, window
from bot.store import DayLine


@dataclass(frozen=True, kw_only=True, slots=True)
class Coming:
    """The next digest: its local day and time. `soon` when it only waits to be written, `missed` is today's otherwise.

    `missed` is a digest that is out but was due before: it is offered, not sent.
    """

    day: date
    at: time
    today: bool = False
    tomorrow: bool = False
    soon: bool = False
    missed: date | None = None


async def coming(ask: Ask, subscription: Subscription) -> Coming:
    """Return when the next digest of `subscription` comes, if it is switched on now."""
    slot = subscription.slot
    zone = ZoneInfo(slot.zone)
    today = ask.now.astimezone(zone).date()
    published = await _is_published(ask, today)
    open_now = window(slot, ask.now, catch_up=ask.settings.catch_up)
    if open_now and not published and open_now.opens <= ask.now < open_now.closes:
        return Coming(day=today, at=slot.at, today=True, soon=True)
    opens = next_opening(slot, ask.now).astimezone(zone)
    late = published and opens.date() != today
    return Coming(
        day=opens.date(),
        at=opens.time(),
        today=opens.date() == today,
        tomorrow=opens.date() == today + timedelta(days=1),
        missed=today if late else None,
    )


async def _is_published(ask: Ask, day: date) -> bool:
    newest: tuple[DayLine, ...] = await ask.store.digests.days(before=day + timedelta(days=1), limit=1)
    return bool(newest) and newest[0].day == day
