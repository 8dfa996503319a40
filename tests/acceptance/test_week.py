"""The week on its Sunday: pushed after that day's own digest, once, also when the bot is killed in between."""

from collections import Counter
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from adapters.telegram import TelegramDialect
from bot.app import TEMPLATES
from bot.delivery import Order, WeekOrder, compose, compose_week
from bot.models import Chat, Format, Slot, Subscription, Week
from bot.render import Renderer
from bot.store import Store
from tests.acceptance import ledger
from tests.acceptance.scene import scene
from tests.acceptance.sunday import OnSunday
from tests.emulators.telegram import Fault, TelegramEmulator

CROWD = 20
ZONE = "Asia/Shanghai"
EIGHT = datetime(2025, 10, 12, 8, tzinfo=ZoneInfo(ZONE))
WEEK = Week.of(EIGHT.date())
NAME = "一周回顾"


async def test_week__is_pushed_once_on_its_sunday_though_killed_half_way(
    tmp_path: Path, emulator: TelegramEmulator
) -> None:
    application = OnSunday(tmp_path, emulator, EIGHT - timedelta(seconds=3), zone=ZONE)
    await application.publish(WEEK.days, EIGHT - timedelta(hours=1))
    people = [emulator.private(number) for number in range(1, CROWD + 1)]
    expected = await _subscribe(application, [person.id for person in people])
    emulator.inject(Fault.SLOW, delay=0.2, times=None, recorded=True)
    await application.launch()
    await application.until(lambda: _weeks(emulator) >= CROWD // 2, 60)
    await application.kill()
    killed, sending = _weeks(emulator), len(ledger.parts(application.database, "sending"))
    emulator.calm()
    application.now = EIGHT + timedelta(minutes=5)
    async with application:
        await application.until(lambda: not ledger.unsettled(application.database), 30)
        assert set(ledger.deliveries(application.database)) == {"sent"}
        assert ledger.deliveries(application.database) == {"sent": 2 * CROWD}
    seen = [[message.raw for message in person.messages] for person in people]
    assert [list(dict.fromkeys(messages)) for messages in seen] == [expected] * CROWD
    doubled = sum((Counter(messages) - Counter(expected)).total() for messages in seen)
    assert doubled <= sending
    assert killed < CROWD * sum(NAME in markup for markup in expected)
    print(f"\nkilled after {killed} messages of the week, {sending} on their way; doubled: {doubled}")


def _weeks(emulator: TelegramEmulator) -> int:
    """Return how many messages of the week are there."""
    return sum(NAME in message.raw for place in emulator.chats.values() for message in place.messages)


async def _subscribe(application: OnSunday, addresses: list[int]) -> list[str]:
    """Subscribe those chats to the day and the week, and return what each should see, rendered apart."""
    store = await Store.open(application.database_url)
    try:
        for address in addresses:
            wish = Subscription(
                chat=Chat(platform="telegram", address=str(address)),
                slot=Slot(zone=ZONE, at=time(8)),
                language="zh-CN",
                weekly=True,
                since=EIGHT - timedelta(days=30),
            )
            await store.subscriptions.put(wish)
        published = await store.digests.publications(WEEK.days)
        ids = tuple(published[day].revision_id for day in sorted(published))
        renderer, dialect = Renderer(TEMPLATES), TelegramDialect()
        usual = {"categories": frozenset[str](), "format": Format.FULL, "language": "zh-CN"}
        day = await compose(store, renderer, dialect, Order(revision_id=ids[-1], **usual))  # type: ignore[arg-type]
        week = await compose_week(store, renderer, dialect, WeekOrder(week=WEEK, revisions=ids, **usual))  # type: ignore[arg-type]
    finally:
        await store.close()
    assert len(week) > 1
    return [part.markup for part in (*day, *week)]


async def test_week__is_read_in_both_languages(tmp_path: Path, emulator: TelegramEmulator) -> None:
    async with scene(tmp_path, emulator) as at:
        for language, title, name in (("zh-hans", NAME, "芯片技术"), ("en", "The week, ", "Chips")):
            reader = at.reader(language)
            week = await reader.says("/week last week")
            assert week.text.startswith(title)
            cut = await reader.presses(week, name)
            assert name in cut.text
            assert cut.text.count("•") == cut.text.count("<芯片技术>") > 0
            later = await reader.presses(cut, cut.buttons[0][-1])
            assert later.text.startswith(title)
            assert str(Week.of(at.today).sunday.day) in later.text.splitlines()[0]
