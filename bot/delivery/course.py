"""The course a change takes: what the messages of a chat are to say now, and the steps that get them there."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.contract import Capability, Dialect
from bot.delivery.changes import Change, Printed, changes
from bot.delivery.printing import Order, Printer
from bot.models import Delivery, PartRecord


@dataclass(frozen=True, kw_only=True, slots=True)
class Course:
    """The steps, the delivery that has their messages, and whether nothing of the digest is missing after them."""

    steps: tuple[Change, ...]
    ledger: int
    whole: bool


async def course(delivery: Delivery, printer: Printer, dialect: Dialect) -> Course:
    """Return how the messages a chat has come to say what they are to, or to be gone.

    Where they can't be changed, since the platform doesn't or the chat has moved away from them, a notice does.
    """
    edits = Capability.EDIT in dialect.capabilities
    there = [part for part in delivery.parts.values() if part.shows]
    changeable = edits and all(part.message_id for part in there)
    if there and not changeable and not delivery.cut_short:
        said = changes(delivery.notices, await _notices(delivery, printer))
        return Course(steps=said, ledger=delivery.id, whole=False)
    has = delivery.parts if edits else _without_ids(delivery.parts)
    wanted = await _wanted(delivery, printer, dialect)
    whole = bool(wanted and delivery.says)
    return Course(steps=changes(has, wanted), ledger=delivery.base or delivery.id, whole=whole)


async def _wanted(delivery: Delivery, printer: Printer, dialect: Dialect) -> tuple[Printed, ...]:
    if delivery.says is None:
        return await _left(delivery, printer, dialect)
    return await _corrected(delivery, printer)


async def _left(delivery: Delivery, printer: Printer, dialect: Dialect) -> tuple[Printed, ...]:
    """Return what is left of a digest taken back: nothing, or a notice where not all of it can be deleted."""
    if not delivery.begun:
        return ()
    notice = await printer.withdrawn(delivery.day, delivery.language)
    parts = delivery.parts.values()
    stays = any(part.astray or part.shows == notice[0].shows for part in parts)
    return notice if stays or Capability.DELETE not in dialect.capabilities else ()


async def _corrected(delivery: Delivery, printer: Printer) -> tuple[Printed, ...]:
    """Return the new edition: what the chat has word for word as it is, all else marked as corrected unless news.

    The mark moves no cut, so that parts with it and without it make one whole.
    """
    order = order_of(delivery)
    unmarked = (await printer.edition(replace(order, corrected=False))).parts
    if not delivery.begun:
        return unmarked
    marked = (await printer.edition(order)).parts
    changed = {step.number for step in changes(delivery.parts, unmarked)}
    return tuple(
        corrected if plain.part.number in changed else plain for plain, corrected in zip(unmarked, marked, strict=True)
    )


async def _notices(delivery: Delivery, printer: Printer) -> tuple[Printed, ...]:
    """Return what to say of a change; a correction overtaken by a withdrawal leaves that to its own delivery."""
    if delivery.says is None:
        return await printer.withdrawn(delivery.day, delivery.language) if delivery.withdraws else ()
    return await printer.correction(_planned(delivery), order_of(delivery))


def _without_ids(parts: Mapping[int, PartRecord]) -> Mapping[int, PartRecord]:
    """Return the records of messages that stay as they are: what should be otherwise is sent."""
    return {number: replace(part, message_id=None) for number, part in parts.items()}


def order_of(delivery: Delivery) -> Order:
    """Return the cut of a day's digest that a delivery is to bring."""
    return Order(
        revision_id=revision_of(delivery),
        categories=delivery.categories,
        format=delivery.format,
        language=delivery.language,
        mention=delivery.mention,
        corrected=delivery.base is not None,
        tells_empty=delivery.tells_empty,
    )


def revision_of(delivery: Delivery) -> int:
    """Return the revision that its messages are to say: where they are to be gone, the one it was planned with."""
    return delivery.says or _planned(delivery)


def _planned(delivery: Delivery) -> int:
    if delivery.revision_id is None:
        raise ValueError("a week has no revision of its own")
    return delivery.revision_id
