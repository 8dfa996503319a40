"""Turns to send: each given once its chat is ready and the account has some of its allowance left."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import Self

from bot.contract import Pace
from bot.errors import RateLimited
from bot.models import Chat, ChatKind
from bot.pacing.allowance import Allowance, Lane, clock

MINUTE = 60.0
WINDOW = 1.0
"""The platforms count sends over a second."""
OVERDUE = 2.0
"""After so many seconds a send without an answer must have arrived: it no longer keeps others waiting."""
SEVERAL = 3
"""So many chats refused within `LATELY` seconds mean that it is the account that is too fast."""
LATELY = 5.0

_Place = tuple[str, str]


@dataclass(slots=True)
class _ChatGate:
    """When a chat may next be written to, and who waits for it."""

    ready_at: float = 0.0
    lately: deque[float] = field(default_factory=deque)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0
    replies: int = 0
    """How many replies wait for the lock."""
    push: "asyncio.Future[bool] | None" = None
    """What a push that has the lock waits for, in the crowd at the door."""
    timed: bool = False
    """Whether somebody will look whether it can be forgotten."""


class Pacer:
    """The turns of one account: each given once the chat is ready and the account has some of its allowance left."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._allowance = Allowance(pace.per_second) if pace.per_second else None
        self._refused: deque[tuple[float, _Place]] = deque()
        self._gates: dict[_Place, _ChatGate] = {}

    def turn(self, chat: Chat, lane: Lane) -> "Turn":
        """Return the turn to send one message to `chat`: entering waits for it, leaving tells that it was answered."""
        return Turn(self, chat, lane)

    @property
    def per_second(self) -> float | None:
        """How many messages a second are sent now, at most; None: as many as there are."""
        return 1 / self._allowance.spacing if self._allowance else None

    async def begin(self, chat: Chat, lane: Lane) -> "Permit":
        """Wait until `chat` is ready, and for a push until it is one of the next. Whoever begins must `end`."""
        gate = self._gates.setdefault(_place(chat), _ChatGate())
        gate.users += 1
        try:
            ready = await self._ready(gate, lane, again=False)
            while not ready:
                # The reply it made way for must get its turn, if only to give up: the lock waits for nobody then.
                await asyncio.sleep(0)
                ready = await self._ready(gate, lane, again=True)
        except BaseException:
            self._leave(chat, gate)
            raise
        return Permit(gate, lane, self._allowance)

    async def _ready(self, gate: _ChatGate, lane: Lane, *, again: bool) -> bool:
        """Return with the gate's lock; False without it, when a push has to make way."""
        await _locked(gate, lane)
        try:
            await _chat_ready(gate)
            ready = lane is Lane.REPLY or await self._at_the_door(gate, again=again)
        except BaseException:
            gate.lock.release()
            raise
        if not ready:
            gate.lock.release()
        return ready

    async def _at_the_door(self, gate: _ChatGate, *, again: bool) -> bool:
        """Wait behind other pushes; False when a reply to the same chat came meanwhile."""
        if self._allowance is None:
            return True
        if gate.replies:
            return False
        door = self._allowance.door
        gate.push = door.line_up(first=again)
        try:
            return await door.let_in(gate.push)
        finally:
            gate.push = None

    def end(self, chat: Chat, permit: "Permit", *, answered: bool = False) -> None:
        """Count from now on what was sent in this turn; what was `answered` well tells how far the way is."""
        now, gate = clock(), permit.gate
        permit.end(now, answered=answered)
        if permit.left_at is not None:
            self._count(chat, gate, now)
        gate.lock.release()
        self._leave(chat, gate)

    def _count(self, chat: Chat, gate: _ChatGate, now: float) -> None:
        """Have the chat rest after a message, as its own limits say."""
        if self._pace.per_chat_second:
            gate.ready_at = max(gate.ready_at, now + 1 / self._pace.per_chat_second)
        if self._pace.per_group_minute and chat.kind is not ChatKind.PRIVATE:
            gate.lately.append(now)
            if len(gate.lately) >= self._pace.per_group_minute:
                gate.ready_at = max(gate.ready_at, gate.lately.popleft() + MINUTE)

    def refused(self, chat: Chat, error: RateLimited) -> None:
        """Learn from a refusal: it holds its chat, or everybody where it says so; several at once slow all down."""
        now = clock()
        self._refused.append((now, _place(chat)))
        while self._refused[0][0] < now - LATELY:
            self._refused.popleft()
        self.hold(chat, error.retry_after)
        if error.scope == "account":
            self.hold_all(error.retry_after)
        several = len({place for _, place in self._refused}) >= SEVERAL
        if self._allowance and (error.scope == "account" or (error.scope == "unknown" and several)):
            self._allowance.slow_down()

    def hold(self, chat: Chat, seconds: float) -> None:
        """Send nothing to `chat` for so long."""
        gate = self._gates.setdefault(_place(chat), _ChatGate())
        gate.ready_at = max(gate.ready_at, clock() + seconds)
        self._forget(_place(chat), gate)

    def hold_all(self, seconds: float) -> None:
        """Send nothing at all for so long."""
        if self._allowance:
            self._allowance.hold(seconds)

    def _leave(self, chat: Chat, gate: _ChatGate) -> None:
        gate.users -= 1
        self._forget(_place(chat), gate)

    def _forget(self, place: _Place, gate: _ChatGate) -> None:
        """Drop a gate that holds nobody, so that memory does not grow with every chat ever served."""
        if gate.users or self._gates.get(place) is not gate:
            return
        keep = max(gate.ready_at, gate.lately[-1] + MINUTE if gate.lately else 0.0) - clock()
        if keep <= 0:
            del self._gates[place]
        elif not gate.timed:
            gate.timed = True
            asyncio.get_running_loop().call_later(keep, self._on_keep, place, gate)

    def _on_keep(self, place: _Place, gate: _ChatGate) -> None:
        gate.timed = False
        self._forget(place, gate)


