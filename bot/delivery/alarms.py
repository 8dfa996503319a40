"""Silence is an alarm: what the operators must hear of, decided from facts, told once per cause, day and operator."""

import asyncio
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog

from bot.contract import Adapter
from bot.delivery.sending import NONCE_LENGTH
from bot.errors import ChatGone, ChatMoved, DeliveryError, NotDelivered, RateLimited, Rejected
from bot.models import Chat, DeliveryState, Part, Reply
from bot.pacing import Lane, Pacer
from bot.render import Renderer
from bot.schedule import days_at, instant
from bot.store import Store

log = structlog.get_logger()

FEWEST = 5
"""Fewer failures than these are no alarm, whatever their share: a small list has its blocked bots too."""
NAMED = 5
"""How many refused files an alarm names."""
PATIENCE = 5.0
"""How long an operator's turn is waited for, in seconds: who is held longer is told at a later look."""
_FAILURES = (DeliveryState.FAILED, DeliveryState.UNKNOWN)


class Cause(StrEnum):
    """Why an alarm is raised; once a day each."""

    NO_DIGEST = "no_digest"
    SILENCE = "silence"
    FAILURES = "failures"
    REFUSED_FILE = "refused_file"


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """From when on it is an alarm. `at` is local to `zone`; None and 0 days mean never."""

    zone: ZoneInfo
    at: time | None
    silent_days: int
    failure_share: float

    def day(self, now: datetime) -> date:
        """Return today where new subscriptions live."""
        return now.astimezone(self.zone).date()


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """The deliveries of a day's digest: what has `failed` came to a bad end, or has been tried in vain for long.

    A correction or retraction that failed is among these.
    """

    arrived: int
    failed: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """How things stand. `subscribed_since` is None when nobody is subscribed. Times are in UTC.

    `tallies` are of every day that is today somewhere: who lives west of us is served when it is tomorrow here.
    """

    published: bool
    last_delivery: datetime | None
    subscribed_since: datetime | None
    tallies: Mapping[date, Tally]
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Alarm:
    """What is wrong, and the values that phrase it."""

    cause: Cause
    day: date
    values: Mapping[str, object] = field(default_factory=dict)


def decide(facts: Facts, rules: Rules, now: datetime) -> tuple[Alarm, ...]:
    """Return all that is wrong at `now`, whether it was told before or not. Pure."""
    checks = (_no_digest, _silence, _failures, _refused)
    return tuple(alarm for check in checks for alarm in check(facts, rules, now))


def _no_digest(facts: Facts, rules: Rules, now: datetime) -> Iterator[Alarm]:
    if not facts.published and is_overdue(rules, now):
        yield Alarm(cause=Cause.NO_DIGEST, day=rules.day(now), values={"at": rules.at})


def is_overdue(rules: Rules, now: datetime) -> bool:
    """Tell whether today's digest must be published by now."""
    return rules.at is not None and now >= instant(rules.day(now), rules.at, rules.zone)


def _silence(facts: Facts, rules: Rules, now: datetime) -> Iterator[Alarm]:
    """Raise when nothing came to those who have waited so long: whether for want of a digest or of a way out."""
    if facts.subscribed_since is None or not is_silent(facts.last_delivery, rules, now):
        return
    if not is_silent(facts.subscribed_since, rules, now):
        return
    last = facts.last_delivery.astimezone(rules.zone).date() if facts.last_delivery else None
    yield Alarm(cause=Cause.SILENCE, day=rules.day(now), values={"days": rules.silent_days, "last": last})


def is_silent(last: datetime | None, rules: Rules, now: datetime) -> bool:
    """Tell whether `last` is so long ago that it may be an alarm."""
    return rules.silent_days > 0 and (last is None or now - last >= timedelta(days=rules.silent_days))


def _failures(facts: Facts, rules: Rules, _now: datetime) -> Iterator[Alarm]:
    for day, tally in facts.tallies.items():
        total = tally.arrived + tally.failed
        if tally.failed >= FEWEST and tally.failed > rules.failure_share * total:
            yield Alarm(cause=Cause.FAILURES, day=day, values={"failed": tally.failed, "total": total})


def _refused(facts: Facts, rules: Rules, now: datetime) -> Iterator[Alarm]:
    if facts.refused:
        values = {"files": facts.refused[:NAMED], "more": max(0, len(facts.refused) - NAMED)}
        yield Alarm(cause=Cause.REFUSED_FILE, day=rules.day(now), values=values)


@dataclass(frozen=True, kw_only=True)
class Outlet:
    """What it takes to write to a chat of one account."""

    adapter: Adapter
    pacer: Pacer


