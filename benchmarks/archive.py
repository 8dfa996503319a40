"""The archive: reading documents, and answering from eleven years of them."""

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.table import Table

from adapters.telegram import TelegramDialect
from benchmarks import child, library
from benchmarks.figures import median, peak_mib, quantile
from bot import categories, markdown, runtime
from bot.commands import Commands
from bot.commands.search import PAGE
from bot.config import Settings
from bot.contract import Dialect
from bot.models import Actor, Chat, Command
from bot.render import Renderer
from bot.sorting import Sorter
from bot.sources import Intake
from bot.store import Store
from bot.terms import phrases

GOAL = 20.0
"""Milliseconds that an answer from the archive may take."""
_SEED = child.ROOT / "tests" / "seed" / "2025-10-12.md"
_LAST = date(2025, 10, 12)
_NOW = datetime(2025, 10, 12, 4, tzinfo=UTC)
_WARM_UP = 10
_YOUNG = 30
"""Days of the small archive that the big one is compared with."""
FIND_GOAL = 10.0
"""Milliseconds that finding a page of items may take."""
_SOUGHT = {
    "a common word": ("芯片", "模型", "客户", "发布"),
    "a rare phrase": ("赤松资本把翻译模型搬上手机", "青岚实验室修补提示词注入漏洞"),
    "a title, sign by sign": ("澜石微电子发布开源训练框架（7号案例）", "云岫数据公布机械臂示教方法（3号案例）"),
    "several words": ("北辰大学 提升97%", "robotics 智算中心 近海风场"),
    "several that never meet": ("北辰大学 赤松资本", "kestrel 北辰大学 近海风场"),
    "in the text only": ("近海风场", "余热接入城市供暖"),
    "a word that is nowhere": ("存算一体", "智能独立"),
    "the beginning of a word": ("kestr", "quart"),
}
"""What is searched for; the words are those of `library`."""
_SKIPPED = {"1": 0, "10": 9 * PAGE}
"""The pages that are looked at, and the items before each."""
_Took = list[tuple[float, float]]
"""Milliseconds by the clock and of the processor."""
_ASKED = (
    "/today",
    "/day",
    "/day all",
    "/days",
    "/days older",
    "/category",
    "/category day",
    "/category latest",
    "/search",
    "/search rare",
)


def tables(*, digests: int) -> Iterator[Table]:
    """Measure and yield the tables."""
    yield _reading(child.run("archive", "reading"))
    yield from _answers(child.run("archive", "answering", digests=digests))


# ------------------------------------------------------------------ reading


async def reading(times: int = 200) -> dict[str, Any]:
    """Parse and sort the seed again and again; milliseconds."""
    source, taxonomy = _SEED.read_bytes(), categories.default_taxonomy()
    digest = markdown.parse(source, name=_SEED.name).digest
    runtime.spare_the_collector()
    parsing = [_clocked(lambda: markdown.parse(source, name=_SEED.name)) for _ in range(times)]
    sorting = [_clocked(lambda: categories.sort(digest, taxonomy)) for _ in range(times)]
    return {"parse": parsing, "sort": [each / len(digest.items) for each in sorting], "bytes": len(source)}


def _reading(found: dict[str, Any]) -> Table:
    table = Table("", "median", "p99", title="Reading a document", caption=f"ms of {len(found['parse'])} repetitions")
    for name, key in (
        (f"parse the seed ({found['bytes']} bytes)", "parse"),
        ("sort into categories, per item", "sort"),
    ):
        table.add_row(name, f"{median(found[key]):.2f}", f"{quantile(found[key], 0.99):.2f}")
    return table


