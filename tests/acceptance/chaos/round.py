"""A round: the bot at work, ended again and again, until everybody has what is published; then the count."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.acceptance import ledger
from tests.acceptance.application import TOKEN, Application, judge
from tests.acceptance.chaos.count import Count, Spot, complete, count
from tests.acceptance.chaos.plan import CHATS, News, Plan, Stop
from tests.acceptance.chaos.readers import Readers, gather
from tests.acceptance.chaos.weather import brew
from tests.acceptance.documents import Here, document, here
from tests.acceptance.seeding import subscribe
from tests.emulators.telegram import Rule, TelegramEmulator

SETTLED_WITHIN = 90.0
"""Seconds from the last start until nothing is open: three waits of the longest that so few attempts bring."""
CORRECTED_WITHIN = 45.0
"""Seconds from another start until a correction has reached everybody."""
FIRST_SENTENCES = 36


@dataclass(kw_only=True, slots=True)
class Outcome:
    """What became of a round. `in_flight` are the sends under way at the kills, `unknowns` those never answered."""

    plan: Plan
    count: Count = field(default_factory=Count)
    in_flight: Counter[Spot] = field(default_factory=Counter)
    unknowns: int = 0
    kills: int = 0
    terms: int = 0
    sent: int = 0
    news: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def faults(self) -> list[str]:
        """What must not be, in words; nothing when all is well."""
        lost = [f"chat {chat} lost part {number}" for chat, number in self.count.lost]
        unexplained = self.count.doubled - self.in_flight
        if unexplained.total() > self.unknowns:
            lost.append(f"doubled without a reason, {self.unknowns} unknowns but {dict(unexplained)}")
        return lost + self.count.wrong

    def __str__(self) -> str:
        plan = self.plan
        return (
            f"seed {plan.seed}: {plan.weather}, {self.kills} kills, {self.terms} stops, news {self.news or '-'}, "
            f"{self.sent} sent for {self.count.parts} parts; lost {self.count.lost.total()}, "
            f"doubled {self.count.doubled.total()} of at most {self.in_flight.total() + self.unknowns} "
            f"({self.in_flight.total()} in flight at kills, {self.unknowns} unanswered); {self.seconds:.0f} s"
        ) + "".join(f"\n    FAULT: {fault}" for fault in self.faults)


class Round:
    """One emulator, one folder, one plan."""

    def __init__(self, plan: Plan, folder: Path, emulator: TelegramEmulator, place: Here, readers: Readers) -> None:
        self._plan, self._place, self._readers, self._emulator = plan, place, readers, emulator
        self.bot = Application(folder, emulator, telegram_paid_broadcast="true")
        self._published: bytes | None = None
        self._outcome = Outcome(plan=plan)

    async def play(self) -> Outcome:
        """Play it to the end."""
        begun = time.monotonic()
        await self._publish(FIRST_SENTENCES, "")
        rules = brew(self._emulator, self._plan)
        for number, stop in enumerate(self._plan.stops):
            await self._live(number, stop)
        self._emulator.calm()
        await self._finish()
        self._sum_up(rules, begun)
        return self._outcome

    async def _live(self, number: int, stop: Stop) -> None:
        """Start the bot, let it do something, and end it."""
        await (self.bot.launch() if stop.early else self.bot.start())
        ending = asyncio.create_task(self._end(stop))
        try:
            if stop.news is not News.NONE:
                await self._happens(stop.news, stop.sentences, number)
        finally:
            await ending

    async def _end(self, stop: Stop) -> None:
        await asyncio.sleep(stop.after)
        database = self.bot.database
        if stop.gently:
            self._outcome.terms += 1
            self._expect(await self.bot.stop() == 0, "SIGTERM: the exit code is not 0")
            self._expect("claimed" not in ledger.deliveries(database), "SIGTERM left deliveries claimed")
            self._expect(not ledger.parts(database, "sending"), "SIGTERM left parts sending")
            return
        await self.bot.kill()
        self._outcome.kills += 1
        left = [part for part in ledger.parts(database, "sending") if part.message_id is None]
        self._outcome.in_flight.update((int(part.chat), part.number) for part in left)

    async def _happens(self, news: News, sentences: int, number: int) -> None:
        self._outcome.news.append(news)
        if news is News.REVISION:
            await self._publish(sentences, f"第{number}次更正。")
        elif self._published:
            ended = await self.bot.command("retract", str(self._place.today), "--yes")
            assert ended.code == 0, ended
            self._published = None

    async def _publish(self, sentences: int, note: str) -> None:
        source = document(self._place.today, sentences=sentences, note=note)
        self._readers.learn(source)
        await self.bot.load("today.md", source)
        self._published = source

    async def _finish(self) -> None:
        """Let it work undisturbed; and once more, since another start looks for corrections at once."""
        await self.bot.start()
        await self._patiently(lambda: not ledger.unsettled(self.bot.database), SETTLED_WITHIN)
        if not self._complete():
            self._expect(await self.bot.stop() == 0, "SIGTERM: the exit code is not 0")
            await self.bot.start()
            await self._patiently(self._complete, CORRECTED_WITHIN)
        self._expect(await self.bot.stop() == 0, "SIGTERM: the exit code is not 0")
        judge(self.bot.log)

    def _complete(self) -> bool:
        return complete(self._readers, self._published, self.bot.database)

    def _sum_up(self, rules: Sequence[Rule], begun: float) -> None:
        found = count(self._readers, self._published, self.bot.database)
        found.wrong += self._outcome.count.wrong
        # Whoever is killed forgets how long a chat wanted to be left alone.
        found.wrong += [one for one in self._emulator.violations if "flood wait" not in one]
        self._outcome.count = found
        self._outcome.unknowns = sum(rule.hits for rule in rules)
        self._outcome.sent = self._emulator.sent
        self._outcome.seconds = time.monotonic() - begun

    async def _patiently(self, seen: Callable[[], bool], seconds: float) -> None:
        """Wait for it; when it does not come, the count will tell what is missing."""
        deadline = time.monotonic() + seconds
        while not seen():
            if time.monotonic() > deadline or not self.bot.running:
                self._expect(holds=False, what=f"not done within {seconds:.0f} s")
                return
            await asyncio.sleep(0.05)

    def _expect(self, holds: bool, what: str) -> None:  # noqa: FBT001
        if not holds:
            self._outcome.count.wrong.append(what)


async def play(plan: Plan, folder: Path, seeding: asyncio.Lock) -> Outcome:
    """Play a round in a folder of its own; `seeding` since Alembic migrates one database at a time."""
    async with TelegramEmulator(TOKEN) as emulator:
        place = here()
        readers = gather(emulator, place, CHATS)
        one = Round(plan, folder, emulator, place, readers)
        async with seeding:
            await subscribe(one.bot, readers.subscribers)
        return await one.play()
