"""A week out of its digests: the same story folded into one, by category, the most important first. Pure."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from urllib.parse import parse_qsl, urlencode, urlsplit

from bot.editions import shorten
from bot.models import Chapter, Digest, Format, Item, Story, Week, WeekEdition

SENTENCES = 12
"""In a week of at most so many stories each has its first sentence; in a longer one only the first of each category."""

_SAME_FROM = 8
"""How much two titles must share to be the same story: a Han character weighs 1, a word of letters 2."""
_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_TOKEN = re.compile(rf"[{_HAN}]|[^\W_{_HAN}]+(?:[.+'’-][^\W_{_HAN}]+)*\+*")
_IS_HAN = re.compile(f"[{_HAN}]")
_CLAUSE_END = re.compile(r"[;!?。…|()\[\]【】—]|:(?!\d)|(?<!\d),|,(?!\d)|\s-\s")
_WEIGHTLESS = re.compile("发布|推出|公布|宣布|上线|亮相|正式|最新|已经|[将拟已了的]")
"""Words that come and go while the story stays the same: that it is announced, and when."""
_ARTICLES = frozenset({"a", "an", "the"})
_LABELS = frozenset(["更新", "快讯", "独家", "突发", "重磅", "后续", "update", "updated", "breaking", "exclusive"])
"""What stands before a title and tells nothing of the story."""
_COLUMN = re.compile(
    r"[日早晚周快]报|[今每]日|[本每]周|盘点|汇总|合集|精选|一览|\b(?:daily|weekly|roundup|newsletter)\b"
)
"""A column's name comes back with other news under it: never the same story for its title's sake."""
_TRACKING = ("utm_", "spm")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Telling:
    """An item on its day. `weight` is 1 where it leads its digest and 1/n where it is the last of n."""

    day: date
    item: Item
    weight: Fraction
    address: str
    gist: "Gist"


@dataclass(frozen=True, kw_only=True, slots=True)
class Gist:
    """What a title says: its clauses, each without what weighs nothing, and how much they weigh together."""

    clauses: frozenset[str]
    weight: int


def gather(
    week: Week,
    digests: Iterable[Digest],
    *,
    categories: frozenset[str] = frozenset(),
    order: Sequence[str] = (),
    format: Format = Format.FULL,  # noqa: A002
) -> WeekEdition:
    """Return what a subscription to `categories` (slugs; none means all) gets of the `digests` of `week`.

    Every item of these categories is in exactly one story. A story stands under the first category of its item that is
    wanted; categories come in the `order` given (slugs), others after them, stories without one at the end.

    A story weighs the sum over its days of its place: 1 for the first item of a digest, down to 1/n for the last of n.
    So what leads a day is above what does not, and what runs for days in the middle above what leads once. Of equal
    ones the later comes first.
    """
    listed = sorted(digests, key=lambda digest: digest.day)
    strands = _strands([telling for digest in listed for telling in _tellings(digest, categories)])
    chapters = _chapters(sorted(strands, key=_rank), categories, order)
    told = sum(len(chapter.stories) for chapter in chapters)
    return WeekEdition(
        week=week,
        chapters=tuple(_shortened(chapter, format, everywhere=told <= SENTENCES) for chapter in chapters),
        categories=tuple(sorted(categories)),
        total=sum(len(digest.items) for digest in listed),
    )


def alike(one: Gist, other: Gist) -> bool:
    """Tell whether two titles tell the same story: one says all that the other says, and little more.

    Nothing may be replaced, only left out or added, by whole clauses: a measure of how many characters agree takes
    `图像生成模型` for `视频生成模型`, and one company's round for another's. To miss a fold costs a line; a wrong one
    costs a story.
    """
    less, more = sorted((one, other), key=lambda gist: gist.weight)
    return less.clauses <= more.clauses and less.weight >= _SAME_FROM and less.weight * 2 >= more.weight


def gist_of(title: str) -> Gist:
    """Return what `title` says; nothing at all when it is the name of a column."""
    text = unicodedata.normalize("NFKC", title).casefold()
    if _COLUMN.search(text):
        return Gist(clauses=frozenset(), weight=0)
    stretches = (stretch.strip() for stretch in _CLAUSE_END.split(text))
    clauses = {clause for stretch in stretches if stretch not in _LABELS and (clause := _tokens(stretch))}
    return Gist(
        clauses=frozenset(" ".join(clause) for clause in clauses),
        weight=sum(_weight(token) for clause in clauses for token in clause),
    )


def _tokens(clause: str) -> tuple[str, ...]:
    """Return the Han characters and the words of letters and digits, without those that weigh nothing."""
    return tuple(token for token in _TOKEN.findall(_WEIGHTLESS.sub("", clause)) if token not in _ARTICLES)


def _weight(token: str) -> int:
    return 1 if _IS_HAN.match(token) else 2


def address_of(url: str | None) -> str:
    """Return the address of a page in one form, without what counts readers; empty for none and for a home page."""
    try:
        parts = urlsplit((url or "").strip())
    except ValueError:
        return ""
    asked = [(name, value) for name, value in parse_qsl(parts.query) if not name.casefold().startswith(_TRACKING)]
    path = parts.path.rstrip("/")
    host = parts.netloc.casefold().removeprefix("www.")
    return f"{host}{path}?{urlencode(sorted(asked))}".rstrip("?") if path or asked else ""


def _tellings(digest: Digest, categories: frozenset[str]) -> Iterator[_Telling]:
    """Yield the wanted items. An address that two items of a day share is a page of many stories: it says nothing."""
    used = Counter(address_of(item.url) for item in digest.items)
    total = len(digest.items)
    for place, item in enumerate(digest.items):
        if categories and categories.isdisjoint(item.categories):
            continue
        address = address_of(item.url)
        yield _Telling(
            day=digest.day,
            item=item,
            weight=Fraction(total - place, total),
            address=address if used[address] == 1 else "",
            gist=gist_of(item.title),
        )


def _strands(tellings: Sequence[_Telling]) -> list[list[_Telling]]:
    """Return the tellings by story, each in the order of days, with one telling a day at most.

    What an editor told as two things on one day is two things. A title has to be like every other of its story, so
    that no chain of likenesses ties what has nothing in common.
    """
    strands: list[list[_Telling]] = []
    known: dict[str, set[int]] = {}
    for telling in tellings:
        clues = {clue for clue in (telling.address, *telling.gist.clauses) if clue}
        near = sorted({number for clue in clues for number in known.get(clue, ())})
        number = next((number for number in near if _continues(strands[number], telling)), len(strands))
        if number == len(strands):
            strands.append([])
        strands[number].append(telling)
        for clue in clues:
            known.setdefault(clue, set()).add(number)
    return strands


def _continues(strand: Sequence[_Telling], telling: _Telling) -> bool:
    if strand[-1].day == telling.day:
        return False
    same_page = bool(telling.address) and any(told.address == telling.address for told in strand)
    return same_page or all(alike(told.gist, telling.gist) for told in strand)


def _rank(strand: Sequence[_Telling]) -> tuple[Fraction, int, int]:
    last = strand[-1]
    return -sum((told.weight for told in strand), Fraction()), -last.day.toordinal(), last.item.number


def _chapters(
    strands: Iterable[Sequence[_Telling]], categories: frozenset[str], order: Sequence[str]
) -> tuple[Chapter, ...]:
    found: dict[str, list[Story]] = {}
    for strand in strands:
        item = strand[-1].item
        slug = next((slug for slug in item.categories if not categories or slug in categories), "")
        found.setdefault(slug, []).append(Story(item=item, days=tuple(told.day for told in strand)))
    places = {slug: place for place, slug in enumerate(order)}
    slugs = sorted(found, key=lambda slug: (not slug, places.get(slug, len(places)), slug))
    return tuple(Chapter(slug=slug, stories=tuple(found[slug])) for slug in slugs)


def _shortened(chapter: Chapter, format: Format, *, everywhere: bool) -> Chapter:  # noqa: A002
    """Return the chapter with first sentences where they are wanted, and titles alone in all other places."""
    told = Format.HEADLINES if format is Format.HEADLINES else Format.BRIEF
    stories = (
        replace(story, item=shorten(story.item, told if everywhere or place == 0 else Format.HEADLINES))
        for place, story in enumerate(chapter.stories)
    )
    return replace(chapter, stories=tuple(stories))
