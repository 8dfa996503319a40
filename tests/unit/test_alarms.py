import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.errors import ChatMoved, NotDelivered, RateLimited, Rejected, StoreError
from bot.models import Slot, SubscriptionState
from bot.store.status import HELD_UP_AFTER
from tests.fakes import DATABASE, MORNING, TODAY, FakePlatform, chat, digest, load, subscription
from tests.unit.alarming import ADMINS, OTHER, RULES, SOON, told, watch
from tests.unit.correcting import BOTH, LONG, again, correct, mended, serve
from tests.unit.delivering import World, world

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@pytest.fixture
async def there(tmp_path: Path) -> AsyncIterator[World]:
    """Give a world in which it is past the hour, nothing is published, and this process sends."""
    async with world(tmp_path) as there:
        await there.store.leases.hold("console", MORNING)
        yield there


async def test_look__once_a_day_and_again_the_next(there: World) -> None:
    watching = watch(there)
    await watching.look(MORNING)
    await watching.look(MORNING + SOON)
    await watch(there).look(MORNING + 2 * SOON)
    assert told(there) == 1
    await there.store.leases.hold("console", MORNING + DAY)
    await watching.look(MORNING + DAY)
    assert told(there) == 2


async def test_look__each_cause_for_itself(there: World) -> None:
    watching = watch(there)
    await watching.look(MORNING)
    await there.store.files.note("/digests/today.md", "0", "refused: it has no items", MORNING)
    await watching.look(MORNING + SOON)
    (first, second) = there.platform.markups("operator")
    assert "past 09:30" in first
    assert "today.md: it has no items" in second
    assert "/digests" not in second


async def test_look__says_it_in_the_language_of_the_settings(there: World) -> None:
    await watch(there, language="zh-CN").look(MORNING)
    (markup,) = there.platform.markups("operator")
    assert "10月12日 周日的速递还没有发布" in markup


async def test_look__what_arrived_is_no_silence(there: World) -> None:
    await there.subscribe(subscription(chat(1)))
    await load(there.store, digest())
    assert await there.plan() == 1
    await there.rounds()
    await watch(there).look(MORNING)
    assert told(there) == 0


async def test_look__silence_names_the_last_day(there: World) -> None:
    await there.subscribe(subscription(chat(1)))
    await load(there.store, digest())
    await there.plan()
    await there.rounds()
    later = MORNING + 3 * DAY
    await there.store.leases.hold("console", later)
    await watch(there).look(later)
    assert "for 2 days. The last one: Sun 12 Oct 2025" in there.platform.markups("operator")[1]


async def test_last_delivery__neither_a_correction_nor_a_retraction_brings_a_digest(tmp_path: Path) -> None:
    async with world(tmp_path, FakePlatform(capabilities=BOTH)) as there:
        await serve(there, LONG, 1)
        assert await there.store.status.last_delivery() == MORNING
        there.now += DAY
        await correct(there, mended(LONG, 1))
        there.now += MINUTE
        await there.store.digests.retract(TODAY)
        assert await again(there) == 1
        await there.rounds()
        assert await there.store.status.last_delivery() == MORNING


async def test_look__nobody_subscribed_is_no_silence(there: World) -> None:
    await there.subscribe(subscription(chat(1), state=SubscriptionState.OFF))
    await load(there.store, digest())
    await watch(there).look(MORNING)
    assert told(there) == 0


@pytest.mark.parametrize(("back_in", "alarmed"), [(5, 0), (0, 0), (-1, 0), (-2, 1)])
async def test_look__who_was_away_is_no_silence(there: World, back_in: int, alarmed: int) -> None:
    """Nothing was delivered for two days; it is silence only where somebody was there all that time."""
    await there.subscribe(replace(subscription(chat(1)), away_until=TODAY + back_in * DAY))
    await load(there.store, digest())
    await watch(there).look(MORNING)
    assert told(there) == alarmed


async def test_look__failures_of_the_day_are_counted(there: World) -> None:
    await there.subscribe(*(subscription(chat(number)) for number in range(8)))
    there.platform.gone = {"0", "1", "2", "3", "4"}
    await load(there.store, digest())
    await there.plan()
    await there.rounds()
    await watch(there).look(MORNING)
    assert "5 of 8 deliveries of Sun 12 Oct have not arrived" in there.platform.markups("operator")[0]


async def test_look__corrections_that_failed_are_failures_too(tmp_path: Path) -> None:
    async with world(tmp_path, FakePlatform(capabilities=BOTH)) as there:
        await there.store.leases.hold("console", there.now)
        await serve(there, LONG, *range(6))
        for number in range(5):
            there.platform.script_changes(str(number), Rejected("no"), Rejected("no, not plain either"))
        await correct(there, mended(LONG, 1))
        await there.store.leases.hold("console", there.now)
        await watch(there).look(there.now)
        assert "5 of 11 deliveries of Sun 12 Oct have not arrived" in there.platform.markups("operator")[0]


async def test_look__failures_where_it_is_yesterday_still_are_told_once(there: World) -> None:
    """At 20:00 in New York it is the next day in Shanghai already."""
    evening = MORNING.replace(day=13, hour=0, minute=30)
    await load(there.store, digest())
    slot = Slot(zone="America/New_York", at=time(20))
    await there.subscribe(*(subscription(chat(number), slot=slot) for number in range(8)))
    there.platform.gone = {str(number) for number in range(8)}
    there.now = evening
    assert await there.plan() == 8
    await there.round()
    await load(there.store, digest(TODAY + DAY))
    for hours in range(30):
        now = evening + timedelta(hours=hours)
        await there.store.leases.hold("console", now)
        await watch(there, rules=replace(RULES, at=None, silent_days=0)).look(now)
    (said,) = there.platform.markups("operator")
    assert "8 of 8 deliveries of Sun 12 Oct have not arrived" in said


