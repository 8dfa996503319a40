"""Printing: each different edition is cut and rendered once, stored, and shared by all the chats that get it."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot import editions
from bot.buttons import under_push
from bot.contract import Dialect
from bot.models import Delivery, Format, Part
from bot.render import Renderer
from bot.store import Store

KEPT = 128
"""How many editions are kept at hand; the store has them all."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Printed:
    """A stored edition; without parts when nothing of the digest is in its categories."""

    key: str | None
    parts: tuple[Part, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Order:
    """What makes one edition differ from another on a platform."""

    revision_id: int
    categories: frozenset[str]
    format: Format
    language: str


class Printer:
    """The editions of one platform."""

    def __init__(self, store: Store, renderer: Renderer, dialect: Dialect, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._renderer = renderer
        self._dialect = dialect
        self._clock = clock
        self._shelf: OrderedDict[_Order | str, asyncio.Future[Printed]] = OrderedDict()

    async def again(self, key: str) -> Printed:
        """Return a stored edition as it was sent before."""
        return await self._once(key, lambda: self._read(key))

    async def edition(self, delivery: Delivery, revision_id: int) -> Printed:
        """Return the edition of `revision_id` for what `delivery` asks."""
        order = _Order(
            revision_id=revision_id,
            categories=delivery.categories,
            format=delivery.format,
            language=delivery.language,
        )
        return await self._once(order, lambda: self._print(order))

    async def _once(self, what: _Order | str, make: Callable[[], asyncio.Future[Printed]]) -> Printed:
        """Make each thing once, even when a thousand deliveries ask for it at the same moment."""
        if what not in self._shelf:
            self._shelf[what] = make()
            if len(self._shelf) > KEPT:
                self._shelf.popitem(last=False)
        made = self._shelf[what]
        self._shelf.move_to_end(what)
        try:
            return await asyncio.shield(made)
        finally:
            if made.done() and (made.cancelled() or made.exception()):
                self._shelf.pop(what, None)

    def _read(self, key: str) -> asyncio.Future[Printed]:
        async def read() -> Printed:
            return Printed(key=key, parts=await self._store.editions.parts(key))

        return asyncio.ensure_future(read())

    def _print(self, order: _Order) -> asyncio.Future[Printed]:
        return asyncio.ensure_future(self._cut_and_render(order))

    async def _cut_and_render(self, order: _Order) -> Printed:
        digest = await self._store.digests.revision(order.revision_id)
        edition = editions.cut(digest, categories=order.categories, format=order.format)
        if not edition.items:
            return Printed(key=None, parts=())
        categories = await self._store.categories.all()
        before, _ = await self._store.digests.around(digest.day)
        buttons = under_push(digest, categories, before=before)
        parts = self._renderer.edition(edition, self._dialect, order.language, categories=categories, buttons=buttons)
        return Printed(key=await self._store.editions.keep(parts, self._clock()), parts=parts)
