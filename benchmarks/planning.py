"""Planning: a few of a million subscriptions are due."""

import asyncio
import random
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from rich.table import Table

from benchmarks import child, household, library
from benchmarks.figures import median, now_mib, peak_mib, spread
from benchmarks.household import Wish
from bot import runtime, schedule
from bot.categories import default_taxonomy
from bot.config import Settings
from bot.delivery import Planner
from bot.models import Slot
from bot.sorting import Sorter
from bot.sources import Intake
from bot.store import Store, codec

GOAL_SECONDS = 3.0
GOAL_MIB = 200
_NOW = datetime(2025, 10, 12, 0, 0, 30, tzinfo=UTC)
"""A Sunday, eight in the morning in Shanghai, nine in Tokyo, two in the night in Berlin."""
_ZONES = {
    "Asia/Shanghai": 40,
    "Asia/Hong_Kong": 8,
    "Asia/Taipei": 8,
    "Asia/Singapore": 6,
    "Asia/Tokyo": 6,
    "Asia/Kolkata": 3,
    "Australia/Sydney": 3,
    "Europe/London": 5,
    "Europe/Berlin": 5,
    "Europe/Paris": 3,
    "America/New_York": 6,
    "America/Chicago": 2,
    "America/Los_Angeles": 5,
    "America/Sao_Paulo": 2,
    "Africa/Johannesburg": 1,
    "Asia/Kathmandu": 1,
}
"""Where readers live, by weight."""
_DAYS = {"1234567": 8, "12345": 3, "67": 1}
_MINUTES = {0: 10, 30: 5, 15: 1, 45: 1}
_HOURS = {**dict.fromkeys(range(24), 1), 7: 12, 8: 20, 9: 10, 12: 6, 18: 6, 20: 5, 22: 3}


def tables(*, subscriptions: int, due: int) -> Iterator[Table]:
    """Measure and yield the table."""
    with TemporaryDirectory() as folder:
        path = str(Path(folder) / "planning.db")
        child.run("planning", "filling", database=path, subscriptions=subscriptions, due=due)
        found = child.run("planning", "planning", database=path, due=due)
        size = Path(path).stat().st_size / 2**20
    table = Table("", "time", "goal", title=f"Planning: {due} due of {subscriptions} subscriptions")
    table.add_row("plan all that is due", f"{found['first']:.2f} s", f"< {GOAL_SECONDS:g} s")
    again = found["again"]
    table.add_row("plan again, nothing is new", f"{median(again) * 1000:.0f} ms ({spread(again)})", "every second")
    table.add_row("claim the first 256", f"{found['claim'] * 1000:.0f} ms", "")
    table.add_row("peak memory", f"{found['peak']:.0f} MiB", f"< {GOAL_MIB} MiB")
    table.add_row("of it added by planning", f"{found['peak'] - found['before']:.0f} MiB", "")
    table.add_row("database", f"{size:.0f} MiB, {found['slots']} slots", "")
    yield table


async def planning(database: str, due: int) -> dict[str, Any]:
    """Plan, in a process that has seen nothing else; seconds and MiB."""
    store = await Store.open(f"sqlite+aiosqlite:///{database}")
    try:
        settings = Settings()
        planner = Planner(store, catch_up=settings.catch_up, correct_for=settings.correct_for)
        runtime.spare_the_collector()
        before = now_mib()
        first, planned = await _planned(planner)
        if planned != due:
            raise SystemExit(f"{planned} deliveries were planned, not {due}")
        again = [(await _planned(planner))[0] for _ in range(5)]
        start = time.perf_counter()
        await store.deliveries.claim("telegram", "benchmark:1:0", _NOW, 256)
        claim = time.perf_counter() - start
        slots = len(await store.deliveries.slots())
    finally:
        await store.close()
    return {"first": first, "again": again, "claim": claim, "before": before, "peak": peak_mib(), "slots": slots}


async def _planned(planner: Planner) -> tuple[float, int]:
    start = time.perf_counter()
    planned = await planner.plan(_NOW)
    return time.perf_counter() - start, planned


async def filling(database: str, subscriptions: int, due: int) -> dict[str, Any]:
    """Make a database on a morning: published days, and subscriptions of which only `due` were not yet served."""
    store = await Store.open(f"sqlite+aiosqlite:///{database}")
    try:
        taxonomy = default_taxonomy()
        await store.categories.follow(taxonomy.categories)
        published = _NOW - timedelta(days=1)
        sorter = Sorter(store=store, taxonomy=taxonomy, clock=lambda: published)
        intake = Intake(store=store, sorter=sorter, clock=lambda: published)
        for day in schedule.days_at(_NOW)[:2]:
            await intake.take(library.document(day, items=9), origin=f"{day}.md")
    finally:
        await store.close()
    await asyncio.to_thread(household.fill, Path(database), _wishes(subscriptions, due))
    return {}


def _wishes(subscriptions: int, due: int) -> Iterator[tuple[int, Wish]]:
    """Yield the wishes, those that are due strewn among the others."""
    dice = random.Random(subscriptions)
    opening, others = _sorted_slots()
    for number in range(1, subscriptions + 1):
        is_due = number * due // subscriptions > (number - 1) * due // subscriptions
        yield number, dice.choice(opening) if is_due else dice.choice(others)


def _sorted_slots() -> tuple[list[Wish], list[Wish]]:
    """Return the wishes that have just fallen due, and all others, each as often as it is wished."""
    opening, others = [], []
    dice = random.Random(1)
    for _ in range(20_000):
        zone, days = _pick(dice, _ZONES), _pick(dice, _DAYS)
        at = f"{_pick(dice, _HOURS):02}:{_pick(dice, _MINUTES):02}"
        wish = Wish(zone=zone, at=at, days=days)
        span = _window(wish)
        if span and span.opens <= _NOW < span.opens + timedelta(minutes=1):
            opening.append(wish)
        else:
            others.append(Wish(zone=zone, at=at, days=days, served=_served(wish)))
    return opening, others


def _pick(dice: random.Random, weights: dict[Any, int]) -> Any:  # noqa: ANN401  # whatever is weighed
    return dice.choices(list(weights), list(weights.values()))[0]


def _window(wish: Wish) -> schedule.Window | None:
    slot = Slot(
        zone=wish.zone,
        at=datetime.strptime(wish.at, "%H:%M").time(),  # noqa: DTZ007  # a time of day
        days=codec.days_from_text(wish.days),
    )
    return schedule.window(slot, _NOW)


def _served(wish: Wish) -> date:
    """Return the day such a subscription was last served by now."""
    today = _NOW.astimezone(ZoneInfo(wish.zone)).date()
    span = _window(wish)
    return today if span and span.opens <= _NOW else today - timedelta(days=1)
