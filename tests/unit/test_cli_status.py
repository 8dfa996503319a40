"""`status`: what a publisher and a monitor see."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine

from bot.delivery import Planner
from bot.models import Chat, DeliveryState, Slot, Subscription
from bot.store import Store
from tests.unit.commandline import SAMPLE, CommandLine

MORNING = datetime(2025, 10, 13, 0, 30, tzinfo=UTC)
"""Half an hour past eight in Shanghai."""
TOKEN = "123456:SECRET-of-the-bot"


def at(platform: str, address: str, title: str = "") -> Subscription:
    return Subscription(
        chat=Chat(platform=platform, address=address, title=title),
        slot=Slot(zone="Asia/Shanghai", at=time(8)),
        language="zh-CN",
        since=MORNING - timedelta(days=9),
    )


async def _subscribe(url: str, *those: Subscription) -> None:
    store = await Store.open(url)
    try:
        for one in those:
            await store.subscriptions.put(one)
    finally:
        await store.close()


async def _broadcast(
    url: str, ends: dict[str, tuple[DeliveryState, str | None]], *, settled: datetime = MORNING
) -> None:
    """Subscribe a Telegram chat for each end, plan the morning, and settle it so; one is left waiting."""
    await _subscribe(url, *(at("telegram", address, f"title of {address}") for address in (*ends, "waiting")))
    await _serve(url, ends, settled=settled)


async def _serve(url: str, ends: dict[str, tuple[DeliveryState, str | None]], *, settled: datetime = MORNING) -> None:
    """Plan the morning, and settle it so."""
    store = await Store.open(url)
    try:
        await Planner(store, catch_up=timedelta(hours=24), correct_for=timedelta(hours=48)).plan(MORNING)
        store.leases.owner = "another-host:1:x"
        await store.leases.hold("telegram", MORNING)
        for delivery in await store.deliveries.claim("telegram", "me", MORNING, 100):
            if delivery.chat.address in ends:
                state, error = ends[delivery.chat.address]
                await store.deliveries.settle(delivery, state, error=error, now=settled)
        await store.subscriptions.pause(Chat(platform="telegram", address="gone"), "the reader blocked it", MORNING)
    finally:
        await store.close()


async def _meet_an_error(url: str) -> None:
    """Have the waiting delivery fail, to be tried again."""
    store = await Store.open(url)
    try:
        await store.deliveries.let_go("telegram", "me", MORNING)
        (waiting,) = await store.deliveries.claim("telegram", "me", MORNING, 100)
        await store.deliveries.postpone(waiting, until=MORNING, code="NotDelivered", error="no connection")
    finally:
        await store.close()


async def _still_sending(url: str, now: datetime) -> None:
    store = await Store.open(url)
    try:
        store.leases.owner = "another-host:1:x"
        assert await store.leases.hold("telegram", now)
    finally:
        await store.close()


async def _change(url: str, end: DeliveryState) -> bool:
    """Plan what changes the digest sent to chat 1, settle it so, and tell whether there was anything."""
    store = await Store.open(url)
    later = MORNING + timedelta(minutes=1)
    try:
        await Planner(store, catch_up=timedelta(hours=24), correct_for=timedelta(hours=48)).plan(later)
        found = await store.deliveries.claim("telegram", "me", later, 100)
        for delivery in found:
            if not delivery.base:
                await store.deliveries.sending(delivery, 1, ledger=delivery.id, again=False, now=later)
                store.deliveries.show(delivery, 1, ledger=delivery.id, message_id="5", shows="x", now=later)
            await store.deliveries.settle(delivery, end, error=f"it is {end}", now=later)
        return bool(found)
    finally:
        await store.close()


@pytest.fixture
def loaded(digestbot: CommandLine) -> Iterator[CommandLine]:
    """A sample is published long before eight in Shanghai."""
    with time_machine.travel(MORNING - timedelta(hours=8)):
        assert digestbot("load", SAMPLE).code == 0
    with time_machine.travel(MORNING):
        yield digestbot


def test_status__of_a_good_morning(loaded: CommandLine) -> None:
    asyncio.run(_broadcast(loaded.url, {"1": (DeliveryState.SENT, None), "2": (DeliveryState.EMPTY, None)}))
    loaded.set(telegram_token=TOKEN)
    seen = loaded("status", "--json")
    assert seen.code == 0
    assert seen.json["well"] is True
    assert (seen.json["day"], seen.json["digest"]["items"]) == ("2025-10-13", 9)
    (row,) = seen.json["rows"]
    numbers = {name: row[name] for name in ("subscribed", "due", "sent", "empty", "waiting", "failed", "unknown")}
    assert numbers == {"subscribed": 3, "due": 3, "sent": 1, "empty": 1, "waiting": 1, "failed": 0, "unknown": 0}
    assert row["sender"] == "1@another-host"
    said = loaded("status").out
    assert "2025-10-13: 2025.10.13 全球AI新闻速递, 9 items" in said
    assert "telegram: process 1@another-host is sending" in said
    assert TOKEN not in said


@pytest.mark.parametrize("state", [DeliveryState.FAILED, DeliveryState.UNKNOWN])
def test_status__of_a_bad_morning_names_chat_and_reason(loaded: CommandLine, state: DeliveryState) -> None:
    asyncio.run(_broadcast(loaded.url, {"1": (DeliveryState.SENT, None), "gone": (state, "bot was kicked")}))
    ended = loaded("status")
    assert ended.code == 1
    assert f"  telegram title of gone (gone): {state}: bot was kicked" in ended.out
    assert "  telegram title of gone (gone): paused: the reader blocked it" in ended.out
    assert loaded("status", "--json").json["failing"][0]["reason"] == "bot was kicked"


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_status__a_reason_shows_no_secret(loaded: CommandLine, form: tuple[str, ...]) -> None:
    loaded.set(telegram_token=TOKEN)
    reason = f"POST https://api.example/bot{TOKEN}/sendMessage?key=of-a-robot failed"
    asyncio.run(_broadcast(loaded.url, {"gone": (DeliveryState.FAILED, reason)}))
    said = loaded("status", *form).out
    assert "https://api.example/bot***/sendMessage?key=*** failed" in said
    assert TOKEN not in said


@pytest.mark.parametrize("end", [DeliveryState.FAILED, DeliveryState.UNKNOWN])
def test_status__a_correction_or_retraction_that_failed_is_not_well(loaded: CommandLine, end: DeliveryState) -> None:
    """Until another one has made it good; and it is not told of as a digest that was not delivered."""
    asyncio.run(_subscribe(loaded.url, at("telegram", "1", "title of 1")))
    assert asyncio.run(_change(loaded.url, DeliveryState.SENT))
    loaded("load", loaded.write("2025-10-13.md", "1. [a](https://example.com/a)\n\n   b\n"), "--force")
    assert asyncio.run(_change(loaded.url, end))
    asyncio.run(_still_sending(loaded.url, MORNING))
    ended = loaded("status")
    assert ended.code == 1
    assert f"Not corrected or taken back\n  telegram title of 1 (1): {end}: it is {end}" in ended.out
    assert "Not delivered" not in ended.out
    told = loaded("status", "--json").json
    assert (told["well"], told["rows"][0]["changes_lost"], told["failing"]) == (False, 1, [])
    loaded("retract", "2025-10-13", "--yes")
    assert asyncio.run(_change(loaded.url, DeliveryState.SENT))
    assert loaded("status").code == 0
    assert "Not corrected" not in loaded("status").out


@pytest.mark.parametrize(("after", "code"), [(timedelta(), 0), (timedelta(hours=16), 1)])
def test_status__what_expired_is_bad_only_when_it_was_wanted(loaded: CommandLine, after: timedelta, code: int) -> None:
    """Who unsubscribes before the send misses nothing; who waited until midnight does."""
    asyncio.run(_broadcast(loaded.url, {"1": (DeliveryState.EXPIRED, "switched off")}, settled=MORNING + after))
    ended = loaded("status")
    assert ended.code == code
    assert "  telegram title of 1 (1): expired: switched off" in ended.out


def test_status__what_is_due_and_planned_by_nobody_is_not_well(loaded: CommandLine) -> None:
    """Planning is done by the very process that died."""
    asyncio.run(_subscribe(loaded.url, *(at("telegram", str(number)) for number in range(5))))
    ended = loaded("status", "--json")
    assert ended.code == 1
    (row,) = ended.json["rows"]
    assert (row["due"], row["waiting"], row["sender"]) == (5, 5, None)
    asyncio.run(_still_sending(loaded.url, MORNING))
    assert loaded("status").code == 0


def test_status__nothing_is_due_before_the_hour(loaded: CommandLine) -> None:
    asyncio.run(_subscribe(loaded.url, at("telegram", "1")))
    with time_machine.travel(MORNING - timedelta(hours=1)):
        ended = loaded("status", "--json")
    assert (ended.code, ended.json["rows"][0]["due"]) == (0, 0)
    assert loaded("status", "2025-10-12").code == 0


def test_status__a_week_that_nobody_plans_is_not_well(digestbot: CommandLine) -> None:
    sunday = datetime(2025, 10, 12, 3, tzinfo=UTC)
    with time_machine.travel(sunday - timedelta(hours=9)):
        digestbot("load", digestbot.write("2025-10-08.md", "1. [a](https://example.com/a)\n\n   b\n"))
    asyncio.run(_subscribe(digestbot.url, replace(at("telegram", "1"), weekly=True)))
    with time_machine.travel(sunday):
        ended = digestbot("status", "--json")
    assert (ended.code, ended.json["week"][0]["waiting"], ended.json["rows"][0]["waiting"]) == (1, 1, 0)


def test_status__a_digest_that_is_not_there_by_its_hour_is_not_well(digestbot: CommandLine) -> None:
    digestbot.make_database()
    digestbot.set(alarm_at="08:45")
    for minutes, code in ((14, 0), (15, 1)):
        with time_machine.travel(MORNING + timedelta(minutes=minutes)):
            ended = digestbot("status")
            assert (ended.code, "by 08:45 (DIGESTBOT_ALARM_AT)" in ended.out) == (code, bool(code))
            assert digestbot("status", "2025-10-12").code == 0
    with time_machine.travel(MORNING + timedelta(minutes=15)):
        digestbot("load", SAMPLE)
        assert digestbot("status").code == 0


def test_status__tells_of_the_day_that_lasts_in_the_west(loaded: CommandLine) -> None:
    """At 08:30 in Shanghai it is 20:30 of the day before in New York."""
    loaded("load", loaded.write("2025-10-12.md", "1. [a](https://example.com/a)\n\n   b\n"))
    evening = replace(at("telegram", "west", "title of west"), slot=Slot(zone="America/New_York", at=time(20)))
    asyncio.run(_subscribe(loaded.url, evening))
    with time_machine.travel(MORNING + timedelta(minutes=30)):
        idle = loaded("status", "--json")
        assert idle.code == 1
        assert [(one["day"], one["rows"][0]["waiting"]) for one in idle.json["elsewhere"]] == [("2025-10-12", 1)]
        asyncio.run(_serve(loaded.url, {"west": (DeliveryState.FAILED, "bot was kicked")}))
        ended = loaded("status")
        assert ended.code == 1
        assert "2025-10-12, where that day lasts still" in ended.out
        assert "Of 2025-10-12, not delivered\n  telegram title of west (west): failed: bot was kicked" in ended.out
    with time_machine.travel(MORNING + timedelta(hours=4)):
        assert "2025-10-12" not in loaded("status").out


@pytest.mark.parametrize(
    "words",
    [
        *(["status"], ["days"], ["show"], ["search", "a"], ["subs", "list"], ["subs", "export"]),
        *(
            ["retract", "today", "--yes"],
            ["resend", "today", "--failed"],
            ["publish", "today"],
            ["categorise", "today"],
        ),
        *(
            ["subs", "edit", "1", "--at", "8:00"],
            ["subs", "pause", "1"],
            ["subs", "resume", "1"],
            ["subs", "test", "1"],
        ),
    ],
)
def test_command__makes_no_database_where_it_needs_one_and_says_what_to_do(
    digestbot: CommandLine, words: list[str]
) -> None:
    ended = digestbot(*words)
    assert (ended.code, ended.out) == (2, "")
    assert f"there is no database {digestbot.folder / 'digestbot.db'}: `digestbot load FILE`" in ended.err
    assert "DIGESTBOT_DATABASE_URL" in ended.err
    assert list(digestbot.folder.iterdir()) == []


def test_status__work_that_nobody_does_is_not_well(loaded: CommandLine) -> None:
    asyncio.run(_broadcast(loaded.url, {}))
    with time_machine.travel(MORNING + timedelta(minutes=5)):
        ended = loaded("status")
    assert ended.code == 1
    assert "telegram: nobody is sending now" in ended.out


def test_status__what_is_tried_in_vain_for_long_is_not_well(loaded: CommandLine) -> None:
    asyncio.run(_broadcast(loaded.url, {}))
    asyncio.run(_meet_an_error(loaded.url))
    with time_machine.travel(MORNING + timedelta(seconds=10)):
        assert loaded("status").code == 0
    asyncio.run(_still_sending(loaded.url, MORNING + timedelta(minutes=31)))
    with time_machine.travel(MORNING + timedelta(minutes=31)):
        ended = loaded("status")
    assert ended.code == 1
    assert "1 have been tried in vain for half an hour or more" in ended.out


def test_status__a_refused_file_is_not_well(loaded: CommandLine) -> None:
    async def refuse() -> None:
        store = await Store.open(loaded.url)
        await store.files.note("/digests/today.md", "0" * 64, "refused: the file is empty", MORNING)
        await store.close()

    asyncio.run(refuse())
    ended = loaded("status")
    assert ended.code == 1
    assert "/digests/today.md: refused: the file is empty" in ended.out


def test_status__of_a_day_without_anything(digestbot: CommandLine) -> None:
    digestbot.make_database()
    for day in ("2025-01-01", "0001-01-01", "9999-12-31"):
        ended = digestbot("status", day)
        assert ended.code == 0
        assert f"{day}: no digest is published" in ended.out
