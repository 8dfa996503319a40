"""Items to be shared in any chat, from what somebody types behind the bot's name."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.commands import words
from bot.commands.search import alone, find_items
from bot.commands.words import Sought
from bot.config import Settings
from bot.contract import Suggest
from bot.errors import BadCommand
from bot.models import Digest, Edition, Format, Item
from bot.store import Hit, Store
from bot.terms import extract

PAGE = 20
"""Offers at a time; Telegram shows 50 at most, and asks for more while somebody scrolls."""
_FARTHEST = 10_000
"""Farther than anybody scrolls. What comes back is what a client says, and could be a number of any size."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """An item on offer. `editions` has it in full and ever shorter, as one message is all that can be shared."""

    day: date
    item: Item
    extract: str
    editions: tuple[Edition, ...]
    after: str


class Sharing:
    """Finds what could be shared. `clock` gives the time, aware, in UTC."""

    def __init__(self, store: Store, settings: Settings, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock

    async def of(self, suggest: Suggest) -> tuple[Offer, ...]:
        """Return what fits the words typed, a page behind `after`; without words today's, or else the latest day's.

        Raises StoreError.
        """
        skip = min(int(suggest.after), _FARTHEST) if suggest.after.isdecimal() else 0
        today = await self._today(suggest)
        try:
            sought = words.read_sought(suggest.typed, today, await self._store.categories.all())
        except BadCommand:
            return ()
        if sought.empty:
            hits = await self._latest(today) if not suggest.typed.strip() else ()
            hits = hits[skip : skip + PAGE + 1]
        else:
            hits = await find_items(self._store, replace(sought, skip=skip), limit=PAGE + 1)
        more = len(hits) > PAGE
        digests = {hit.day: await self._store.digests.published(hit.day) for hit in hits[:PAGE]}
        return tuple(
            _offer(hit, digest, sought, str(skip + PAGE) if more else "")
            for hit in hits[:PAGE]
            if (digest := digests[hit.day])
        )

    async def _today(self, suggest: Suggest) -> date:
        subscription = await self._store.subscriptions.get(suggest.chat)
        zone = subscription.slot.zone if subscription else self._settings.zone
        return self._clock().astimezone(ZoneInfo(zone)).date()

    async def _latest(self, today: date) -> tuple[Hit, ...]:
        digest = await self._store.digests.published(today)
        if digest is None:
            before, _ = await self._store.digests.around(today)
            digest = await self._store.digests.published(before) if before else None
        return tuple(Hit(day=digest.day, item=item) for item in digest.items) if digest else ()


def _offer(hit: Hit, digest: Digest, sought: Sought, after: str) -> Offer:
    body = "\n".join(block.text for block in hit.item.body)
    shown = "".join(run.text for run in extract(body, sought.phrases))
    return Offer(day=hit.day, item=hit.item, extract=shown, editions=tuple(_editions(digest, hit.item)), after=after)


def _editions(digest: Digest, item: Item) -> Iterator[Edition]:
    for length in (Format.FULL, Format.BRIEF, Format.HEADLINES):
        yield alone(digest, item, length)
