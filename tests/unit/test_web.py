"""Metrics and health over real sockets."""

import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from bot.app import TEMPLATES
from bot.errors import ChatGone, Occupied
from bot.models import Slot, SubscriptionState
from bot.render import Pages
from bot.web import Access, Doorkeeper, Frame, Health, Machines, Metrics, Regrets, Server
from tests.fakes import DATABASE, MORNING, chat, digest, load, subscription
from tests.unit.delivering import World, world

SHANGHAI = ZoneInfo("Asia/Shanghai")
Samples = dict[tuple[str, tuple[str, ...]], float]


@dataclass
class Site:
    """The server at work on a world; `now` of the world is its clock."""

    world: World
    health: Health
    server: Server
    port: int
    session: aiohttp.ClientSession

    async def get(self, path: str) -> aiohttp.ClientResponse:
        response = await self.session.get(f"http://127.0.0.1:{self.port}{path}")
        await response.read()
        return response

    async def samples(self) -> Samples:
        response = await self.get("/metrics")
        assert response.status == 200
        families = text_string_to_metric_families(await response.text())
        return {
            (sample.name, tuple(sample.labels.values())): sample.value
            for family in families
            for sample in family.samples
        }


def keeper(clock: Callable[[], datetime], password: str | None = None) -> Doorkeeper:
    access = Access(password=SecretStr(password) if password else None)
    return Doorkeeper(access=access, clock=clock, is_open=lambda path: path == "/healthz")


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with AsyncExitStack() as stack:
        there = await stack.enter_async_context(world(tmp_path))
        await there.store.leases.hold("console", MORNING)
        health = Health(there.store, ["console"], MORNING)
        metrics = Metrics(there.store, health, ["console"], SHANGHAI)
        machines = Machines(health=health, metrics=metrics, clock=lambda: there.now)
        pages, doorkeeper = Pages(TEMPLATES), keeper(lambda: there.now)
        regrets = Regrets(frame=Frame(pages=pages, access=doorkeeper.access, doors=(), language="en"))
        server = Server(doorkeeper=doorkeeper, regrets=regrets, rooms=[machines], static=pages.static)
        session = await stack.enter_async_context(aiohttp.ClientSession())
        port = await stack.enter_async_context(server.listening("127.0.0.1", 0))
        yield Site(there, health, server, port, session)


async def turn(site: Site, now: datetime, *, tick: bool = True) -> None:
    """Turn the clock, with a process that holds its lease."""
    site.world.now = now
    await site.world.store.leases.hold("console", now)
    if tick:
        site.health.beat(now)


# ------------------------------------------------------------------ /healthz


async def test_healthz__all_is_well(site: Site) -> None:
    response = await site.get("/healthz")
    assert (response.status, await response.json()) == (200, {"well": True, "reasons": []})


async def test_healthz__a_tick_that_stopped(site: Site) -> None:
    await turn(site, MORNING + timedelta(seconds=30), tick=False)
    assert (await site.get("/healthz")).status == 200
    await turn(site, MORNING + timedelta(seconds=31), tick=False)
    response = await site.get("/healthz")
    assert response.status == 503
    assert (await response.json())["reasons"] == ["the tick has not done its work for 30 seconds"]
    await turn(site, MORNING + timedelta(seconds=32))
    assert (await site.get("/healthz")).status == 200


async def test_healthz__an_account_that_nobody_has(site: Site) -> None:
    await site.world.store.leases.release("console", MORNING)
    response = await site.get("/healthz")
    assert (response.status, await response.json()) == (503, {"well": False, "reasons": ["nobody sends to console"]})


async def test_healthz__standing_by_is_well(site: Site) -> None:
    await site.world.store.leases.release("console", MORNING)
    site.world.store.leases.owner = "another.example.com:1:abcd"
    await site.world.store.leases.hold("console", MORNING)
    site.world.store.leases.owner = "this.example.com:1:abcd"
    assert (await site.get("/healthz")).status == 200


async def test_healthz__a_clock_that_was_set_back_is_no_ailment(site: Site) -> None:
    await turn(site, MORNING - timedelta(hours=2), tick=False)
    assert (await site.get("/healthz")).status == 200


