"""When a subscription's next digest comes."""

from dataclasses import dataclass
from datetime import date, time
from typing import Literal
from zoneinfo import ZoneInfo

from bot.commands.ask import Ask
from bot.models import Subscription
from bot.schedule import next_opening, window


@dataclass(frozen=True, kw_only=True, slots=True)
class Coming:
    """The next digest: its local day and time; `soon` means today's, as soon as it is published.

    `missed` is today's when it is out but its time has passed: it is offered, not sent.
    """

    kind: Literal["soon", "today", "tomorrow", "later"]

    day: date
    at: time
    missed: date | None = None


async def coming(ask: Ask, subscription: Subscription) -> Coming:
    """Return when the next digest of `subscription` comes, if it is switched on now."""
    slot = subscription.slot
    zone = ZoneInfo(slot.zone)
    today = ask.now.astimezone(zone).date()
    published = bool(await ask.store.digests.publications([today]))
    open_now = window(slot, ask.now, catch_up=ask.settings.catch_up)
    away_until = ask.away(subscription)
    if open_now and not (published or away_until) and open_now.opens <= ask.now < open_now.closes:
        return Coming(kind="soon", day=today, at=slot.at)
    served = await ask.store.deliveries.served(subscription.chat, today)
    opens = next_opening(slot, ask.now, away_until=away_until).astimezone(zone)
    if served and opens.date() == today:  # a later hour does not bring the same day twice
        opens = next_opening(slot, opens, away_until=away_until).astimezone(zone)
    away = (opens.date() - today).days
    return Coming(
        kind="today" if away == 0 else "tomorrow" if away == 1 else "later",
        day=opens.date(),
        at=opens.time(),
        missed=today if published and away and not served else None,
    )
