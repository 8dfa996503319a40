"""When a subscription's next digest comes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal
from zoneinfo import ZoneInfo

from bot.commands.ask import Ask
from bot.models import Slot, Subscription
from bot.schedule import Publication, due, next_opening, window


@dataclass(frozen=True, kw_only=True, slots=True)
class Coming:
    """The next digest, seen from `today`: its local day and time.

    `now` means today's, within a moment; `soon` today's, as soon as it is published. `missed` is today's when it is
    out but its time has passed: it is offered, not sent.
    """

    kind: Literal["now", "soon", "today", "tomorrow", "later"]

    day: date
    at: time
    today: date
    missed: date | None = None


async def coming(ask: Ask, subscription: Subscription) -> Coming:
    """Return when the next digest of `subscription` comes, if it is switched on now."""
    slot = subscription.slot
    today = ask.now.astimezone(ZoneInfo(slot.zone)).date()
    published = await ask.store.digests.publications([today])
    if await _is_due(ask, subscription, published):
        return Coming(kind="now", day=today, at=slot.at, today=today)
    served = await ask.store.deliveries.served(subscription.chat, today)
    if not published and not served and _is_open(ask, slot, away_until=ask.away(subscription)):
        return Coming(kind="soon", day=today, at=slot.at, today=today)
    opens = await _next_opening(ask, subscription)
    away = (opens.date() - today).days
    return Coming(
        kind="today" if away == 0 else "tomorrow" if away == 1 else "later",
        day=opens.date(),
        at=opens.time(),
        today=today,
        missed=today if published and away and not served else None,
    )


async def _is_due(ask: Ask, subscription: Subscription, published: Mapping[date, Publication]) -> bool:
    """Tell whether the next look at the clock plans today's: who moves the hour to one that has passed gets it now."""
    own = [(number, slot) for number, slot in await ask.store.deliveries.slots() if slot == subscription.slot]
    found = due(own, ask.now, published, catch_up=ask.settings.catch_up)
    return await ask.store.deliveries.awaits(subscription.chat, found)


def _is_open(ask: Ask, slot: Slot, *, away_until: date | None) -> bool:
    span = window(slot, ask.now, catch_up=ask.settings.catch_up)
    return span is not None and not away_until and span.opens <= ask.now < span.closes


async def _next_opening(ask: Ask, subscription: Subscription) -> datetime:
    """Return (local) when it next is the hour of a day not served: another hour or zone brings no day twice."""
    away_until = ask.away(subscription)
    opens = next_opening(subscription.slot, ask.now, away_until=away_until)
    zone = ZoneInfo(subscription.slot.zone)
    while await ask.store.deliveries.served(subscription.chat, opens.astimezone(zone).date()):
        opens = next_opening(subscription.slot, opens, away_until=away_until)
    return opens.astimezone(zone)
