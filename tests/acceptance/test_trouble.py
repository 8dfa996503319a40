"""Chats that are blocked, gone, moved, flooded or refused: each settles its own way and delays nobody else."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from bot.models import Chat, Subscription, SubscriptionState
from bot.store import Store
from tests.acceptance import ledger
from tests.acceptance.application import Application
from tests.acceptance.documents import Here, document, here, parts_of, slug
from tests.acceptance.seeding import Subscriber, at_place, subscribe
from tests.emulators.telegram import Fault, Place, TelegramEmulator

HEALTHY = range(1000, 1030)
FLOODED, UNPARSED, HUNG_UP, BROKEN, PROXIED, BLOCKED, DEACTIVATED, ESTRANGED = range(201, 209)
KICKED, OUSTED, MOVED, MOVED_UNHEARD = -301, -302, -303, -304
NEW_ID = -100_000_000_000
FORUM, LOST_TOPIC = -1004, 5
WAIT = 3
"""Seconds that Telegram tells us to leave the flooded chat alone."""
CHOICE = ("芯片技术",)


async def test_trouble__stays_with_the_chat_that_has_it(tmp_path: Path, emulator: TelegramEmulator) -> None:
    place, application = here(), Application(tmp_path, emulator)
    source = document(place.today)
    everyone = _everyone(emulator, place)
    await subscribe(application, everyone)
    async with application:
        await _before_the_digest(application, emulator)
        await application.load("today.md", source)
        await application.until(lambda: ledger.deliveries(application.database) and _settled(application), 20)
        expected = parts_of(source, subjects=CHOICE)[0].markup
        healthy = [emulator.chats[number] for number in HEALTHY]
        assert [[message.raw for message in one.messages] for one in healthy] == [[expected]] * len(healthy)
        for number in (FLOODED, BROKEN, PROXIED, NEW_ID + MOVED, NEW_ID + MOVED_UNHEARD, FORUM):
            assert [message.raw for message in emulator.chats[number].messages] == [expected], number
        _plain_instead_of_refused(emulator.chats[UNPARSED], expected)
        _delayed_alone(emulator, healthy)
        _doubled_at_most_once(application, emulator, expected)
        assert emulator.chats[FORUM].last.thread_id is None
        async with _store(application) as store:
            await _paused_with_reason(application, store)
            await _come_back(store, emulator)
    states = ledger.deliveries(application.database)
    print(f"\n{len(everyone)} chats, {len(everyone) - len(HEALTHY)} of them in trouble: {states}")
    assert states == {"sent": len(everyone) - 5, "failed": 3}


def _everyone(emulator: TelegramEmulator, at: Here) -> list[Subscriber]:
    people = [emulator.private(number) for number in (*HEALTHY, *range(FLOODED, ESTRANGED + 1))]
    groups = [emulator.group(number, kind="group") for number in (KICKED, OUSTED, MOVED, MOVED_UNHEARD)]
    forum = emulator.group(FORUM, forum=True)
    emulator.topic(forum, LOST_TOPIC)
    places = [Subscriber(chat=at_place(place), zone=at.zone, subjects=CHOICE) for place in (*people, *groups)]
    return [*places, Subscriber(chat=at_place(forum, LOST_TOPIC), zone=at.zone, subjects=CHOICE)]


async def _before_the_digest(application: Application, emulator: TelegramEmulator) -> None:
    """Let come what may: some of it the bot hears of, some it will learn when it sends."""
    emulator.inject(Fault.FLOOD, chat=FLOODED, retry_after=WAIT)
    emulator.inject(Fault.BAD_MARKUP, chat=UNPARSED)
    emulator.inject(Fault.HANG_UP, chat=HUNG_UP, recorded=True)
    emulator.inject(Fault.SERVER_ERROR, chat=BROKEN)
    emulator.inject(Fault.BAD_GATEWAY, chat=PROXIED)
    emulator.chats[BLOCKED].bot = "kicked"
    emulator.chats[DEACTIVATED].closed = "user is deactivated"
    emulator.chats[KICKED].bot = "kicked"
    emulator.group(NEW_ID + MOVED_UNHEARD)
    emulator.chats[MOVED_UNHEARD].moved_to = NEW_ID + MOVED_UNHEARD
    await emulator.deletes_topic(FORUM, LOST_TOPIC)
    await emulator.blocks(ESTRANGED)
    await emulator.kicks(OUSTED)
    await emulator.migrates(MOVED, NEW_ID + MOVED)
    await application.until(lambda: not emulator.updates.pending and application.log.count("chat event") >= 3)


def _settled(application: Application) -> bool:
    return ledger.unsettled(application.database) == 0


def _plain_instead_of_refused(place: Place, expected: str) -> None:
    (message,) = place.messages
    assert message.entities == []
    assert "第1条 <芯片技术> & “" in message.text
    assert message.raw != expected
    assert message.keyboard


def _delayed_alone(emulator: TelegramEmulator, healthy: Sequence[Place]) -> None:
    times = sorted(place.last.sent_at for place in healthy)
    flooded = emulator.chats[FLOODED].last.sent_at
    print(f"\nthe healthy took {times[-1] - times[0]:.2f} s, the flooded one {flooded - times[0]:.2f} s")
    assert times[-1] - times[0] < WAIT
    assert flooded > times[-1]
    assert not emulator.violations


def _doubled_at_most_once(application: Application, emulator: TelegramEmulator, expected: str) -> None:
    """The answer to the first was lost: nobody can know, so it came again, once, and that is on record."""
    assert [message.raw for message in emulator.chats[HUNG_UP].messages] == [expected] * 2
    assert emulator.injected_unknowns == 1
    (line,) = [line for line in ledger.parts(application.database) if line.chat == str(HUNG_UP)]
    assert (line.state, line.attempts) == ("sent", 2)
    assert ledger.delivery(application.database, HUNG_UP)[0] == "sent"


async def _paused_with_reason(application: Application, store: Store) -> None:
    reasons = {
        BLOCKED: "bot was blocked by the user",
        DEACTIVATED: "user is deactivated",
        KICKED: "bot was kicked",
        ESTRANGED: "the reader blocked the bot",
        OUSTED: "the bot was removed",
    }
    for number, reason in reasons.items():
        wish = await _wish(store, number)
        assert wish.state is SubscriptionState.PAUSED, number
        assert reason in wish.reason
    told = (await application.command("status", "--json")).out
    assert all(reason in told for reason in reasons.values())
    assert ledger.delivery(application.database, BLOCKED)[:2] == ("failed", "chat_gone")


async def _come_back(store: Store, emulator: TelegramEmulator) -> None:
    """Who takes the bot back has the settings of before, and is not sent what was due meanwhile."""
    owner = emulator.private(7)
    before = emulator.sent
    await emulator.unblocks(BLOCKED)
    await emulator.unblocks(ESTRANGED)
    for number in (KICKED, OUSTED):
        await emulator.adds_bot(number, by=owner)
    for number in (BLOCKED, ESTRANGED, KICKED, OUSTED):
        wish = await _until_on(store, number)
        assert wish.categories == {slug(name) for name in CHOICE}
        assert f"{wish.slot.at:%H:%M}" == "00:00"
    assert emulator.sent == before


async def _until_on(store: Store, number: int) -> Subscription:
    async with asyncio.timeout(5):
        while (wish := await _wish(store, number)).state is not SubscriptionState.ON:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    return wish


async def _wish(store: Store, number: int) -> Subscription:
    found = await store.subscriptions.get(Chat(platform="telegram", address=str(number)))
    assert found is not None
    return found


@asynccontextmanager
async def _store(application: Application) -> AsyncIterator[Store]:
    """Open the bot's own database beside it."""
    store = await Store.open(application.database_url)
    try:
        yield store
    finally:
        await store.close()


async def test_outage__loses_and_doubles_nothing(tmp_path: Path, emulator: TelegramEmulator) -> None:
    place, application = here(), Application(tmp_path, emulator)
    source = document(place.today)
    people = [emulator.private(number) for number in range(1, 11)]
    await subscribe(
        application, (Subscriber(chat=at_place(person), zone=place.zone, subjects=CHOICE) for person in people)
    )
    async with application:
        await emulator.goes_away()
        await application.load("today.md", source)
        await application.until(lambda: "not delivered" in application.log)
        await emulator.comes_back()
        await application.until(lambda: _settled(application), 15)
        assert ledger.deliveries(application.database) == {"sent": len(people)}
        assert [len(person.messages) for person in people] == [1] * len(people)
        await emulator.types(people[0], "/help")
        await application.until(lambda: len(people[0].messages) == 2, 10)
    print(f"\n{len(people)} chats through an outage: {emulator.sent} messages")
