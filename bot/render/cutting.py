"""Pieces into parts: packed in order, numbered, within a platform's limits whatever it measures."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import count, pairwise

from bot.contract import Size
from bot.render.graphemes import breaks
from bot.render.pieces import Piece, PieceKind, loosen, split

_LEADING = (PieceKind.HEADER, PieceKind.CHAPTER)
"""What stands above something, and never alone at the end of a part."""
_TITLES = (*_LEADING, PieceKind.RUNNING)
_SHORT_TITLE = 24
"""How much of a title stands above the parts after the first, in characters."""
_SHORT_TITLE_SHARE = 4
"""It takes at most this fraction of a part."""

_BLANK = Piece(kind=PieceKind.NOTE)


Draw = Callable[[Piece, int, int], str]


@dataclass(frozen=True, kw_only=True)
class Press:
    """What a layout needs of a platform. `draw` gives a piece's markup in part `number` of `of`.

    `widest` draws it as it may look later, corrected: there is room for that, so that a mark never moves a cut.
    """

    draw: Draw
    widest: Draw
    measure: Callable[[str], Size]
    plain: Callable[[str], str]
    limits: Size

    def fits(self, size: Size) -> bool:
        """Tell whether a part of `size` is within the limits."""
        return all(unit <= limit for unit, limit in zip(size, self.limits, strict=True))


def lay_out(pieces: Sequence[Piece], press: Press) -> list[str]:
    """Return the markup of each part. Nothing is dropped, and only a piece too long alone is cut inside.

    Raises ValueError when the limits are too small for a single character.
    """
    if not pieces:
        return []
    if press.fits(press.measure(_set(pieces, press.widest, 1, 1))):
        return [_set(pieces, press.draw, 1, 1)]
    for digits in count(2):
        sheets = _Layout(pieces, press, 10**digits - 1).sheets()
        if len(sheets) < 10**digits:
            break
    return [_set(sheet, press.draw, number, len(sheets)) for number, sheet in enumerate(sheets, 1)]


def _set(sheet: Sequence[Piece], draw: Draw, number: int, of: int) -> str:
    joints = ["", *(_joint(above, below) for above, below in pairwise(sheet))]
    drawn = [draw(piece, number, of) for piece in sheet]
    return "".join(joint + markup for joint, markup in zip(joints, drawn, strict=True)).strip("\n")


def _joint(above: Piece, below: Piece) -> str:
    lines = above.kind is below.kind is PieceKind.NOTE
    titles = above.kind is below.kind is PieceKind.STORY and not (above.blocks or below.blocks)
    return "\n" if lines or titles or above.kind is PieceKind.CHAPTER else "\n\n"


class _Layout:
    """One pass over the pieces, with room kept for the numbers of as many as `most` parts."""

    def __init__(self, pieces: Sequence[Piece], press: Press, most: int) -> None:
        self._press = press
        self._most = most
        self._queue = deque(pieces)
        self._running = self._short_title()
        self._done: list[list[Piece]] = []
        self._sheet: list[Piece] = []
        self._used = press.measure("")

    def sheets(self) -> list[list[Piece]]:
        while self._queue:
            piece = self._queue.popleft()
            if self._has_room_for(piece):
                self._put(piece)
            elif any(placed.kind not in _TITLES for placed in self._sheet):
                self._queue.appendleft(piece)
                self._take_back_titles()
                self._turn()
            else:
                self._divide(piece)
        return [*self._done, self._sheet] if self._sheet else self._done

    def _size_with(self, piece: Piece) -> Size:
        drawn = self._press.widest(piece, self._most, self._most)
        text = _joint(self._sheet[-1], piece) + drawn if self._sheet else drawn
        return tuple(used + unit for used, unit in zip(self._used, self._press.measure(text), strict=True))

    def _has_room_for(self, piece: Piece) -> bool:
        return self._press.fits(self._size_with(piece))

    def _put(self, piece: Piece) -> None:
        self._used = self._size_with(piece)
        self._sheet.append(piece)

    def _turn(self) -> None:
        self._done.append(self._sheet)
        self._sheet = []
        self._used = self._press.measure("")
        while self._queue and self._queue[0] == _BLANK:
            self._queue.popleft()
        titled = self._queue and self._queue[0].kind is PieceKind.HEADER and self._queue[0].first
        if self._running and not titled:
            self._put(self._running)

    def _take_back_titles(self) -> None:
        """Keep a title from standing alone at the end of a part."""
        while self._sheet[-1].kind in _LEADING:
            self._queue.appendleft(self._sheet.pop())

    def _divide(self, piece: Piece) -> None:
        halves = split(piece, self._has_room_for)
        if halves:
            self._put(halves[0])
            rest = halves[1]
            if rest.title or rest.blocks:
                self._queue.appendleft(rest)
                self._turn()
        elif any(placed.kind in _LEADING for placed in self._sheet):
            self._queue.appendleft(piece)
            self._turn()
        else:
            self._queue.appendleft(self._loosened(piece))

    def _loosened(self, piece: Piece) -> Piece:
        looser = replace(piece, markup="", title=self._press.plain(piece.markup)) if piece.markup else loosen(piece)
        if looser is None:
            raise ValueError(f"a part of {self._press.limits} units holds not even a character")
        return looser

    def _short_title(self) -> Piece | None:
        title = next((piece.title for piece in self._queue if piece.kind is PieceKind.HEADER), None)
        if title is None:
            return None
        ends = [0, *breaks(title), len(title)][: _SHORT_TITLE + 1]
        for end in reversed(ends):
            short = title if end == len(title) else title[:end].rstrip() + "…"
            piece = Piece(kind=PieceKind.RUNNING, title=short)
            size = self._press.measure(self._press.draw(piece, self._most, self._most))
            if self._press.fits(tuple(unit * _SHORT_TITLE_SHARE for unit in size)):
                return piece
        return piece
