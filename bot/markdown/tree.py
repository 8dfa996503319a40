"""Flat tokens -> a tree of blocks."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token

from bot.markdown.starts import Mark


@dataclass(kw_only=True)
class Node:
    """A block: its kind is the token's type without `_open`; `inline` is the text of one that has text."""

    kind: str
    token: Token
    inline: Token | None = None
    children: list["Node"] = field(default_factory=list)

    @property
    def line(self) -> int:
        """The line it starts on, from 1."""
        return self.token.map[0] + 1 if self.token.map else 1

    @property
    def mark(self) -> Mark | None:
        """The number it starts with, where that was taken off its text."""
        mark = self.token.meta.get("mark")
        return mark if isinstance(mark, Mark) else None


def grow(tokens: Sequence[Token]) -> list[Node]:
    """Return the outermost blocks of `tokens`."""
    root: list[Node] = []
    open_nodes: list[Node] = []
    for token in tokens:
        if token.nesting < 0:
            open_nodes.pop()
        elif token.type == "inline":
            open_nodes[-1].inline = token
        else:
            node = Node(kind=token.type.removesuffix("_open"), token=token)
            (open_nodes[-1].children if open_nodes else root).append(node)
            if token.nesting > 0:
                open_nodes.append(node)
    return root
