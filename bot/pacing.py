"""How fast an account sends: evenly spaced, replies before pushes, each chat within its own limit."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from enum import IntEnum

from bot.contract import Pace
from bot.errors import RateLimited
from bot.models import Chat, ChatKind

MINUTE = 60.0
WINDOW = 1.0
"""The platforms count sends over a second."""
LATENESS = 0.005
"""How late a timer may fire without the lost time being lost for good, in seconds; more would make bursts."""
SEVERAL = 3
"""So many chats refused within `LATELY` seconds mean that it is the account that is too fast."""
LATELY = 5.0
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


@dataclass(slots=True)
class _ChatGate:
    """When a chat may next be written to, and who waits for it."""

    ready_at: float = 0.0
    lately: deque[float] = field(default_factory=deque)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0
    timed: bool = False
    """Whether somebody will look whether it can be forgotten."""


_Place = tuple[str, str]


class Pacer:
    """The turns of one account.

    A turn is given once the chat is ready, the even spacing has passed, and fewer sends than a second's allowance are
    unanswered or were answered within the last second: so a platform that counts arrivals in any one-second window
    never counts too many, whatever the way there delays.
    """

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._fastest = 1 / pace.per_second if pace.per_second else 0.0
        self._spacing = self._fastest
        self._refused: deque[tuple[float, _Place]] = deque()
        self._free = max(1, int(pace.per_second)) if pace.per_second else 0
        self._next = 0.0
        self._lanes: tuple[deque[asyncio.Future[None]], ...] = tuple(deque() for _ in Lane)
        self._gates: dict[_Place, _ChatGate] = {}
        self._timer: asyncio.TimerHandle | None = None

    def turn(self, chat: Chat, lane: Lane) -> "Turn":
        """Return the turn to send one message to `chat`: entering waits for it, leaving tells that it was answered."""
        return Turn(self, chat, lane)

    async def begin(self, chat: Chat, lane: Lane) -> _ChatGate:
        """Wait until `chat` and the account are ready. Whoever enters must `end`."""
        gate = self._gates.setdefault(_place(chat), _ChatGate())
        gate.users += 1
        try:
            await gate.lock.acquire()
            try:
                await self._chat_ready(gate)
                await self._account_ready(lane)
            except BaseException:
                gate.lock.release()
                raise
        except BaseException:
            self._leave(chat, gate)
            raise
        return gate

    def end(self, chat: Chat, gate: _ChatGate) -> None:
        """Count from now on what was sent in this turn."""
        self._answered(chat, gate)
        gate.lock.release()
        self._leave(chat, gate)

    def _leave(self, chat: Chat, gate: _ChatGate) -> None:
        gate.users -= 1
        self._forget(_place(chat), gate)

    @property
    def per_second(self) -> float | None:
        """How many messages a second are sent now, at most; None: as many as there are."""
        return 1 / self._spacing if self._spacing else None

    def refused(self, chat: Chat, error: RateLimited) -> None:
        """Learn from a refusal: it holds its chat, or everybody where it says so; several at once slow all down."""
        now = _now()
        self._refused.append((now, _place(chat)))
        while self._refused[0][0] < now - max(CALM, LATELY):
            self._refused.popleft()
        self.hold(chat, error.retry_after)
        if error.scope == "account":
            self.hold_all(error.retry_after)
        if error.scope == "account" or (error.scope == "unknown" and self._several(now)):
            self._spacing = min(self._spacing * SLOWER, self._fastest * SLOWEST)

    def _several(self, now: float) -> bool:
        return len({chat for moment, chat in self._refused if moment > now - LATELY}) >= SEVERAL

    def hold(self, chat: Chat, seconds: float) -> None:
        """Send nothing to `chat` for so long."""
        gate = self._gates.setdefault(_place(chat), _ChatGate())
        gate.ready_at = max(gate.ready_at, _now() + seconds)
        self._forget(_place(chat), gate)

    def hold_all(self, seconds: float) -> None:
        """Send nothing at all for so long."""
        self._next = max(self._next, _now() + seconds)

    async def _chat_ready(self, gate: _ChatGate) -> None:
        while (wait := gate.ready_at - _now()) > 0:  # noqa: ASYNC110  # a hold may have put it off meanwhile
            await asyncio.sleep(wait)

    async def _account_ready(self, lane: Lane) -> None:
        if not self._spacing:
            return
        turn = asyncio.get_running_loop().create_future()
        self._lanes[lane].append(turn)
        self._give()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._take_back()
            raise

    def _give(self) -> None:
        """Give the turns whose time has come, and see to it that somebody looks again when the next one's has."""
        while self._free > 0 and (lane := self._first_lane()):
            wait = self._next - _now()
            if wait > 0:
                self._look_again(wait)
                return
            self._recover()
            self._next = max(self._next, _now() - LATENESS) + self._spacing
            self._free -= 1
            lane.popleft().set_result(None)

    def _recover(self) -> None:
        if self._spacing > self._fastest and self._refused[-1][0] < _now() - CALM:
            self._spacing = max(self._fastest, self._spacing * RECOVERY)

    def _first_lane(self) -> deque[asyncio.Future[None]] | None:
        for lane in self._lanes:
            while lane and lane[0].cancelled():
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

    def _answered(self, chat: Chat, gate: _ChatGate) -> None:
        now = _now()
        if self._pace.per_chat_second:
            gate.ready_at = max(gate.ready_at, now + 1 / self._pace.per_chat_second)
        if self._pace.per_group_minute and chat.kind is not ChatKind.PRIVATE:
            gate.lately.append(now)
            if len(gate.lately) >= self._pace.per_group_minute:
                gate.ready_at = max(gate.ready_at, gate.lately.popleft() + MINUTE)
        if self._spacing:
            asyncio.get_running_loop().call_later(WINDOW, self._take_back)

    def _take_back(self) -> None:
        self._free += 1
        self._give()

    def _forget(self, place: _Place, gate: _ChatGate) -> None:
        """Drop a gate that holds nobody, so that memory does not grow with every chat ever served."""
        if gate.users or self._gates.get(place) is not gate:
            return
        keep = max(gate.ready_at, gate.lately[-1] + MINUTE if gate.lately else 0.0) - _now()
        if keep <= 0:
            del self._gates[place]
        elif not gate.timed:
            gate.timed = True
            asyncio.get_running_loop().call_later(keep, self._on_keep, place, gate)

    def _on_keep(self, place: _Place, gate: _ChatGate) -> None:
        gate.timed = False
        self._forget(place, gate)


class Turn:
    """One turn of a pacer, as a context."""

    __slots__ = ("_chat", "_gate", "_lane", "_pacer")

    def __init__(self, pacer: Pacer, chat: Chat, lane: Lane) -> None:
        self._pacer = pacer
        self._chat = chat
        self._lane = lane

    async def __aenter__(self) -> None:
        self._gate = await self._pacer.begin(self._chat, self._lane)

    async def __aexit__(self, *_: object) -> None:
        self._pacer.end(self._chat, self._gate)


def _place(chat: Chat) -> _Place:
    """Topics of one chat share its limit."""
    return chat.platform, chat.address


def _now() -> float:
    return asyncio.get_running_loop().time()
