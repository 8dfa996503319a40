"""What becomes of a subscription when something else is wished for."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.commands.words import Wish
from bot.models import Slot, Subscription
from bot.schedule import still_away


def amend(known: Subscription, wish: Wish, now: datetime) -> Subscription:
    """Return the subscription with what is wished for `now` (UTC); its state stays.

    Who comes back before their time is as one who subscribes: `since` begins anew, so that what fell due while they
    were away is not pushed.
    """
    slot = Slot(
        zone=wish.zone or known.slot.zone,
        at=wish.hour.at if wish.hour else known.slot.at,
        days=wish.days or known.slot.days,
    )
    today = now.astimezone(ZoneInfo(slot.zone)).date()
    was = still_away(known.away_until, today)
    away = was if wish.away_until is None else still_away(wish.away_until, today)
    back_sooner = was is not None and (away is None or away < was)
    return replace(
        known,
        slot=slot,
        categories=known.categories if wish.categories is None else wish.categories,
        format=wish.format or known.format,
        language=wish.language or known.language,
        silent=known.silent if wish.silent is None else wish.silent,
        tells_empty=known.tells_empty if wish.tells_empty is None else wish.tells_empty,
        weekly=known.weekly if wish.weekly is None else wish.weekly,
        away_until=away,
        since=now if back_sooner else known.since,
    )
