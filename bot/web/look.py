"""What is seen of a morning: the store is asked once for all pages, the less often the longer it takes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.config import Settings
from bot.masking import masked
from bot.models import DeliveryState
from bot.store import Failed, Morning, Store, Trouble, tally
from bot.web.kept import Kept
from bot.web.standing import PACE_OVER, Line, Refused, Row, Standing, over_at, row

LISTED = 50
"""Chats named of each kind."""
DAYS = 30
"""How many mornings are looked back on."""
STALE = 10.0
"""No open page shows a morning that is older, in seconds: one slow look would hold it up for long."""
_REASON_MOST = 300
_LOST = (DeliveryState.FAILED, DeliveryState.UNKNOWN, DeliveryState.EXPIRED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Outlook:
    """How the last mornings went, until `today`, and who takes what."""

    today: date
    history: tuple[Morning, ...]
    audience: Mapping[tuple[str, frozenset[str]], int]


class Look:
    """Looks at mornings; a day is one where new subscriptions live."""

    def __init__(self, store: Store, settings: Settings, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock
        self.zone = ZoneInfo(settings.zone)
        self._wishes = Kept(store.status.subscriptions)
        self._today = Kept(lambda: self.at(self.today()), at_most=STALE)
        self._outlook = Kept(self._look_back)

    def today(self) -> date:
        """Return the day it is."""
        return self._clock().astimezone(self.zone).date()

    async def now(self) -> Standing:
        """Return how today stands, as of a moment ago. Raises StoreError."""
        return await self._today.get()

    async def forget(self) -> None:
        """Look at today anew before it is shown again: it is not as it was."""
        await self._today.forget()

    async def outlook(self) -> Outlook:
        """Return what the charts are made of, as of a while ago. Raises StoreError."""
        return await self._outlook.get()

    async def at(self, day: date) -> Standing:
        """Return how `day` stands. Raises StoreError."""
        newest = await self._store.digests.newest(day)
        return Standing(
            day=day,
            digest=await self._store.digests.line(day),
            state=newest.state if newest else None,
            rows=await self._rows(day),
            failing=tuple(map(self._line, await self._store.status.failed(day, limit=LISTED))),
            paused=tuple(map(self._line, await self._store.status.paused(limit=LISTED))),
            refused=tuple(
                Refused(path=one.path, reason=one.reason.removeprefix("refused: "))
                for one in await self._store.files.refused()
            ),
        )

    async def _rows(self, day: date) -> tuple[Row, ...]:
        now = self._clock()
        counts = await self._store.status.counts(day)
        wishes = await self._wishes.get()
        lost = any(number for (_, state), number in counts.items() if state in _LOST)
        lately = await self._store.mornings.settled(day, since=now - PACE_OVER)
        failed = await self._store.resends.failed(day) if lost else Failed()
        return tuple(
            [
                row(
                    name,
                    counts,
                    wishes,
                    again=failed.again.get(name, 0),
                    sender=await self._store.leases.sender(name, now),
                    over_at=over_at(tally(name, counts, wishes).waiting, lately.get(name), now, self.zone),
                )
                for name in sorted({platform for platform, _ in (*counts, *wishes)})
            ]
        )

    async def _look_back(self) -> Outlook:
        today = self.today()
        return Outlook(
            today=today,
            history=await self._store.mornings.between(today - timedelta(days=DAYS - 1), today),
            audience=await self._store.mornings.audience(),
        )

    def _line(self, trouble: Trouble) -> Line:
        return Line(
            number=trouble.number,
            platform=trouble.chat.platform,
            name=trouble.chat.title or trouble.chat.place,
            place=trouble.chat.place if trouble.chat.title else "",
            state=trouble.state,
            reason=masked(trouble.reason or "", self._settings)[:_REASON_MOST],
            since=trouble.since.astimezone(self.zone) if trouble.since else None,
        )
