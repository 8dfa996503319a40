"""The ledger: one row for each subscription and occasion, one for each part; planned, claimed, settled."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial

from sqlalchemy import ColumnElement, and_, select, update

from bot.models import Chat, Delivery, DeliveryState, PartState, Slot
from bot.schedule import Due
from bot.store import claiming, clocks, statements
from bot.store.engine import Database
from bot.store.journal import Journal
from bot.store.subscriptions import slot_of
from bot.store.tables import chats, deliveries, delivery_parts, slots, subscriptions

_S, _D, _P = subscriptions.c, deliveries.c, delivery_parts.c


class Deliveries:
    """The ledger. Plan, claim and settle; the records of parts go through the journal."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal
        self._slots: tuple[tuple[int, Slot], ...] = ()

    async def slots(self) -> tuple[tuple[int, Slot], ...]:
        """Return every slot that any subscription has or had. Slots are only ever added: the rest is remembered."""
        known = self._slots
        query = select(slots).where(slots.c.id > (known[-1][0] if known else 0)).order_by(slots.c.id)
        async with self._database.read() as connection:
            found = [(row.id, slot_of(row)) for row in await connection.execute(query)]
        if found:
            self._slots = (*known, *found)
        return self._slots

    async def plan(self, due: Sequence[Due], now: datetime) -> int:
        """Write the missing ledger rows of everything that is due and return their number; idempotent."""
        unserved = await self._unserved(due)
        rows = [_plan_row(one, now) for one in due if (one.day, one.slot_id) in unserved]
        if not rows:
            return 0
        async with self._database.write() as connection:
            planned = (await connection.execute(statements.PLAN, rows)).rowcount
            await connection.execute(statements.MARK_SERVED, rows)
        return planned

    async def _unserved(self, due: Sequence[Due]) -> set[tuple[date, int]]:
        """Return the days and slots with a subscription not marked as served: a look that takes no write lock."""
        found = set()
        async with self._database.read() as connection:
            for day in {one.day for one in due}:
                ids = [one.slot_id for one in due if one.day == day]
                slots = await connection.scalars(statements.UNSERVED, {"the_day": day, "slots": ids})
                found |= {(day, slot) for slot in slots}
        return found

    async def served(self, chat: Chat, day: date) -> bool:
        """Tell whether the subscription of `chat` has its delivery of `day`, planned, sent or given up."""
        query = (
            select(_D.id)
            .join(subscriptions, _S.id == _D.subscription_id)
            .join(chats, chats.c.id == _S.chat_id)
            .where(_is_of(chat), _D.occasion == occasion_of_day(day))
        )
        async with self._database.read() as connection:
            return await connection.scalar(query) is not None

    async def awaits(self, chat: Chat, due: Sequence[Due]) -> bool:
        """Tell whether `plan` would add a delivery for the subscription of `chat`; decided by what plans."""
        query = statements.WAITING.where(_is_of(chat))
        async with self._database.read() as connection:
            return any([(await connection.execute(query, _waiting_row(one))).first() for one in due])

    async def waiting(self, due: Sequence[Due]) -> Mapping[str, int]:
        """Return how many deliveries `plan` would add for `due`, by platform."""
        found: Counter[str] = Counter()
        async with self._database.read() as connection:
            for one in due:
                rows = await connection.execute(statements.WAITING, _waiting_row(one))
                found.update({line.platform: line.number for line in rows})
        return found

    async def take_over(self, platform: str, owner: str, now: datetime) -> int:
        """Free what other processes had claimed and return how many deliveries; call only as the lease's owner."""
        return await self._free(and_(_D.platform == platform, _D.claimed_by != owner), now)

    async def let_go(self, platform: str, owner: str, now: datetime) -> int:
        """Free what `owner` has claimed and return how many deliveries; call when nothing is under way any more."""
        return await self._free(and_(_D.platform == platform, _D.claimed_by == owner), now)

    async def _free(self, whose: ColumnElement[bool], now: datetime) -> int:
        """Put claimed deliveries back. A part that was being sent may have arrived: it becomes `unknown`."""
        await self._journal.flush()
        left = and_(whose, _D.state == DeliveryState.CLAIMED)
        async with self._database.write() as connection:
            theirs = select(_D.id).where(left).union(select(_D.base_id).where(left))
            in_flight = and_(_P.state == PartState.SENDING, _P.delivery_id.in_(theirs))
            parts = update(delivery_parts).where(in_flight)
            await connection.execute(parts.values(state=PartState.UNKNOWN, changed_at=now))
            freed = update(deliveries).where(left).values(state=DeliveryState.PLANNED, next_at=now)
            return (await connection.execute(freed)).rowcount

    async def set_back(self, now: datetime, *, looked: datetime, owner: str) -> None:
        """Undo what the clock of the process `owner` did that was ahead: it said `looked` last, and now says `now`."""
        whose = clocks.not_of_another(owner)
        await self._database.write_in_thread(partial(clocks.set_back, now=now, looked=looked, whose=whose))

    async def claim(self, platform: str, owner: str, now: datetime, limit: int) -> tuple[Delivery, ...]:
        """Take up to `limit` deliveries that may be tried now, those due first first."""
        work = partial(claiming.claim, platform=platform, owner=owner, now=now, limit=limit)
        return await self._database.write_in_thread(work)

    def pin(self, delivery: Delivery, edition: str, revision_id: int | None) -> None:
        """Bind a delivery to the stored edition that all its parts come from; committed with its first part."""
        row = {"the_id": delivery.id, "owner": delivery.claimed_by, "edition": edition, "revision_id": revision_id}
        self._journal.add(statements.PIN, row)

    async def sending(self, delivery: Delivery, number: int, *, ledger: int, again: bool, now: datetime) -> bool:
        """Record that a part is about to be sent, unless it is not to go out any more: tell whether it is.

        It is not once another process has taken the delivery over, or what was known of it at the claim holds no
        longer: its digest was retracted, or, before it has begun, replaced by a new revision or no longer wanted.
        `ledger` is the delivery that has the part: this one or the one it changes; `again` when it is there already.
        """
        first_day, published = _as_claimed(delivery)
        row = {**_of(delivery, ledger, number), "first_day": first_day, "published": published, "now": now}
        return await self._journal.write(statements.SEND_AGAIN if again else statements.SEND_FIRST, row)

    def show(
        self, delivery: Delivery, number: int, *, ledger: int, message_id: str | None, shows: str | None, now: datetime
    ) -> None:
        """Record that a part is done: its message is there and says what has the fingerprint `shows`, or is gone.

        Committed with whatever is recorded next; a kill before that leaves the part `sending`.
        """
        row = {**_of(delivery, ledger, number), "message_id": message_id, "shows": shows, "now": now}
        self._journal.add(statements.SHOW, row)

    async def vanished(self, delivery: Delivery, number: int, *, ledger: int, now: datetime) -> None:
        """Record that the message of a part is not there any more, and return once that is committed."""
        row = {**_of(delivery, ledger, number), "message_id": None, "shows": None, "now": now}
        await self._journal.write(statements.SHOW, row)

    async def fail(self, delivery: Delivery, number: int, state: PartState, *, ledger: int, now: datetime) -> None:
        """Record that a part was refused, or may or may not have arrived; what was there before is still known."""
        row = {**_of(delivery, ledger, number), "state": state, "now": now}
        await self._journal.write(statements.FAIL, row)

    async def follow(self, delivery: Delivery, revision_id: int, *, whole: bool) -> None:
        """Record that the messages it changes say what `revision_id` says; if `whole`, that none is missing now."""
        base = delivery.base or delivery.id
        row = {"the_id": base, "claim": delivery.id, "owner": delivery.claimed_by, "revision_id": revision_id}
        await self._journal.write(statements.FULFIL if whole else statements.FOLLOW, row)

    async def settle(
        self,
        delivery: Delivery,
        state: DeliveryState,
        *,
        code: str | None = None,
        error: str | None = None,
        now: datetime,
    ) -> None:
        """Close a claimed delivery; one that has been taken over is left alone."""
        row = {"the_id": delivery.id, "owner": delivery.claimed_by, "state": state, "now": now}
        await self._journal.write(statements.SETTLE, {**row, "code": code, "error": error})

    async def postpone(self, delivery: Delivery, *, until: datetime, code: str, error: str) -> None:
        """Put a claimed delivery back, to be tried again at `until` (UTC); one that was taken over is left alone."""
        row = {"the_id": delivery.id, "owner": delivery.claimed_by, "until": until, "code": code, "error": error}
        await self._journal.write(statements.POSTPONE, row)

    async def give_back(self, delivery: Delivery, now: datetime) -> None:
        """Put a claimed delivery back unharmed, to be claimed and judged anew; one taken over is left alone."""
        row = {"the_id": delivery.id, "owner": delivery.claimed_by, "now": now}
        await self._journal.write(statements.GIVE_BACK, row)


def _of(delivery: Delivery, ledger: int, number: int) -> dict[str, object]:
    """Return what names a part of `ledger`, and the claim in whose name something is recorded of it."""
    return {"the_id": ledger, "the_number": number, "claim": delivery.id, "owner": delivery.claimed_by}


def _as_claimed(delivery: Delivery) -> tuple[date, int]:
    """Return the first of the days it brings, and the sum of the revisions that were published of them."""
    if week := delivery.week:
        return week.monday, sum(delivery.revisions)
    return delivery.day, delivery.published or 0


def occasion_of_day(day: date) -> str:
    """Name the occasion of a day's digest."""
    return f"day:{day.isoformat()}"


def _is_of(chat: Chat) -> ColumnElement[bool]:
    return and_(chats.c.platform == chat.platform, chats.c.address == chat.address, _S.topic == chat.topic)


def _waiting_row(due: Due) -> dict[str, object]:
    return {
        "slot": due.slot_id,
        "the_day": due.day,
        "the_occasion": occasion_of_day(due.day),
        "fell_due": due.fell_due,
    }


def _plan_row(due: Due, now: datetime) -> dict[str, object]:
    return {**_waiting_row(due), "revision": due.revision_id, "closes": due.deadline, "now": now}
