"""The outermost blocks -> what they are to a digest: rules, headings, starts of items, text."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from markdown_it.token import Token

from bot.markdown.starts import Mark
from bot.markdown.tree import Node

_RULE_TEXT = re.compile(r"[-—–─━=_*＊·~～\s]{3,}")
_BULLETS_STYLE = "bullet"
_TEXT_TOKENS = {"text", "text_special", "code_inline"}


class PieceKind(Enum):
    """What a piece is."""

    RULE = auto()
    HEADING = auto()
    START = auto()
    """Possibly the start of an item."""
    TEXT = auto()


@dataclass(frozen=True, kw_only=True)
class Piece:
    """An outermost block, or an item of an outermost list.

    A heading or start has `title`, its text; a start has `rest`, what its list item holds beside it, and `group`,
    the line its list starts on. `linked` tells whether there is a link, even a placeholder, in the title's paragraph.
    """

    kind: PieceKind
    node: Node
    indent: int = 0
    level: int = 0
    title: Token | None = None
    rest: tuple[Node, ...] = ()
    mark: Mark | None = None
    group: int = 0
    linked: bool = False

    @property
    def line(self) -> int:
        """The line it starts on, from 1."""
        return self.node.line

    @property
    def text(self) -> str:
        """Its text without markup, for recognising it."""
        return plain_text(self.title or self.node.inline)


def plain_text(inline: Token | None) -> str:
    """Return the text of `inline` on one line, without markup."""
    children = (inline.children or []) if inline else []
    return "".join(child.content if child.type in _TEXT_TOKENS else " " * _breaks(child) for child in children).strip()


def _breaks(token: Token) -> bool:
    return token.type in {"softbreak", "hardbreak"}


def cut_pieces(nodes: Sequence[Node], source: Sequence[str]) -> list[Piece]:
    """Return the pieces of a document; `source` is its lines."""
    pieces = [piece for node in nodes for piece in _pieces(node, source)]
    if any(piece.kind is PieceKind.START and piece.linked for piece in pieces):
        return pieces
    if any(_is_linked_heading(piece) for piece in pieces):
        return [_start_of_heading(piece) if _is_linked_heading(piece) else piece for piece in pieces]
    if any(piece.kind is PieceKind.START for piece in pieces):
        return pieces
    return list(_bullets_as_starts(pieces, source))


def _pieces(node: Node, source: Sequence[str]) -> Iterator[Piece]:
    indent = _indent(node, source)
    if node.kind == "hr" or (node.kind == "paragraph" and _is_rule(node)):
        yield Piece(kind=PieceKind.RULE, node=node)
    elif node.kind == "heading":
        yield _heading(node)
    elif node.kind == "paragraph" and node.mark:
        yield _start(node, node.inline, indent=indent, mark=node.mark)
    elif node.kind == "ordered_list":
        for item in node.children:
            mark = Mark(text=f"{item.token.info}.", number=int(item.token.info), style=item.token.markup)
            yield _list_start(item, mark, _indent(item, source), node.line)
    elif node.kind != "front_matter":
        yield Piece(kind=PieceKind.TEXT, node=node, indent=indent)


def _indent(node: Node, source: Sequence[str]) -> int:
    line = source[node.line - 1].expandtabs(4)
    return len(line) - len(line.lstrip())


def _is_rule(node: Node) -> bool:
    return node.inline is not None and _RULE_TEXT.fullmatch(node.inline.content) is not None


def _heading(node: Node) -> Piece:
    level = int(node.token.tag[1:])
    kind = PieceKind.START if node.mark else PieceKind.HEADING
    return Piece(
        kind=kind, node=node, level=level, title=node.inline, mark=node.mark, linked=bool(_links([node.inline]))
    )


def _list_start(item: Node, mark: Mark, indent: int, group: int) -> Piece:
    first = item.children[0] if item.children else None
    if first is not None and first.kind in {"paragraph", "heading"}:
        return _start(item, first.inline, tuple(item.children[1:]), indent=indent, mark=mark, group=group)
    return _start(item, None, tuple(item.children), indent=indent, mark=mark, group=group)


def _start(
    node: Node, title: Token | None, rest: tuple[Node, ...] = (), *, indent: int, mark: Mark, group: int = 0
) -> Piece:
    linked = bool(_links([title]))
    return Piece(
        kind=PieceKind.START, node=node, indent=indent, title=title, rest=rest, mark=mark, group=group, linked=linked
    )


def _links(inlines: Iterable[Token | None]) -> list[Token]:
    kinds = {"link_open", "placeholder_open"}
    return [token for inline in inlines if inline for token in inline.children or [] if token.type in kinds]


def _is_linked_heading(piece: Piece) -> bool:
    """Tell a heading that is one link from first letter to last."""
    if piece.kind is not PieceKind.HEADING or piece.title is None:
        return False
    children = [child for child in piece.title.children or [] if child.content.strip() or child.nesting]
    while children and children[0].type in {"strong_open", "em_open"}:
        children = children[1:-1]
    closings = [child for child in children if child.type == "link_close"]
    return len(closings) == 1 and children[0].type == "link_open" and children[-1] is closings[0]


def _start_of_heading(piece: Piece) -> Piece:
    mark = Mark(text="", number=0, style=piece.node.token.tag)
    return Piece(kind=PieceKind.START, node=piece.node, level=piece.level, title=piece.title, mark=mark, linked=True)


def _bullets_as_starts(pieces: Sequence[Piece], source: Sequence[str]) -> Iterator[Piece]:
    bullets = [item for piece in pieces if piece.node.kind == "bullet_list" for item in piece.node.children]
    telling = sum(1 for item in bullets if _is_story(item))
    for piece in pieces:
        if piece.node.kind != "bullet_list" or telling * 2 < len(bullets):
            yield piece
            continue
        for item in piece.node.children:
            mark = Mark(text="", number=0, style=_BULLETS_STYLE)
            yield _list_start(item, mark, _indent(item, source), piece.line)


def _is_story(item: Node) -> bool:
    """Tell a bullet that starts with a link or in bold, as a story does, from one of an essay."""
    inline = item.children[0].inline if item.children else None
    children = [
        child for child in (inline.children if inline else None) or [] if child.content.strip() or child.nesting
    ]
    return bool(children) and children[0].type in {"link_open", "placeholder_open", "strong_open"}