class Permit:
    """What a turn has taken: its chat's gate, for a push a place at the door, then some of the account's allowance."""

    __slots__ = ("_allowance", "_at_the_door", "_lane", "_overdue", "gate", "left_at")

    def __init__(self, gate: _ChatGate, lane: Lane, allowance: Allowance | None) -> None:
        self.gate = gate
        self._lane = lane
        self._allowance = allowance
        self._at_the_door = allowance is not None and lane is Lane.PUSH
        self.left_at: float | None = None
        self._overdue: asyncio.TimerHandle | None = None

    async def leave(self) -> None:
        """Wait for the moment to send, once; what has no answer long after it must have arrived."""
        if self.left_at is not None:
            return
        if self._allowance is None:
            self.left_at = clock()
            return
        self.left_at = await self._allowance.moment(self._lane)
        self._make_room()
        arrived = self.left_at + OVERDUE
        self._overdue = asyncio.get_running_loop().call_at(arrived, self._give_back, arrived)

    def end(self, now: float, *, answered: bool) -> None:
        """Let the allowance be used again as soon as what is sent then arrives a second after what was sent now.

        That had arrived when its answer left, and what follows will take its time as well. How long it takes is learnt
        from pushes alone: a reply may be no call at all, or several.
        """
        self._make_room()
        if self._overdue is None or self._allowance is None or self.left_at is None:
            return
        way = self._allowance.round_trip
        if answered and self._lane is Lane.PUSH:
            way.learn(now - self.left_at)
        self._give_back(now - way.least if answered else now)

    def _make_room(self) -> None:
        if self._allowance and self._at_the_door:
            self._at_the_door = False
            self._allowance.make_room()

    def _give_back(self, arrived: float) -> None:
        """Let the allowance be used again a second after the arrival; once."""
        if self._allowance and self._overdue:
            self._overdue.cancel()
            self._overdue = None
            self._allowance.give_back(arrived + WINDOW)


class Turn:
    """One turn of a pacer, as a context."""

    __slots__ = ("_chat", "_lane", "_pacer", "_permit")

    def __init__(self, pacer: Pacer, chat: Chat, lane: Lane) -> None:
        self._pacer = pacer
        self._chat = chat
        self._lane = lane

    async def __aenter__(self) -> Self:
        self._permit = await self._pacer.begin(self._chat, self._lane)
        if self._lane is Lane.REPLY:
            try:
                await self.moment()
            except BaseException:
                self._pacer.end(self._chat, self._permit)
                raise
        return self

    async def __aexit__(self, error: type[BaseException] | None, *_: object) -> None:
        self._pacer.end(self._chat, self._permit, answered=error is None)

    async def moment(self) -> None:
        """Wait for the moment to send a push; what is to be done before it is done by then."""
        await self._permit.leave()


async def _locked(gate: _ChatGate, lane: Lane) -> None:
    """Take the gate's lock. A reply takes it from a push that still waits in the crowd."""
    if lane is Lane.PUSH:
        await gate.lock.acquire()
        return
    gate.replies += 1
    if gate.push and not gate.push.done():
        gate.push.set_result(False)
    try:
        await gate.lock.acquire()
    finally:
        gate.replies -= 1


async def _chat_ready(gate: _ChatGate) -> None:
    while (wait := gate.ready_at - clock()) > 0:  # noqa: ASYNC110  # a hold may have put it off meanwhile
        await asyncio.sleep(wait)


def _place(chat: Chat) -> _Place:
    """Topics of one chat share its limit."""
    return chat.platform, chat.address
