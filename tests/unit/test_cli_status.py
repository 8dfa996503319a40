"""`status` and `doctor`: what a publisher and a monitor see."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
import time_machine

from bot.cli import doctor
from bot.delivery import Planner
from bot.models import Chat, DeliveryState, Slot, Subscription
from bot.store import Store
from tests.emulators.telegram import TelegramEmulator
from tests.unit.commandline import SAMPLE, CommandLine
from tests.unit.endpoint import KEY, endpoint, labels
from tests.unit.robots import reader

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


async def _broadcast(url: str, ends: dict[str, tuple[DeliveryState, str | None]]) -> None:
    """Subscribe a Telegram chat for each end, plan the morning, and settle it so; one is left waiting."""
    store = await Store.open(url)
    try:
        for address in (*ends, "waiting"):
            await store.subscriptions.put(at("telegram", address, f"title of {address}"))
        await Planner(store, catch_up=timedelta(hours=24), correct_for=timedelta(hours=48)).plan(MORNING)
        store.leases.owner = "another-host:1:x"
        await store.leases.hold("telegram", MORNING)
        for delivery in await store.deliveries.claim("telegram", "me", MORNING, 100):
            if delivery.chat.address in ends:
                state, error = ends[delivery.chat.address]
                await store.deliveries.settle(delivery, state, error=error, now=MORNING)
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
    assert row["sender"]
    said = loaded("status").out
    assert "2025-10-13: 2025.10.13 全球AI新闻速递, 9 items" in said
    assert "is sending" in said
    assert TOKEN not in said


@pytest.mark.parametrize("state", [DeliveryState.FAILED, DeliveryState.UNKNOWN, DeliveryState.EXPIRED])
def test_status__of_a_bad_morning_names_chat_and_reason(loaded: CommandLine, state: DeliveryState) -> None:
    asyncio.run(_broadcast(loaded.url, {"1": (DeliveryState.SENT, None), "gone": (state, "bot was kicked")}))
    ended = loaded("status")
    assert ended.code == 1
    assert f"  telegram gone (title of gone): {state}: bot was kicked" in ended.out
    assert "  telegram gone (title of gone): paused: the reader blocked it" in ended.out
    assert loaded("status", "--json").json["failing"][0]["reason"] == "bot was kicked"


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
    for day in ("2025-01-01", "0001-01-01", "9999-12-31"):
        ended = digestbot("status", day)
        assert ended.code == 0
        assert f"{day}: no digest is published" in ended.out


# ------------------------------------------------------------------ doctor


def test_doctor__all_is_well_without_a_platform(digestbot: CommandLine) -> None:
    ended = digestbot("doctor")
    assert ended.code == 0
    assert all(line.startswith("✓ ") for line in ended.out.splitlines())
    seen = {line.split(":")[0].removeprefix("✓ ") for line in ended.out.splitlines()}
    assert seen == {
        *("settings", "database", "zone", "templates", "categories", "model", "digest folder", "wecom", "platforms")
    }
    assert "(DIGESTBOT_TELEGRAM_TOKEN, DIGESTBOT_DISCORD_TOKEN)" in ended.out


def test_doctor__every_fault_has_a_remedy(digestbot: CommandLine) -> None:
    digestbot.set(database_url="sqlite+aiosqlite:////nowhere/x.db", digest_dir="/nowhere", taxonomy="/nowhere/t.yaml")
    digestbot.set(telegram_token=TOKEN, telegram_api_url="http://127.0.0.1:9")
    lines = digestbot("doctor").out.splitlines()
    bad = [line.split(":")[0] for line in lines if line.startswith("✗ ")]
    assert bad == ["✗ database", "✗ categories", "✗ digest folder", "✗ telegram"]
    assert all(lines[place + 1].startswith("  → ") for place, line in enumerate(lines) if line.startswith("✗ "))
    assert "SECRET" not in "".join(lines)


def test_doctor__faulty_settings_all_at_once(digestbot: CommandLine) -> None:
    digestbot.set(telegram_tokn=TOKEN, zone="Mars")
    ended = digestbot("doctor")
    assert ended.code == 1
    assert "did you mean DIGESTBOT_TELEGRAM_TOKEN?" in ended.out
    assert "DIGESTBOT_ZONE: 'Mars' is not a time zone" in ended.out
    assert "SECRET" not in ended.out


@pytest.mark.parametrize(
    ("token", "well", "said"),
    [
        (TOKEN, True, "✓ telegram: the token is good: @"),
        ("123456:another-SECRET", False, "✗ telegram: DIGESTBOT_TELEGRAM_TOKEN"),
    ],
)
async def test_doctor__asks_the_platform(
    token: str,
    well: bool,  # noqa: FBT001
    said: str,
    digestbot: CommandLine,
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with TelegramEmulator(TOKEN) as emulator:
        digestbot.set(telegram_token=token, telegram_api_url=emulator.url)
        assert await doctor._examine() is well
    out = capsys.readouterr().out
    assert said in out
    assert "SECRET" not in out


def test_doctor__tells_how_far_working_days_are_known_to_who_lives_by_them(digestbot: CommandLine) -> None:
    reader(digestbot)
    assert "working days" not in digestbot("doctor").out
    digestbot("subs", "edit", 1, "--days", "cn")
    for year, code, said in (
        (2025, 0, "✓ working days: cn: known for 2025 and 2026"),
        (2090, 1, "✗ working days: cn: which weekends of 2090 are worked is not known; its holidays are free"),
    ):
        with time_machine.travel(datetime(year, 6, 1, tzinfo=UTC)):
            ended = digestbot("doctor")
        assert (ended.code, said in ended.out) == (code, True), ended.out
    assert "uv lock --upgrade-package holidays" in ended.out


@pytest.mark.parametrize(
    ("answer", "well", "said"),
    [
        (labels({1: ("chips",)}), True, "✓ model: a-model answers"),
        (401, False, "✗ model: a-model: the endpoint answered HTTP 401; the rules sort meanwhile"),
        ("no", False, "✗ model: a-model: the model's answer does not follow the schema"),
    ],
)
async def test_doctor__asks_the_model(
    answer: int | str,
    well: bool,  # noqa: FBT001
    said: str,
    digestbot: CommandLine,
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with endpoint() as served:
        served.script.append(answer)
        digestbot.set(ai_url=served.url, ai_key=KEY, ai_model="a-model")
        assert await doctor._examine() is well
    out = capsys.readouterr().out
    assert said in out
    assert "SECRET" not in out


def test_doctor__a_file_that_is_no_database(digestbot: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "digestbot.db").write_bytes(b"not a database" * 1000)
    ended = digestbot("doctor")
    assert ended.code == 1
    assert "✗ database: the database can't be used: file is not a database" in ended.out
