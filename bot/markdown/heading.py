"""The title and date a document gives in its first heading or line."""

import unicodedata
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import date

from markdown_it.token import Token

from bot.markdown.dates import find_date
from bot.markdown.pieces import Piece, PieceKind, plain_text

_LONGEST = 80
"""Characters of a first line that is taken for a title."""
_SENTENCE_ENDS = "。！？!?；;：:，,、."


@dataclass(frozen=True, kw_only=True)
class Heading:
    """What the first heading or line says; a title of "" is none."""

    title: str = ""
    day: date | None = None
    line: int = 1


def take_heading(pieces: Sequence[Piece], given: str) -> tuple[Heading, list[Piece]]:
    """Return the heading of the document, and its pieces without it.

    Where the front matter has `given` a title, a heading that says something else stays, as text of the lead.
    """
    start = next((at for at, piece in enumerate(pieces) if piece.kind is PieceKind.START), len(pieces))
    top = [at for at, piece in enumerate(pieces[:start]) if piece.kind is not PieceKind.RULE]
    at = next((at for at in top if pieces[at].level == 1), top[0] if top else None)
    if at is None:
        return Heading(), list(pieces)
    if pieces[at].level:
        return _from_heading(pieces, at, given)
    return _from_text(pieces, at, given)


def _from_heading(pieces: Sequence[Piece], at: int, given: str) -> tuple[Heading, list[Piece]]:
    piece = pieces[at]
    text, day = piece.text, find_date(piece.text)
    peers = sum(1 for other in pieces if other.level == piece.level)
    alike = _same(text, given)
    followed = at + 1 < len(pieces) and pieces[at + 1].kind is PieceKind.START
    top = piece.level == 1 and not (peers > 1 and followed)
    if not (top or day or alike or (peers == 1 and not given)):
        return Heading(), list(pieces)
    said = Heading(title=text, day=day, line=piece.line)
    kept = [] if alike or not given else [replace(piece, kind=PieceKind.TEXT, level=0)]
    return said, [*pieces[:at], *kept, *pieces[at + 1 :]]


def _from_text(pieces: Sequence[Piece], at: int, given: str) -> tuple[Heading, list[Piece]]:
    piece = pieces[at]
    inline = piece.node.inline
    if inline is None or piece.node.kind != "paragraph":
        return Heading(), list(pieces)
    line, rest = _first_line(inline)
    text = plain_text(line)
    day = find_date(text) if len(text) <= _LONGEST else None
    titled = 0 < len(text) <= _LONGEST and (day is not None or (rest is None and text[-1] not in _SENTENCE_ENDS))
    if given or not titled:
        return Heading(day=day, line=piece.line), list(pieces)
    said = Heading(title=text, day=day, line=piece.line)
    kept = [replace(piece, node=replace(piece.node, inline=rest))] if rest else []
    return said, [*pieces[:at], *kept, *pieces[at + 1 :]]


def _first_line(inline: Token) -> tuple[Token, Token | None]:
    """Split `inline` at its first break outside of any style."""
    depth = 0
    children = inline.children or []
    for at, child in enumerate(children):
        depth += child.nesting
        if depth == 0 and child.type in {"softbreak", "hardbreak"}:
            line, rest = copy(inline), copy(inline)
            line.children, rest.children = children[:at], children[at + 1 :]
            rest.map = [inline.map[0] + 1, inline.map[1]] if inline.map else None
            return line, rest
    return inline, None


def _same(one: str, other: str) -> bool:
    return _folded(one) == _folded(other)


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).lower().split())