def _clocked(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


# ------------------------------------------------------------------ answering


@dataclass(frozen=True, kw_only=True)
class _Gate:
    """A platform where everybody manages their own chat."""

    dialect: Dialect

    async def may_manage(self, chat: Chat, actor: Actor) -> bool:
        """Tell whether `actor` is alone in `chat`."""
        return chat.address == actor.address

    async def find_chat(self, name: str) -> Chat:
        """Return the chat called `name`."""
        return Chat(platform="telegram", address=name)


class _Desk:
    """Answers commands up to the finished messages, as a conversation does, but sends nothing."""

    def __init__(self, store: Store, sorter: Sorter) -> None:
        self._store = store
        self._commands = Commands(store, Settings(), lambda: _NOW, sorter)
        self._renderer = Renderer(child.ROOT / "templates")
        self._dialect = TelegramDialect()

    async def answer(self, name: str, words: str) -> tuple[float, float]:
        """Answer one command and return how long it took and the processor time it cost, in ms."""
        chat = Chat(platform="telegram", address="7")
        command = Command(name=name, words=words, actor=Actor(address="7"), chat=chat, locale="zh-hans")
        start, cpu = time.perf_counter(), time.process_time()
        reply = await self._commands.handle(command, _Gate(dialect=self._dialect))
        language = await self._commands.language(command)
        known = await self._store.categories.all()
        parts = self._renderer.reply(reply, self._dialect, language, categories=known)
        took = (time.perf_counter() - start) * 1000, (time.process_time() - cpu) * 1000
        if not parts:
            raise SystemExit(f"/{name} {words} was answered with nothing")
        return took


async def answering(digests: int, times: int = 150) -> dict[str, Any]:
    """Fill an archive, asking at its beginning and at its end; milliseconds and bytes."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "archive.db"
        store = await Store.open(f"sqlite+aiosqlite:///{path}")
        try:
            taxonomy = categories.default_taxonomy()
            await store.categories.follow(taxonomy.categories)
            sorter = Sorter(store=store, taxonomy=taxonomy, clock=lambda: _NOW)
            intake, desk = Intake(store=store, sorter=sorter, clock=lambda: _NOW), _Desk(store, sorter)
            runtime.spare_the_collector()
            await _load(intake, _YOUNG, skip=0)
            young = await _ask_all(desk, _YOUNG, times)
            seconds = await _load(intake, digests, skip=_YOUNG)
            old = await _ask_all(desk, digests, times)
            found = await _find_all(store, times)
        finally:
            await store.close()
        size = _size(Path(folder))
    return {
        "young": young,
        "old": old,
        "found": found,
        "digests": digests,
        "per_second": (digests - _YOUNG) / seconds,
        "bytes": size,
        "peak_mib": peak_mib(),
    }


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.iterdir())


async def _load(intake: Intake, count: int, *, skip: int) -> float:
    """Load the newest `count` digests but for the newest `skip`, and return the seconds that took."""
    documents = list(library.digests(count, last=_LAST))[: count - skip]
    start = time.perf_counter()
    for name, source in documents:
        loaded = await intake.take(source, origin=name)
        if loaded.saved is None:
            raise SystemExit(f"{name} was refused: {loaded.problems}")
    return time.perf_counter() - start


async def _ask_all(desk: _Desk, digests: int, times: int) -> dict[str, _Took]:
    """Ask everything by turns; the first answers, which compile templates and statements, are not counted."""
    dice = random.Random(digests)
    found: dict[str, _Took] = {name: [] for name in _ASKED}
    for _ in range(_WARM_UP + times):
        for name, took in found.items():
            day = _LAST - timedelta(days=dice.randrange(1, digests))
            took.append(await desk.answer(*_spoken(name, day, dice)))
    return {name: took[_WARM_UP:] for name, took in found.items()}


async def _find_all(store: Store, times: int) -> dict[str, dict[str, _Took]]:
    """Find pages of everything by turns; return what they took for the slowest words of each kind."""
    took: dict[str, dict[str, dict[str, _Took]]] = {
        kind: {page: {words: [] for words in choices} for page in _SKIPPED} for kind, choices in _SOUGHT.items()
    }
    for _ in range(_WARM_UP + times):
        for pages in took.values():
            for page, choices in pages.items():
                for words, each in choices.items():
                    each.append(await _find(store, words, _SKIPPED[page]))
    return {
        kind: {page: max((each[_WARM_UP:] for each in choices.values()), key=_cost) for page, choices in pages.items()}
        for kind, pages in took.items()
    }


async def _find(store: Store, words: str, skip: int) -> tuple[float, float]:
    wanted = [phrase for word in words.split() for phrase in phrases(word)]
    start, cpu = time.perf_counter(), time.process_time()
    await store.search.find(wanted, skip=skip, limit=PAGE + 1)
    return (time.perf_counter() - start) * 1000, (time.process_time() - cpu) * 1000


def _cost(took: _Took) -> float:
    return median([cpu for _, cpu in took])


def _spoken(asked: str, day: date, dice: random.Random) -> tuple[str, str]:
    slug = dice.choice([category.slug for category in categories.default_taxonomy().categories])
    words = {
        "/day": f"{day}",
        "/day all": f"{day} all",
        "/days older": f"{day}",
        "/category day": f"{slug} {day}",
        "/category latest": slug,
        "/search": dice.choice(_SOUGHT["a common word"]),
        "/search rare": dice.choice(_SOUGHT["a rare phrase"]),
    }
    return asked.split(maxsplit=1)[0].removeprefix("/"), words.get(asked, "")


def _answers(found: dict[str, Any]) -> Iterator[Table]:
    digests = found["digests"]
    table = Table(
        "asked",
        "median",
        "p99",
        "CPU median",
        "CPU p99",
        f"CPU ÷ that at {_YOUNG} digests",
        f"goal < {GOAL:g}",
        title=f"Answers from an archive of {digests} digests",
        caption="ms of local work, from the command to the finished messages; nothing is sent. Where p99 is far above "
        "CPU p99, other programs had the processor; the goal is judged by the median and by CPU p99",
    )
    for name, old in found["old"].items():
        took, cpu = zip(*old, strict=True)
        ratio = median(cpu) / median([each for _, each in found["young"][name]])
        good = max(median(took), quantile(cpu, 0.99)) < GOAL
        figures = (median(took), quantile(took, 0.99), median(cpu), quantile(cpu, 0.99))
        table.add_row(name, *(f"{figure:.1f}" for figure in figures), f"{ratio:.2f}", "yes" if good else "NO")
    yield table
    yield _found(found["found"], digests)
    sizes = Table("digests", "loaded", "database", "peak memory", title="Filling the archive")
    megabytes = found["bytes"] / 2**20
    loaded = f"{found['per_second']:.0f} documents/s"
    sizes.add_row(str(digests), loaded, f"{megabytes:.1f} MiB", f"{found['peak_mib']:.0f} MiB")
    yield sizes


def _found(found: dict[str, dict[str, _Took]], digests: int) -> Table:
    count = sum(library.size(_LAST - timedelta(days=back)) for back in range(digests))
    table = Table(
        "searched for",
        "page",
        "CPU median",
        "CPU p99",
        "median",
        "p99",
        f"goal < {FIND_GOAL:g}",
        title=f"Finding items among {count}",
        caption="ms from the phrases to the items, of the slowest words of each kind; the goal is judged by CPU p99, "
        "which leaves out what other programs took in between",
    )
    for name, pages in found.items():
        for page, each in pages.items():
            took, cpu = zip(*each, strict=True)
            figures = (median(cpu), quantile(cpu, 0.99), median(took), quantile(took, 0.99))
            good = quantile(cpu, 0.99) < FIND_GOAL
            table.add_row(name, page, *(f"{figure:.1f}" for figure in figures), "yes" if good else "NO")
    return table
