"""`digestbot status`: how a morning stands."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, time
from typing import Annotated

import typer

from bot import config
from bot.app import House, house
from bot.cli import days, terminal
from bot.cli.naming import told
from bot.cli.waiting import finish
from bot.config import Settings
from bot.delivery import Planner, is_overdue
from bot.masking import masked
from bot.models import Week
from bot.platforms import platforms
from bot.schedule import days_at
from bot.store import Counts, DayLine, Tally, Trouble, Wishes, tally
from bot.upkeep import rules_of

_SUNDAY = 7
_FEW_NUMBERS = ("due", "sent", "empty", "waiting", "failed", "unknown", "expired")
_NUMBERS = ("subscribed", "due", "sent", "empty", "waiting", "failed", "unknown", "expired", "paused")


@dataclass(frozen=True, kw_only=True, slots=True)
class Row(Tally):
    """How a platform stands. What is due and not planned yet is `due` and `waiting` too.

    Of those `expired` so many were `late`: the others were no longer wanted. So many corrections and retractions were
    not carried out: `changes_lost`. `sender` names the process that sends.
    """

    late: int
    changes_lost: int
    sender: str | None

    @property
    def well(self) -> bool:
        """Whether nothing has failed, and somebody sends what waits."""
        lost = self.failed or self.unknown or self.late or self.changes_lost
        return not (lost or (self.waiting and not self.sender))


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A chat in trouble, or a refused file, and why."""

    where: str
    state: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Elsewhere:
    """Another day that lasts for chats elsewhere: how it stands for these."""

    day: date
    rows: tuple[Row, ...]
    failing: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Morning:
    """All that `status` tells. On a Sunday `week` has a row for each platform where the week was due.

    `overdue` is the hour by which the digest must have been published, and is not. So many deliveries are `held_up`:
    they have failed for half an hour or more, and are tried on.
    """

    day: date
    digest: DayLine | None
    overdue: time | None
    rows: tuple[Row, ...]
    elsewhere: tuple[Elsewhere, ...]
    week: tuple[Row, ...]
    week_failing: tuple[Line, ...]
    failing: tuple[Line, ...]
    changes_failing: tuple[Line, ...]
    held_up: int
    paused: tuple[Line, ...]
    refused: tuple[Line, ...]

    @property
    def well(self) -> bool:
        """Whether nothing has failed: no delivery, no file, no hour, and no account has work that nobody does."""
        rows = (*self.rows, *self.week, *(row for other in self.elsewhere for row in other.rows))
        return all(row.well for row in rows) and not (self.overdue or self.held_up or self.refused)


