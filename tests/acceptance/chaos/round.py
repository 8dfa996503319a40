"""A round: the bot at work, ended again and again, until everybody has what is published; then the count."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.app import LAST_CALL
from bot.contract import Capability
from bot.models import Chat
from tests.acceptance import ledger
from tests.acceptance.application import DISCORD_TOKEN, TOKEN, Application, judge
from tests.acceptance.chaos.count import Spot, complete, count
from tests.acceptance.chaos.discord import DiscordSide, rooms
from tests.acceptance.chaos.outcome import Outcome, Tally
from tests.acceptance.chaos.plan import News, Plan, Stop
from tests.acceptance.chaos.readers import Readers
from tests.acceptance.chaos.side import Side
from tests.acceptance.chaos.telegram import TelegramSide, people
from tests.acceptance.chaos.wecom import WecomSide, robots
from tests.acceptance.documents import Here, document, here
from tests.acceptance.seeding import subscribe
from tests.emulators.discord import DiscordEmulator
from tests.emulators.telegram import TelegramEmulator
from tests.emulators.wecom import WecomEmulator

PEOPLE, ROOMS, ROBOTS = 30, 24, 12
"""How many chats each side has."""
SETTLED_WITHIN = 90.0
"""Seconds from the last start until nothing is open: three waits of the longest that so few attempts bring."""
CORRECTED_WITHIN = 45.0
"""Seconds from another start until a correction has reached everybody."""
FIRST_SENTENCES = 36


class Round:
    """One process in one folder, the sides it meets, one plan."""

    def __init__(self, plan: Plan, bot: Application, place: Here, sides: Sequence[Side]) -> None:
        self._plan, self._place, self._bot = plan, place, bot
        self._readers = [Readers(side=side) for side in sides]
        self._sides = sides
        self._in_flight: Counter[tuple[str, Spot]] = Counter()
        self._published: bytes | None = None
        self._outcome = Outcome(plan=plan)

    async def play(self) -> Outcome:
        """Play it to the end."""
        begun = time.monotonic()
        await self._publish(FIRST_SENTENCES, "")
        for side in self._sides:
            side.brew(self._plan)
        for number, stop in enumerate(self._plan.stops):
            await self._live(number, stop)
        for side in self._sides:
            side.calm()
        await self._finish()
        self._outcome.tallies = [self._tally(readers) for readers in self._readers]
        self._outcome.seconds = time.monotonic() - begun
        return self._outcome

    async def _live(self, number: int, stop: Stop) -> None:
        """Start the bot, let it do something, and end it."""
        await (self._bot.launch() if stop.early else self._bot.start())
        ending = asyncio.create_task(self._end(stop))
        try:
            if stop.news is not News.NONE:
                await self._happens(stop.news, stop.sentences, number)
        finally:
            await ending

    async def _end(self, stop: Stop) -> None:
        await asyncio.sleep(stop.after)
        database, process = self._bot.database, self._bot.pid
        if stop.gently:
            self._outcome.terms += 1
            begun = time.monotonic()
            self._expect(await self._bot.stop() == 0, "SIGTERM: the exit code is not 0")
            # What a killed one had claimed stays, where this one was told to end before it had taken the account over.
            self._expect(not (left := ledger.held(database, process)), f"SIGTERM left {left}")
            if time.monotonic() - begun > LAST_CALL:
                self._cut_off("unknown")
            return
        await self._bot.kill()
        self._outcome.kills += 1
        self._cut_off("sending")

    def _cut_off(self, state: str) -> None:
        """Count the sends that were under way: at a kill, or when a stop ran out of patience with slow answers."""
        left = [part for part in ledger.parts(self._bot.database, state) if part.message_id is None]
        self._in_flight.update((part.platform, (part.chat, part.number)) for part in left)

    async def _happens(self, news: News, sentences: int, number: int) -> None:
        self._outcome.news.append(news)
        if news is News.REVISION:
            await self._publish(sentences, f"第{number}次更正。")
        elif self._published:
            ended = await self._bot.command("retract", str(self._place.today), "--yes")
            assert ended.code == 0, ended
            self._published = None
            for readers in self._readers:
                readers.withdrawn = True

    async def _publish(self, sentences: int, note: str) -> None:
        source = document(self._place.today, sentences=sentences, note=note, headline=note)
        for readers in self._readers:
            readers.learn(source)
        await self._bot.loads("today.md", source)
        self._published = source

    async def _finish(self) -> None:
        """Let it work undisturbed; and once more, since another start looks for corrections at once."""
        await self._bot.start()
        await self._patiently(self._settled, SETTLED_WITHIN)
        if not self._complete():
            self._expect(await self._bot.stop() == 0, "SIGTERM: the exit code is not 0")
            await self._bot.start()
            await self._patiently(lambda: self._settled() and self._complete(), CORRECTED_WITHIN)
        self._expect(await self._bot.stop() == 0, "SIGTERM: the exit code is not 0")
        self._expect(self._settled(), "deliveries are open")
        judge(self._bot.log)

    def _settled(self) -> bool:
        return not ledger.unsettled(self._bot.database)

    def _complete(self) -> bool:
        return all(complete(readers, self._published, self._bot.database) for readers in self._readers)

    def _tally(self, readers: Readers) -> Tally:
        side = readers.side
        platform = side.dialect.platform
        found = count(readers, self._published, self._bot.database)
        # Whoever is killed forgets how long a chat wanted to be left alone.
        found.wrong += [one for one in side.violations if "flood wait" not in one]
        found.wrong += [f"a key is in the log: {key[-4:]}" for key in side.keys if key in self._bot.log]
        once = {one.chat.address for one in side.subscribers if self._must_be_once(side, one.chat)}
        # Cut off on its way and then overtaken by a revision with fewer parts: it is not sent again, and has no name.
        untold = {(part.chat, part.number) for part in ledger.parts(self._bot.database, "unknown", platform=platform)}
        may_stand = {spot for spot in found.doubled | self._of(platform) if spot[0] not in once or spot in untold}
        again = Counter({spot: times for spot, times in found.doubled.items() if spot not in may_stand})
        found.doubled -= again
        left = {spot: times for spot, times in self._of(platform).items() if spot in may_stand}
        return Tally(
            platform=platform,
            count=found,
            in_flight=Counter(left),
            unknowns=side.unknowns,
            sent=side.sent,
            again=again if Capability.IDEMPOTENT in side.dialect.capabilities else None,
        )

    def _of(self, platform: str) -> Counter[Spot]:
        """Return the sends to one platform that were cut off."""
        return Counter({spot: times for (at, spot), times in self._in_flight.items() if at == platform})

    def _must_be_once(self, side: Side, chat: Chat) -> bool:
        """What was on its way when the digest was withdrawn is not repeated, and nobody learns whether it stands."""
        return News.RETRACTION not in self._outcome.news and not side.may_double(chat)

    async def _patiently(self, seen: Callable[[], bool], seconds: float) -> None:
        """Wait for it; when it does not come, the count will tell what is missing."""
        deadline = time.monotonic() + seconds
        while not seen():
            if time.monotonic() > deadline or not self._bot.running:
                self._expect(holds=False, what=f"not done within {seconds:.0f} s")
                return
            await asyncio.sleep(0.05)

    def _expect(self, holds: bool, what: str) -> None:  # noqa: FBT001
        if not holds:
            self._outcome.wrong.append(what)


async def play(plan: Plan, folder: Path, seeding: asyncio.Lock) -> Outcome:
    """Play a round in a folder of its own; `seeding` since Alembic migrates one database at a time."""
    place = here()
    async with TelegramEmulator(TOKEN) as telegram, DiscordEmulator(DISCORD_TOKEN) as discord, WecomEmulator() as wecom:
        sides: tuple[Side, ...] = (
            TelegramSide(telegram, people(telegram, place.zone, PEOPLE)),
            DiscordSide(discord, rooms(discord, place.zone, ROOMS)),
            WecomSide(wecom, robots(wecom, place.zone, ROBOTS)),
        )
        settings = {name: value for side in sides for name, value in side.settings.items()}
        bot = Application(folder, telegram, **settings)
        async with seeding:
            await subscribe(bot, [one for side in sides for one in side.subscribers])
        return await Round(plan, bot, place, sides).play()
