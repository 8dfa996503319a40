"""One delivery: its parts in order, each recorded before and after the call, each error judged."""

import asyncio
import hashlib
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.contract import Adapter
from bot.delivery import retry
from bot.delivery.printing import Printed, Printer
from bot.errors import ChatGone, ChatMoved, DeliveryError, RateLimited, Rejected, StoreError, Unknown
from bot.models import Delivery, DeliveryState, Part, PartState, Receipt
from bot.pacing import Lane, Pacer
from bot.store import Store

log = structlog.get_logger()

NONCE_LENGTH = 25
"""Discord's limit in characters; the others have none."""
STORE_PATIENCE = 1.0
"""How long to wait before writing to a store again that could not be written to, in seconds."""

Send = Callable[[], Awaitable[Receipt]]


@dataclass(frozen=True, kw_only=True)
class Sending:
    """What it takes to make a delivery on one account."""

    store: Store
    printer: Printer
    adapter: Adapter
    pacer: Pacer
    clock: Callable[[], datetime]
    dice: random.Random = field(default_factory=random.SystemRandom)

    async def deliver(self, delivery: Delivery) -> None:
        """Take a claimed delivery as far as it goes now: settled, or put back to be tried later."""
        if end := retry.verdict(delivery, self.clock()):
            await self._settle(delivery, end[0], code=end[0].value, error=end[1])
            return
        printed = await self._printed(delivery)
        if not printed.parts:
            await self._settle(delivery, DeliveryState.EMPTY)
            return
        try:
            await self._send_missing(delivery, printed)
        except DeliveryError as error:
            await self._judge(delivery, error)
        else:
            await self._settle(delivery, DeliveryState.SENT)

    async def _printed(self, delivery: Delivery) -> Printed:
        if delivery.edition:
            return await self.printer.again(delivery.edition)
        if delivery.revision_id is None:  # `retry.verdict` has ended such a one
            return Printed(key=None, parts=())
        printed = await self.printer.edition(delivery, delivery.revision_id)
        if printed.key:
            await self.store.deliveries.pin(delivery.id, printed.key, delivery.revision_id)
        return printed

    async def _send_missing(self, delivery: Delivery, printed: Printed) -> None:
        for part in printed.parts:
            record = delivery.parts.get(part.number)
            if record is None or record.state is not PartState.SENT:
                await self._send_one(delivery, part, again=record is not None)

    async def _send_one(self, delivery: Delivery, part: Part, *, again: bool) -> None:
        nonce = nonce_of(delivery, part)
        try:
            await self._attempt(
                delivery, part, lambda: self.adapter.send(delivery.chat, part, nonce=nonce), again=again
            )
        except Rejected as error:
            log.error("markup rejected", chat=delivery.chat.address, part=part.number, reason=str(error))
            await self._attempt(
                delivery, part, lambda: self.adapter.send_plain(delivery.chat, part, nonce=nonce), again=True
            )

    async def _attempt(self, delivery: Delivery, part: Part, send: Send, *, again: bool) -> None:
        """Wait for the turn, then send and record as one step that a cancelled task does not tear apart."""
        async with self.pacer.turn(delivery.chat, Lane.PUSH):
            await asyncio.shield(asyncio.ensure_future(self._recorded(delivery, part, send, again=again)))

    async def _recorded(self, delivery: Delivery, part: Part, send: Send, *, again: bool) -> None:
        ledger = self.store.deliveries
        await ledger.sending(delivery.id, part.number, again=again, now=self.clock())
        try:
            receipt = await send()
        except DeliveryError as error:
            state = PartState.UNKNOWN if isinstance(error, Unknown) else PartState.REFUSED
            await self._insist(lambda: ledger.record(delivery.id, part.number, state, now=self.clock()))
            raise
        await self._insist(
            lambda: ledger.record(
                delivery.id, part.number, PartState.SENT, message_id=receipt.message_id, now=self.clock()
            )
        )

    async def _judge(self, delivery: Delivery, error: DeliveryError) -> None:
        log.warning(
            "not delivered", chat=delivery.chat.address, kind=type(error).__name__, reason=str(error), day=delivery.day
        )
        match error:
            case RateLimited():
                self.pacer.hold(delivery.chat, error.retry_after)
                if error.scope == "account":
                    self.pacer.hold_all(error.retry_after)
                await self._postpone(delivery, error, timedelta(seconds=error.retry_after))
            case ChatMoved():
                await self.store.subscriptions.move(delivery.chat, error.chat, self.clock())
                await self._postpone(delivery, error, timedelta())
            case ChatGone():
                await self.store.subscriptions.pause(delivery.chat, str(error), self.clock())
                await self._settle(delivery, DeliveryState.FAILED, code="chat_gone", error=str(error))
            case Rejected():
                await self._settle(delivery, DeliveryState.FAILED, code="rejected", error=str(error))
            case Unknown() if self._sent_often(delivery):
                await self._settle(delivery, DeliveryState.UNKNOWN, code="unknown", error=str(error))
            case _:
                await self._postpone(delivery, error, retry.backoff(delivery.attempts, self.dice))

    def _sent_often(self, delivery: Delivery) -> bool:
        """Tell whether the part that was just tried has used up its attempts; those before it are all sent."""
        unsent = [record.attempts for record in delivery.parts.values() if record.state is not PartState.SENT]
        return max(unsent, default=0) + 1 >= retry.UNKNOWN_LIMIT

    async def _settle(
        self, delivery: Delivery, state: DeliveryState, *, code: str | None = None, error: str | None = None
    ) -> None:
        settle = self.store.deliveries.settle
        await self._insist(lambda: settle(delivery.id, state, code=code, error=error, now=self.clock()))

    async def _postpone(self, delivery: Delivery, error: DeliveryError, wait: timedelta) -> None:
        until, code = self.clock() + wait, type(error).__name__
        await self._insist(
            lambda: self.store.deliveries.postpone(delivery.id, until=until, code=code, error=str(error))
        )

    async def _insist(self, write: Callable[[], Awaitable[None]]) -> None:
        """Write what has happened already, however long the store can't be written to: it must not be forgotten."""
        while True:
            try:
                await write()
            except StoreError as error:
                log.error("store refused a record, trying on", reason=str(error))
                await asyncio.sleep(STORE_PATIENCE)
            else:
                return


def nonce_of(delivery: Delivery, part: Part) -> str:
    """Name a send so that a platform which drops doubles knows it again: the same for every try of this part."""
    name = f"{delivery.occasion}/{delivery.id}/{part.number}"
    return hashlib.sha256(name.encode()).hexdigest()[:NONCE_LENGTH]
