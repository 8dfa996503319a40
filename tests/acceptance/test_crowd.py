"""A thousand chats in three zones, one kill -9 on the way, one answer that never comes."""

import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.models import Part
from tests.acceptance import ledger
from tests.acceptance.application import Application
from tests.acceptance.documents import SUBJECTS, Here, document, parts_of, three_zones
from tests.acceptance.seeding import Subscriber, at_place, load, subscribe
from tests.acceptance.talk import Talk
from tests.emulators.telegram import Fault, Message, Place, TelegramEmulator

CHATS = 1000
KILL_AFTER = 333
"""Messages; what is left takes about as long as it takes to give up on an answer."""
VANISHED = 5
"""Messages that Telegram never took in, and the bot can't know when it is killed."""
A_SECOND = 30
"""Telegram's limit for all chats together."""
WISHES = (
    (SUBJECTS[0],),
    (SUBJECTS[1], SUBJECTS[2]),
    (SUBJECTS[3],),
    ("政策监管", SUBJECTS[4]),
    (SUBJECTS[5], SUBJECTS[0]),
)
NOTHING = ("政策监管",)
"""A category without items on any of these days."""


@dataclass(frozen=True, kw_only=True)
class Member:
    """A chat of the crowd and the messages it is to get."""

    place: Place
    subscriber: Subscriber
    parts: tuple[Part, ...]

    @property
    def heard(self) -> Sequence[Message]:
        return self.place.messages


@pytest.mark.timeout(110)
async def test_crowd__gets_the_right_edition_once_though_killed_on_the_way(
    tmp_path: Path, emulator: TelegramEmulator
) -> None:
    zones = three_zones(datetime.now(UTC))
    days = {here.today: document(here.today, sentences=24) for here in zones}
    application = Application(tmp_path, emulator)
    crowd = list(_crowd(emulator, zones, days))
    await subscribe(application, (member.subscriber for member in crowd))
    async with application:
        await load(application, days)
        await application.until(lambda: emulator.sent >= KILL_AFTER, 40)
        await _grow_bad(application, emulator)
        await application.kill()
        in_flight = {(int(line.chat), line.number) for line in ledger.parts(application.database, "sending")}
        at_kill = emulator.sent
        emulator.calm()
        unanswered = await _restart(application, emulator)
        waited, before_it = await _reader_waits(emulator)
        await application.until(lambda: not ledger.unsettled(application.database), 60)
    doubled, empty = _doubled(crowd), sum(not member.parts for member in crowd)
    lost = [member.place.id for member in crowd if not _has_all(member)]
    busiest = _busiest_second(emulator.messages)
    print(
        f"\n{CHATS} chats ({empty} of them with nothing to read), {emulator.sent} messages; killed at {at_kill} with "
        f"{len(in_flight)} under way; lost {len(lost)}, doubled {doubled.total()}; busiest second {busiest}; "
        f"a reader's question meanwhile took {waited:.2f} s, {before_it} of the crowd's messages"
    )
    assert len(in_flight) > VANISHED
    assert lost == []
    assert not doubled - Counter([*in_flight, unanswered])
    assert doubled[unanswered] >= 1
    assert busiest <= A_SECOND
    assert before_it <= A_SECOND, "who asks is served before the crowd, however slow the machine is"
    assert ledger.deliveries(application.database) == {"sent": CHATS - empty, "empty": empty}


def _crowd(emulator: TelegramEmulator, zones: Sequence[Here], days: Mapping[date, bytes]) -> Iterator[Member]:
    """One chat in twenty reads everything, which takes two messages; another has chosen what does not occur."""
    known: dict[tuple[date, tuple[str, ...]], tuple[Part, ...]] = {}
    for number in range(CHATS):
        here = zones[number % len(zones)]
        subjects = {5: (), 15: NOTHING}.get(number % 20, WISHES[number % len(WISHES)])
        if (here.today, subjects) not in known:
            before = max((day for day in days if day < here.today), default=None)
            known[here.today, subjects] = parts_of(days[here.today], subjects=subjects, before=before)
        place = emulator.private(1000 + number, language_code="zh-hans")
        yield Member(
            place=place,
            subscriber=Subscriber(chat=at_place(place), zone=here.zone, subjects=subjects),
            parts=known[here.today, subjects],
        )


async def _grow_bad(application: Application, emulator: TelegramEmulator) -> None:
    """Let some messages vanish on their way and the answers to others tarry: the kill finds both under way."""
    emulator.inject(Fault.HANG, times=VANISHED)
    emulator.inject(Fault.SLOW, delay=0.3, times=None, recorded=True)
    sent = emulator.sent
    await application.until(lambda: emulator.sent >= sent + A_SECOND // 2, 10)


async def _restart(application: Application, emulator: TelegramEmulator) -> tuple[int, int]:
    """Start again, and never answer the first send; return its chat and part."""
    before = {id(message) for message in emulator.messages}
    unanswered = emulator.inject(Fault.HANG, recorded=True)
    await application.start()
    await application.until(lambda: unanswered.hits)
    first = min((one for one in emulator.messages if id(one) not in before), key=lambda one: one.sent_at)
    return first.chat_id, 2 if "(2/2)" in first.text else 1


async def _reader_waits(emulator: TelegramEmulator) -> tuple[float, int]:
    """Ask something while the crowd is served; return the seconds until the answer, and how many came before it."""
    reader = Talk(emulator=emulator, user=7, place=emulator.private(7, language_code="en"))
    begun = time.monotonic()
    answered = (await reader.says("/help")).sent_at
    return answered - begun, sum(begun < message.sent_at < answered for message in emulator.messages)


def _numbers(member: Member) -> list[int]:
    """Return which of its parts a chat got, message by message. Raises ValueError for one that is none of them."""
    wanted = [(part.markup, [[key.data for key in row] for row in part.keys]) for part in member.parts]
    return [
        wanted.index((message.raw, [[button["callback_data"] for button in row] for row in message.keyboard])) + 1
        for message in member.heard
    ]


def _has_all(member: Member) -> bool:
    return sorted(set(_numbers(member))) == [part.number for part in member.parts]


def _doubled(crowd: Sequence[Member]) -> Counter[tuple[int, int]]:
    """Return how often a part came more than once, by chat and part; parts come in order in any case."""
    found: Counter[tuple[int, int]] = Counter()
    for member in crowd:
        numbers = _numbers(member)
        assert numbers == sorted(numbers)
        found.update((member.place.id, number) for number in numbers)
    return Counter({place: times - 1 for place, times in found.items() if times > 1})


def _busiest_second(messages: Sequence[Message]) -> int:
    times = sorted(message.sent_at for message in messages)
    return max(bisect_left(times, moment + 1) - place for place, moment in enumerate(times))
