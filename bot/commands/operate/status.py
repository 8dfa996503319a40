"""`/status`: how a morning stands, platform by platform, and who did not get the digest."""

from dataclasses import dataclass
from datetime import date

from bot.commands.ask import Ask
from bot.commands.keys import key
from bot.commands.operate.order import read_day
from bot.config import Settings
from bot.masking import masked
from bot.models import DeliveryState, Reply, SubscriptionState, Week
from bot.store import Trouble

_LISTED = 5
"""Chats named of each kind; the command line names more."""
_REASON_MOST = 200
_SUNDAY = 7


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A platform's morning, in deliveries; `subscribed` and `paused` count subscriptions, `sender` names a process."""

    platform: str
    subscribed: int
    paused: int
    due: int
    sent: int
    waiting: int
    failed: int
    unknown: int
    expired: int
    empty: int
    sender: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A chat in trouble and why, without any secret."""

    name: str
    state: str
    reason: str


async def status(ask: Ask) -> Reply:
    """Show how today stands, or another day."""
    day = read_day(ask, ask.words)
    failing = await ask.store.status.failed(day, limit=_LISTED + 1)
    paused = await ask.store.status.paused(limit=_LISTED)
    rows = await _rows(ask, day)
    draft = await ask.store.drafts.latest()
    again = await ask.store.resends.failed(day)
    week = Week.of(day) if day.isoweekday() == _SUNDAY else None
    first = (key("resend_failed", f"resend {day}"),) if again.number else ()
    return Reply(
        template="status",
        values={
            "day": day,
            "digest": await ask.store.digests.line(day),
            "draft": draft,
            "rows": rows,
            "week": week,
            "weekly": await _rows(ask, day, week=True) if week else (),
            "week_failing": await _week_failing(ask, day) if week else (),
            "failing": tuple(_line(one, ask.settings) for one in failing[:_LISTED]),
            "more_failing": len(failing) > _LISTED,
            "paused": tuple(_line(one, ask.settings) for one in paused),
            "more_paused": sum(row.paused for row in rows) - len(paused),
        },
        buttons=((*first, key("refresh", f"status {day}")),),
    )


async def _week_failing(ask: Ask, sunday: date) -> tuple[Line, ...]:
    return tuple(_line(one, ask.settings) for one in await ask.store.status.failed(sunday, week=True, limit=_LISTED))


async def _rows(ask: Ask, day: date, *, week: bool = False) -> tuple[Row, ...]:
    """Return a row for each platform; of a `week` for those alone that any was due on."""
    counts = await ask.store.status.counts(day, week=week)
    wishes = await ask.store.status.subscriptions()
    rows = []
    for name in sorted({platform for platform, _ in (*counts, *(() if week else wishes))}):
        here = {state: counts.get((name, state), 0) for state in DeliveryState}
        holder = await ask.store.leases.holder(name, ask.now)
        rows.append(
            Row(
                platform=name,
                subscribed=wishes.get((name, SubscriptionState.ON), 0),
                paused=wishes.get((name, SubscriptionState.PAUSED), 0),
                due=sum(here.values()),
                sent=here[DeliveryState.SENT],
                waiting=here[DeliveryState.PLANNED] + here[DeliveryState.CLAIMED],
                failed=here[DeliveryState.FAILED],
                unknown=here[DeliveryState.UNKNOWN],
                expired=here[DeliveryState.EXPIRED],
                empty=here[DeliveryState.EMPTY],
                sender=_process(holder),
            )
        )
    return tuple(rows)


def _process(owner: str | None) -> str:
    """Name a process to a person: `4711@host`."""
    if owner is None:
        return ""
    host, pid, _ = owner.rsplit(":", 2)
    return f"{pid}@{host}"


def _line(trouble: Trouble, settings: Settings) -> Line:
    chat = trouble.chat
    place = f"{chat.address}/{chat.topic}" if chat.topic else chat.address
    name = f"{chat.title} ({place})" if chat.title else place
    return Line(
        name=f"{chat.platform} {name}",
        state=trouble.state,
        reason=masked(trouble.reason or "", settings)[:_REASON_MOST],
    )
