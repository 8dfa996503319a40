"""A value that is looked up once for everybody who asks."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

LEAST = 1.0
"""How long a value is good at the least, in seconds."""
TIMES = 50
"""It is good that many times as long as it took: however many pages are open, they take a fiftieth of a thread."""
T = TypeVar("T")


class Kept(Generic[T]):
    """What `look` found, for as long as it is good: `at_most` so many seconds, however long the look took.

    Whoever asks during a look waits for that one.
    """

    def __init__(self, look: Callable[[], Awaitable[T]], *, at_most: float = math.inf) -> None:
        self._look = look
        self._at_most = at_most
        self._one_look = asyncio.Lock()
        self._found: list[T] = []
        self._good_until = 0.0

    async def get(self) -> T:
        """Return it, looked up now or lately. What the look raises is not kept."""
        async with self._one_look:
            begun = time.monotonic()
            if not self._found or begun >= self._good_until:
                self._found = [await self._look()]
                done = time.monotonic()
                self._good_until = done + min(max(LEAST, (done - begun) * TIMES), self._at_most)
            return self._found[0]

    async def forget(self) -> None:
        """Let the next who asks have it looked up: it is not as it was."""
        async with self._one_look:
            self._good_until = 0.0
