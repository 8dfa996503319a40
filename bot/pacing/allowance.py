"""What an account may send in any second, and who goes first."""

import asyncio
import heapq
from collections import deque
from enum import IntEnum

from bot.pacing.door import Door
from bot.pacing.round_trip import RoundTrip

AHEAD = 0.1
"""How many seconds' worth of pushes are recorded and wait at the door, so that no turn waits for the disk."""
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
    whatever the way there delays, as long as its least stays what it was.
    """

    def __init__(self, per_second: float) -> None:
        self._fastest = 1 / per_second
        self.spacing = self._fastest
        self.round_trip = RoundTrip()
        self._unused = [0.0] * max(1, int(per_second))
        self._next = 0.0
        self._lanes: tuple[deque[asyncio.Future[float]], ...] = tuple(deque() for _ in Lane)
        self._timer: asyncio.TimerHandle | None = None
        self._looks_at = 0.0
        self._calm_from = 0.0
        self.door = Door(max(2, round(per_second * AHEAD)), most=max(1, int(per_second)))

    async def moment(self, lane: Lane) -> float:
        """Return when the next message may be sent, which is now."""
        given: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._lanes[lane].append(given)
        self._give()
        try:
            return await given
        except asyncio.CancelledError:
            if given.done() and not given.cancelled():
                self.give_back(given.result())
            raise

    def make_room(self) -> None:
        """Let the next push come to the door: one has left it."""
        self.door.leave(ready=sum(not waiting.done() for waiting in self._lanes[Lane.PUSH]))
        self._give()

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
        while self._unused and ((lane := self._first_lane()) or self.door.has_crowd):
            now = clock()
            moment = max(self._next, self._unused[0])
            if moment > now:
                self._look_again(moment)
                return
            if lane is None:
                self.door.widen()
                self._look_again(now + self.spacing)
                return
            heapq.heappop(self._unused)
            self._recover(now)
            self._next = max(moment, now - LATENESS) + self.spacing
            lane.popleft().set_result(now)

    def _recover(self, now: float) -> None:
        if self.spacing > self._fastest and now > self._calm_from:
            self.spacing = max(self._fastest, self.spacing * RECOVERY)

    def _first_lane(self) -> deque[asyncio.Future[float]] | None:
        for lane in self._lanes:
            while lane and lane[0].done():
                lane.popleft()
            if lane:
                return lane
        return None

    def _look_again(self, moment: float) -> None:
        if self._timer:
            if self._looks_at <= moment:
                return
            self._timer.cancel()
        self._looks_at = moment
        self._timer = asyncio.get_running_loop().call_at(moment, self._on_time)

    def _on_time(self) -> None:
        self._timer = None
        self._give()


def clock() -> float:
    """Return the time by which everything here is paced, in seconds from no particular moment."""
    return asyncio.get_running_loop().time()
