"""A value that is looked up once for everybody who asks."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

LEAST = 1.0
"""How long a value is good at the least, in seconds."""
TIMES = 50
"""It is good that many times as long as it took: however many pages are open, they take a fiftieth of a thread."""
T = TypeVar("T")


class Kept(Generic[T]):
    """What `look` found, for as long as it is good. Whoever asks meanwhile waits for the same look."""

    def __init__(self, look: Callable[[], Awaitable[T]]) -> None:
        self._look = look
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
                self._good_until = done + max(LEAST, (done - begun) * TIMES)
            return self._found[0]
