"""The few pushes that are next, out of a crowd that waits."""

import asyncio
from collections import deque


class Door:
    """Room for so many: who is at the door may record what it is about to send, and is then as good as sent.

    Where that takes so long that a turn comes and nobody is ready, there is room for more, `most` more at the most.
    """

    def __init__(self, room: int, *, most: int) -> None:
        self._usual = room
        self._room = room
        self._more = 0
        self._most = most
        self._crowd: deque[asyncio.Future[bool]] = deque()

    @property
    def has_crowd(self) -> bool:
        """Whether anybody waits who is not at the door yet."""
        while self._crowd and self._crowd[0].done():
            self._crowd.popleft()
        return bool(self._crowd)

    def line_up(self, *, first: bool = False) -> "asyncio.Future[bool]":
        """Return what becomes True once there is room; `first` goes before the crowd.

        Whoever asks may set it to False, which gives up the place in the line.
        """
        place: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        if first:
            self._crowd.appendleft(place)
        else:
            self._crowd.append(place)
        self._let_in()
        return place

    async def let_in(self, place: "asyncio.Future[bool]") -> bool:
        """Wait for a place in the line; a waiter that is cancelled takes no room."""
        try:
            return await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled() and place.result():
                self.leave(ready=0)
            raise

    def leave(self, *, ready: int) -> None:
        """Make room for the next; less of it where more are `ready` than stand here usually."""
        if self._more and ready > self._usual:
            self._more -= 1
            return
        self._room += 1
        self._let_in()

    def widen(self) -> None:
        """Let one more in: a turn came, and nobody was ready."""
        if self._more < self._most:
            self._more += 1
            self._room += 1
            self._let_in()

    def _let_in(self) -> None:
        while self._room and self.has_crowd:
            self._room -= 1
            self._crowd.popleft().set_result(True)
