"""`/status`: how a morning stands, platform by platform, and who did not get the digest."""

from dataclasses import asdict, dataclass
from datetime import date

from bot.commands.ask import Ask
from bot.commands.keys import key
from bot.commands.operate.order import read_day
from bot.config import Settings
from bot.masking import masked
from bot.models import Reply, Week
from bot.store import Tally, Trouble, tally

_LISTED = 5
"""Chats named of each kind; the command line names more."""
_REASON_MOST = 200
_SUNDAY = 7


@dataclass(frozen=True, kw_only=True, slots=True)
class Row(Tally):
    """How a platform stands; `sender` names the process that sends, empty when none does."""

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
    return tuple(
        [
            Row(**asdict(tally(name, counts, wishes)), sender=await ask.store.leases.sender(name, ask.now))
            for name in sorted({platform for platform, _ in (*counts, *(() if week else wishes))})
        ]
    )


def _line(trouble: Trouble, settings: Settings) -> Line:
    return Line(
        name=f"{trouble.chat.platform} {trouble.chat.called}",
        state=trouble.state,
        reason=masked(trouble.reason or "", settings)[:_REASON_MOST],
    )
