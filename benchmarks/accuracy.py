"""How often the rules are right: on items labelled before the rules were tuned with `tune`, and not with `test`."""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from rich.table import Table

from benchmarks.figures import median, spread
from bot.categories import default_taxonomy, sort
from bot.models import Block, Digest, Item, Run

GOAL_PRIMARY, GOAL_RECALL, GOAL_MS = 0.75, 0.88, 1.0
_ITEMS = Path(__file__).parent / "items"
_SETS = ("tune", "test")
_DAY = date(2025, 10, 12)
_ROUNDS = 5


@dataclass(frozen=True, kw_only=True)
class Judged:
    """The labels that people gave an item, and those that the rules say."""

    primary: str
    required: frozenset[str]
    allowed: frozenset[str]
    said: tuple[str, ...]


def tables() -> Iterator[Table]:
    """Sort the items of each set, and yield the tables."""
    files = {name: yaml.safe_load((_ITEMS / f"{name}.yaml").read_text(encoding="utf-8")) for name in _SETS}
    judged, took = {}, {}
    for name, entries in files.items():
        digest = _digest(entries)
        clocked = [_clocked(digest) for _ in range(1 + _ROUNDS)]
        judged[name] = [_judged(entry, item) for entry, item in zip(entries, clocked[0][0].items, strict=True)]
        took[name] = [ms / len(entries) for _, ms in clocked[1:]]
    yield _overall(judged, took)
    yield from (_by_category(name, items) for name, items in judged.items())


def _digest(entries: Sequence[dict[str, Any]]) -> Digest:
    bodies = (
        tuple(Block(runs=(Run(text=line),)) for line in entry["body"].replace("**", "").splitlines())
        for entry in entries
    )
    items = (
        Item(number=number, title=entry["title"], body=body)
        for number, (entry, body) in enumerate(zip(entries, bodies, strict=True), start=1)
    )
    return Digest(day=_DAY, title="items", items=tuple(items))


def _clocked(digest: Digest) -> tuple[Digest, float]:
    """Return `digest` sorted, and the milliseconds of processor time that took."""
    began = time.thread_time()
    result = sort(digest, default_taxonomy()).digest
    return result, (time.thread_time() - began) * 1000


def _judged(entry: dict[str, Any], item: Item) -> Judged:
    required, allowed = frozenset(entry["required"]), frozenset(entry["allowed"])
    return Judged(primary=entry["primary"], required=required, allowed=allowed, said=item.categories)


def _overall(judged: dict[str, list[Judged]], took: dict[str, list[float]]) -> Table:
    table = Table(
        "items",
        "count",
        "primary",
        f"goal ≥ {GOAL_PRIMARY:.0%}",
        "any label: precision",
        "required labels: recall",
        f"goal ≥ {GOAL_RECALL:.0%}",
        "labels an item",
        f"CPU ms an item, goal < {GOAL_MS:g}",
        title="Categories by the rules alone",
        caption="primary: the first label is the one people gave; precision: labels that people require or allow; "
        "tune: what the rules were tuned with; test: what they were not. The digest lists no categories here",
    )
    for name, items in judged.items():
        primary = _share(item.said[:1] == (item.primary,) for item in items)
        precision, recall = _precision(items), _recall(items)
        table.add_row(
            name,
            str(len(items)),
            f"{primary:.1%}",
            "yes" if primary >= GOAL_PRIMARY else "NO",
            f"{precision:.1%}",
            f"{recall:.1%}",
            "yes" if recall >= GOAL_RECALL else "NO",
            f"{sum(len(item.said) for item in items) / len(items):.2f}",
            f"{median(took[name]):.2f} {spread(took[name])}",
        )
    return table


def _by_category(name: str, items: Sequence[Judged]) -> Table:
    table = Table("category", "precision", "recall", "support", title=f"Category by category: {name}")
    for category in default_taxonomy().categories:
        of_it = [item for item in items if category.slug in item.said]
        wanting = [item for item in items if category.slug in item.required]
        table.add_row(
            category.slug,
            f"{_share(category.slug in item.required | item.allowed for item in of_it):.0%}",
            f"{_share(category.slug in item.said for item in wanting):.0%}",
            str(len(wanting)),
        )
    return table


def _precision(items: Sequence[Judged]) -> float:
    return _share(slug in item.required | item.allowed for item in items for slug in item.said)


def _recall(items: Sequence[Judged]) -> float:
    return _share(slug in item.said for item in items for slug in item.required)


def _share(answers: Iterable[bool]) -> float:
    every = list(answers)
    return sum(every) / len(every) if every else 0.0
