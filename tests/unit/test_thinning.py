from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from bot.errors import ChatGone
from bot.models import DeliveryState
from bot.store import thinning
from bot.store.tables import alarms, daily_sums, delivery_parts, editions
from tests.fakes import MORNING, TODAY, Where, chat, digest, load, subscription
from tests.unit.delivering import World, world

KEEP = timedelta(days=90)
LATER = MORNING + timedelta(days=100)
SENT = ("console", DeliveryState.SENT)


@pytest.fixture
async def there(where: Where) -> AsyncIterator[World]:
    async with world(where) as there:
        yield there


async def morning(there: World, now: datetime, *, readers: int = 3) -> date:
    """Let a day's digest reach everybody."""
    there.now, day = now, now.date()
    await there.subscribe(*(subscription(chat(number)) for number in range(readers)))
    await load(there.store, digest(day), now=now)
    await there.plan()
    await there.rounds()
    return day


async def number_of(there: World, table: object) -> int:
    async with there.store._database.read() as connection:
        return await connection.scalar(select(func.count()).select_from(table)) or 0  # type: ignore[arg-type]


async def sums(there: World) -> dict[tuple[date, str], int]:
    async with there.store._database.read() as connection:
        return {(row.day, row.state): row.deliveries for row in await connection.execute(select(daily_sums))}


async def test_thin__old_deliveries_become_sums_and_go_with_their_parts(there: World) -> None:
    there.platform.script("2", ChatGone("bot was blocked by the user"))
    old = await morning(there, MORNING)
    new = await morning(there, LATER)
    assert await there.store.thinning.thin(LATER, KEEP) == 3
    assert {line.occasion for line in await there.ledger()} == {f"day:{new}"}
    assert await sums(there) == {(old, "sent"): 2, (old, "failed"): 1}
    assert await number_of(there, delivery_parts) == sum(len(line.parts) for line in await there.ledger())


async def test_thin__status_still_counts_what_was_thinned(there: World) -> None:
    await morning(there, MORNING)
    await morning(there, LATER)
    before = await there.store.status.counts(TODAY)
    await there.store.thinning.thin(LATER, KEEP)
    assert before == await there.store.status.counts(TODAY) == {SENT: 3}


async def test_thin__the_editions_that_nobody_refers_to_go(there: World) -> None:
    await morning(there, MORNING)
    await morning(there, LATER)
    assert await number_of(there, editions) == 2
    await there.store.thinning.thin(LATER, KEEP)
    async with there.store._database.read() as connection:
        (text,) = await connection.scalars(select(editions.c.parts))
    assert str(LATER.date()) in text


async def test_thin__what_was_settled_lately_stays(there: World) -> None:
    await morning(there, MORNING)
    await morning(there, MORNING + KEEP)
    assert await there.store.thinning.thin(MORNING + KEEP, KEEP) == 0
    assert len(await there.ledger()) == 6
    assert await there.store.thinning.thin(LATER, KEEP - timedelta(days=2)) == 3


async def test_thin__in_batches_and_again_adds_up(there: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thinning, "BATCH", 2)
    old = await morning(there, MORNING, readers=5)
    await morning(there, LATER, readers=1)
    assert await there.store.thinning.thin(LATER, KEEP) == 5
    assert await there.store.thinning.thin(LATER, KEEP) == 0
    assert await sums(there) == {(old, "sent"): 5}


async def test_thin__an_open_delivery_stays(there: World) -> None:
    await there.subscribe(subscription(chat(7)))
    await load(there.store, digest())
    assert await there.plan() == 1
    there.now = LATER
    await load(there.store, digest(LATER.date()), now=LATER)
    assert await there.plan() == 1
    assert await there.store.thinning.thin(LATER, KEEP) == 0
    assert [line.state for line in await there.ledger()] == [DeliveryState.PLANNED] * 2


async def test_thin__a_base_stays_as_long_as_its_correction_is_open(there: World) -> None:
    old = await morning(there, MORNING, readers=1)
    await load(there.store, digest(old, word="mended"), now=MORNING + timedelta(hours=1))
    there.now = MORNING + timedelta(hours=1)
    assert await there.plan() == 1
    (base, correction) = await there.ledger()
    there.now = LATER
    await load(there.store, digest(LATER.date()), now=LATER)
    await there.plan()
    assert await there.store.thinning.thin(LATER, KEEP) == 0
    assert [line.occasion for line in await there.ledger()][:2] == [base.occasion, correction.occasion]


async def test_thin__a_base_and_its_correction_go_together_and_count_once(there: World) -> None:
    old = await morning(there, MORNING, readers=1)
    there.now += timedelta(hours=1)
    await load(there.store, digest(old, word="mended"), now=there.now)
    await there.plan()
    await there.rounds()
    assert len(await there.ledger()) == 2
    await morning(there, LATER, readers=1)
    assert await there.store.thinning.thin(LATER, KEEP) == 2
    assert await sums(there) == {(old, "sent"): 1}


async def test_thin__a_clock_set_far_ahead_takes_nothing_with_it(there: World) -> None:
    await morning(there, MORNING)
    assert await there.store.thinning.thin(MORNING + timedelta(days=4000), KEEP) == 0
    assert len(await there.ledger()) == 3


async def test_thin__alarms_of_long_ago_go(there: World) -> None:
    await there.store.alarms.note("silence", TODAY, [chat(1)], MORNING)
    await morning(there, LATER)
    await there.store.alarms.note("silence", LATER.date(), [chat(1)], LATER)
    await there.store.thinning.thin(LATER, KEEP)
    assert await number_of(there, alarms) == 1


async def test_thin__an_empty_ledger_is_left_alone(there: World) -> None:
    assert await there.store.thinning.thin(MORNING, KEEP) == 0
