"""The cut of a digest for one subscription, and where a sentence ends."""

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.models import Block, BlockKind, Digest, Edition, Format, Item, Run

_END = re.compile(r"[。！？；.!?]+[”’」』〉》）】)\]\"']*")
_WORD_BEFORE = re.compile(r"[A-Za-z](?:[A-Za-z]|\.(?=[A-Za-z]))*\Z")
_ABBREVIATION = re.compile(
    r"mrs?|ms|dr|prof|st|[js]r|vs|no|fig|vol|pp|approx|dept|est|inc|ltd|corp?|gen|gov|rep|sen|rev|e\.g|i\.e|etc|al|cf"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|u\.[sk]|[ap]\.m|ph\.d|co",
    re.IGNORECASE,
)
_LOOK_BACK = 16


def cut(digest: Digest, *, categories: frozenset[str] = frozenset(), format: Format = Format.FULL) -> Edition:  # noqa: A002
    """Return what a subscription to `categories` (slugs; none means all) gets of `digest`.

    Items keep the numbers they have in the digest. The lead speaks of the whole day, so only an uncut edition has
    it; the commentary only an uncut, full one. An edition may be without items.
    """
    items = tuple(item for item in digest.items if not categories or not categories.isdisjoint(item.categories))
    whole = not categories
    return Edition(
        day=digest.day,
        title=digest.title,
        lead=digest.lead if whole else (),
        items=tuple(shorten(item, format) for item in items),
        commentary=digest.commentary if whole and format is Format.FULL else (),
        categories=tuple(sorted(categories)),
        total=len(digest.items),
        format=format,
    )


def shorten(item: Item, format: Format) -> Item:  # noqa: A002
    """Return `item` with as much of its body as `format` carries."""
    if format is Format.FULL:
        return item
    return replace(item, body=_first_sentence(item.body) if format in (Format.BRIEF, Format.NEWS) else ())


def sentence_ends(text: str) -> Iterator[int]:
    """Yield the index behind each sentence of `text`, its closing quotes and brackets included.

    A full stop in a number, an abbreviation or a name's initial ends nothing.
    """
    for match in _END.finditer(text):
        if _ends(text, match):
            yield match.end()


def split_runs(runs: tuple[Run, ...], offset: int) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    """Return `runs` before and after `offset`, counted in code points; a run across it is in both, styles kept."""
    before: list[Run] = []
    after: list[Run] = []
    for run in runs:
        here = max(0, min(offset, len(run.text)))
        if here or offset > 0:
            before.append(replace(run, text=run.text[:here]))
        if here < len(run.text) or offset <= 0:
            after.append(replace(run, text=run.text[here:]))
        offset -= len(run.text)
    return tuple(before), tuple(after)


def _ends(text: str, match: re.Match[str]) -> bool:
    mark, end = match.group(), match.end()
    if mark[0] in "。！？；":
        return True
    following = text[end : end + 1]
    if following and not following.isspace() and (following.isascii() or text[match.start() - 1].isascii()):
        return False
    return not (mark == "." and following and _is_abbreviation(text, match.start()))


def _is_abbreviation(text: str, stop: int) -> bool:
    word = _WORD_BEFORE.search(text[max(0, stop - _LOOK_BACK) : stop])
    if word is None:
        return stop < _LOOK_BACK and text[:stop].strip().isdigit()
    initial = len(word.group()) == 1 and word.group().isupper()
    return initial or _ABBREVIATION.fullmatch(word.group()) is not None


def _first_sentence(body: tuple[Block, ...]) -> tuple[Block, ...]:
    paragraphs = [block for block in body if block.kind is BlockKind.PARAGRAPH and block.text.strip()]
    for block in paragraphs or [block for block in body if block.text.strip()]:
        end = next(sentence_ends(block.text), len(block.text))
        return (replace(block, runs=split_runs(block.runs, end)[0]),)
    return ()
