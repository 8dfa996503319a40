"""The playground: sample digests, chats in the browser, and a clock that can be moved. Nobody real is reached."""

import asyncio
import time as stopwatch
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from adapters.web import WebAdapter, WebDialect
from bot import app, markdown
from bot.app import House
from bot.config import Settings
from bot.models import Slot, SubscriptionState
from bot.schedule import ONE_DAY, days_at, instant, next_opening
from bot.sources import documents
from bot.web import Landing, Leap

SAMPLES = Path(__file__).parents[1] / "digests"
HEAD_START = timedelta(seconds=10)
"""How long before a push the clock is set: time to look."""
_HOUR = timedelta(hours=1)
_YEAR = 370
"""Days within which every zone that changes its clocks does so."""
_CHANGING = "Europe/Berlin"
"""Where the clocks change, for rooms whose own zones never do."""


class Clock:
    """A clock that begins at `start` (UTC), runs in real time, and can be put forward."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._begun = stopwatch.monotonic()

    def __call__(self) -> datetime:
        """Return the time, aware, in UTC."""
        return self._start + timedelta(seconds=stopwatch.monotonic() - self._begun)

    def put_forward(self, to: datetime) -> None:
        """Be `to` (UTC) now; a clock that is past it already stays."""
        self._start += max(to - self(), timedelta())


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A digest to be brought out on any day: the day it was written for is replaced wherever it stands."""

    day: date
    source: bytes

    def on(self, day: date) -> bytes:
        """Return it as the digest of `day`."""
        text = self.source.decode()
        for shape in ("%Y-%m-%d", "%Y.%m.%d"):
            text = text.replace(f"{self.day:{shape}}", f"{day:{shape}}")
        return text.encode()


@dataclass(frozen=True, kw_only=True)
class Playground:
    """The rooms, the clock, and a publisher who brings out a sample on every day that the clock comes to."""

    at: House
    rooms: WebAdapter
    clock: Clock
    samples: Sequence[Sample]
    _one_leap: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    @property
    def zone(self) -> str:
        """Where new rooms live, an IANA name."""
        return self.at.settings.zone

    def now(self) -> datetime:
        """Return the time here (UTC)."""
        return self.clock()

    async def leap(self, leap: Leap) -> Landing:
        """Move the clock, and bring out what a publisher would have by then."""
        async with self._one_leap:
            slots = await self._slots()
            due, slot = _next(leap, slots, self.clock() + HEAD_START)
            self.clock.put_forward(self.clock() + _HOUR if leap is Leap.HOUR else due - HEAD_START)
            await self.publish()
            return Landing(now=self.clock(), zone=slot.zone, due=due)

    async def publish(self) -> None:
        """Bring out the digests of the days that it is anywhere now."""
        days = [day for day in days_at(self.clock()) if instant(day, _EARLY, _EASTMOST) <= self.clock()]
        there = await self.at.store.digests.publications(days)
        for day in days:
            if day not in there:
                sample = self.samples[day.toordinal() % len(self.samples)]
                await self.at.intake.take(sample.on(day), origin=f"{day}.md")

    async def _slots(self) -> list[Slot]:
        """Return when the rooms have their digests; where there is none, when a new one would."""
        entries = await self.at.store.roster.all(platform=WebDialect.platform)
        wanted = [one.subscription.slot for one in entries if one.subscription.state is SubscriptionState.ON]
        return wanted or [Slot(zone=self.zone, at=self.at.settings.send_at)]


_EARLY = datetime.min.time()
_EASTMOST = ZoneInfo("Pacific/Kiritimati")


def _next(leap: Leap, slots: Sequence[Slot], now: datetime) -> tuple[datetime, Slot]:
    """Return when the next digest is due to any of `slots`, or on a day when the clocks change, and to which."""
    if leap is not Leap.CHANGE:
        return min(((next_opening(slot, now), slot) for slot in slots), key=lambda found: found[0])
    changing = [(day, slot) for slot in slots if (day := _change(slot, now))]
    if not changing:
        there = Slot(zone=_CHANGING, at=slots[0].at)
        changing = [(day, there)] if (day := _change(there, now)) else []
    day, slot = min(changing, key=lambda found: found[0])
    return instant(day, slot.at, ZoneInfo(slot.zone)), slot


def _change(slot: Slot, now: datetime) -> date | None:
    """Return the next day on which the clocks of the slot's zone change before its hour."""
    zone = ZoneInfo(slot.zone)
    today = now.astimezone(zone).date()
    for day in (today + number * ONE_DAY for number in range(1, _YEAR)):
        yesterday, here = (instant(one, slot.at, zone) for one in (day - ONE_DAY, day))
        if here - yesterday != ONE_DAY:
            return day
    return None


def samples() -> tuple[Sample, ...]:
    """Return the sample digests, oldest first; none where they were not shipped along."""
    found = (
        (markdown.parse(source, name=path.name), source)
        for path in documents([SAMPLES])
        for source in [path.read_bytes()]
    )
    return tuple(
        sorted((Sample(day=parsed.digest.day, source=source) for parsed, source in found), key=lambda one: one.day)
    )


@asynccontextmanager
async def opened(settings: Settings, brought: Sequence[Sample], **pages: object) -> AsyncIterator[Playground]:
    """Build a playground with a scratch database: the samples loaded, the push near. Nothing of it is left behind.

    Of `settings` it has the zone and the language; `pages` say where its pages are, if it is to have any of its own.
    """
    with TemporaryDirectory(prefix="digestbot-") as folder:
        scratch = _scratch(settings, folder, pages)
        early = datetime.combine(brought[0].day, _EARLY, UTC) - ONE_DAY
        async with app.house(scratch, lambda: early) as at:
            for sample in brought:
                await at.intake.take(sample.source, origin=f"{sample.day}.md")
        clock = Clock(instant(brought[-1].day, scratch.send_at, ZoneInfo(scratch.zone)) - HEAD_START)
        async with app.house(scratch, clock) as at:
            yield Playground(at=at, rooms=WebAdapter(), clock=clock, samples=brought)


@asynccontextmanager
async def beside(settings: Settings) -> AsyncIterator[Playground | None]:
    """Run a playground beside the real bot, for its pages: another database, another clock, and nobody real.

    None where there are no pages, or no samples to play with.
    """
    brought = samples() if settings.web_port is not None else ()
    if not brought:
        yield None
        return
    async with opened(settings, brought) as stage:
        stop = asyncio.Event()
        running = asyncio.create_task(app.run(stage.at, [stage.rooms], stop), name="playground")
        try:
            yield stage
        finally:
            stop.set()
            await running


def _scratch(settings: Settings, folder: str, pages: Mapping[str, object]) -> Settings:
    """Return settings of the playground's own: usual but for what the user chose of zone, language and pages."""
    kept = {"zone": settings.zone, "language": settings.language, "log_format": settings.log_format}
    return Settings.model_validate({"database_url": f"sqlite+aiosqlite:///{folder}/play.db", **kept, **pages})