async def test_look__an_outage_that_lasts_is_no_less_a_failure(there: World) -> None:
    """Nothing has failed for good yet: all of it is tried on until midnight, and then nobody looks at that day."""
    await there.subscribe(*(subscription(chat(number)) for number in range(6)))
    for number in range(6):
        there.platform.script(str(number), NotDelivered("no connection"))
    await load(there.store, digest())
    await there.plan()
    await there.round()
    for after, alarmed in ((HELD_UP_AFTER - MINUTE, 0), (HELD_UP_AFTER, 1)):
        await there.store.leases.hold("console", MORNING + after)
        await watch(there).look(MORNING + after)
        said = "\n".join(there.platform.markups("operator"))
        assert said.count("6 of 6 deliveries of Sun 12 Oct have not arrived") == alarmed


async def test_look__a_file_refused_yesterday_is_not_told_again(there: World) -> None:
    await load(there.store, digest())
    await there.store.files.note("old.md", "0", "refused: it has no items", MORNING - DAY)
    await watch(there).look(MORNING)
    assert told(there) == 0


async def test_look__a_failed_alarm_is_tried_again(there: World) -> None:
    there.platform.script("operator", NotDelivered("no connection"))
    watching = watch(there)
    await watching.look(MORNING)
    assert told(there) == 0
    await watching.look(MORNING + SOON)
    await watching.look(MORNING + 2 * SOON)
    assert told(there) == 1


async def test_look__who_was_told_is_not_told_again_for_the_sake_of_another(there: World) -> None:
    there.platform.script("other", NotDelivered("no connection"), NotDelivered("no connection"))
    watching = watch(there, admins=ADMINS)
    for look in range(5):
        await watching.look(MORNING + look * SOON)
    assert (told(there), told(there, OTHER)) == (1, 1)


async def test_look__an_operator_who_blocked_the_bot_is_given_up(there: World) -> None:
    there.platform.gone = {"operator"}
    watching = watch(there, admins=ADMINS)
    with capture_logs() as logs:
        await watching.look(MORNING)
        await watching.look(MORNING + SOON)
    assert told(there, OTHER) == 1
    assert [line["event"] for line in logs] == ["alarm", "an operator can't be told"]


async def test_look__an_operators_group_that_moved_is_told_where_it_is(there: World) -> None:
    there.platform.script("operator", ChatMoved("migrated", chat=OTHER))
    await watch(there).look(MORNING)
    assert told(there, OTHER) == 1


async def test_look__without_markup_where_it_is_refused(there: World) -> None:
    there.platform.script("operator", Rejected("can't parse entities"))
    await watch(there).look(MORNING)
    assert told(there) == 1


async def test_look__a_flood_wait_is_kept(there: World) -> None:
    there.platform.script("operator", RateLimited("slow down", retry_after=0.05, scope="chat"))
    watching = watch(there)
    await watching.look(MORNING)
    await watching.look(MORNING + SOON)
    assert told(there) == 1


@pytest.mark.parametrize("admins", [(), (("discord", "operator"),)])
async def test_look__without_a_reachable_operator_the_log_is_told(
    there: World, admins: tuple[tuple[str, str], ...]
) -> None:
    watching = watch(there, admins=admins)
    with capture_logs() as logs:
        await watching.look(MORNING)
        await watching.look(MORNING + SOON)
    assert [(line["event"], line["log_level"], line["cause"]) for line in logs] == [("alarm", "error", "no_digest")]
    await watch(there).look(MORNING)
    assert told(there) == 1, "a process that reaches nobody must not take the alarm from one that does"


async def test_look__a_process_that_stands_by_tells_nobody(there: World) -> None:
    await there.store.leases.release("console", MORNING)
    watching = watch(there)
    await watching.look(MORNING)
    assert told(there) == 0
    await there.store.leases.hold("console", MORNING)
    await watching.look(MORNING)
    assert told(there) == 1


async def test_look__each_process_tells_the_operators_of_its_account(there: World, tmp_path: Path) -> None:
    admins = (*ADMINS[:1], ("discord", "operator"))
    async with world(tmp_path) as other:
        other.store.leases.owner = "elsewhere:1:x"
        await other.store.leases.hold("discord", MORNING)
        for look in range(2):
            now = MORNING + look * SOON
            await watch(there, admins=admins).look(now)
            await watch(other, admins=admins, account="discord").look(now)
        assert told(there) == 1
        assert told(other, chat("operator", platform="discord")) == 1


async def test_look__a_restart_tells_nobody_again_for_the_sake_of_another(there: World) -> None:
    there.platform.script("other", *[NotDelivered("no connection")] * 2)
    for look in range(4):
        await watch(there, admins=ADMINS).look(MORNING + look * SOON)
    assert (told(there), told(there, OTHER)) == (1, 1)


async def test_look__an_operator_is_told_once_though_the_store_can_note_nothing(there: World, tmp_path: Path) -> None:
    """As on a full disk: it can be read."""
    with closing(sqlite3.connect(tmp_path / DATABASE)) as connection:
        refuse = "CREATE TRIGGER full BEFORE INSERT ON alarms BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        connection.execute(refuse)
    watching = watch(there, admins=ADMINS)
    for look in range(3):
        with pytest.raises(StoreError):
            await watching.look(MORNING + look * SOON)
    assert (told(there), told(there, OTHER)) == (1, 1)