class Watch:
    """Looks at how things stand and tells the operators, `admins`; without one that `outlets` reach, the log alone."""

    def __init__(
        self,
        *,
        store: Store,
        renderer: Renderer,
        rules: Rules,
        admins: Sequence[tuple[str, str]],
        outlets: Mapping[str, Outlet],
        language: str,
        patience: float = PATIENCE,
    ) -> None:
        self._store = store
        self._renderer = renderer
        self._rules = rules
        self._chats = tuple(Chat(platform=name, address=address) for name, address in admins if name in outlets)
        self._outlets = outlets
        self._language = language
        self._patience = patience
        self._told: set[tuple[Cause, date, Chat]] = set()
        self._logged: set[tuple[Cause, date]] = set()

    async def look(self, now: datetime) -> None:
        """Raise what is wrong, to each operator once a day. What could not be told is told the next time.

        An operator is told by the process that sends to that platform, and waits for no other. Raises StoreError.
        """
        self._forget(before=days_at(now)[0])
        for alarm in decide(await self._facts(now), self._rules, now):
            untold = await self._store.alarms.untold(alarm.cause, alarm.day, self._chats)
            if untold or not self._chats:
                self._log(alarm)
            ours = [chat for chat in untold if await self._is_ours(chat, now)]
            heard = await asyncio.gather(*(self._tell(alarm, chat, chat) for chat in ours))
            if told := [chat for chat, hears in zip(ours, heard, strict=True) if hears]:
                await self._store.alarms.note(alarm.cause, alarm.day, told, now)

    def _forget(self, *, before: date) -> None:
        self._logged = {logged for logged in self._logged if logged[1] >= before}
        self._told = {told for told in self._told if told[1] >= before}

    def _log(self, alarm: Alarm) -> None:
        """Log an alarm once, whoever may be told."""
        if (alarm.cause, alarm.day) not in self._logged:
            self._logged.add((alarm.cause, alarm.day))
            log.error("alarm", cause=alarm.cause, day=str(alarm.day), **alarm.values)

    async def _facts(self, now: datetime) -> Facts:
        status, day = self._store.status, self._rules.day(now)
        last = await status.last_delivery()
        silent = is_silent(last, self._rules, now)
        since = day - timedelta(days=self._rules.silent_days)
        return Facts(
            published=bool(await self._store.digests.publications([day])),
            last_delivery=last,
            subscribed_since=await status.subscribed_since(there_on=since) if silent else None,
            tallies={one: await self._tally(one, now) for one in days_at(now)},
            refused=tuple(
                f"{Path(one.path).name}: {one.reason.removeprefix('refused: ')}"
                for one in await self._store.files.refused()
                if self._rules.day(one.seen_at) == day
            ),
        )

    async def _tally(self, day: date, now: datetime) -> Tally:
        counts = await self._store.status.counts(day)
        ended = sum(number for (_, state), number in counts.items() if state in _FAILURES)
        changes = sum((await self._store.status.changes_lost(day)).values())
        return Tally(
            arrived=sum(number for (_, state), number in counts.items() if state is DeliveryState.SENT),
            failed=ended + changes + await self._store.status.held_up(day, now),
        )

    async def _is_ours(self, operator: Chat, now: datetime) -> bool:
        """Tell whether it is this process that sends to the operator's platform."""
        return await self._store.leases.holder(operator.platform, now) == self._store.leases.owner

    async def _tell(self, alarm: Alarm, operator: Chat, chat: Chat) -> bool:
        """Tell one operator, were it that the store can't note it; False when it is worth another try."""
        outlet, told = self._outlets[chat.platform], (alarm.cause, alarm.day, operator)
        if told in self._told:
            return True
        try:
            await self._send(alarm, outlet, chat)
        except RateLimited as error:
            outlet.pacer.refused(chat, error)
            return False
        except ChatMoved as error:
            log.error("an operator's chat has moved, mend DIGESTBOT_ADMINS", old=chat.address, new=error.chat.address)
            return chat == operator and await self._tell(alarm, operator, error.chat)
        except (ChatGone, Rejected) as error:
            log.error("an operator can't be told", chat=chat.address, cause=alarm.cause, reason=str(error))
        except DeliveryError as error:
            log.warning("alarm not told, trying again", chat=chat.address, cause=alarm.cause, reason=str(error))
            return False
        self._told.add(told)
        return True

    async def _send(self, alarm: Alarm, outlet: Outlet, chat: Chat) -> None:
        dialect = outlet.adapter.dialect
        reply = Reply(template="alarm", values={"cause": alarm.cause, "day": alarm.day, **alarm.values})
        for part in self._renderer.reply(reply, dialect, self._language, categories=()):
            try:
                await self._in_turn(alarm, outlet, chat, part)
            except Rejected:
                plain = replace(part, markup=str(dialect.escape(dialect.plain(part.markup))))
                await self._in_turn(alarm, outlet, chat, plain)

    async def _in_turn(self, alarm: Alarm, outlet: Outlet, chat: Chat, part: Part) -> None:
        """Send one message, unless its turn is too long in coming. Raises NotDelivered then."""
        name = f"{alarm.cause}/{alarm.day}/{chat.address}/{part.number}"
        nonce = hashlib.sha256(name.encode()).hexdigest()[:NONCE_LENGTH]
        try:
            async with asyncio.timeout(self._patience) as patience, outlet.pacer.turn(chat, Lane.REPLY):
                patience.reschedule(None)
                await outlet.adapter.send(chat, part, nonce=nonce)
        except TimeoutError as error:
            raise NotDelivered(f"its turn did not come within {self._patience:g} seconds") from error
