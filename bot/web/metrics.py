"""The metrics that Prometheus collects: numbers from the ledger, without any chat, address or secret."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from bot.models import SubscriptionState
from bot.store import Store
from bot.web.health import Health

FRESH = timedelta(minutes=1)
"""How old the counts of subscriptions may be: they take a look at every one."""


class Metrics:
    """The numbers at the moment they are asked for; the day is today in `zone`."""

    def __init__(self, store: Store, health: Health, platforms: Sequence[str], zone: ZoneInfo) -> None:
        self._store = store
        self._platforms = platforms
        self._health = health
        self._zone = zone
        self._subscriptions: Mapping[tuple[str, SubscriptionState], int] = {}
        self._counted: datetime | None = None

    async def text(self, now: datetime) -> bytes:
        """Return all of them in the text format, version 0.0.4. Raises StoreError."""
        registry = CollectorRegistry()
        await self._deliveries(registry, now)
        await self._open(registry, now)
        await self._wishes(registry, now)
        age = Gauge(
            "digestbot_tick_age_seconds", "Since the ledger was last compared with the clock", registry=registry
        )
        age.set(self._health.since_tick(now).total_seconds())
        return generate_latest(registry)

    async def _deliveries(self, registry: CollectorRegistry, now: datetime) -> None:
        day = now.astimezone(self._zone).date()
        today = Gauge(
            "digestbot_deliveries_today",
            "Deliveries of today's digest, and of the day's that lasts elsewhere",
            ["platform", "state"],
            registry=registry,
        )
        counts = Counter(await self._store.status.counts(day))
        for others in (await self._store.status.elsewhere(day, now)).values():
            counts.update(others)
        for (platform, state), number in counts.items():
            today.labels(platform, state.value).set(number)
        published = Gauge("digestbot_digests_published_today", "Whether today's is published", registry=registry)
        published.set(len(await self._store.digests.publications([day])))
        if last := await self._store.status.last_delivery():
            since = Gauge(
                "digestbot_seconds_since_last_delivery", "Since a day's digest was last settled well", registry=registry
            )
            since.set(max((now - last).total_seconds(), 0))

    async def _open(self, registry: CollectorRegistry, now: datetime) -> None:
        name = "digestbot_open_deliveries"
        number = Gauge(name, "Deliveries planned or under way, corrections too", ["platform"], registry=registry)
        name = "digestbot_oldest_open_delivery_seconds"
        age = Gauge(name, "Since the oldest open delivery was planned", ["platform"], registry=registry)
        found = await self._store.status.waiting()
        for platform in {*self._platforms, *found}:
            waiting = found.get(platform)
            number.labels(platform).set(waiting.number if waiting else 0)
            age.labels(platform).set(max((now - waiting.since).total_seconds(), 0) if waiting else 0)

    async def _wishes(self, registry: CollectorRegistry, now: datetime) -> None:
        if self._counted is None or not timedelta() <= now - self._counted < FRESH:
            self._subscriptions, self._counted = await self._store.status.subscriptions(), now
        wishes = Gauge("digestbot_subscriptions", "Subscriptions", ["platform", "state"], registry=registry)
        for (platform, state), number in self._subscriptions.items():
            wishes.labels(platform, state.value).set(number)
