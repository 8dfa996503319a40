"""The interpreter, set for a process that runs for months and sends thousands of messages a second."""

import asyncio
import gc
import signal
from collections.abc import Coroutine
from typing import Any, TypeVar

import uvloop

T = TypeVar("T")

YOUNG = 10_000
"""New objects before the collector looks at them. A send makes thousands that die at once; at Python's own 700 it
looked at them, and at everything else, so often that it took a quarter of the time."""
OLDER = 50


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run `work` to its end on an event loop made for sockets."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


def spare_the_collector() -> None:
    """Take what has been built out of the garbage collector's view, and have it look less often at the rest."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, OLDER, OLDER)


def stop_on_signals(stop: asyncio.Event) -> None:
    """Set `stop` on SIGTERM and SIGINT."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