def spoil(folder: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        (folder / f"{DATABASE}{ending}").unlink(missing_ok=True)
    (folder / DATABASE).write_bytes(b"these are notes, not tables\n" * 400)


async def test_store__that_does_not_answer_is_told_without_its_address(site: Site, tmp_path: Path) -> None:
    await site.world.store._database.close()
    spoil(tmp_path)
    response = await site.get("/healthz")
    assert (response.status, await response.json()) == (503, {"well": False, "reasons": ["the store does not answer"]})
    response = await site.get("/metrics")
    assert (response.status, await response.text()) == (503, "the store does not answer\n")


# ------------------------------------------------------------------ /metrics


async def test_metrics__before_anything_happened(site: Site) -> None:
    assert await site.samples() == {
        ("digestbot_digests_published_today", ()): 0,
        ("digestbot_open_deliveries", ("console",)): 0,
        ("digestbot_oldest_open_delivery_seconds", ("console",)): 0,
        ("digestbot_tick_age_seconds", ()): 0,
    }


async def test_metrics__of_a_morning(site: Site) -> None:
    there = site.world
    await there.subscribe(
        *(subscription(chat(number)) for number in range(4)), subscription(chat(9), state=SubscriptionState.OFF)
    )
    there.platform.script("3", ChatGone("bot was blocked by the user"))
    await load(there.store, digest())
    await there.plan()
    await turn(site, MORNING + timedelta(seconds=5))
    planned = await site.samples()
    assert planned["digestbot_open_deliveries", ("console",)] == 4
    assert planned["digestbot_oldest_open_delivery_seconds", ("console",)] == 5
    assert planned["digestbot_deliveries_today", ("console", "planned")] == 4
    await there.rounds()
    await turn(site, MORNING + timedelta(minutes=2))
    assert await site.samples() == {
        ("digestbot_deliveries_today", ("console", "sent")): 3,
        ("digestbot_deliveries_today", ("console", "failed")): 1,
        ("digestbot_digests_published_today", ()): 1,
        ("digestbot_seconds_since_last_delivery", ()): 115,
        ("digestbot_open_deliveries", ("console",)): 0,
        ("digestbot_oldest_open_delivery_seconds", ("console",)): 0,
        ("digestbot_subscriptions", ("console", "on")): 3,
        ("digestbot_subscriptions", ("console", "off")): 1,
        ("digestbot_subscriptions", ("console", "paused")): 1,
        ("digestbot_tick_age_seconds", ()): 0,
    }


async def test_metrics__of_a_day_that_lasts_in_the_west(site: Site) -> None:
    """At 20:30 in New York it is the next day in Shanghai already; at midnight there the day is over for all."""
    there = site.world
    await load(there.store, digest())
    await there.subscribe(subscription(chat(1), slot=Slot(zone="America/New_York", at=time(20))))
    there.platform.gone.add("1")
    evening = MORNING.replace(day=13, hour=0, minute=30)
    await turn(site, evening)
    assert await there.plan() == 1
    await there.round()
    failed = ("digestbot_deliveries_today", ("console", "failed"))
    assert (await site.samples())[failed] == 1
    await turn(site, evening + timedelta(hours=4))
    assert failed not in await site.samples()


async def test_metrics__subscriptions_are_counted_once_a_minute(site: Site) -> None:
    await site.samples()
    await site.world.subscribe(subscription(chat(1)))
    assert ("digestbot_subscriptions", ("console", "on")) not in await site.samples()
    await turn(site, MORNING + timedelta(minutes=1))
    assert (await site.samples())["digestbot_subscriptions", ("console", "on")] == 1


async def test_metrics__hold_no_chat(site: Site) -> None:
    there = site.world
    await there.subscribe(subscription(chat("4815162342", title="Reading room")))
    there.platform.script("4815162342", ChatGone("4815162342 is gone"))
    await load(there.store, digest())
    await there.plan()
    await there.rounds()
    text = await (await site.get("/metrics")).text()
    assert "4815162342" not in text
    assert "Reading room" not in text


async def test_metrics__leave_the_registry_of_the_process_alone(site: Site) -> None:
    await site.samples()
    await site.samples()
    assert not [metric.name for metric in REGISTRY.collect() if metric.name.startswith("digestbot")]


async def test_metrics__say_what_they_are(site: Site) -> None:
    response = await site.get("/metrics")
    assert response.headers["Content-Type"].startswith("text/plain; version=0.0.4")


# ------------------------------------------------------------------ the server


async def test_server__has_nothing_else_and_takes_nothing(site: Site) -> None:
    assert (await site.get("/")).status == 404
    async with site.session.post(f"http://127.0.0.1:{site.port}/healthz") as response:
        assert response.status == 403


async def test_server__a_port_that_is_taken_names_the_setting(site: Site) -> None:
    with pytest.raises(Occupied, match=r"DIGESTBOT_WEB_PORT: can't listen on 127.0.0.1"):
        await site.server.listening("127.0.0.1", site.port).__aenter__()


async def test_server__lets_the_port_go(site: Site) -> None:
    async with site.server.listening("127.0.0.1", 0) as port:
        assert port != site.port
    with socket.socket() as one, pytest.raises(ConnectionRefusedError):
        one.connect(("127.0.0.1", port))
