"""One process, three platforms, 300 chats that want different things at different hours: each gets exactly its own."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.models import Chat, Format
from tests.acceptance import ledger
from tests.acceptance.application import DISCORD_TOKEN, TOKEN, Application
from tests.acceptance.chaos.discord import DiscordSide, chats
from tests.acceptance.chaos.side import Face, Side
from tests.acceptance.chaos.telegram import TelegramSide
from tests.acceptance.chaos.wecom import CALLED, WecomSide, group
from tests.acceptance.documents import SUBJECTS, Here, document, parts_of, three_zones
from tests.acceptance.seeding import Subscriber, at_place, load, subscribe
from tests.emulators.discord import DiscordEmulator, Permission
from tests.emulators.telegram import TelegramEmulator
from tests.emulators.wecom import WecomEmulator

PEOPLE, ROOMS, ROBOTS = 150, 100, 50
WISHES = (
    (),
    SUBJECTS[:1],
    SUBJECTS[1:3],
    (SUBJECTS[3],),
    ("政策监管", SUBJECTS[4]),
    (SUBJECTS[5], SUBJECTS[0]),
    ("政策监管",),
)
"""The first wants everything, the last what does not occur."""
NO_EMBEDS, DEAD = "2007", "00000000-robot-was-taken-out"
LATER = timedelta(minutes=8)
"""Longer than the test takes, and still today."""
_RATES = {"telegram_paid_broadcast": "false"}


@pytest.mark.timeout(110)
async def test_together__each_chat_gets_exactly_its_edition_and_trouble_is_named(tmp_path: Path) -> None:
    zones = three_zones(datetime.now(UTC))
    days = {here.today: document(here.today, sentences=18) for here in zones}
    async with (
        TelegramEmulator(TOKEN) as telegram,
        DiscordEmulator(DISCORD_TOKEN) as discord,
        WecomEmulator() as wecom,
    ):
        for emulator in (telegram, discord, wecom):
            emulator.enforce()
        sides = _sides(telegram, discord, wecom, zones)
        discord.channels[int(NO_EMBEDS)].denied = Permission.EMBED_LINKS
        settings = {name: value for side in sides for name, value in side.settings.items()} | _RATES
        application = Application(tmp_path, telegram, zone=zones[1].zone, **settings)
        everyone = [one for side in sides for one in side.subscribers]
        await subscribe(application, everyone)
        await load(application, days)
        async with application:
            due = sum(_is_due(one) for one in everyone)
            await application.until(lambda: _settled(application) == due, 90)
            await _named(application, sides)
        for side in sides:
            _judge(side, zones, days)
            assert side.violations == []
            assert not [key for key in side.keys if key in application.log]
        assert discord.invalid_requests == 1
    print(f"\n{len(everyone)} chats, {due} of them due: " + ", ".join(_summed(side) for side in sides))


def _sides(
    telegram: TelegramEmulator, discord: DiscordEmulator, wecom: WecomEmulator, zones: Sequence[Here]
) -> tuple[Side, ...]:
    people = [at_place(telegram.private(1000 + at)) for at in range(PEOPLE - 20)]
    people += [at_place(telegram.group(-1000 - at)) for at in range(20)]
    keys = [wecom.robot(f"00000000-robot-{at:06}-of-many").key for at in range(ROBOTS - 1)] + [DEAD]
    numbers = count()
    return (
        TelegramSide(telegram, [_wish(chat, next(numbers), zones) for chat in people]),
        DiscordSide(discord, [_wish(chat, next(numbers), zones) for chat in chats(discord, ROOMS)]),
        WecomSide(wecom, [_called(_wish(group(key), next(numbers), zones)) for key in keys]),
    )


def _wish(chat: Chat, number: int, zones: Sequence[Here]) -> Subscriber:
    """Let zones, categories, formats and hours go round at steps of their own; every eleventh hour is yet to come.

    Those in trouble live where the application does: `status` tells of one day.
    """
    here = zones[1 if _in_trouble(chat) else number % 3]
    return Subscriber(
        chat=replace(chat, title=f"Chat {number}"),
        zone=here.zone,
        at=f"{_hour(here.zone, number):%H:%M}",
        subjects=WISHES[number % 7],
        format=_formats(chat)[number % len(_formats(chat))],
    )


def _called(robot: Subscriber) -> Subscriber:
    return replace(robot, mention=CALLED) if robot.format is Format.BRIEF else robot


def _formats(chat: Chat) -> Sequence[Format]:
    return tuple(Format) if chat.platform == "wecom" else (Format.FULL, Format.BRIEF, Format.HEADLINES)


def _hour(zone: str, number: int) -> datetime:
    now = datetime.now(UTC).astimezone(ZoneInfo(zone))
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return now + LATER if number % 11 == 10 else midnight + (now - midnight) * (number % 5) / 5


def _is_due(one: Subscriber) -> bool:
    return one.at <= f"{datetime.now(UTC).astimezone(ZoneInfo(one.zone)):%H:%M}"


def _settled(application: Application) -> int:
    states = Counter(ledger.deliveries(application.database))
    return states["sent"] + states["empty"] + states["failed"]


def _judge(side: Side, zones: Sequence[Here], days: Mapping[date, bytes]) -> None:
    today = {here.zone: here.today for here in zones}
    for one in side.subscribers:
        wanted = list(_edition(side, one, today[one.zone], days)) if _is_due(one) and not _in_trouble(one.chat) else []
        assert [shown.face for shown in side.standing(one.chat)] == wanted, one


def _edition(side: Side, one: Subscriber, day: date, days: Mapping[date, bytes]) -> Iterator[Face]:
    parts = parts_of(
        days[day],
        dialect=side.dialect,
        subjects=one.subjects,
        format=one.format,
        mention=one.mention,
        before=max((other for other in days if other < day), default=None),
    )
    return map(side.face, parts)


def _in_trouble(chat: Chat) -> bool:
    return chat.address in (NO_EMBEDS, group(DEAD).address)


async def _named(application: Application, sides: Sequence[Side]) -> None:
    """Both are named with the reason, in what people read and in what monitors do; all others were served."""
    troubled = {one.chat.platform: one.chat for side in sides for one in side.subscribers if _in_trouble(one.chat)}
    reasons = {"discord": "give the bot Send Messages, Embed Links", "wecom": "93000 invalid webhook url"}
    said = await application.command("status")
    assert said.code == 1
    status = json.loads((await application.command("status", "--json")).out)
    for platform, reason in reasons.items():
        where = f"{platform} {troubled[platform].title} ({troubled[platform].address})"
        for lines in (status["failing"], status["paused"]):
            assert [reason in line["reason"] for line in lines if line["where"] == where] == [True]
        assert f"{where}: paused: " in said.out
    assert len(status["paused"]) == len(status["failing"]) == len(reasons)
    assert {row["platform"]: row["failed"] for row in status["rows"]} == {"telegram": 0, "discord": 1, "wecom": 1}
    assert DEAD not in said.out


def _summed(side: Side) -> str:
    had = sum(bool(side.standing(one.chat)) for one in side.subscribers)
    return f"{side.dialect.platform} {side.sent} messages to {had} of {len(side.subscribers)}"
