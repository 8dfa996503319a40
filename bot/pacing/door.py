"""The few pushes that are next, out of a crowd that waits."""

import asyncio
from collections import deque


class Door:
    """Room for so many: who is at the door may record what it is about to send, and is then as good as sent."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._crowd: deque[asyncio.Future[bool]] = deque()

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
                self.leave()
            raise

    def leave(self) -> None:
        """Make room for the next."""
        self._room += 1
        self._let_in()

    def _let_in(self) -> None:
        while self._room and self._crowd:
            place = self._crowd.popleft()
            if not place.done():
                self._room -= 1
                place.set_result(True)
