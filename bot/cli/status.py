"""`digestbot status`: how a morning stands."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Annotated

import typer

from bot import config
from bot.app import House, house
from bot.cli import days, terminal
from bot.cli.waiting import finish
from bot.config import Settings
from bot.models import DeliveryState, SubscriptionState, Week
from bot.platforms import platforms
from bot.store import DayLine, Trouble

_SUNDAY = 7
_WEEK_NUMBERS = ("due", "sent", "empty", "waiting", "failed", "unknown", "expired")
_NUMBERS = ("subscribed", "due", "sent", "empty", "waiting", "failed", "unknown", "expired", "paused")


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A platform's morning, in deliveries; `subscribed` and `paused` count subscriptions now."""

    platform: str
    subscribed: int
    paused: int
    due: int
    sent: int
    empty: int
    waiting: int
    failed: int
    unknown: int
    expired: int
    sender: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A chat in trouble, or a refused file, and why."""

    where: str
    state: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Morning:
    """All that `status` tells. On a Sunday `week` has a row for each platform where the week was due.

    So many deliveries are `held_up`: they have failed for half an hour or more, and are tried on.
    """

    day: date
    digest: DayLine | None
    rows: tuple[Row, ...]
    week: tuple[Row, ...]
    week_failing: tuple[Line, ...]
    failing: tuple[Line, ...]
    held_up: int
    paused: tuple[Line, ...]
    refused: tuple[Line, ...]

    @property
    def well(self) -> bool:
        """Whether nothing has failed: no delivery, no file, and no account has work that nobody does."""
        rows = (*self.rows, *self.week)
        lost = any(row.failed or row.unknown or row.expired for row in rows)
        idle = any(row.waiting and not row.sender for row in rows)
        return not (lost or idle or self.held_up or self.refused)


def status(
    day: days.Day = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show how this morning stands, or a DAY's: what was due, sent, failed, and why.

    Names the chats that failed, the paused subscriptions, and the files that the watched folder refused. Exits with 0
    when all is well and with 1 when something failed, for a monitor to act on.
    """
    settings = config.read()
    morning = finish(_look(settings, day))
    if as_json:
        terminal.as_json({**asdict(morning), "well": morning.well}, indent=2)
    else:
        _print(morning)
    if not morning.well:
        raise typer.Exit(1)


async def _look(settings: Settings, typed: str | None) -> Morning:
    async with house(settings) as at:
        now_there = days.today(settings, at.clock())
        day = days.read(typed, now_there) if typed else now_there
        is_sunday = day.isoweekday() == _SUNDAY
        found = await at.store.digests.days(before=day + date.resolution, limit=1)
        return Morning(
            day=day,
            digest=found[0] if found and found[0].day == day else None,
            rows=await _rows(at, day),
            week=await _week_rows(at, day) if is_sunday else (),
            week_failing=tuple([_line(one) for one in await at.store.status.failed(day, week=True)])
            if is_sunday
            else (),
            failing=tuple(_line(one) for one in await at.store.status.failed(day)),
            held_up=await at.store.status.held_up(day, at.clock()),
            paused=tuple(_line(one) for one in await at.store.status.paused()),
            refused=tuple(
                Line(where=one.path, state="refused", reason=one.reason.removeprefix("refused: "))
                for one in await at.store.files.refused()
            ),
        )


async def _rows(at: House, day: date) -> tuple[Row, ...]:
    counts = await at.store.status.counts(day)
    wishes = await at.store.status.subscriptions()
    names = dict.fromkeys((*platforms(at.settings), *sorted({name for name, _ in (*counts, *wishes)})))
    now = at.clock()
    return tuple([_row(name, counts, wishes, await at.store.leases.holder(name, now)) for name in names])


async def _week_rows(at: House, sunday: date) -> tuple[Row, ...]:
    counts = await at.store.status.counts(sunday, week=True)
    now = at.clock()
    names = sorted({name for name, _ in counts})
    return tuple([_row(name, counts, {}, await at.store.leases.holder(name, now)) for name in names])


def _row(
    name: str,
    counts: Mapping[tuple[str, DeliveryState], int],
    wishes: Mapping[tuple[str, SubscriptionState], int],
    sender: str | None,
) -> Row:
    here = {state: counts.get((name, state), 0) for state in DeliveryState}
    return Row(
        platform=name,
        subscribed=wishes.get((name, SubscriptionState.ON), 0),
        paused=wishes.get((name, SubscriptionState.PAUSED), 0),
        due=sum(here.values()),
        sent=here[DeliveryState.SENT],
        empty=here[DeliveryState.EMPTY],
        waiting=here[DeliveryState.PLANNED] + here[DeliveryState.CLAIMED],
        failed=here[DeliveryState.FAILED],
        unknown=here[DeliveryState.UNKNOWN],
        expired=here[DeliveryState.EXPIRED],
        sender=sender,
    )


def _line(trouble: Trouble) -> Line:
    chat = trouble.chat
    topic = f" topic {chat.topic}" if chat.topic else ""
    title = f" ({chat.title})" if chat.title else ""
    return Line(where=f"{chat.platform} {chat.address}{topic}{title}", state=trouble.state, reason=trouble.reason)


def _print(morning: Morning) -> None:
    digest = morning.digest
    terminal.say(
        f"{morning.day}: {f'{digest.title}, {digest.items} items' if digest else 'no digest is published'}",
        style="bold",
    )
    if morning.rows:
        names = _NUMBERS
        rows = [(row.platform, *(getattr(row, name) for name in names)) for row in morning.rows]
        terminal.table(("platform", *names), rows, numbers=names)
    else:
        terminal.say("Nobody has subscribed, and no platform is set up.")
    for row in morning.rows:
        _print_sender(row)
    if morning.week:
        terminal.say(f"\nThe week {Week.of(morning.day).name}", style="bold")
        rows = [(row.platform, *(getattr(row, name) for name in _WEEK_NUMBERS)) for row in morning.week]
        terminal.table(("platform", *_WEEK_NUMBERS), rows, numbers=_WEEK_NUMBERS)
    _print_lines("The week, not delivered", morning.week_failing)
    _print_lines("Not delivered", morning.failing)
    if morning.held_up:
        terminal.say(f"\n{morning.held_up} have been tried in vain for half an hour or more", style="yellow")
    _print_lines("Paused", morning.paused)
    _print_lines("Refused files", morning.refused)


def _print_sender(row: Row) -> None:
    if row.sender:
        host, pid, _ = row.sender.rsplit(":", 2)
        terminal.say(f"{row.platform}: process {pid} on {host} is sending")
    else:
        terminal.say(f"{row.platform}: nobody is sending now", style="yellow")


def _print_lines(heading: str, lines: Sequence[Line]) -> None:
    if lines:
        terminal.say(f"\n{heading}", style="bold")
        for line in lines:
            terminal.say(f"  {line.where}: {line.state}: {line.reason or 'no reason given'}")
