"""What is laid out as one, and how one that is too long alone is cut inside."""

import heapq
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice

from bot.editions import sentence_ends, split_runs
from bot.models import Block, BlockKind, Edition, Run
from bot.render.graphemes import breaks

_STRIDE = 128
_LOOK_BACK = 40
"""How far from the furthest possible cut a space is still preferred, in characters."""

_LINES = (BlockKind.BULLET, BlockKind.ROW, BlockKind.QUOTE)


class PieceKind(StrEnum):
    """What a piece is; each but NOTE is a macro of `digest.j2`."""

    HEADER = "header"
    RUNNING = "running"
    """The short title above every part but the first."""
    LEAD = "lead"
    ITEM = "item"
    COMMENTARY = "commentary"
    CHAPTER = "chapter"
    """A category's name above its stories of a week."""
    STORY = "story"
    NOTHING = "nothing"
    NOTE = "note"
    """A line of a reply: `markup` as it is, else `title` escaped."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """Text that stays together unless it is too long alone. `first` is False for what follows such a cut.

    `days` are the ISO weekdays a story ran on.
    """

    kind: PieceKind
    number: int = 0
    title: str = ""
    url: str | None = None
    blocks: tuple[Block, ...] = ()
    markup: str = ""
    days: frozenset[int] = frozenset()
    first: bool = True


def pieces_of(edition: Edition) -> list[Piece]:
    """Return the pieces of `edition` in reading order."""
    header = Piece(kind=PieceKind.HEADER, title=edition.title)
    lead = Piece(kind=PieceKind.LEAD, blocks=edition.lead)
    items = [
        Piece(kind=PieceKind.ITEM, number=item.number, title=item.title, url=item.url, blocks=item.body)
        for item in edition.items
    ]
    commentary = Piece(kind=PieceKind.COMMENTARY, blocks=edition.commentary)
    return [
        header,
        *([lead] if lead.blocks else ()),
        *(items or [Piece(kind=PieceKind.NOTHING)]),
        *([commentary] if commentary.blocks else ()),
    ]


def stretches(blocks: Iterable[Block]) -> list[list[Block]]:
    """Return `blocks` in groups that read as one: the lines of a list, a table or a quote; any other alone."""
    groups: list[list[Block]] = []
    for block in blocks:
        if groups and block.kind in _LINES and groups[-1][0].kind is block.kind:
            groups[-1].append(block)
        else:
            groups.append([block])
    return groups


def split(piece: Piece, fits: Callable[[Piece], bool]) -> tuple[Piece, Piece] | None:
    """Cut `piece` where a reader minds least, so that the first half `fits`; None when no cut makes it fit.

    In order of preference: between blocks, at a sentence end, between characters, behind the title, in a link
    (which becomes two to the same address), in the title, and at last inside a character of many code points.
    """
    for cuts in _ways(piece):
        furthest = _furthest(cuts, fits)
        if furthest is not None:
            return furthest
    return None


def loosen(piece: Piece) -> Piece | None:
    """Return `piece` with an address that is too long for a link written out as text, None if it has none."""
    if piece.url:
        address = Block(runs=(Run(text=piece.url),))
        return replace(piece, url=None, blocks=(address, *piece.blocks))
    for index, run in enumerate(piece.blocks[0].runs if piece.blocks else ()):
        if run.url:
            block = piece.blocks[0]
            written = Run(text=f"{run.text} ({run.url})".strip())
            kind = BlockKind.PARAGRAPH if block.kind is BlockKind.IMAGE else block.kind
            runs = (*block.runs[:index], written, *block.runs[index + 1 :])
            return replace(piece, blocks=(replace(block, kind=kind, runs=runs), *piece.blocks[1:]))
    return None


Cut = Callable[[], tuple[Piece, Piece]]


def _ways(piece: Piece) -> Iterator[Iterable[Cut]]:
    text = piece.blocks[0].text if piece.blocks else ""
    title = piece.title
    yield (_between_blocks(piece, count) for count in range(1, len(piece.blocks)))
    yield (_in_block(piece, offset) for offset in _outside_links(piece, _pauses(piece)))
    yield (_in_block(piece, offset) for offset in _outside_links(piece, _at_spaces(text)))
    if title and piece.blocks:
        yield [_between_blocks(piece, 0)]
    yield (_in_block(piece, offset) for offset in breaks(text))
    yield (_in_title(piece, offset) for offset in breaks(title))
    yield (_in_title(piece, offset) for offset in range(1, len(title)))
    if not title:
        yield (_in_block(piece, offset) for offset in range(1, len(text)))


def _furthest(cuts: Iterable[Cut], fits: Callable[[Piece], bool]) -> tuple[Piece, Piece] | None:
    """Return the last cut whose first half fits, looking no further ahead than a stride."""
    furthest: tuple[Piece, Piece] | None = None
    remaining = iter(cuts)
    while stride := list(islice(remaining, _STRIDE)):
        too_far = bisect_left(stride, True, key=lambda cut: not fits(cut()[0]))  # noqa: FBT003
        furthest = stride[too_far - 1]() if too_far else furthest
        if too_far < len(stride):
            break
    return furthest


def _between_blocks(piece: Piece, count: int) -> Cut:
    def cut() -> tuple[Piece, Piece]:
        return replace(piece, blocks=piece.blocks[:count]), _rest(piece, blocks=piece.blocks[count:])

    return cut


def _in_block(piece: Piece, offset: int) -> Cut:
    def cut() -> tuple[Piece, Piece]:
        block = piece.blocks[0]
        before, after = split_runs(block.runs, offset)
        head = replace(piece, blocks=(replace(block, runs=before),))
        tail = replace(block, runs=_trimmed(after, block.kind), marker="")
        return head, _rest(piece, blocks=(tail, *piece.blocks[1:]) if tail.text else piece.blocks[1:])

    return cut


def _in_title(piece: Piece, offset: int) -> Cut:
    def cut() -> tuple[Piece, Piece]:
        head = replace(piece, title=piece.title[:offset], blocks=())
        return head, _rest(piece, title=piece.title[offset:].lstrip(), blocks=piece.blocks)

    return cut


def _rest(piece: Piece, *, blocks: tuple[Block, ...], title: str = "") -> Piece:
    return replace(piece, first=False, title=title, url=piece.url if title else None, blocks=blocks)


def _trimmed(runs: tuple[Run, ...], kind: BlockKind) -> tuple[Run, ...]:
    """Take the white space off the front that the cut stands for; code keeps its indentation."""
    text = "".join(run.text for run in runs)
    spaces = text.startswith("\n") if kind is BlockKind.CODE else len(text) - len(text.lstrip())
    return split_runs(runs, spaces)[1]


def _pauses(piece: Piece) -> Iterator[int]:
    if not piece.blocks:
        return iter(())
    text = piece.blocks[0].text
    lines = (match.end() for match in re.finditer("\n", text))
    sentences = iter(()) if piece.blocks[0].kind is BlockKind.CODE else sentence_ends(text)
    return (offset for offset in heapq.merge(lines, sentences) if offset < len(text))


def _at_spaces(text: str) -> Iterator[int]:
    """Yield the breaks of `text`, those soon after a space moved back to it."""
    space = -_LOOK_BACK - 1
    for index in breaks(text):
        if text[index - 1].isspace():
            space = index
        yield space if 0 < index - space <= _LOOK_BACK else index


def _outside_links(piece: Piece, offsets: Iterable[int]) -> Iterator[int]:
    edges: list[tuple[int, int]] = []
    start = 0
    for run in piece.blocks[0].runs if piece.blocks else ():
        if run.url:
            edges.append((start, start + len(run.text)))
        start += len(run.text)
    return (offset for offset in offsets if not any(start < offset < end for start, end in edges))
