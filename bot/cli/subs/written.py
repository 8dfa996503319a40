"""A subscription as an object for machines."""

from bot.models import Subscription
from bot.store.codec import days_to_text


def as_object(one: Subscription) -> dict[str, object]:
    """Return all of a subscription but its robot's key."""
    return {
        "platform": one.chat.platform,
        "address": one.chat.address,
        "topic": one.chat.topic,
        "kind": one.chat.kind,
        "title": one.chat.title,
        "at": f"{one.slot.at:%H:%M}",
        "zone": one.slot.zone,
        "days": days_to_text(one.slot.days),
        "categories": sorted(one.categories),
        "format": one.format,
        "language": one.language,
        "mention": list(one.mention),
        "silent": one.silent,
        "tells_empty": one.tells_empty,
        "weekly": one.weekly,
        "away_until": one.away_until.isoformat() if one.away_until else None,
        "state": one.state,
        "reason": one.reason,
        "absent": one.absent,
    }