def status(
    day: days.Day = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show how this morning stands, or a DAY's: what was due, sent, failed, and why.

    Names the chats that failed, the paused subscriptions, and the files that the watched folder refused. Exits with 0
    when all is well and with 1 when something failed, for a monitor to act on: a delivery, a correction or retraction,
    a file, a digest that is not there by DIGESTBOT_ALARM_AT, or a bot that does not run though something is due.
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
    async with house(settings, create=False) as at:
        now = at.clock()
        today = days.today(settings, now)
        day = days.read(typed, today) if typed else today
        status = at.store.status
        digest = await at.store.digests.line(day)
        planner = Planner(at.store, catch_up=settings.catch_up, correct_for=settings.correct_for)
        unplanned = await planner.unplanned(now)
        is_sunday = day.isoweekday() == _SUNDAY
        return Morning(
            day=day,
            digest=digest,
            overdue=settings.alarm_at if not digest and day == today and is_overdue(rules_of(settings), now) else None,
            rows=await _rows(at, day, unplanned.get(day, {})),
            elsewhere=() if typed else await _elsewhere(at, day, unplanned),
            week=await _week_rows(at, day, await planner.unplanned_weeks(now)) if is_sunday else (),
            week_failing=_lines(await status.failed(day, week=True), settings) if is_sunday else (),
            failing=_lines(await status.failed(day, changes=False), settings),
            changes_failing=_lines(await status.failed(day, changes=True), settings),
            held_up=sum([await status.held_up(one, now) for one in ((day,) if typed else days_at(now))]),
            paused=_lines(await status.paused(), settings),
            refused=tuple(
                Line(where=one.path, state="refused", reason=one.reason.removeprefix("refused: "))
                for one in await at.store.files.refused()
            ),
        )


async def _rows(at: House, day: date, unplanned: Mapping[str, int]) -> tuple[Row, ...]:
    counts = await at.store.status.counts(day)
    wishes = await at.store.status.subscriptions()
    names = dict.fromkeys((*platforms(at.settings), *sorted({name for name, _ in (*counts, *wishes)})))
    late, lost = await at.store.status.too_late(day), await at.store.status.changes_lost(day)
    return await _of_each(at, names, counts, unplanned, late, lost, wishes)


async def _elsewhere(at: House, day: date, unplanned: Mapping[date, Mapping[str, int]]) -> tuple[Elsewhere, ...]:
    """Return the other days that last for anybody who gets a digest: what is over for all is not of this morning."""
    now = at.clock()
    counts = await at.store.status.elsewhere(day, now)
    found = []
    for other in sorted({*counts, *unplanned} - {day}):
        here, missing = counts.get(other, {}), unplanned.get(other, {})
        lost = await at.store.status.changes_lost(other, lasting=now)
        rows = await _of_each(at, sorted({*missing, *(name for name, _ in here)}), here, missing, {}, lost, {})
        failing = await at.store.status.failed(other, lasting=now)
        if rows:
            found.append(Elsewhere(day=other, rows=rows, failing=_lines(failing, at.settings)))
    return tuple(found)


async def _week_rows(at: House, sunday: date, unplanned: Mapping[date, Mapping[str, int]]) -> tuple[Row, ...]:
    counts = await at.store.status.counts(sunday, week=True)
    missing = unplanned.get(sunday, {})
    late = await at.store.status.too_late(sunday, week=True)
    return await _of_each(at, sorted({*missing, *(name for name, _ in counts)}), counts, missing, late, {}, {})


async def _of_each(
    at: House,
    names: Iterable[str],
    counts: Counts,
    unplanned: Mapping[str, int],
    late: Mapping[str, int],
    lost: Mapping[str, int],
    wishes: Wishes,
) -> tuple[Row, ...]:
    """Return a row for each platform."""
    now = at.clock()
    return tuple(
        [
            Row(
                **asdict(tally(name, counts, wishes, unplanned=unplanned.get(name, 0))),
                late=late.get(name, 0),
                changes_lost=lost.get(name, 0),
                sender=await at.store.leases.sender(name, now) or None,
            )
            for name in names
        ]
    )


def _lines(troubles: Iterable[Trouble], settings: Settings) -> tuple[Line, ...]:
    """Return the chats in trouble, without any secret."""
    return tuple(
        Line(
            where=f"{one.chat.platform} {one.chat.called}",
            state=one.state,
            reason=masked(one.reason or "", settings),
        )
        for one in troubles
    )


def _print(morning: Morning) -> None:
    digest = morning.digest
    terminal.say(
        f"{morning.day}: {f'{digest.title}, {digest.items} items' if digest else 'no digest is published'}",
        style="bold",
    )
    if morning.overdue:
        terminal.say(f"It must be published by {morning.overdue:%H:%M} (DIGESTBOT_ALARM_AT)", style="yellow")
    if morning.rows:
        names = _NUMBERS
        rows = [(row.platform, *(getattr(row, name) for name in names)) for row in morning.rows]
        terminal.table(("platform", *names), rows, numbers=names)
    else:
        terminal.say("Nobody has subscribed, and no platform is set up.")
    for row in morning.rows:
        _print_sender(row)
    for other in morning.elsewhere:
        _print_few(f"{other.day}, where that day lasts still", other.rows)
    if morning.week:
        _print_few(f"The week {Week.of(morning.day).name}", morning.week)
    _print_lines("The week, not delivered", morning.week_failing)
    _print_lines("Not delivered", morning.failing)
    _print_lines("Not corrected or taken back", morning.changes_failing)
    for other in morning.elsewhere:
        _print_lines(f"Of {other.day}, not delivered", other.failing)
    if morning.held_up:
        terminal.say(f"\n{morning.held_up} have been tried in vain for half an hour or more", style="yellow")
    _print_lines("Paused", morning.paused)
    _print_lines("Refused files", morning.refused)


def _print_few(heading: str, rows: Sequence[Row]) -> None:
    terminal.say(f"\n{heading}", style="bold")
    cells = [(row.platform, *(getattr(row, name) for name in _FEW_NUMBERS)) for row in rows]
    terminal.table(("platform", *_FEW_NUMBERS), cells, numbers=_FEW_NUMBERS)


def _print_sender(row: Row) -> None:
    if row.sender:
        terminal.say(f"{row.platform}: process {row.sender} is sending")
    else:
        terminal.say(f"{row.platform}: nobody is sending now", style="yellow")


def _print_lines(heading: str, lines: Sequence[Line]) -> None:
    if lines:
        terminal.say(f"\n{heading}", style="bold")
        for line in lines:
            terminal.say(f"  {line.where}: {told(line.state, line.reason or 'no reason given')}")
