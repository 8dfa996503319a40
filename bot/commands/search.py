"""Searching the archive: results a page at a time, and an item shown whole."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.categories import close, find, references, referred
from bot.commands import words
from bot.commands.ask import Ask
from bot.commands.keys import Rows, fits, key, rows, shortened
from bot.commands.words import Sought, Span
from bot.editions import cut
from bot.errors import BadCommand
from bot.models import Button, Digest, Edition, Format, Item, Reply, Run
from bot.store import Hit, Store
from bot.terms import SHORT, extract, marked

PAGE = 5
"""Results in a message."""
_OFFERED = 4
_TRIES = 8
"""How many shorter words are tried when nothing is found."""
_SHORTEST = 2
_PARTICLE = "的"
"""What joins words and belongs to neither."""
_PRESSED = re.compile(r"^([0-9]{8})~")
"""How a button begins that shows an item: the day and the item's reference in one word, as room is scarce there."""
_EXCLUDED = re.compile(r"[-\u2010-\u2015\u2212－][^\W\d]")
"""How a word begins that is not to be there, as other searches have it."""
_ITEM = re.compile(r"~(?P<reference>[0-9a-f]{7})|(?P<number>[0-9]{1,4})")


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A result as it is listed; what was found is bold in the runs."""

    number: int
    day: date
    url: str | None
    title: tuple[Run, ...]
    extract: tuple[Run, ...]


async def search(ask: Ask) -> Reply:
    """Find items by words, category and days; `+5` in front goes on after the first five."""
    sought = words.read_sought(ask.words, ask.today, ask.categories)
    if sought.empty:
        return Reply(template="search_how", buttons=((key("all_days", "days"),),))
    found = await _page(ask, sought) or (await _page(ask, replace(sought, skip=0)) if sought.skip else None)
    return found or await _nothing(ask, sought)


async def results(ask: Ask) -> Reply | None:
    """Return what the words find, None if that is nothing or they can't be searched for."""
    try:
        sought = words.read_sought(ask.words, ask.today, ask.categories)
    except BadCommand:
        return None
    return await _page(ask, sought)


async def _page(ask: Ask, sought: Sought) -> Reply | None:
    found = await find_items(ask.store, sought, limit=PAGE + 1)
    if not found:
        return None
    headings = await ask.store.digests.headings({hit.day for hit in found[:PAGE]})
    known = {day: references(items) for day, items in headings.items()}
    return _results(ask, sought, found, known)


async def find_items(store: Store, sought: Sought, *, limit: int) -> tuple[Hit, ...]:
    """Return the items that are sought, behind those that are to be skipped."""
    slugs = [category.slug for category in sought.categories]
    days = {"first": sought.span.first, "last": sought.span.last}
    return await store.search.find(sought.phrases, slugs=slugs, **days, skip=sought.skip, limit=limit)


async def item(ask: Ask) -> Reply:
    """Show one item whole: `item 2025-10-12 5`; what follows is the search to go back to.

    Buttons have the item's reference for its number, which a correction may have given to another one.
    """
    typed, _, behind = _PRESSED.sub(r"\1 ~", ask.words, count=1).partition(" ")
    which, _, back = behind.strip().partition(" ")
    day, named = _day(ask, typed), _ITEM.fullmatch(which)
    if day is None or named is None:
        raise BadCommand("item_how")
    digest = await ask.store.digests.published(day)
    found = _named(digest, named) if digest else None
    if digest and found:
        return Reply(template="digest", edition=alone(digest, found), buttons=_under(day, back.strip()))
    values = {"day": day, "number": named["number"], "published": digest is not None}
    return Reply(template="no_item", values=values, buttons=_under(day, back.strip(), published=digest is not None))


def _named(digest: Digest, named: re.Match[str]) -> Item | None:
    if named["reference"]:
        return referred(digest.items, named["reference"])
    return next((one for one in digest.items if one.number == int(named["number"])), None)


def _day(ask: Ask, typed: str) -> date | None:
    """Return the day that a button names or somebody typed. Raises BadCommand.

    What a button opens may be of the day after where the chat is; the archive knows whether it is out.
    """
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return words.read_day(typed, ask.today)


def alone(digest: Digest, one: Item, length: Format = Format.FULL) -> Edition:
    """Return the edition that has this item and nothing else."""
    return cut(replace(digest, lead=(), items=(one,), commentary=()), format=length)


def line(number: int, hit: Hit, sought: Sought, length: int = SHORT) -> Line:
    """Return a result as it is listed, with about `length` characters of its text."""
    body = "\n".join(block.text for block in hit.item.body)
    title, shown = marked(hit.item.title, sought.phrases), extract(body, sought.phrases, length)
    return Line(number=number, day=hit.day, url=hit.item.url, title=title, extract=shown)


