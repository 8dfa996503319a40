"""What the benchmarks reckon with."""

import asyncio

import pytest

from benchmarks import child
from benchmarks.figures import quantile
from benchmarks.strict import ASKERS, Platform, Terms, question
from bot import runtime


@pytest.mark.parametrize(
    ("count", "share", "expected"),
    [(100, 0.99, 99), (100, 0.5, 50), (100, 0.07, 7), (150, 0.99, 149), (3, 0.5, 2), (1, 0.99, 1), (4, 1.0, 4)],
)
def test_quantile__the_smallest_that_so_many_do_not_exceed(count: int, share: float, expected: int) -> None:
    assert quantile(range(count, 0, -1), share) == expected


@pytest.mark.parametrize(
    "measure",
    [
        ("contenders", "ours"),
        ("contenders", "adapter"),
        ("contenders", "aiogram_on_our_loop"),
        ("broadcast", "delivering"),
        ("archive", "answering"),
        ("archive", "reading"),
        ("planning", "planning"),
    ],
)
def test_child__what_is_ours_runs_as_the_bot_runs(measure: tuple[str, str]) -> None:
    assert child.runner(*measure) is runtime.run


@pytest.mark.parametrize("name", ["sockets", "bare", "aiogram", "telegram"])
def test_child__the_others_run_as_they_come(name: str) -> None:
    assert child.runner("contenders", name) is asyncio.run


async def test_strict__the_wait_begins_when_somebody_asks_and_latency_when_it_leaves() -> None:
    platform = Platform(Terms(pushes=1))
    platform.ask(question(1, "/today"))
    await asyncio.sleep(0.2)
    assert platform.report()["unanswered"] == 1
    platform.poll(lambda _answer: None, 10)
    await asyncio.sleep(0.05)
    platform.arrive({"chat_id": ASKERS + 1, "text": "today"})
    seen = platform.report()
    ((latency,), (wait,)) = seen["latencies"], seen["waits"]
    assert latency >= 0.05
    assert wait - latency >= 0.2
    assert seen["unanswered"] == 0
