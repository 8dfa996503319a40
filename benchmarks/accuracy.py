"""How often the rules are right: on items written and labelled before the rules were tuned, none of them fitted to."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml
from rich.table import Table

from benchmarks.figures import quantile
from bot.categories import Taxonomy, default_taxonomy, sort
from bot.models import Block, Digest, Item, Run

GOAL_PRIMARY, GOAL_RECALL, GOAL_MS = 0.75, 0.88, 1.0
_ITEMS = Path(__file__).parent / "items"
_SETS = ("tune", "test")
_DAY = date(2025, 10, 12)


@dataclass(frozen=True, kw_only=True)
class Judged:
    """An item, the labels people gave it, what the rules said, and the milliseconds of processor time they took."""

    primary: str
    required: frozenset[str]
    allowed: frozenset[str]
    said: tuple[str, ...]
    ms: float


def tables() -> Iterator[Table]:
    """Sort every item of each set, and yield the tables."""
    judged = {name: judge(_ITEMS / f"{name}.yaml") for name in _SETS}
    yield _overall(judged)
    yield from (_by_category(name, items) for name, items in judged.items())


def judge(path: Path) -> list[Judged]:
    """Return what the rules say of each item in the file at `path`."""
    taxonomy = default_taxonomy()
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    _said(entries[0]["title"], entries[0]["body"], taxonomy)
    found = []
    for entry in entries:
        began = time.thread_time()
        said = _said(entry["title"], entry["body"], taxonomy)
        took = (time.thread_time() - began) * 1000
        required, allowed = frozenset(entry["required"]), frozenset(entry["allowed"])
        found.append(Judged(primary=entry["primary"], required=required, allowed=allowed, said=said, ms=took))
    return found


def _said(title: str, body: str, taxonomy: Taxonomy) -> tuple[str, ...]:
    item = Item(number=1, title=title, body=(Block(runs=(Run(text=body.replace("**", "")),)),))
    return sort(Digest(day=_DAY, title=title, items=(item,)), taxonomy).digest.items[0].categories


def _overall(judged: dict[str, list[Judged]]) -> Table:
    table = Table(
        "items",
        "count",
        "primary",
        f"goal ≥ {GOAL_PRIMARY:.0%}",
        "any label: precision",
        "required labels: recall",
        f"goal ≥ {GOAL_RECALL:.0%}",
        "labels an item",
        "ms an item",
        "p99",
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
            f"{sum(item.ms for item in items) / len(items):.2f}",
            f"{quantile([item.ms for item in items], 0.99):.2f}",
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


def _share(answers: Iterator[bool]) -> float:
    every = list(answers)
    return sum(every) / len(every) if every else 0.0
