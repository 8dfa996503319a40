"""A morning at the platform's own limits: how near to the ideal, and how long who asks meanwhile must wait."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.table import Table

from adapters.telegram import TelegramDialect
from benchmarks import child, household, library, stub, viewers
from benchmarks.figures import peak_mib, quantile
from benchmarks.strict import Terms, fingerprint
from bot import runtime

GOAL_OVER = 0.10
GOAL_REPLY = 0.120
_DAY = date(2025, 10, 12)
_SETTLE_IN = 1.0
"""Seconds until the listening has begun."""
_LOOK_EVERY = 0.25


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """What is sent, how steady the way there is, and how many have the page of this morning open."""

    name: str
    parts: int
    jitter: float = 0.0
    pages: int = 0


SCENARIOS = (
    Scenario(name="one part", parts=1),
    Scenario(name="three parts", parts=3),
    Scenario(name="one part, jitter 40", parts=1, jitter=0.040),
    Scenario(name="one part, 200 pages open", parts=1, pages=200),
)


def tables(*, chats: int) -> Iterator[Table]:
    """Measure and yield the tables."""
    pushes, replies = _pushes(chats), _replies()
    for scenario in SCENARIOS:
        terms = Terms(jitter=scenario.jitter, pushes=chats * scenario.parts)
        with stub.started("strict", **asdict(terms)) as running:
            found = child.run(
                "broadcast", "delivering", port=running.port, chats=chats, parts=scenario.parts, pages=scenario.pages
            )
            seen = running.report()
        pushes.add_row(scenario.name, *_pushed(terms, chats, found, seen))
        replies.add_row(scenario.name, *_answered(seen))
    yield pushes
    yield replies


def _pushes(chats: int) -> Table:
    return Table(
        "edition",
        "pushes + replies",
        "took",
        "÷ ideal",
        "÷ with replies",
        "most in 1 s",
        "refused",
        "lost",
        "doubled",
        "CPU",
        "peak memory",
        title=f"A broadcast to {chats} chats, 30/s in any second, 1/s a chat, 50 ms round trip",
        caption="took: from planning to the last push arriving; ÷: over the ideal, pushes ÷ 30 or (pushes + replies) "
        f"÷ 30, goal ≤ {1 + GOAL_OVER:.2f}; CPU: share of one core",
    )


def _replies() -> Table:
    return Table(
        "edition",
        "replies",
        "p50",
        "p99",
        "p50 from the asking",
        "p99 from the asking",
        title="Replies meanwhile",
        caption="ms from the update leaving the platform to the answer arriving there, the round trip included, goal "
        f"p99 < {GOAL_REPLY * 1000:.0f}; and from the moment somebody asks, the wait for the next poll included",
    )


def _pushed(terms: Terms, chats: int, found: dict[str, Any], seen: dict[str, Any]) -> tuple[str, ...]:
    took = seen["arrivals"][-1] - found["began"]
    lost, doubled = _account(seen["pushes"], found["texts"], chats)
    return (
        f"{terms.pushes} + {seen['answers']}",
        f"{took:.1f} s",
        f"{took / (terms.pushes / terms.per_second):.3f}",
        f"{took / ((terms.pushes + seen['answers']) / terms.per_second):.3f}",
        str(_most_in_a_second(seen["arrivals"])),
        f"{seen['refused']['account']} + {seen['refused']['chat']}",
        str(lost),
        str(doubled),
        f"{found['share']:.0%}",
        f"{found['peak_mib']:.0f} MiB",
    )


def _answered(seen: dict[str, Any]) -> tuple[str, ...]:
    count = len(seen["latencies"])
    times = (_ms(seen[name], share) for name in ("latencies", "waits") for share in (0.5, 0.99))
    return f"{count} of {count + seen['unanswered']}", *times


def _ms(seconds: list[float], share: float) -> str:
    return f"{quantile(seconds, share) * 1000:.0f}" if seconds else "-"


def _account(pushes: list[tuple[int, list[str]]], texts: list[str], chats: int) -> tuple[int, int]:
    """Return how many parts never came, and how many came once too often."""
    came = {chat: [there.count(text) for text in texts] for chat, there in pushes}
    counts = [count for chat in range(1, chats + 1) for count in came.get(chat, [0] * len(texts))]
    return counts.count(0), sum(count - 1 for count in counts if count)


def _most_in_a_second(arrivals: list[float]) -> int:
    most = first = 0
    for last, moment in enumerate(arrivals):
        while arrivals[first] <= moment - 1:
            first += 1
        most = max(most, last - first + 1)
    return most


async def delivering(port: int, chats: int, parts: int, pages: int = 0) -> dict[str, Any]:
    """Broadcast to `chats`, listening as well, while so many look on; return when it began and what each should get."""
    source = document(parts)
    with TemporaryDirectory() as folder:
        clock = household.Clock()
        url = f"http://127.0.0.1:{port}"
        settings = household.settings(Path(folder) / "broadcast.db", token="42:benchmark", api_url=url)
        async with household.opened(settings, clock) as home, viewers.looking_on(home, pages):
            await home.publish(source, f"{_DAY}.md")
            await home.subscribe(chats, at="08:00", first=1)
            broadcast = asyncio.create_task(home.account.broadcast.run())
            listening = asyncio.create_task(home.account.listen())
            runtime.spare_the_collector()
            await asyncio.sleep(_SETTLE_IN)
            began, cpu = time.monotonic(), time.process_time()
            await home.deliver(chats, look_every=_LOOK_EVERY)
            share = (time.process_time() - cpu) / (time.monotonic() - began)
            listening.cancel()
            await asyncio.wait([listening])
            await home.account.stop()
            await home.account.close()
            await broadcast
    texts = [fingerprint(part.markup) for part in household.printed(source, f"{_DAY}.md", TelegramDialect())]
    return {"began": began, "texts": texts, "share": share, "peak_mib": peak_mib()}


def document(parts: int) -> bytes:
    """Return a digest that fills so many Telegram messages."""
    for items in range(3, 100):
        source = library.document(_DAY, items=items)
        if len(household.printed(source, f"{_DAY}.md", TelegramDialect())) == parts:
            return source
    raise SystemExit(f"no digest fills {parts} messages")
