"""What an account may send in any second, and who goes first."""

import asyncio
import heapq
from collections import deque
from enum import IntEnum

from bot.pacing.round_trip import RoundTrip

LEAD = 0.006
"""How long before its moment a turn is given, in seconds: time to record what is about to be sent."""
LATENESS = 0.005
"""How late a turn may be used without the lost time being lost for good, in seconds; more would make bursts."""
SLOWER = 1.25
SLOWEST = 20.0
"""How many times slower than its pace an account may become."""
CALM = 10.0
"""After so many seconds without a refusal the account recovers, a little with each turn."""
RECOVERY = 0.995


class Lane(IntEnum):
    """Who goes first."""

    REPLY = 0
    PUSH = 1


class Allowance:
    """What an account may send: a number of messages in any second, evenly spaced, replies before pushes.

    A message uses one of the allowance from when it is sent until a second after its answer, less what the way there
    and back takes at the least. A platform that counts arrivals in any one-second window so never counts too many,
    whatever the way there delays.
    """

    def __init__(self, per_second: float) -> None:
        self._fastest = 1 / per_second
        self.spacing = self._fastest
        self.round_trip = RoundTrip()
        self._unused = [0.0] * max(1, int(per_second))
        self._next = 0.0
        self._lanes: tuple[deque[asyncio.Future[float | None]], ...] = tuple(deque() for _ in Lane)
        self._timer: asyncio.TimerHandle | None = None
        self._calm_from = 0.0

    def ask(self, lane: Lane, *, first: bool = False) -> "asyncio.Future[float | None]":
        """Return what shortly before the next message may be sent gets the moment from which it may.

        Whoever asks may set it to None, which gives up the place in the lane; `first` takes the first one there.
        """
        given: asyncio.Future[float | None] = asyncio.get_running_loop().create_future()
        if first:
            self._lanes[lane].appendleft(given)
        else:
            self._lanes[lane].append(given)
        self._give()
        return given

    async def given(self, asked: "asyncio.Future[float | None]") -> float | None:
        """Wait for what was asked; a waiter that is cancelled takes nothing."""
        try:
            return await asked
        except asyncio.CancelledError:
            if asked.done() and not asked.cancelled() and (moment := asked.result()) is not None:
                heapq.heappush(self._unused, moment)
                self._give()
            raise

    def give_back(self, moment: float) -> None:
        """Let what was taken be used again from `moment` on."""
        heapq.heappush(self._unused, moment)
        self._give()

    def hold(self, seconds: float) -> None:
        """Give nothing for so long."""
        self._next = max(self._next, clock() + seconds)

    def slow_down(self) -> None:
        """Space messages wider, until all has been calm for a while."""
        self.spacing = min(self.spacing * SLOWER, self._fastest * SLOWEST)
        self._calm_from = clock() + CALM

    def _give(self) -> None:
        """Give the turns whose time has come, and see to it that somebody looks again when the next one's has."""
        while self._unused and (lane := self._first_lane()):
            now = clock()
            moment = max(self._next, self._unused[0])
            if moment - LEAD > now:
                self._look_again(moment - LEAD - now)
                return
            heapq.heappop(self._unused)
            self._recover(now)
            self._next = max(moment, now - LATENESS) + self.spacing
            lane.popleft().set_result(max(moment, now))

    def _recover(self, now: float) -> None:
        if self.spacing > self._fastest and now > self._calm_from:
            self.spacing = max(self._fastest, self.spacing * RECOVERY)

    def _first_lane(self) -> deque[asyncio.Future[float | None]] | None:
        for lane in self._lanes:
            while lane and lane[0].done():
                lane.popleft()
            if lane:
                return lane
        return None

    def _look_again(self, wait: float) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(wait, self._on_time)

    def _on_time(self) -> None:
        self._timer = None
        self._give()


def clock() -> float:
    """Return the time by which everything here is paced, in seconds from no particular moment."""
    return asyncio.get_running_loop().time()
