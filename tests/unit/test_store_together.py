"""Several processes on one database at the same moment: what looks before it writes is not overtaken."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable
from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select

from bot.errors import StoreError
from bot.models import DeliveryState
from bot.store import LEASE, Outcome, Store
from bot.store.engine import BUSY_TIMEOUT
from bot.store.tables import slots, subscriptions
from tests.fakes import (
    DAWN,
    MORNING,
    SHANGHAI_EIGHT,
    TODAY,
    Where,
    chat,
    database_url,
    digest,
    load,
    opened,
    subscription,
)
from tests.postgres import Server
from tests.unit.delivering import World
from tests.unit.test_planning import EIGHT

ROUNDS = 12
PROCESSES = 4


@pytest.fixture
async def stores(where: Where) -> AsyncIterator[list[Store]]:
    async with opened(where):
        stores = [await Store.open(database_url(where)) for _ in range(PROCESSES)]
        yield stores
        for store in stores:
            await store.close()


async def test_hold__of_a_lease_that_ran_out_one_gets_it(stores: list[Store]) -> None:
    for number, store in enumerate(stores):
        store.leases.owner = f"host-{number}:77:abcd"
    for number in range(ROUNDS):
        now = MORNING + number * LEASE
        held = await asyncio.gather(*(store.leases.hold("telegram", now) for store in stores))
        assert sum(map(bool, held)) == 1


async def test_plan__each_chat_once(stores: list[Store]) -> None:
    worlds = [World(store, now=EIGHT) for store in stores]
    await load(stores[0], digest(), now=DAWN)
    for number in range(ROUNDS):
        await worlds[0].subscribe(*(subscription(chat(f"{number}-{each}")) for each in range(5)))
        assert sum(await asyncio.gather(*(each.plan() for each in worlds))) == 5
    assert len(await worlds[0].ledger()) == ROUNDS * 5


async def test_claim__nothing_is_taken_twice(stores: list[Store]) -> None:
    place = World(stores[0], now=EIGHT)
    await load(place.store, digest(), now=DAWN)
    await place.subscribe(*(subscription(chat(number)) for number in range(ROUNDS)))
    await place.plan()
    taken: list[int] = []
    while batches := [
        batch
        for batch in await asyncio.gather(*(store.deliveries.claim("console", "me", EIGHT, 2) for store in stores))
        if batch
    ]:
        taken += [delivery.id for batch in batches for delivery in batch]
    assert len(taken) == len(set(taken)) == ROUNDS
    assert {(line.state, line.attempts) for line in await place.ledger()} == {(DeliveryState.CLAIMED, 1)}


async def test_put__the_same_chat_has_one_subscription(stores: list[Store]) -> None:
    for number in range(ROUNDS):
        await asyncio.gather(*(store.subscriptions.put(subscription(chat(number))) for store in stores))
    assert len(await stores[0].roster.all()) == ROUNDS


async def test_save__revisions_of_a_day_are_numbered_one_after_the_other(stores: list[Store]) -> None:
    for back in range(ROUNDS):
        day = TODAY - timedelta(days=back)
        saved = await asyncio.gather(*(load(store, digest(day, word=f"story {at}")) for at, store in enumerate(stores)))
        assert sorted(one.revision for one in saved) == list(range(1, PROCESSES + 1))
        assert [one.outcome for one in saved].count(Outcome.NEW) == 1
        found = await stores[0].digests.published(day)
        assert found
        assert len(await stores[0].search.find((), slugs=["products"], first=day, last=day)) == len(found.items)


async def fall_silent(store: Store, meanwhile: Awaitable[None]) -> None:
    async with store._database.write() as connection:
        await connection.execute(insert(slots).values(zone="UTC", at="08:00", days="1"))
        await meanwhile


async def test_write__who_falls_silent_on_the_way_is_not_waited_for(
    postgresql: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.engine.kinds.BUSY_TIMEOUT", 1000)
    async with opened(postgresql) as silent, opened(postgresql) as other:
        with pytest.raises(StoreError):
            await fall_silent(silent, other.subscriptions.put(subscription(chat(1))))
        assert [slot for _, slot in await other.deliveries.slots()] == [SHANGHAI_EIGHT]
        await silent.subscriptions.put(subscription(chat(2)))
        assert len(await other.roster.all()) == 2


async def test_write__waits_for_another_as_long_as_it_is_told_to(where: Where, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.store.engine.kinds.BUSY_TIMEOUT", 300)
    async with opened(where) as busy, opened(where) as other:
        async with busy._database.write() as connection:
            await connection.execute(select(slots))
            waiting = asyncio.ensure_future(other.subscriptions.put(subscription(chat(1))))
            while not waiting.done():
                await connection.execute(select(slots))
                await asyncio.sleep(0.02)
        with pytest.raises(StoreError, match="lock"):
            await waiting


async def test_write__waits_hardly_for_another_once_it_is_to_hurry(where: Where) -> None:
    async with opened(where) as busy, opened(where) as other:
        await other.subscriptions.put(subscription(chat(1)))
        other.hurry(0.2)
        began = time.monotonic()
        async with busy._database.write() as connection:
            await connection.execute(select(slots))
            with pytest.raises(StoreError, match="lock"):
                await other.subscriptions.put(subscription(chat(2)))
            with pytest.raises(StoreError, match="lock"):
                await other.deliveries.set_back(EIGHT, looked=EIGHT, owner="a-host:1:abcd")
        assert time.monotonic() - began < BUSY_TIMEOUT / 1000 / 2
        await other.subscriptions.put(subscription(chat(2)))
        assert len(await other.roster.all()) == 2


async def test_store__goes_on_when_the_server_was_started_anew(postgresql: str, postgres: Server) -> None:
    async with opened(postgresql) as store:
        place = World(store, now=EIGHT)
        await load(store, digest(), now=DAWN)
        await place.subscribe(subscription(chat(1)))
        for again in (store.roster.all, place.plan, place.round):
            postgres.hang_up()
            assert await again()
        await place.subscribe(subscription(chat(2)))
        assert await place.plan()
        (delivery,) = await store.deliveries.claim("console", "me", EIGHT, 1)
        postgres.hang_up()
        await store.deliveries.settle(delivery, DeliveryState.FAILED, now=EIGHT)
        assert (await place.line(2)).state is DeliveryState.FAILED


async def test_open__of_many_at_once_one_makes_the_tables(postgres: Server) -> None:
    with postgres.empty() as address:
        stores = await asyncio.gather(*(Store.open(address) for _ in range(PROCESSES)))
        assert await stores[-1].roster.all() == ()
        for store in stores:
            await store.close()


async def test_read__sees_one_state_throughout(stores: list[Store]) -> None:
    count = select(func.count()).select_from(subscriptions)
    async with stores[0]._database.read() as connection:
        before = await connection.scalar(count)
        await stores[1].subscriptions.put(subscription(chat(1)))
        assert await connection.scalar(count) == before == 0
    async with stores[0]._database.read() as connection:
        assert await connection.scalar(count) == 1
