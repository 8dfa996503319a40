r"""The text of a block -> lines of runs and pictures.

A line that ends softly joins the next one with a space, or with none beside Chinese; a hard break stays as `\n`
in the text of the run.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from markdown_it.token import Token

from bot.markdown.addresses import is_web_address, why_not
from bot.markdown.problems import Problems, shown
from bot.models import Run

_SOFT = "\0"
_STYLES = ("strong", "em", "s")
_HANGUL = range(0xAC00, 0xD7A4)
_MENDS = {
    "link": "give the address of the story or take the brackets away",
    "picture": "give the address of the picture or take it away",
}


@dataclass(frozen=True, kw_only=True)
class Notes:
    """Where faults of a text are noted, and what is said of the place: `item 3`, `the lead`."""

    problems: Problems
    place: str


@dataclass(frozen=True, kw_only=True)
class Picture:
    """An image within text."""

    alt: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of a paragraph as written; `hard` when it ends with a hard break. A link to nowhere has the url ``""``."""

    number: int
    pieces: tuple[Run | Picture, ...]
    hard: bool = False

    @property
    def runs(self) -> tuple[Run, ...]:
        """The runs without the pictures."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Run))

    @property
    def text(self) -> str:
        """The text alone."""
        return "".join(run.text for run in self.runs)


def read_lines(inline: Token | None, notes: Notes) -> list[Line]:
    """Return the lines of `inline`, breaks within a link or a bold stretch joined; notes placeholder links."""
    if inline is None:
        return []
    return _Reading(inline, notes).lines()


class _Reading:
    def __init__(self, inline: Token, notes: Notes) -> None:
        self._tokens = inline.children or []
        self._number = inline.map[0] + 1 if inline.map else 1
        self._notes = notes
        self._open = dict.fromkeys(_STYLES, 0)
        self._url: str | None = None
        self._before = 0
        self._depth = 0
        self._pieces: list[Run | Picture] = []

    def lines(self) -> list[Line]:
        lines: list[Line] = []
        first = self._number
        for token in self._tokens:
            if token.type in {"softbreak", "hardbreak"}:
                self._number += 1
                if self._depth == 0:
                    lines.append(self._line(first, hard=token.type == "hardbreak"))
                    first = self._number
                else:
                    self._add(_SOFT if token.type == "softbreak" else "\n")
            else:
                self._take(token)
        return [*lines, self._line(first, hard=False)]

    def _line(self, number: int, *, hard: bool) -> Line:
        line = Line(number=number, pieces=tuple(_settled(self._pieces)), hard=hard)
        self._pieces = []
        if any("**" in run.text for run in line.runs if not run.code):
            what = f"a ** in {self._notes.place} has no partner and will be seen"
            self._notes.problems.warn(number, what, "close the bold stretch with ** or take the ** away")
        return line

    def _take(self, token: Token) -> None:
        name = token.type.removesuffix("_open").removesuffix("_close")
        self._depth += token.nesting
        if name in self._open:
            self._open[name] += token.nesting
        elif name == "link":
            self._link(token)
        elif name == "placeholder":
            self._url = "" if token.nesting > 0 else None
            if token.nesting > 0:
                self._warn(str(token.meta["target"]), str(token.meta["what"]))
        elif name == "image":
            self._picture(token)
        elif name == "code_inline":
            self._add(token.content, code=True)
        else:
            self._add(token.content)

    def _add(self, text: str, *, code: bool = False) -> None:
        if text:
            bold, italic, strike = (self._open[name] > 0 for name in _STYLES)
            run = Run(text=text, bold=bold, italic=italic, strike=strike, code=code, url=self._url)
            self._pieces.append(run)

    def _link(self, token: Token) -> None:
        if token.nesting < 0:
            if self._url and len(self._pieces) == self._before:
                self._add(self._url)
            self._url = None
            return
        self._url, self._before = str(token.attrs["href"]), len(self._pieces)
        if not self._url:
            self._warn("")

    def _warn(self, target: str, name: str = "link") -> None:
        what = f"the {name} of {self._notes.place} {why_not(target)}: ({shown(target)})"
        self._notes.problems.warn(self._number, what, _MENDS[name])

    def _picture(self, token: Token) -> None:
        source = str(token.attrs["src"])
        alt = "".join(child.content or " " for child in token.children or [])
        if not is_web_address(source):
            self._warn(source, "picture")
            self._add(alt)
            return
        self._pieces.append(Picture(alt=alt, url=source))
        if self._url:
            self._add(alt or self._url)


def join(lines: Sequence[Line]) -> list[Run | Picture]:
    """Return the pieces of a paragraph of `lines`."""
    pieces: list[Run | Picture] = []
    for index, line in enumerate(lines):
        if index:
            pieces.append(Run(text="\n" if lines[index - 1].hard else _SOFT))
        pieces += line.pieces
    return list(_settled(pieces))


def merged(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Return `runs` with neighbours of one style made one, and the blank at both ends taken off."""
    kept = [piece for piece in _settled(runs) if isinstance(piece, Run)]
    while kept and not kept[0].text.strip():
        del kept[0]
    while kept and not kept[-1].text.strip():
        del kept[-1]
    if kept:
        kept[0] = replace(kept[0], text=kept[0].text.lstrip())
        kept[-1] = replace(kept[-1], text=kept[-1].text.rstrip())
    return tuple(kept)


def _settled(pieces: Iterable[Run | Picture]) -> Iterator[Run | Picture]:
    """Merge runs of one style and settle the soft breaks between and within them."""
    held = list(pieces)
    for index, piece in enumerate(held):
        if isinstance(piece, Run) and piece.text == _SOFT:
            before = _edge(held[max(index - 1, 0) : index], last=True)
            after = _edge(held[index + 1 : index + 2], last=False)
            held[index] = replace(piece, text=_joint(before, after))
    current: Run | None = None
    for piece in held:
        if current and isinstance(piece, Run) and replace(current, text=piece.text) == piece:
            current = replace(current, text=current.text + piece.text)
            continue
        if current and current.text:
            yield current
        current = piece if isinstance(piece, Run) else None
        if isinstance(piece, Picture):
            yield piece
    if current and current.text:
        yield current


def _edge(pieces: Sequence[Run | Picture], *, last: bool) -> str:
    text = pieces[0].text if pieces and isinstance(pieces[0], Run) else ""
    return text[-1:] if last else text[:1]


def _joint(before: str, after: str) -> str:
    if after == "#":
        return " "
    return "" if not before or not after or _unspaced(before) or _unspaced(after) else " "


def _unspaced(character: str) -> bool:
    wide = unicodedata.east_asian_width(character) in "WF" and unicodedata.category(character) != "So"
    return wide and ord(character) not in _HANGUL
