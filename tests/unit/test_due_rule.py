"""The due rule, whatever happens: a walk through days and zones with the real store, against a rule of its own."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import initialize, invariant, rule

from bot.errors import NotDelivered, RateLimited
from bot.models import Chat, Days, DeliveryState, Slot, Subscription, SubscriptionState, Workdays
from tests.fakes import chat, digest, load, subscription
from tests.unit.delivering import Line, World, ledger
from tests.unit.walking import MINUTE, Walk

ZONES = (
    "Asia/Shanghai",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "Pacific/Kiritimati",
    "Europe/Dublin",
)
CHANGES = (
    ("America/New_York", datetime(2025, 3, 9, 7, tzinfo=UTC)),
    ("America/New_York", datetime(2025, 11, 2, 6, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2025, 4, 5, 15, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2025, 10, 4, 15, 30, tzinfo=UTC)),
    ("Africa/Cairo", datetime(2025, 4, 24, 22, tzinfo=UTC)),
    ("Africa/Cairo", datetime(2025, 10, 30, 21, tzinfo=UTC)),
    ("Europe/Dublin", datetime(2025, 3, 30, 1, tzinfo=UTC)),
    ("Europe/Dublin", datetime(2025, 10, 26, 1, tzinfo=UTC)),
)
"""Where and when the clocks are changed, by half an hour on Lord Howe; Cairo skips a midnight and repeats one."""
DAY = timedelta(days=1)
FREE_WEEKDAYS = (
    "0101 0128 0129 0130 0131 0203 0204 0404 0501 0502 0505 0602 1001 1002 1003 1006 1007 1008".split()  # noqa: SIM905
)
WORKED_WEEKENDS = "0126 0208 0427 0928 1011".split()  # noqa: SIM905
"""China's in 2025, by the notice of its State Council; the walks begin and stay in that year."""
SEVERAL_HOURS = 180
"""Minutes; no zone repeats more than one hour."""

FULL_WEEK = frozenset(range(1, 8))

zones = st.sampled_from(ZONES)
minutes_from_now = st.one_of(st.integers(-150, 150), st.integers(-700, 700))
some_days: st.SearchStrategy[Days] = st.one_of(
    st.just(FULL_WEEK),
    st.just(FULL_WEEK),
    st.frozensets(st.integers(1, 7), min_size=4),
    st.just(Workdays.CHINA),
)
some_chats = st.integers(1, 4).map(lambda number: chat(number % 3, topic="7" if number == 4 else ""))


def is_wanted(day: date, days: Days) -> bool:
    """Tell whether `day` is one of `days`, from lists of our own."""
    if not isinstance(days, Workdays):
        return day.isoweekday() in days
    weekend = day.weekday() >= 5
    return f"{day:%m%d}" in WORKED_WEEKENDS if weekend else f"{day:%m%d}" not in FREE_WEEKDAYS


def slot_near(now: datetime, minutes: int, zone: str, days: Days) -> Slot:
    """Return a slot whose hour on the wall is some minutes away."""
    there = now.astimezone(ZoneInfo(zone)) + minutes * MINUTE
    return Slot(zone=zone, at=time(there.hour, there.minute), days=days)


def local(now: datetime, slot: Slot) -> datetime:
    return now.astimezone(ZoneInfo(slot.zone))


def has_struck(slot: Slot, now: datetime) -> bool:
    """Tell whether the clocks on the wall have shown the hour on this local day, minute by minute backwards.

    An hour that comes twice has struck when it came first; one that is left out strikes with the first minute after.
    """
    here = local(now, slot)
    if here.time() >= slot.at:
        return True
    earlier = (local(now - back * MINUTE, slot) for back in range(SEVERAL_HOURS))
    return any(then.date() == here.date() and then.time() >= slot.at for then in earlier)


def struck_at(slot: Slot, now: datetime) -> datetime:
    """Return the first minute of this local day at which the hour has struck, by halving."""
    low, high = now - 26 * timedelta(hours=1), now
    today = local(now, slot).date()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if local(middle, slot).date() == today and has_struck(slot, middle):
            high = middle
        else:
            low = middle
    return high


