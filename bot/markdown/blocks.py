"""The tree of a body -> flat Blocks."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from bot.markdown.runs import Line, Notes, Picture, join, merged, read_lines
from bot.markdown.tree import Node
from bot.models import Block, BlockKind, Run

_BULLET = "•"


def blocks(nodes: Iterable[Node], notes: Notes, depth: int = 0) -> Iterator[Block]:
    """Yield the Blocks of `nodes`, which lie within `depth` lists and quotes."""
    for node in nodes:
        if node.kind == "paragraph":
            kind = BlockKind.BULLET if node.mark else BlockKind.PARAGRAPH
            marker = node.mark.text if node.mark else ""
            yield from paragraph(read_lines(node.inline, notes), kind, depth, marker)
        elif node.kind == "heading":
            yield from _heading(node, notes, depth)
        elif node.kind in {"bullet_list", "ordered_list"}:
            for item in node.children:
                yield from _list_item(item, notes, depth)
        elif node.kind == "list_item":
            yield from _list_item(node, notes, depth)
        elif node.kind == "blockquote":
            yield from _quote(node, notes, depth)
        elif node.kind == "fence":
            yield from _code(node, depth)
        elif node.kind == "table":
            yield from _rows(node, notes, depth)


def paragraph(
    lines: Sequence[Line], kind: BlockKind = BlockKind.PARAGRAPH, depth: int = 0, marker: str = ""
) -> Iterator[Block]:
    """Yield the Blocks of a paragraph: its text, and each of its pictures as a block of its own."""
    text: list[Run] = []
    for piece in [*join(lines), None]:
        if isinstance(piece, Run):
            text.append(replace(piece, url=piece.url or None))
            continue
        if runs := merged(text):
            yield Block(kind=kind, runs=runs, depth=depth, marker=marker)
            text, marker = [], ""
        if isinstance(piece, Picture):
            yield Block(kind=BlockKind.IMAGE, runs=(Run(text=piece.alt, url=piece.url),), depth=depth)


def _heading(node: Node, notes: Notes, depth: int) -> Iterator[Block]:
    for block in paragraph(read_lines(node.inline, notes), BlockKind.HEADING, depth):
        if node.mark and block.kind is BlockKind.HEADING:
            runs = merged((Run(text=f"{node.mark.text} "), *block.runs))
            yield Block(kind=BlockKind.HEADING, runs=runs, depth=depth)
        else:
            yield block


def _list_item(node: Node, notes: Notes, depth: int) -> Iterator[Block]:
    marker = f"{node.token.info}." if node.token.info else _BULLET
    for child in node.children:
        if child.kind == "paragraph":
            yield from paragraph(read_lines(child.inline, notes), BlockKind.BULLET, depth, marker)
            marker = ""
        else:
            yield from blocks([child], notes, depth + 1)


def _quote(node: Node, notes: Notes, depth: int) -> Iterator[Block]:
    for child in node.children:
        if child.kind == "paragraph":
            yield from paragraph(read_lines(child.inline, notes), BlockKind.QUOTE, depth)
        else:
            yield from blocks([child], notes, depth + 1)


def _code(node: Node, depth: int) -> Iterator[Block]:
    if text := node.token.content.rstrip("\n"):
        yield Block(kind=BlockKind.CODE, runs=(Run(text=text, code=True),), depth=depth)


def _rows(table: Node, notes: Notes, depth: int) -> Iterator[Block]:
    for row in (row for part in table.children for row in part.children):
        runs: list[Run] = []
        pictures: list[Block] = []
        for index, cell in enumerate(row.children):
            if index:
                runs.append(Run(text=" | "))
            for block in paragraph(read_lines(cell.inline, notes)):
                if block.kind is BlockKind.IMAGE:
                    pictures.append(block)
                else:
                    runs += block.runs
        if any(run.text.strip(" |") for run in runs):
            yield Block(kind=BlockKind.ROW, runs=merged(runs), depth=depth)
        yield from pictures
