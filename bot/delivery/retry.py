"""When a send that failed is tried again, and when it is given up: pure rules."""

import random
from datetime import datetime, timedelta

from bot.models import Delivery, DeliveryState

UNTOLD_WAITS = (timedelta(seconds=2), timedelta(seconds=30), timedelta(minutes=5), timedelta(hours=1))
"""How long a part waits that may have arrived, after the first time nobody told, the second and so on.

Each time may double it, so there is an end; but half an hour of trouble on the platform must not use them all up.
Discord knows a repeated nonce for a few minutes: the first two are within them.
"""
CUT_OFF_LIMIT = 20
"""How often one part is sent when the process ends at it each time: most of what is recorded ahead had not left yet.

A machine that comes up again and again must not cost those who are next their digest; but there is an end.
"""
FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=10)
GRACE = timedelta(hours=12)
"""How long past the end of its day a delivery that has begun is still worth finishing."""

Verdict = tuple[DeliveryState, str]


def verdict(delivery: Delivery, now: datetime) -> Verdict | None:
    """Return how a claimed delivery ends without a send, and why; None when it is to be sent."""
    if delivery.base is not None:
        return _verdict_on_change(delivery, now)
    if withdrawn := _withdrawn(delivery):
        return DeliveryState.EXPIRED, withdrawn
    if delivery.begun:
        late = now >= delivery.deadline + GRACE
        return (DeliveryState.FAILED, "could not be finished in time") if late else None
    if now >= delivery.deadline:
        return DeliveryState.EXPIRED, "the day was over before it could be sent"
    if not delivery.wanted:
        return DeliveryState.EXPIRED, "it was switched off meanwhile, or the chat is away"
    return None


def _verdict_on_change(delivery: Delivery, now: datetime) -> Verdict | None:
    if now >= delivery.deadline:
        return DeliveryState.EXPIRED, "too late to change it"
    if not delivery.wanted and not delivery.begun:
        return DeliveryState.EXPIRED, "the subscription was switched off"
    return None


def _withdrawn(delivery: Delivery) -> str:
    """Return how it came that nothing is left to bring; nothing when there is something, or a week that has begun."""
    if delivery.week:
        return "" if delivery.revisions or delivery.begun else "all digests of the week were retracted"
    return "the digest was retracted" if delivery.published is None else ""


def backoff(attempts: int, dice: random.Random) -> timedelta:
    """Return how long to wait after that many attempts: doubling, with jitter so that chats do not come in step."""
    doubled: timedelta = FIRST_WAIT * 2 ** min(attempts - 1, 20)
    return min(doubled, LONGEST_WAIT) * dice.uniform(0.5, 1.0)


def enough(*, tries: int, untold: int) -> bool:
    """Tell whether a part was sent as often as may be, that many times without anybody telling what came of it."""
    return untold > len(UNTOLD_WAITS) or tries >= CUT_OFF_LIMIT


def patience(untold: int, dice: random.Random) -> timedelta:
    """Return how long a part waits that may have arrived, after so many sends that nobody told the end of."""
    return UNTOLD_WAITS[untold - 1] * dice.uniform(0.5, 1.0)