def _results(ask: Ask, sought: Sought, found: Sequence[Hit], known: Mapping[date, Mapping[int, str]]) -> Reply:
    """Return the results as they are listed; `known` are the items' references, by day and number."""
    lines = tuple(line(sought.skip + place, hit, sought) for place, hit in enumerate(found[:PAGE], 1))
    opening = [
        key("hit", _opening(hit, sought, known.get(hit.day, {})), number=each.number, day=each.day)
        for each, hit in zip(lines, found, strict=False)
    ]
    further = replace(sought, skip=sought.skip + PAGE) if len(found) > PAGE else None
    before = replace(sought, skip=max(0, sought.skip - PAGE)) if sought.skip else None
    turn = [*_turn("previous_page", before), *_turn("next_page", further)]
    untold = further if further and not _turn("next_page", further) else None
    return Reply(
        template="search",
        values={**_asked(sought), "lines": lines, "further": f"/search {untold.command}" if untold else ""},
        buttons=tuple(row for row in (*rows(opening, 3), tuple(turn), *_narrower(ask, sought)) if row),
    )


def _asked(sought: Sought) -> dict[str, object]:
    slugs = tuple(category.slug for category in sought.categories)
    unsearched = [word for word in sought.words if Sought(words=(word,)).empty]
    kept = [word for word in sought.words if _EXCLUDED.match(word) and word not in unsearched]
    typed = " ".join(word for word in sought.words if word not in unsearched)
    return {
        "typed": typed,
        "unsearched": shortened(unsearched),
        "kept": shortened(kept),
        "slugs": slugs,
        "span": sought.span,
    }


def _opening(hit: Hit, sought: Sought, known: Mapping[int, str]) -> str:
    """Return the press that shows an item, with the way back; without room for that, in a new message."""
    reference = known.get(hit.item.number)
    shown = f"{hit.day}".replace("-", "") + f"~{reference}" if reference else f"{hit.day} {hit.item.number}"
    press = f"item {shown}"
    way_back = f"{press} {sought.command}"
    return way_back if fits(way_back) else f"+{press}"


def _turn(label: str, page: Sought | None) -> list[Button]:
    """Return the button for a page, if there is one and its search fits into a button."""
    press = f"search {page.command}" if page else ""
    return [key(label, press)] if page and fits(press) else []


def _narrower(ask: Ask, sought: Sought) -> Rows:
    """Offer the category that one of the words is the name of."""
    if sought.categories or len(sought.words) > 1:
        return ()
    named = find(sought.words[0], ask.categories)
    return ((key("whole_category", f"category {named.slug}", slug=named.slug),),) if named else ()


async def _nothing(ask: Ask, sought: Sought) -> Reply:
    """Say so, and offer what finds something: no limits, fewer words, a shorter word, a category like it."""
    wider = await _that_find(ask, _wider(sought))
    near = tuple(dict.fromkeys(found for word in sought.words[:3] for found in close(word, ask.categories, 1)))
    offered = [key("search_for", f"search {one.text}", text=_said(one)) for one in wider if fits(f"search {one.text}")]
    like = [key("whole_category", f"category {one.slug}", slug=one.slug) for one in near[:2]]
    return Reply(
        template="search_nothing",
        values={**_asked(sought), "wider": bool(offered), "near": bool(like)},
        buttons=(*rows(offered, 2), *rows(like, 2)) or ((key("all_days", "days"),),),
    )


async def _that_find(ask: Ask, candidates: Sequence[Sought]) -> list[Sought]:
    found = [one for one in candidates if await find_items(ask.store, one, limit=1)]
    return found[:_OFFERED]


def _wider(sought: Sought) -> list[Sought]:
    """Return searches with less in them, those that keep most first."""
    bare = Sought(words=sought.words)
    if bare.empty:
        return [replace(sought, span=Span())] if sought.span != Span() else []
    if sought != bare:
        return [bare, *([replace(bare, words=(word,)) for word in sought.words] if len(sought.words) > 1 else ())]
    if len(sought.words) > 1:
        return [Sought(words=(word,)) for word in sought.words if not Sought(words=(word,)).empty]
    return [Sought(words=(word,)) for word in _shorter(sought.words[0].strip('"'))]


def _shorter(word: str) -> list[str]:
    """Return beginnings and ends of `word`, the longest first."""
    lengths = range(len(word) - 1, _SHORTEST - 1, -1)
    halves = [half.strip(_PARTICLE) for length in lengths for half in (word[:length], word[-length:])]
    return [half for half in dict.fromkeys(halves) if len(half) >= _SHORTEST][:_TRIES]


def _said(sought: Sought) -> str:
    return sought.text[:24]


def _under(day: date, back: str, *, published: bool = True) -> Rows:
    """Return the buttons under an item: its whole day, where there is one, and the way back, where it fits."""
    whole = (key("whole_day", f"day {day} all", day=day),) if published else ()
    results = (key("back_to_results", press),) if back and fits(press := f"search {back}") else ()
    return tuple(row for row in (whole, results) if row)
