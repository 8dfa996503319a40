"""The ledger: one row for each subscription and occasion, one for each part; planned, claimed, settled."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, String, and_, cast, exists, literal, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.models import Chat, Delivery, DeliveryState, Format, PartRecord, PartState, Slot, SubscriptionState, Week
from bot.schedule import Due
from bot.store import codec, statements
from bot.store.engine import Database
from bot.store.journal import Journal
from bot.store.subscriptions import chat_of, slot_of
from bot.store.tables import chats, deliveries, delivery_parts, digests, slots, subscriptions

_S, _D, _P = subscriptions.c, deliveries.c, delivery_parts.c
_BASE = deliveries.alias("base")
_OTHER = deliveries.alias("other")
_OPEN = (DeliveryState.PLANNED, DeliveryState.CLAIMED)
_IS_OPEN = text("deliveries.state IN ('planned', 'claimed')")
"""Word for word what ix_deliveries_open is about: without it SQLite looks through the whole ledger."""


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
            .where(chats.c.platform == chat.platform, chats.c.address == chat.address, _S.topic == chat.topic)
            .where(_D.occasion == occasion_of_day(day))
        )
        async with self._database.read() as connection:
            return await connection.scalar(query) is not None

    async def waiting(self, due: Sequence[Due]) -> Mapping[str, int]:
        """Return how many deliveries `plan` would add for `due`, by platform."""
        found: Counter[str] = Counter()
        async with self._database.read() as connection:
            for one in due:
                row = {"slot": one.slot_id, "the_day": one.day, "the_occasion": occasion_of_day(one.day)}
                rows = await connection.execute(statements.WAITING, {**row, "fell_due": one.fell_due})
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

    async def set_back(self, now: datetime, *, latest: datetime) -> None:
        """Undo what a clock did that was ahead: its waits beyond `latest`, and its verdicts of being too late."""
        waits = and_(_D.state == DeliveryState.PLANNED, _D.next_at > latest)
        too_late = and_(
            _D.state.in_((DeliveryState.EXPIRED, DeliveryState.FAILED)),
            _D.error_code == _D.state,
            _D.settled_at >= _D.deadline,
            _D.deadline > now,
        )
        again = {"state": DeliveryState.PLANNED, "settled_at": None, "error_code": None, "error": None}
        async with self._database.write() as connection:
            await connection.execute(update(deliveries).where(waits).values(next_at=now))
            await connection.execute(update(deliveries).where(too_late).values(next_at=now, **again))

    async def claim(self, platform: str, owner: str, now: datetime, limit: int) -> tuple[Delivery, ...]:
        """Take up to `limit` deliveries that may be tried now, those due first first."""
        ready = and_(_D.platform == platform, _D.state == DeliveryState.PLANNED, _D.next_at <= now)
        query = select(_D.id).where(ready, _IS_OPEN, _is_its_turn()).order_by(_D.next_at, _D.id).limit(limit)
        async with self._database.write() as connection:
            ids = list(await connection.scalars(query))
            if not ids:
                return ()
            taken = {"state": DeliveryState.CLAIMED, "claimed_by": owner, "attempts": _D.attempts + 1}
            await connection.execute(update(deliveries).where(_D.id.in_(ids)).values(taken))
            return await _claimed(connection, ids)

    def pin(self, delivery_id: int, edition: str, revision_id: int | None) -> None:
        """Bind a delivery to the stored edition that all its parts come from; committed with its first part."""
        self._journal.add(statements.PIN, {"the_id": delivery_id, "edition": edition, "revision_id": revision_id})

    async def sending(self, delivery_id: int, number: int, *, again: bool, now: datetime) -> None:
        """Record that a part is about to be sent; `again` when the ledger has it already."""
        row = {"the_id": delivery_id, "the_number": number, "now": now}
        await self._journal.write(statements.SEND_AGAIN if again else statements.SEND_FIRST, row)

    def show(self, delivery_id: int, number: int, *, message_id: str | None, shows: str | None, now: datetime) -> None:
        """Record that a part is done: its message is there and says what has the fingerprint `shows`, or is gone.

        Committed with whatever is recorded next; a kill before that leaves the part `sending`.
        """
        row = {"the_id": delivery_id, "the_number": number, "message_id": message_id, "shows": shows, "now": now}
        self._journal.add(statements.SHOW, row)

    async def vanished(self, delivery_id: int, number: int, *, now: datetime) -> None:
        """Record that the message of a part is not there any more, and return once that is committed."""
        row = {"the_id": delivery_id, "the_number": number, "message_id": None, "shows": None, "now": now}
        await self._journal.write(statements.SHOW, row)

    async def fail(self, delivery_id: int, number: int, state: PartState, *, now: datetime) -> None:
        """Record that a part was refused, or may or may not have arrived; what was there before is still known."""
        row = {"the_id": delivery_id, "the_number": number, "state": state, "now": now}
        await self._journal.write(statements.FAIL, row)

    async def follow(self, delivery_id: int, revision_id: int, *, whole: bool) -> None:
        """Record that the messages of a delivery say what `revision_id` says; if `whole`, that none is missing now."""
        row = {"the_id": delivery_id, "revision_id": revision_id}
        await self._journal.write(statements.FULFIL if whole else statements.FOLLOW, row)

    async def settle(
        self,
        delivery_id: int,
        state: DeliveryState,
        *,
        code: str | None = None,
        error: str | None = None,
        now: datetime,
    ) -> None:
        """Close a delivery."""
        row = {"the_id": delivery_id, "state": state, "code": code, "error": error, "now": now}
        await self._journal.write(statements.SETTLE, row)

    async def postpone(self, delivery_id: int, *, owner: str, until: datetime, code: str, error: str) -> None:
        """Put back what `owner` has claimed, to be tried again at `until` (UTC); what it has no more is left alone."""
        row = {"the_id": delivery_id, "owner": owner, "until": until, "code": code, "error": error}
        await self._journal.write(statements.POSTPONE, row)


def occasion_of_day(day: date) -> str:
    """Name the occasion of a day's digest."""
    return f"day:{day.isoformat()}"


