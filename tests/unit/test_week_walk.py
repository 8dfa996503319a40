"""The week, whatever happens: a walk around a Sunday with the real store, against a rule of its own."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import initialize, invariant, rule

from bot.errors import NotDelivered, RateLimited
from bot.models import Chat, DeliveryState, Slot, Subscription, SubscriptionState, Week
from bot.schedule import WEEK_GRACE
from tests.fakes import chat, digest, load, subscription
from tests.unit.delivering import Line, World, ledger
from tests.unit.test_due_rule import local, slot_near, struck_at
from tests.unit.walking import MINUTE, Walk

SUNDAYS = (
    ("Asia/Shanghai", date(2025, 10, 12)),
    ("America/New_York", date(2025, 3, 9)),
    ("America/New_York", date(2025, 11, 2)),
    ("Australia/Lord_Howe", date(2025, 4, 6)),
    ("Europe/Dublin", date(2025, 10, 26)),
    ("Pacific/Kiritimati", date(2025, 10, 12)),
)
"""Where and when; on most of these Sundays the clocks are changed."""
ZONES = tuple(dict.fromkeys(zone for zone, _ in SUNDAYS))
LAST_CALL = timedelta(minutes=30)
SEVEN_DAYS = frozenset(range(1, 8))
SUNDAY = 7

near = st.one_of(st.integers(-150, 150), st.integers(-700, 700))
some_chats = st.integers(1, 3).map(chat)
some_days = st.sampled_from([SEVEN_DAYS, SEVEN_DAYS, frozenset(range(1, 6))])


class Sundays(Walk):
    """Wishes and digests come and go, clocks run and jump, the process dies; each week comes once where it was due."""

    def __init__(self) -> None:
        super().__init__()
        self.published: dict[date, datetime] = {}
        self.expected: dict[tuple[Chat, Week], Slot] = {}

    @initialize(
        where=st.sampled_from(SUNDAYS), hour=st.integers(-4, 22), minutes=st.lists(near, min_size=1, max_size=2)
    )
    def begin(self, where: tuple[str, date], hour: int, minutes: list[int]) -> None:
        zone, sunday = where
        self.sunday = sunday
        noon = datetime.combine(sunday, time(12), UTC)
        self.now = (
            noon - (local(noon, Slot(zone=zone, at=time())).replace(tzinfo=UTC) - noon) + (hour - 12) * 60 * MINUTE
        )
        for number, away in enumerate(minutes, 1):
            self.put(self.wish(chat(number), away, zone, SEVEN_DAYS))
        self.a_digest_comes(-2)

    def wish(self, who: Chat, minutes: int, zone: str, days: frozenset[int]) -> Subscription:
        return replace(subscription(who, slot=slot_near(self.now, minutes, zone, days), since=self.now), weekly=True)

    def put(self, wish: Subscription) -> None:
        """Store a wish as the commands do; settings alone do not begin a subscription anew."""
        known = self.wishes.get(wish.chat)
        same = known is not None and known.state is wish.state
        self.wishes[wish.chat] = replace(wish, since=known.since) if known and same else wish
        self.runner.run(self.world.subscribe(wish))

    # -------------------------------------------------------------- what happens

    @rule(who=some_chats, minutes=near, zone=st.sampled_from(ZONES), days=some_days)
    def somebody_subscribes_or_changes_settings(self, who: Chat, minutes: int, zone: str, days: frozenset[int]) -> None:
        self.put(self.wish(who, minutes, zone, days))
        self.tick()

    @rule(who=some_chats, on=st.booleans())
    def the_week_is_switched(self, who: Chat, on: bool) -> None:  # noqa: FBT001
        if who in self.wishes:
            self.put(replace(self.wishes[who], weekly=on))
            self.tick()

    @rule(who=some_chats, state=st.sampled_from([SubscriptionState.ON, SubscriptionState.OFF]))
    def somebody_leaves_or_comes_back(self, who: Chat, state: SubscriptionState) -> None:
        if who in self.wishes:
            self.put(replace(self.wishes[who], state=state, since=self.now))
            self.tick()

    @rule(back=st.integers(-8, 1))
    def a_digest_comes(self, back: int) -> None:
        day = self.sunday + timedelta(days=back)
        self.runner.run(load(self.world.store, digest(day, items=2), now=self.now))
        self.published.setdefault(day, self.now)
        self.tick()

    @rule(who=some_chats)
    def sending_stumbles(self, who: Chat) -> None:
        flood = RateLimited("wait", retry_after=0, scope="chat")
        self.platform.script(who.address, NotDelivered("no connection"), flood)

    @rule()
    def the_process_dies_and_starts_again(self) -> None:
        self.runner.run(self.world.store.close())
        self.runner.run(self._reopen())
        self.tick()

    async def _reopen(self) -> None:
        now = self.now
        self.world = World(await self.another_store(), self.platform, now=now)

    def tick(self) -> None:
        """Plan as the bot does, and let everything arrive before the clock goes on."""
        for who, wish in self.wishes.items():
            if (week := self.due_week(wish)) and (who, week) not in self.expected:
                self.expected[who, week] = wish.slot
        now = self.now
        self.runner.run(self.world.plan())
        self.runner.run(self.arrive())
        self.now = now

    async def arrive(self) -> None:
        """Try until nothing is open; waits are seconds, and no window of this walk ends within them."""
        while await self.world.store.status.waiting():
            self.now += timedelta(seconds=5)
            await self.world.round()

    # -------------------------------------------------------------- what must hold

    def due_week(self, wish: Subscription) -> Week | None:
        """Return the week that is due now, decided by the clock on the wall and by nothing of ours."""
        here = local(self.now, wish.slot)
        if not wish.weekly or wish.state is not SubscriptionState.ON or here.isoweekday() != SUNDAY:
            return None
        week = Week.of(here.date())
        if not any(day in self.published for day in week.days):
            return None
        struck = self.strikes(wish.slot, here.date())
        waits = min(struck + WEEK_GRACE, self.midnight(wish.slot, here.date()) - LAST_CALL)
        out = self.published.get(week.sunday)
        fell_due = max(struck, min(out, waits) if out else waits)
        return week if wish.since <= fell_due <= self.now else None

    def strikes(self, slot: Slot, day: date) -> datetime:
        """Return when the hour strikes on that day, seen from its last minute; hours are whole minutes."""
        return struck_at(slot, self.midnight(slot, day) - MINUTE).replace(second=0, microsecond=0)

    def midnight(self, slot: Slot, day: date) -> datetime:
        """Return the end of that day, minute by minute."""
        moment = datetime.combine(day, time(), UTC) - timedelta(hours=15)
        while local(moment, slot).date() <= day:
            moment += timedelta(hours=1)
        while local(moment - MINUTE, slot).date() > day:
            moment -= MINUTE
        return moment

    @invariant()
    def each_week_came_once_where_it_was_due(self) -> None:
        lines = [line for line in self.runner.run(ledger(self.world.store)) if line.occasion.startswith("week:")]
        counted = Counter((line.chat, line.occasion) for line in lines)
        assert set(counted) == {(who, f"week:{week.name}") for who, week in self.expected}
        assert set(counted.values()) <= {1}
        self.readers_have_what_the_ledger_calls_sent([line for line in lines if line.state is DeliveryState.SENT])

    def readers_have_what_the_ledger_calls_sent(self, lines: list[Line]) -> None:
        seen = Counter(
            one.chat for one in self.platform.messages if one.part.number == 1 and "The week" in one.part.markup
        )
        assert seen == Counter(line.chat for line in lines)


Sundays.TestCase.settings = settings(
    max_examples=12,
    stateful_step_count=15,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestSundays = Sundays.TestCase
