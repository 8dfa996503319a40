"""One delivery: its messages in order, each recorded before and after the call, each error judged."""

import asyncio
import hashlib
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from bot.contract import Adapter, Capability
from bot.delivery import retry
from bot.delivery.changes import Act, Change, changes
from bot.delivery.course import course, order_of, revision_of
from bot.delivery.printing import Printer
from bot.delivery.week import WeekOrder
from bot.errors import ChatGone, ChatMoved, DeliveryError, NotDelivered, RateLimited, Rejected, Unknown, Vanished
from bot.models import Delivery, DeliveryState, PartRecord, PartState
from bot.pacing import Lane, Pacer, Turn
from bot.store import CHAT_GONE, Store

log = structlog.get_logger()

NONCE_LENGTH = 25
"""Discord's limit in characters; the others have none."""

Call = Callable[[Delivery, Change], Awaitable[str | None]]


class _Stopped(Exception):
    """A delivery that can't go on now: what went wrong, at which step."""

    def __init__(self, error: DeliveryError, step: Change) -> None:
        super().__init__(str(error))
        self.error = error
        self.step = step


class _CalledOff(Exception):
    """A message that must not go out: its delivery is another's now, or was overtaken, and is to be judged anew."""


@dataclass(frozen=True, kw_only=True)
class Sending:
    """What it takes to make a delivery on one account.

    What a delivery was claimed with is asked for once more as each of its messages is recorded, before it is sent: a
    digest retracted, corrected or no longer wanted meanwhile does not go out to those who had nothing of it. The few
    messages that stood recorded at the door by then, for a second at most, still do, and are taken back or corrected
    like those sent before.
    """

    store: Store
    printer: Printer
    adapter: Adapter
    pacer: Pacer
    clock: Callable[[], datetime]
    dice: random.Random = field(default_factory=random.SystemRandom)
    in_flight: set[asyncio.Task[None] | None] = field(default_factory=set)
    dropping: asyncio.Event = field(default_factory=asyncio.Event)

    async def deliver(self, delivery: Delivery) -> None:
        """Take a claimed delivery as far as it goes now: settled, or put back to be tried later."""
        if end := retry.verdict(delivery, self.clock()):
            await self._settle(delivery, end[0], code=end[0].value, error=end[1])
            return
        try:
            served = await self._change(delivery) if delivery.base else await self._bring(delivery)
        except _CalledOff:
            await self.store.deliveries.give_back(delivery, self.clock())
        except _Stopped as stopped:
            await self._judge(delivery, stopped.error, stopped.step)
        else:
            await self._settle(delivery, DeliveryState.SENT if served else DeliveryState.EMPTY)

    async def put_back(self, delivery: Delivery, error: BaseException, wait: timedelta) -> None:
        """Have a delivery tried again after `wait`, once the store can be written to."""
        await self._postpone(delivery, wait, code="crash", error=type(error).__name__)

    async def _bring(self, delivery: Delivery) -> bool:
        """Send the day's or week's edition; False when there is none. What was begun is finished as it was begun."""
        if delivery.edition and delivery.begun:
            stock = await self.printer.again(delivery.edition)
        else:
            stock = await self.printer.edition(WeekOrder.of(delivery) or order_of(delivery))
            if stock.key:
                pinned = None if delivery.week else revision_of(delivery)
                self.store.deliveries.pin(delivery, stock.key, pinned)
        for step in changes(delivery.parts, stock.parts):
            await self._take(delivery, step, delivery.id)
        return bool(stock.parts)

    async def _change(self, delivery: Delivery) -> bool:
        """Make the messages a chat has follow the revision that is published now, or its withdrawal."""
        way = await course(delivery, self.printer, self.adapter.dialect)
        for step in way.steps:
            await self._take(delivery, step, way.ledger)
        await self.store.deliveries.follow(delivery, revision_of(delivery), whole=way.whole)
        return True

    async def _take(self, delivery: Delivery, step: Change, ledger: int) -> None:
        """Take one step; where the platform can't read our markup, again without it; what is gone is sent anew."""
        calls: dict[Act, Call] = {Act.SEND: self._send, Act.EDIT: self._edit, Act.DELETE: self._delete}
        if step.act is Act.SEND and retry.enough(tries=step.tries, untold=step.untold):
            raise _Stopped(Unknown("sent as often as may be, and nobody knows whether it arrived"), step)
        try:
            try:
                await self._attempt(delivery, step, calls[step.act], ledger)
            except Vanished:
                log.warning("message is gone", chat=delivery.chat.address, part=step.number)
                await self._anew(delivery, step, ledger)
            except Rejected as error:
                log.error("rejected", chat=delivery.chat.address, part=step.number, reason=str(error))
                again = await self._gentler(delivery, step)
                await self._attempt(delivery, again, calls[again.act], ledger)
        except DeliveryError as error:
            raise _Stopped(error, step) from error

    async def _anew(self, delivery: Delivery, step: Change, ledger: int) -> None:
        """Send what was to replace a message that a reader deleted, or we did before we were cut short."""
        await self.store.deliveries.vanished(delivery, step.number, ledger=ledger, now=self.clock())
        if step.wanted:
            gone = PartRecord(number=step.number, state=PartState.SENT, attempts=step.tries)
            await self._attempt(delivery, replace(step, act=Act.SEND, known=gone), self._send, ledger)

    async def _gentler(self, delivery: Delivery, step: Change) -> Change:
        """Return what to try in place of a rejected step: plain text; for a deletion, a notice in its place."""
        refused = PartRecord(number=step.number, state=PartState.REFUSED, attempts=0)
        step = replace(step, known=step.known or refused)
        if step.wanted is None:
            gone = delivery.says is None
            notice = self.printer.withdrawn if gone else self.printer.surplus
            (instead, *_) = await notice(delivery.day, delivery.language)
            return replace(step, act=Act.EDIT, wanted=instead)
        dialect, part = self.adapter.dialect, step.wanted.part
        plain = replace(part, markup=str(dialect.escape(dialect.plain(part.markup))))
        return replace(step, wanted=replace(step.wanted, part=plain))

    async def _attempt(self, delivery: Delivery, step: Change, call: Call, ledger: int) -> None:
        """Wait for the turn, then call and record. Whoever drops deliveries spares those that are `in_flight`."""
        async with self.pacer.turn(delivery.chat, Lane.PUSH) as turn:
            self._stop_if_dropped()
            task = asyncio.current_task()
            self.in_flight.add(task)
            try:
                await self._recorded(delivery, step, call, ledger, turn)
            finally:
                self.in_flight.discard(task)
        self._stop_if_dropped()

    def _stop_if_dropped(self) -> None:
        if self.dropping.is_set():
            raise asyncio.CancelledError

    async def _recorded(self, delivery: Delivery, step: Change, call: Call, ledger: int, turn: Turn) -> None:
        parts = self.store.deliveries
        again = step.known is not None
        if not await parts.sending(delivery, step.number, ledger=ledger, again=again, now=self.clock()):
            raise _CalledOff
        left = False
        try:
            await turn.moment()
            self._stop_if_dropped()
            if retry.verdict(delivery, self.clock()):
                raise NotDelivered("its day ended while it waited for its turn")
            left = True
            message_id = await call(delivery, step)
        except (DeliveryError, asyncio.CancelledError) as error:
            unknown = left and isinstance(error, Unknown | asyncio.CancelledError)
            state = PartState.UNKNOWN if unknown else PartState.REFUSED
            await parts.fail(delivery, step.number, state, ledger=ledger, now=self.clock())
            raise
        shows = step.wanted.shows if step.wanted else None
        now = self.clock()
        parts.show(delivery, step.number, ledger=ledger, message_id=message_id, shows=shows, now=now)

    async def _send(self, delivery: Delivery, step: Change) -> str | None:
        nonce = nonce_of(delivery, step.number)
        receipt = await self.adapter.send(delivery.chat, step.part, nonce=nonce, silent=delivery.silent)
        message_id = receipt.message_id
        idempotent = Capability.IDEMPOTENT in self.adapter.dialect.capabilities
        if message_id and idempotent and delivery.base and step.tries:
            # The message of the first try may be there and say what was published then.
            await self.adapter.edit(delivery.chat, message_id, step.part)
        return message_id

    async def _edit(self, delivery: Delivery, step: Change) -> str | None:
        message_id = step.message_id
        await self.adapter.edit(delivery.chat, message_id, step.part)
        return message_id

    async def _delete(self, delivery: Delivery, step: Change) -> str | None:
        await self.adapter.delete(delivery.chat, step.message_id)
        return None

    async def _judge(self, delivery: Delivery, error: DeliveryError, step: Change) -> None:
        kind = type(error).__name__
        log.warning("not delivered", chat=delivery.chat.address, kind=kind, reason=str(error), day=str(delivery.day))
        match error:
            case RateLimited():
                self.pacer.refused(delivery.chat, error)
                await self._retry(delivery, error, timedelta(seconds=error.retry_after))
            case ChatMoved():
                await self.store.subscriptions.move(delivery.chat, error.chat, self.clock())
                at_once = delivery.attempts == 1
                await self._retry(delivery, error, timedelta() if at_once else self._backoff(delivery))
            case ChatGone():
                await self.store.subscriptions.pause(delivery.chat, str(error), self.clock())
                await self._settle(delivery, DeliveryState.FAILED, code=CHAT_GONE, error=str(error))
            case Rejected():
                await self._settle(delivery, DeliveryState.FAILED, code="rejected", error=str(error))
            case Unknown() if step.act is Act.SEND and retry.enough(tries=step.tries + 1, untold=step.untold + 1):
                await self._settle(delivery, DeliveryState.UNKNOWN, code="unknown", error=str(error))
            case Unknown() if step.act is Act.SEND:
                await self._retry(delivery, error, retry.patience(step.untold + 1, self.dice))
            case _:
                await self._retry(delivery, error, self._backoff(delivery))

    def _backoff(self, delivery: Delivery) -> timedelta:
        return retry.backoff(delivery.attempts, self.dice)

    async def _settle(
        self, delivery: Delivery, state: DeliveryState, *, code: str | None = None, error: str | None = None
    ) -> None:
        settle = self.store.deliveries.settle
        await settle(delivery, state, code=code, error=error, now=self.clock())

    async def _retry(self, delivery: Delivery, error: DeliveryError, wait: timedelta) -> None:
        await self._postpone(delivery, wait, code=type(error).__name__, error=str(error))

    async def _postpone(self, delivery: Delivery, wait: timedelta, *, code: str, error: str) -> None:
        await self.store.deliveries.postpone(delivery, until=self.clock() + wait, code=code, error=error)


def nonce_of(delivery: Delivery, number: int) -> str:
    """Name a send so that a platform which drops doubles knows it again: the same for every try of this part."""
    name = f"{delivery.occasion}/{delivery.id}/{number}"
    return hashlib.sha256(name.encode()).hexdigest()[:NONCE_LENGTH]
