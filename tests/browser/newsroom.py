"""A bot that has just sent its digest after a month of others, with chats in trouble: what a publisher looks at."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from playwright.async_api import Browser
from pydantic import SecretStr
from sqlalchemy import bindparam, select, update

from bot.categories import default_taxonomy
from bot.delivery import Planner
from bot.models import Chat, ChatKind, DeliveryState, Format, Slot, Subscription
from bot.playground import samples
from bot.schedule import ONE_DAY
from bot.sorting import Sorter
from bot.sources import Intake
from bot.store import Store
from bot.store.tables import deliveries
from tests.acceptance.application import TOKEN
from tests.browser.site import Site, serving
from tests.emulators.telegram import Fault, TelegramEmulator
from tests.emulators.wecom import WecomEmulator

EIGHT: Final = time(8)
PARTS_OF_THE_EARTH: Final = ("Africa", "America", "Asia", "Atlantic", "Europe", "Pacific")
"""All of these, or some hour of the day is nowhere: only Africa and Europe have UTC+1, only Atlantic UTC-1 all year."""
DAYS = 30
PATIENCE = 60.0
"""Seconds until all readers have theirs, on a busy machine."""
AT_FIRST, A_DAY = 24, 1
"""How many readers there were a month ago, and how many came every day."""
LATE = (0, 0, 3, 0, 11, 0, 0, 26, 0, 6)
"""Minutes by which the digest came after eight, by day."""
WANTED = (
    (), ("chips",), (), ("ai-industry", "chips"), ("open-source", "frontier", "products"), ("ai-industry", "policy"),
    (), ("products",), ("ai-industry",), ("chips", "frontier"), ("products", "ai-industry"),
)  # fmt: skip
NAMES = tuple(f"{family}{given}" for given, family in itertools.product(
    ("晓", "一鸣", "思远", "若溪", "子涵", "安然", "嘉树", "明月"), "林陈周吴徐何宋唐"))  # fmt: skip
ROBOT, DEAD_ROBOT = (f"00000000-0000-4000-8000-{number:012}" for number in (1, 2))


@dataclass(frozen=True, kw_only=True)
class Newsroom:
    """The site, the platforms as they are seen from outside, and who is in trouble this morning.

    `refused` is the Telegram chat whose message was refused, `blocked` one that has blocked the bot.
    """

    site: Site
    telegram: TelegramEmulator
    today: date
    refused: int
    blocked: int


@asynccontextmanager
async def at_eight(folder: Path, browser: Browser, **settings: str) -> AsyncIterator[Newsroom]:
    """Seed the month, run the bot where it is past eight now, and wait until all is done that can be done."""
    zone = where_it_is(EIGHT, datetime.now(UTC))
    database = f"sqlite+aiosqlite:///{folder / 'digestbot.db'}"
    async with TelegramEmulator(TOKEN) as telegram, WecomEmulator() as wecom:
        wecom.robot(ROBOT)
        store = await Store.open(database)
        refused, blocked = await _seed(store, zone, telegram)
        settings |= {"telegram_token": TOKEN, "telegram_api_url": telegram.url, "wecom_api_url": wecom.url}
        settings |= {"database_url": database, "zone": zone.key, "log_level": "debug"}
        async with serving(folder, **settings) as url:
            today = datetime.now(zone).date()
            await _until_done(store, today)
            yield Newsroom(
                site=Site(url=url, browser=browser), telegram=telegram, today=today, refused=refused, blocked=blocked
            )
        await store.close()


def where_it_is(hour: time, now: datetime) -> ZoneInfo:
    """Return a place on earth whose clocks show that hour now."""
    names = (name for name in sorted(available_timezones()) if name.split("/")[0] in PARTS_OF_THE_EARTH)
    there = {now.astimezone(zone).hour: zone for zone in map(ZoneInfo, names)}
    return there[hour.hour]


# ------------------------------------------------------------------ the month


async def _seed(store: Store, zone: ZoneInfo, telegram: TelegramEmulator) -> tuple[int, int]:
    """Let a month of digests go out; return the chats that are in trouble on the last of its mornings."""
    taxonomy = default_taxonomy()
    await store.categories.follow(taxonomy.categories)
    today = datetime.now(zone).date()
    readers = _readers(zone, today - (DAYS - 1) * ONE_DAY, telegram)
    brought = samples()
    for back in reversed(range(DAYS)):
        day = today - back * ONE_DAY
        dawn = datetime.combine(day, EIGHT, zone).astimezone(UTC) - timedelta(minutes=70)
        for _ in range(A_DAY if back < DAYS - 1 else AT_FIRST):
            await store.subscriptions.put(next(readers))
        late = timedelta(minutes=LATE[back % len(LATE)])
        sample = brought[-1 - back % len(brought)]
        await _intake(store, dawn + (late and late + timedelta(minutes=70))).take(sample.on(day), origin=f"{day}.md")
        if back:
            await _go_out(store, dawn + timedelta(minutes=70) + late, number=back)
    return await _trouble(store, zone, telegram)


def _readers(zone: ZoneInfo, first: date, telegram: TelegramEmulator) -> Iterator[Subscription]:
    begun = datetime.combine(first, time(), zone).astimezone(UTC)
    for number, name in enumerate(NAMES):
        place = telegram.private(1000 + number, first_name=name, language_code="zh-hans")
        yield Subscription(
            chat=Chat(platform="telegram", address=str(place.id), title=name, kind=ChatKind.PRIVATE),
            slot=Slot(zone=zone.key, at=EIGHT),
            categories=frozenset(WANTED[number % len(WANTED)]),
            format=Format.BRIEF if number % 3 == 0 else Format.FULL,
            language="zh-CN",
            since=begun + max(0, number - AT_FIRST) * ONE_DAY,
        )


def _intake(store: Store, now: datetime) -> Intake:
    sorter = Sorter(store=store, taxonomy=default_taxonomy(), clock=lambda: now)
    return Intake(store=store, sorter=sorter, clock=lambda: now)


async def _go_out(store: Store, now: datetime, *, number: int) -> None:
    """Plan what is due, and write down how it went: well but for a few."""
    await Planner(store, catch_up=ONE_DAY, correct_for=timedelta(hours=48)).plan(now)
    query = select(deliveries.c.id).where(deliveries.c.state == DeliveryState.PLANNED)
    settle = update(deliveries).where(deliveries.c.id == bindparam("one"))
    settle = settle.values(state=bindparam("how"), settled_at=bindparam("at"), attempts=1, error=bindparam("why"))
    async with store._database.write() as connection:
        found = list(await connection.scalars(query))
        rows = [
            {"one": one, "at": now + place * timedelta(seconds=1), **_fate(place + 5 * number)}
            for place, one in enumerate(found)
        ]
        await connection.execute(settle, rows)


def _fate(lot: int) -> dict[str, str | None]:
    if lot % 23 == 0:
        return {"how": DeliveryState.FAILED, "why": "Too Many Requests: retry after 5"}
    return {"how": DeliveryState.SENT, "why": None}


# ------------------------------------------------------------------ this morning


async def _trouble(store: Store, zone: ZoneInfo, telegram: TelegramEmulator) -> tuple[int, int]:
    refused, blocked = 1007, 1011
    telegram.inject(Fault.BAD_MARKUP, chat=refused, times=2)
    telegram.at(blocked).bot = "kicked"
    for key, title in ((ROBOT, "研发群"), (DEAD_ROBOT, "市场部群")):
        robot = Chat(platform="wecom", address=title, title=title, kind=ChatKind.GROUP, credential=SecretStr(key))
        wish = Subscription(
            chat=robot,
            slot=Slot(zone=zone.key, at=EIGHT),
            format=Format.BRIEF,
            language="zh-CN",
            since=datetime.now(UTC) - ONE_DAY,
        )
        await store.subscriptions.put(wish)
    return refused, blocked


async def _until_done(store: Store, day: date) -> None:
    """Wait until all of `day` is settled."""
    async with asyncio.timeout(PATIENCE):
        while not _settled(await store.status.counts(day)):  # noqa: ASYNC110  # another process settles them
            await asyncio.sleep(0.2)


def _settled(counts: Mapping[tuple[str, DeliveryState], int]) -> bool:
    open_ = (DeliveryState.PLANNED, DeliveryState.CLAIMED)
    return {platform for platform, _ in counts} == {"telegram", "wecom"} and not any(
        number for (_, state), number in counts.items() if state in open_
    )