class Mornings(Walk):
    """Chats come and go, clocks run and jump, digests come late and anew, the process dies; each day comes once."""

    def __init__(self) -> None:
        super().__init__()
        self.published: dict[date, datetime] = {}
        self.expected: dict[tuple[Chat, date], Slot] = {}

    @initialize(
        change=st.sampled_from(CHANGES),
        before=st.integers(0, 130),
        wishes=st.lists(st.tuples(minutes_from_now, zones), min_size=1, max_size=2),
        near=st.integers(0, 150),
    )
    def begin(self, change: tuple[str, datetime], before: int, wishes: list[tuple[int, str]], near: int) -> None:
        zone, moment = change
        self.now = moment - before * MINUTE
        for number, (minutes, place) in enumerate([(near, zone), *wishes]):
            self.put(subscription(chat(number), slot=slot_near(self.now, minutes, place, FULL_WEEK), since=self.now))
        for ahead in (-1, 0, 1):
            self.a_digest_or_a_new_revision_comes(ahead, "story")

    def put(self, wish: Subscription) -> None:
        """Store a wish as the commands do; settings alone do not begin a subscription anew, coming back sooner does."""
        known = self.wishes.get(wish.chat)
        sooner = known is not None and known.away_until and (wish.away_until or date.min) < known.away_until
        same = known is not None and known.state is wish.state and not sooner
        self.wishes[wish.chat] = replace(wish, since=known.since) if known and same else wish
        self.runner.run(self.world.subscribe(wish))

    # -------------------------------------------------------------- what happens

    @rule(of=some_chats, minutes=minutes_from_now, zone=zones, days=some_days)
    def somebody_subscribes_or_changes_the_hour(self, of: Chat, minutes: int, zone: str, days: Days) -> None:
        self.put(subscription(of, slot=slot_near(self.now, minutes, zone, days), since=self.now))
        self.tick()

    @rule(of=some_chats, minutes=minutes_from_now)
    def somebody_changes_the_hour_alone(self, of: Chat, minutes: int) -> None:
        if of in self.wishes:
            slot = self.wishes[of].slot
            near = slot_near(self.now, minutes, slot.zone, slot.days)
            self.put(replace(self.wishes[of], slot=near, since=self.now))
            self.tick()

    @rule(of=some_chats, days=st.one_of(st.integers(-1, 4), st.integers(-1, 40)))
    def somebody_goes_away_or_comes_back(self, of: Chat, days: int) -> None:
        if of in self.wishes:
            until = self.now.date() + days * DAY if days > 0 else None
            self.put(replace(self.wishes[of], away_until=until, since=self.now))
            self.tick()

    @rule(of=some_chats)
    def somebody_leaves(self, of: Chat) -> None:
        if of in self.wishes:
            self.put(replace(self.wishes[of], state=SubscriptionState.OFF, since=self.now))

    @rule(ahead=st.integers(-1, 2), word=st.sampled_from(("story", "fixed")))
    def a_digest_or_a_new_revision_comes(self, ahead: int, word: str) -> None:
        day = (self.now + ahead * DAY).date()
        self.runner.run(load(self.world.store, digest(day, items=1, word=word), now=self.now))
        self.published.setdefault(day, self.now)
        self.tick()

    def tick(self) -> None:
        """Plan, as the running process does every second, and expect what the rule of our own says."""
        for wish in self.wishes.values():
            if day := self.due_day(wish):
                self.expected.setdefault((wish.chat, day), wish.slot)
        self.runner.run(self.world.plan())

    @rule()
    def what_is_planned_is_sent(self) -> None:
        self.runner.run(self.world.round())

    @rule(of=some_chats, flood=st.booleans())
    def the_next_send_fails(self, of: Chat, *, flood: bool) -> None:
        error = RateLimited("wait", retry_after=0, scope="chat") if flood else NotDelivered("connection refused")
        self.platform.script(of.address, error)

    @rule()
    def the_process_dies_and_another_begins(self) -> None:
        self.runner.run(self.restart())

    async def restart(self) -> None:
        old = self.world
        await old.store.deliveries.claim("console", old.store.leases.owner, old.now, 2)
        await old.store.close()
        self.world = World(await self.another_store(), self.platform, now=old.now)
        broadcast = self.world.broadcast()
        run = asyncio.create_task(broadcast.run())
        while any(self.is_open(line) for line in await ledger(self.world.store)):  # noqa: ASYNC110
            await asyncio.sleep(0.001)
        await broadcast.stop(1)
        await run

    def is_open(self, line: Line) -> bool:
        """Tell whether the broadcast has this delivery to make now."""
        may_begin = line.state is DeliveryState.PLANNED and line.next_at <= self.now
        return may_begin or line.state is DeliveryState.CLAIMED

    # -------------------------------------------------------------- what must hold

    def due_day(self, wish: Subscription) -> date | None:
        """Return the day that is due now, decided by walking the clock and by nothing of ours."""
        here = local(self.now, wish.slot)
        day = here.date()
        if wish.state is not SubscriptionState.ON or day not in self.published or not has_struck(wish.slot, self.now):
            return None
        if not is_wanted(day, wish.slot.days) or (wish.away_until and day < wish.away_until):
            return None
        fell_due = max(struck_at(wish.slot, self.now), self.published[day])
        return day if wish.since <= fell_due else None

    @invariant()
    def each_day_came_once_where_it_was_due(self) -> None:
        lines = [line for line in self.runner.run(ledger(self.world.store)) if line.occasion.startswith("day:")]
        counted = Counter((line.chat, day_of(line)) for line in lines)
        assert set(counted) == set(self.expected)
        assert set(counted.values()) <= {1}
        self.readers_have_what_the_ledger_calls_sent([line for line in lines if line.state is DeliveryState.SENT])

    def readers_have_what_the_ledger_calls_sent(self, lines: list[Line]) -> None:
        digests = [message for message in self.platform.messages if "News of" in message.part.markup]
        seen = Counter((message.chat, day_in(message.part.markup)) for message in digests)
        assert set(seen) == {(line.chat, str(day_of(line))) for line in lines}
        assert set(seen.values()) <= {1}
        for line in lines:
            assert line.settled_at
            # By a clock that was ahead a day begins early, and what was due then stays due when it is set back.
            assert local(line.settled_at, self.expected[line.chat, day_of(line)]).date() <= day_of(line)


def day_of(line: Line) -> date:
    return date.fromisoformat(line.occasion.removeprefix("day:"))


def day_in(markup: str) -> str:
    """Return the day that a message of a test digest speaks of."""
    return markup.partition("News of ")[2][: len("2025-10-12")]


Mornings.TestCase.settings = settings(
    max_examples=20,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestMornings = Mornings.TestCase
