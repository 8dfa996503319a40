"""Printing: each different edition is cut and rendered once, stored, and shared by all the chats that get it."""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot import editions
from bot.buttons import under_push
from bot.contract import Capability, Dialect
from bot.delivery.changes import Printed
from bot.delivery.week import WeekOrder, compose_week
from bot.models import Category, Digest, Edition, Format, Item, Part, Reply
from bot.render import Renderer, numbered
from bot.store import Store, codec

KEPT = 128
"""How many editions are kept at hand; the store has them all."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cut:
    """What makes one edition of a digest differ from another on a platform."""

    categories: frozenset[str]
    format: Format
    language: str
    mention: tuple[str, ...] = ()
    corrected: bool = False
    tells_empty: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Order(Cut):
    """A cut of one revision."""

    revision_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Manuscript:
    """A digest to be printed, loaded or not, and what its buttons lead to: categories, and the day before it."""

    digest: Digest
    categories: tuple[Category, ...]
    before: date | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Stock:
    """A stored edition; no key and no parts when nothing is in its categories, and that is not to be told."""

    key: str | None
    parts: tuple[Printed, ...]


class Printer:
    """The editions of one platform."""

    def __init__(self, store: Store, renderer: Renderer, dialect: Dialect, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._renderer = renderer
        self._dialect = dialect
        self._clock = clock
        self._shelf: OrderedDict[Order | WeekOrder | str, asyncio.Task[Stock]] = OrderedDict()

    async def again(self, key: str) -> Stock:
        """Return a stored edition as it was sent before."""
        return await self._once(key, lambda: self._read(key))

    async def edition(self, order: Order | WeekOrder) -> Stock:
        """Return the edition, a day's or a week's, that is ordered."""
        return await self._once(order, lambda: self._print(order))

    async def withdrawn(self, day: date, language: str) -> tuple[Printed, ...]:
        """Return the notice that the digest of `day` was withdrawn."""
        return await self._notice(Reply(template="withdrawn", values={"day": day}), language)

    async def surplus(self, day: date, language: str) -> tuple[Printed, ...]:
        """Return what a message says that the corrected, shorter digest of `day` no longer needs."""
        return await self._notice(Reply(template="surplus", values={"day": day}), language)

    async def correction(self, old: int, order: Order) -> tuple[Printed, ...]:
        """Return a short message naming what changed since revision `old`, for platforms that can't edit.

        Nothing when the edition says what it said before.
        """
        said = what_changed(await self._cut(old, order), await self._cut(order.revision_id, order))
        return await self._notice(said, order.language) if said else ()

    async def _cut(self, revision_id: int, order: Order) -> Edition:
        digest = await self._store.digests.revision(revision_id)
        return editions.cut(digest, categories=order.categories, format=order.format)

    async def _notice(self, reply: Reply, language: str) -> tuple[Printed, ...]:
        categories = await self._store.categories.all()
        return _prints(self._renderer.reply(reply, self._dialect, language, categories=categories))

    async def _once(self, what: Order | WeekOrder | str, make: Callable[[], Awaitable[Stock]]) -> Stock:
        """Make each thing once, even when a thousand deliveries ask for it at the same moment."""
        if what not in self._shelf:
            self._shelf[what] = asyncio.ensure_future(make())
            if len(self._shelf) > KEPT:
                self._shelf.popitem(last=False)
        made = self._shelf[what]
        self._shelf.move_to_end(what)
        try:
            return await asyncio.shield(made)
        finally:
            if made.done() and (made.cancelled() or made.exception()):
                self._shelf.pop(what, None)

    async def _read(self, key: str) -> Stock:
        return Stock(key=key, parts=_prints(await self._store.editions.parts(key)))

    async def _print(self, order: Order | WeekOrder) -> Stock:
        if isinstance(order, WeekOrder):
            parts = await compose_week(self._store, self._renderer, self._dialect, order)
        else:
            parts = await compose(self._store, self._renderer, self._dialect, order)
        key = await self._store.editions.keep(parts, self._clock()) if parts else None
        return Stock(key=key, parts=_prints(parts))


async def compose(store: Store, renderer: Renderer, dialect: Dialect, order: Order) -> tuple[Part, ...]:
    """Return the parts of an edition, exactly as they are sent."""
    digest = await store.digests.revision(order.revision_id)
    return print_out(await manuscript(store, digest), renderer, dialect, order)


async def manuscript(store: Store, digest: Digest, brought: Sequence[Category] = ()) -> Manuscript:
    """Return `digest` as it is printed from this archive, `brought` being the categories that it would add to it."""
    before, _ = await store.digests.around(digest.day)
    return Manuscript(digest=digest, categories=await store.categories.all(brought), before=before)


def print_out(of: Manuscript, renderer: Renderer, dialect: Dialect, cut: Cut) -> tuple[Part, ...]:
    """Return the parts of one cut, none when nothing is in its categories. Pure: it may run in a thread.

    Where that is ordered, one that has nothing says so.
    """
    edition = editions.cut(of.digest, categories=cut.categories, format=cut.format)
    if not edition.items:
        reply = _nothing(of, edition, dialect)
        return renderer.reply(reply, dialect, cut.language, categories=of.categories) if cut.tells_empty else ()
    parts = renderer.edition(
        edition,
        dialect,
        cut.language,
        categories=of.categories,
        buttons=under_push(of.digest, of.categories, before=of.before),
        corrected=cut.corrected,
    )
    if not cut.mention or Capability.MENTION not in dialect.capabilities:
        return parts
    reply = Reply(template="mention", values={"day": of.digest.day})
    call = renderer.reply(reply, dialect, cut.language, categories=())
    return numbered([*parts, *(replace(part, mention=cut.mention) for part in call)])


def what_changed(before: Edition, after: Edition) -> Reply | None:
    """Return what to say of a correction where nothing can be edited; None when the edition says what it said."""
    had, has = _stories(before), _stories(after)
    if _rest(before) == _rest(after) and tuple(had) == tuple(has):
        return None
    titles, addresses = {story.title for story in has}, {story.url for story in has} - {None}
    values = {
        "day": after.day,
        "items": tuple(has[story] for story in has if story not in had),
        "gone": sum(story.title not in titles and story.url not in addresses for story in had),
    }
    return Reply(template="correction", values=values)


def _nothing(of: Manuscript, edition: Edition, dialect: Dialect) -> Reply:
    """Return the word that nothing is in the edition's categories; what else there is, only where buttons bring it."""
    pressable = Capability.BUTTONS in dialect.capabilities
    values = {
        "day": of.digest.day,
        "categories": tuple(one.slug for one in of.categories if one.slug in edition.categories),
        "total": len(of.digest.items) if pressable else 0,
    }
    buttons = under_push(of.digest, of.categories, before=of.before, whole=True) if pressable else ()
    return Reply(template="nothing_that_day", values=values, buttons=buttons)


def _stories(edition: Edition) -> dict[Item, Item]:
    """Return the items by what they say: the same story under another number is not a change."""
    return {replace(item, number=0, categories=(), tags=(), section=None): item for item in edition.items}


def _rest(edition: Edition) -> Edition:
    """Return what an edition says beside its stories."""
    return replace(edition, items=(), total=0)


def _prints(parts: Sequence[Part]) -> tuple[Printed, ...]:
    return tuple(Printed(part=part, shows=fingerprint(part)) for part in parts)


def fingerprint(part: Part) -> str:
    """Return the SHA-256 of what a part says, its buttons included; not of its subjects, which no message shows."""
    said = replace(part, about=replace(part.about, subjects=())) if part.about else part
    return hashlib.sha256(codec.parts_to_json((said,)).encode()).hexdigest()
