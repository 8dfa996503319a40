"""How many messages go out when no platform holds us back, and what each costs."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rich.table import Table

from adapters.telegram import TelegramDialect
from benchmarks import child, household, library, stub
from benchmarks.figures import median, spread

GOAL = 1.3
"""Times aiogram's bare send."""
_DAY = date(2025, 10, 12)
_YARDSTICKS = ("aiogram", "aiogram_on_our_loop")
_SLOW = {"telegram"}
_NAMES = {
    "sockets": "stub alone, raw sockets",
    "bare": "bare aiohttp",
    "aiogram": "aiogram",
    "aiogram_on_our_loop": "aiogram, on our loop",
    "telegram": "stock PTB",
    "adapter": "our adapter alone",
    "ours": "ours, ledger and all",
}


@dataclass(frozen=True, kw_only=True)
class _Load:
    """The message that everybody sends."""

    name: str
    source: bytes


@dataclass
class _Record:
    """What a contender did in each round."""

    per_second: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    share: list[float] = field(default_factory=list)
    stub_cpu: list[float] = field(default_factory=list)


def tables(*, messages: int, rounds: int) -> Iterator[Table]:
    """Measure and yield the tables."""
    short = _Load(name="a short message", source=library.document(_DAY, items=1, sentences=0))
    whole = _Load(name="a whole digest", source=library.document(_DAY, items=9))
    for load in (short, whole):
        yield _table(load, _measured(load, messages, rounds), messages)


def _measured(load: _Load, messages: int, rounds: int) -> dict[str, _Record]:
    """Let everybody take turns, round after round, against one stub."""
    message = _message(load.source)
    records = {name: _Record() for name in _NAMES}
    with stub.started() as running:
        for _ in range(rounds):
            for name, record in records.items():
                given = {"source": load.source.decode()} if name == "ours" else {"message": message}
                count = messages // 4 if name in _SLOW else messages
                before = running.report()
                found = child.run("contenders", name, port=running.port, messages=count, **given)
                after = running.report()
                record.per_second.append(found["per_second"])
                record.cpu.append(found["cpu"])
                record.share.append(found["share"])
                taken = after["messages"] - before["messages"]
                record.stub_cpu.append((after["cpu"] - before["cpu"]) / taken * 1e6)
    return records


def _message(source: bytes) -> dict[str, Any]:
    """Return what the Bot API is asked for, without the chat."""
    (part,) = household.printed(source, f"{_DAY}.md", TelegramDialect())
    rows = [[{"text": key.label, "callback_data": key.data} for key in row] for row in part.keys]
    message: dict[str, Any] = {
        "text": part.markup,
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
    }
    return {**message, "reply_markup": {"inline_keyboard": rows}} if rows else message


def _table(load: _Load, records: dict[str, _Record], messages: int) -> Table:
    yardsticks = [records[name] for name in _YARDSTICKS]
    size = len(_message(load.source)["text"].encode())
    table = Table(
        "",
        "messages/s",
        "÷ aiogram,\n÷ it on our loop",
        "CPU µs each",
        "÷ aiogram,\n÷ it on our loop",
        "busy",
        "stub's CPU µs",
        "noise",
        title=f"Speed without limits: {load.name} ({size} bytes of text)",
        caption=f"median of {len(yardsticks[0].cpu)} rounds, {messages} messages each, 100 in flight; ratios within a "
        f"round, to aiogram as it comes and on our loop (uvloop, with the collector spared); noise is that of "
        f"messages/s; busy: share of one core. All but the last row are bare sends. Goal: ours at least {GOAL} × "
        f"aiogram as it comes",
    )
    for name, record in records.items():
        table.add_row(
            _NAMES[name],
            f"{median(record.per_second):.0f}",
            ", ".join(f"{_ratio(record.per_second, one.per_second):.2f}" for one in yardsticks),
            f"{median(record.cpu):.0f}",
            ", ".join(f"{_ratio(record.cpu, one.cpu):.2f}" for one in yardsticks),
            f"{median(record.share):.0%}",
            f"{median(record.stub_cpu):.0f}",
            spread(record.per_second),
        )
    return table


def _ratio(values: list[float], others: list[float]) -> float:
    return median([value / other for value, other in zip(values, others, strict=True)])
