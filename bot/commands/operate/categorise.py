"""`/categorise`: an operator's word on the categories of an item, by buttons or by words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.categories import Decision, Voice, explain, references, referred
from bot.commands import words
from bot.commands.ask import Ask
from bot.commands.categories import most_wanted
from bot.commands.keys import Rows, key, rows, unknown
from bot.commands.operate.order import read_day
from bot.commands.operate.preview import nothing_loaded
from bot.models import Button, Reply
from bot.sorting import Standing

_ITEMS_A_PAGE = 15
_PRESSED = re.compile(r"(?P<day>\d{4}-\d\d-\d\d) (?:from (?P<start>\d{1,3})|~(?P<item>[0-9a-f]{7})(?: (?P<act>.+))?)")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Item:
    """An item that is talked about, with the day it stands in."""

    standing: Standing
    decision: Decision

    @property
    def number(self) -> int:
        return self.decision.item.number

    def press(self, act: str = "") -> str:
        """Return the press that does `act` with this item."""
        reference = references(self.standing.stored.items)[self.number]
        return f"categorise {self.standing.stored.day} ~{reference} {act}".strip()


async def categorise(ask: Ask) -> Reply:
    """Show a day's items, or one of them with its categories to tick; named ones become its categories."""
    if pressed := _PRESSED.fullmatch(ask.words):
        return await _press(ask, pressed)
    said = words.read_verdict(ask.words, ask.today, ask.categories)
    day = said.day or ask.today
    async with ask.turn:
        standing = await ask.sorter.standing(day)
        if standing is None:
            return await nothing_loaded(ask, day)
        item = _numbered(standing, said.number)
        if said.unread:
            press = item.press if item else lambda _: f"categorise {day}"
            return unknown(ask, said.unread, lambda near: press(f"add {near.slug}"))
        if item is None:
            return _items(standing, missing=said.number)
        if said.reset or said.slugs is not None:
            return await _say(ask, item, None if said.reset else said.slugs)
        return await _show(ask, item)


async def _press(ask: Ask, pressed: re.Match[str]) -> Reply:
    """Do what a button asks for; one that is about an item that is gone shows those there are."""
    day = read_day(ask, pressed["day"])
    async with ask.turn:
        standing = await ask.sorter.standing(day)
        if standing is None:
            return await nothing_loaded(ask, day)
        if pressed["start"]:
            return _items(standing, start=int(pressed["start"]))
        item = _referred(standing, pressed["item"])
        if item is None:
            return _items(standing, stale=True)
        return await _act(ask, item, *(pressed["act"] or "").partition(" ")[::2])


async def _act(ask: Ask, item: _Item, act: str, what: str) -> Reply:
    """Do it, and show the item as it stands then."""
    if act == "apply":
        return await _apply(ask, item, what)
    if act == "reset":
        return await _say(ask, item, None)
    slugs = _changed(item.decision.slugs, act, what)
    if slugs is None or what not in {category.slug for category in ask.categories}:
        return await _show(ask, item, stale=bool(act))
    return await _say(ask, item, slugs)


def _changed(slugs: tuple[str, ...], act: str, what: str) -> tuple[str, ...] | None:
    """Return the categories after `act`; None when it is none we know. To press twice is to press once."""
    others = tuple(slug for slug in slugs if slug != what)
    match act:
        case "add":
            return slugs if what in slugs else (*slugs, what)
        case "drop":
            return others
        case "first":
            return (what, *others)
        case _:
            return None


async def _say(ask: Ask, item: _Item, slugs: Sequence[str] | None) -> Reply:
    """Keep the word. It is in force at once where nobody has the digest yet, else once that is confirmed."""
    await ask.sorter.say(item.standing, item.number, slugs, by=ask.who)
    if not await _reached(ask, item.standing):
        await ask.sorter.resort(item.standing.stored.day)
    return await _show(ask, await _again(ask, item))


async def _apply(ask: Ask, item: _Item, mark: str) -> Reply:
    """Sort the day anew if it is still what the button was about: messages already sent follow."""
    standing = item.standing
    if mark != str(standing.newest.revision_id) or not standing.unapplied:
        return await _show(ask, item, stale=True)
    number = await _reached(ask, standing)
    await ask.sorter.resort(standing.stored.day)
    return await _show(ask, await _again(ask, item), applied=number)


async def _again(ask: Ask, item: _Item) -> _Item:
    """Return the item as it stands now."""
    standing = await ask.sorter.standing(item.standing.stored.day) or item.standing
    return _numbered(standing, item.number) or item


async def _reached(ask: Ask, standing: Standing) -> int:
    """Return how many chats have messages that would follow a new sorting."""
    if not standing.newest.published:
        return 0
    sent_since = ask.now - ask.settings.correct_for
    return sum((await ask.store.corrections.reach(standing.stored.day, sent_since=sent_since)).values())


async def _show(ask: Ask, item: _Item, *, stale: bool = False, applied: int | None = None) -> Reply:
    reached = await _reached(ask, item.standing) if item.standing.unapplied else 0
    return Reply(
        template="categorise_item",
        values={
            "day": item.standing.stored.day,
            "why": explain(item.decision, ask.sorter.taxonomy),
            "state": item.standing.newest.state,
            "waiting": len(item.standing.moved),
            "stale": stale,
            "applied": applied,
        },
        buttons=_ticks(ask, item, reached),
    )


def _ticks(ask: Ask, item: _Item, reached: int) -> Rows:
    slugs = item.decision.slugs
    keys = [
        key(
            "category",
            item.press(f"{'drop' if category.slug in slugs else 'add'} {category.slug}"),
            on=category.slug in slugs,
            slug=category.slug,
        )
        for category in most_wanted(ask.categories, slugs)
    ]
    first = tuple(key("primary", item.press(f"first {slug}"), slug=slug) for slug in slugs[1:3])
    last: list[Button] = []
    if item.standing.unapplied:
        last.append(key("apply", item.press(f"apply {item.standing.newest.revision_id}"), number=reached))
    if item.decision.voice is Voice.PERSON:
        last.append(key("reset", item.press("reset")))
    last.append(key("all_items", f"categorise {item.standing.stored.day}"))
    return tuple(row for row in (*rows(keys, 2), first, tuple(last)) if row)


def _items(standing: Standing, *, start: int = 1, missing: int | None = None, stale: bool = False) -> Reply:
    """List the items of a day from number `start` on."""
    decisions = standing.found.decisions
    rest = [one for one in decisions if one.item.number >= start]
    page = rest[:_ITEMS_A_PAGE]
    day = standing.stored.day
    keys = [key("item", _Item(standing=standing, decision=one).press(), number=one.item.number) for one in page]
    turn = (key("newest", f"categorise {day}"),) if start > 1 else ()
    if len(rest) > len(page):
        turn = (*turn, key("more_items", f"categorise {day} from {rest[_ITEMS_A_PAGE].item.number}"))
    return Reply(
        template="categorise",
        values={"day": day, "lines": page, "missing": missing, "stale": stale},
        buttons=tuple(row for row in (*rows(keys, 5), turn) if row),
    )


def _numbered(standing: Standing, number: int | None) -> _Item | None:
    decision = standing.decision(number) if number else None
    return _Item(standing=standing, decision=decision) if decision else None


def _referred(standing: Standing, reference: str) -> _Item | None:
    item = referred(standing.stored.items, reference)
    return _numbered(standing, item.number if item else None)