def _plan_row(due: Due, now: datetime) -> dict[str, object]:
    return {
        "slot": due.slot_id,
        "the_day": due.day,
        "the_occasion": occasion_of_day(due.day),
        "revision": due.revision_id,
        "fell_due": due.fell_due,
        "closes": due.deadline,
        "now": now,
    }


def _is_its_turn() -> ColumnElement[bool]:
    """Return the condition for a delivery not to be a week that would come in between its Sunday's own messages."""
    same_day = _OTHER.c.occasion == literal("day:") + cast(_D.day, String)
    own_digest = exists().where(_OTHER.c.subscription_id == _D.subscription_id, same_day, _OTHER.c.state.in_(_OPEN))
    return or_(_D.revision_id.is_not(None), ~own_digest)


def _is_wished_for() -> ColumnElement[bool]:
    """Return the condition for a delivery to bring a day, or a week to who still wants weeks."""
    return or_(_D.revision_id.is_not(None), _S.weekly)


async def _claimed(connection: AsyncConnection, ids: list[int]) -> tuple[Delivery, ...]:
    query = (
        select(
            deliveries,
            chats.c.address,
            chats.c.kind,
            chats.c.title,
            chats.c.credential,
            _S.topic,
            _S.mention,
            _S.silent,
            _S.tells_empty,
            and_(_S.state == SubscriptionState.ON, statements.is_there_on(_D.day), _is_wished_for()).label("wanted"),
            digests.c.revision_id.label("published"),
            _BASE.c.state.label("base_state"),
        )
        .join(subscriptions, _S.id == _D.subscription_id)
        .join(chats, chats.c.id == _S.chat_id)
        .outerjoin(digests, digests.c.day == _D.day)
        .outerjoin(_BASE, _BASE.c.id == _D.base_id)
        .where(_D.id.in_(ids))
        .order_by(_D.next_at, _D.id)
    )
    rows = (await connection.execute(query)).all()
    parts = await _parts(connection, {*ids, *(row.base_id for row in rows if row.base_id)})
    sundays = {row.day for row in rows if row.revision_id is None}
    weeks = {sunday: await _published_in(connection, Week.of(sunday)) for sunday in sundays}
    return tuple(_delivery(row, parts, weeks) for row in rows)


async def _published_in(connection: AsyncConnection, week: Week) -> tuple[int, ...]:
    """Return the revisions that are published of the days of `week`, in their order."""
    query = select(digests.c.revision_id).where(digests.c.day.between(week.monday, week.sunday))
    public = query.where(digests.c.revision_id.is_not(None)).order_by(digests.c.day)
    return tuple(await connection.scalars(public))


async def _parts(connection: AsyncConnection, ids: Iterable[int]) -> dict[int, dict[int, PartRecord]]:
    found: dict[int, dict[int, PartRecord]] = {}
    for row in await connection.execute(
        select(delivery_parts).where(_P.delivery_id.in_(list(ids))).order_by(_P.number)
    ):
        found.setdefault(row.delivery_id, {})[row.number] = PartRecord(
            number=row.number,
            state=PartState(row.state),
            attempts=row.attempts,
            message_id=row.message_id,
            shows=row.shows,
        )
    return found


def _delivery(
    row: Row[*tuple[Any, ...]], parts: Mapping[int, dict[int, PartRecord]], weeks: Mapping[date, tuple[int, ...]]
) -> Delivery:
    return Delivery(
        id=row.id,
        chat=chat_of(row, credential=row.credential),
        day=row.day,
        occasion=row.occasion,
        base=row.base_id,
        cut_short=row.base_state == DeliveryState.EXPIRED,
        revision_id=row.revision_id,
        revisions=weeks[row.day] if row.revision_id is None else (),
        published=row.published,
        categories=codec.slugs_from_text(row.categories),
        format=Format(row.format),
        language=row.language,
        mention=codec.names_from_text(row.mention),
        silent=row.silent,
        tells_empty=row.tells_empty,
        edition=row.edition,
        wanted=row.wanted,
        attempts=row.attempts,
        deadline=row.deadline,
        parts=parts.get(row.base_id or row.id, {}),
        notices=parts.get(row.id, {}) if row.base_id else {},
    )
