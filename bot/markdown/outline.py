"""The pieces of a document -> its outline: lead, drafts of items, commentary. Nothing falls between them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.markdown.pieces import Piece, PieceKind
from bot.markdown.problems import Problems, shown
from bot.markdown.sections import closes, opens, section_name
from bot.markdown.tree import Node


@dataclass(kw_only=True)
class Draft:
    """An item before its text is read: its start, the nodes beneath it, and the heading it stands under."""

    start: Piece
    nodes: list[Node]
    section: str | None
    loose: list[Piece] = field(default_factory=list)
    """Those of its nodes that stand outside its list item."""


@dataclass(kw_only=True)
class Outline:
    """Where each node of a document belongs."""

    lead: list[Node] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    commentary: list[Node] = field(default_factory=list)


def outline(pieces: Sequence[Piece], problems: Problems) -> Outline:
    """Return the outline of `pieces`."""
    sorting = _Sorting(pieces, problems)
    for piece in pieces:
        sorting.take(piece)
    return sorting.finish()


class _Sorting:
    def __init__(self, pieces: Sequence[Piece], problems: Problems) -> None:
        starts = [piece for piece in pieces if piece.kind is PieceKind.START]
        self._style = _items_style(starts)
        self._problems = problems
        ours = [piece for piece in starts if piece.mark and piece.mark.style == self._style]
        self._linked = any(piece.linked for piece in ours)
        self._first = next((piece for piece in ours if piece.linked), None)
        self._base = min((piece.indent for piece in ours), default=0)
        self._outline = Outline()
        self._waiting: list[Piece] = []
        """What follows a rule or heading, until the next item shows whether the items are over."""
        self._apart = False
        """Whether a rule or heading stands between here and the last item."""
        self._section: Piece | None = None
        self._new_section = False
        self._closing: Piece | None = None
        self._last = 0
        self._points: dict[str, tuple[int, int]] = {}
        """The last number of a list within a body and its indent, by style."""
        self._colon = False

    def take(self, piece: Piece) -> None:
        if piece.kind is PieceKind.RULE:
            self._rule()
        elif piece.kind is PieceKind.START and self._is_item(piece):
            self._begin(piece)
            return
        elif self._is_heading(piece):
            self._head(piece)
        else:
            self._text(piece)
        self._colon = piece.text.endswith((":", "："))

    def finish(self) -> Outline:
        result = self._outline
        if not result.drafts:
            result.lead += [piece.node for piece in self._waiting]
            return result
        result.commentary += [node for piece in self._unindented_tail() for node in [piece.node]]
        result.commentary += [piece.node for piece in self._waiting]
        return result

    def _rule(self) -> None:
        """End a section that so far has text only: that was a lead with a heading of its own."""
        self._apart = self._apart or bool(self._outline.drafts)
        if self._new_section and any(not piece.level for piece in self._waiting):
            self._section, self._new_section = None, False
            if not self._outline.drafts:
                self._outline.lead += [piece.node for piece in self._waiting]
                self._waiting = []

    def _is_heading(self, piece: Piece) -> bool:
        if piece.kind is PieceKind.TEXT:
            return bool(self._outline.drafts) and _is_closing_line(piece)
        if not piece.level:
            return False
        drafts = self._outline.drafts
        return not (drafts and drafts[-1].start.level and piece.level > drafts[-1].start.level and not self._apart)

    def _is_item(self, piece: Piece) -> bool:
        mark = piece.mark
        if mark is None or piece.indent > self._base + 1 or self._closing or (piece.level and closes(piece.text)):
            return False
        if self._first and not self._outline.drafts and not self._may_precede(piece, self._first):
            return False
        same = mark.style == self._style
        follows = mark.number == self._last + 1
        if piece.linked and self._linked:
            return same or follows
        if self._points.get(mark.style) == (mark.number - 1, piece.indent):
            return False
        if not same:
            return follows and not (self._linked and piece.level)
        return self._same_list(piece) or self._new_section or self._goes_on(mark.number)

    def _may_precede(self, piece: Piece, first: Piece) -> bool:
        """Tell an item without a link from a line of a list in the lead, before the first linked one."""
        if piece.line >= first.line or piece.linked:
            return True
        known = piece.mark is not None and first.mark is not None and piece.mark.number < first.mark.number
        return known or self._new_section or bool(piece.group and piece.group == first.group)

    def _same_list(self, piece: Piece) -> bool:
        drafts = self._outline.drafts
        return bool(piece.group and drafts and drafts[-1].start.group == piece.group)

    def _goes_on(self, number: int) -> bool:
        if self._apart or self._linked or self._colon:
            return number > self._last
        return True

    def _begin(self, piece: Piece) -> None:
        self._settle_waiting()
        section = section_name(self._section.text) if self._section else None
        self._outline.drafts.append(Draft(start=piece, nodes=list(piece.rest), section=section or None))
        self._last = piece.mark.number if piece.mark else 0
        self._apart = self._new_section = self._colon = False
        self._points.clear()

    def _head(self, piece: Piece) -> None:
        if self._closing and piece.level > self._closing.level:
            self._waiting.append(piece)
            return
        self._apart = True
        self._waiting.append(piece)
        if self._outline.drafts and _closes(piece):
            self._closing = piece
            return
        self._closing = None
        named = not (closes(piece.text) or opens(piece.text))
        self._section, self._new_section = piece if named else None, True

    def _text(self, piece: Piece) -> None:
        if piece.mark:
            self._points[piece.mark.style] = (piece.mark.number, piece.indent)
        drafts = self._outline.drafts
        if self._apart or self._section_opens:
            self._waiting.append(piece)
        elif drafts:
            drafts[-1].nodes.append(piece.node)
            drafts[-1].loose.append(piece)
        else:
            self._outline.lead.append(piece.node)

    @property
    def _section_opens(self) -> bool:
        return self._new_section and bool(self._waiting)

    def _settle_waiting(self) -> None:
        """Give what stands between two items its place, now that another item follows."""
        drafts, heading, rest = self._outline.drafts, None, self._waiting
        for index, piece in enumerate(rest):
            if self._is_section(piece):
                following = rest[index + 1] if index + 1 < len(rest) else None
                heading = piece
                if following is not None and not self._is_section(following):
                    self._place(piece, heading)
                elif following is not None:
                    what = f"there is nothing under the heading {shown(piece.text)}; it is not shown"
                    self._problems.warn(piece.line, what, "take the heading away or write items under it")
            elif _closes(piece):
                heading = piece
                self._place(piece, heading)
            elif heading is None and drafts:
                drafts[-1].nodes.append(piece.node)
            else:
                self._place(piece, heading)
        self._waiting = []

    def _is_section(self, piece: Piece) -> bool:
        return bool(piece.level)

    def _place(self, piece: Piece, heading: Piece | None) -> None:
        closing = bool(self._outline.drafts) and heading is not None and _closes(heading)
        (self._outline.commentary if closing else self._outline.lead).append(piece.node)

    def _unindented_tail(self) -> Iterable[Piece]:
        """Take what follows the last item without a rule from its body, where no other item has such a body."""
        *others, last = self._outline.drafts
        if not others or not last.start.group or any(draft.loose for draft in others):
            return []
        at = next((index for index, piece in enumerate(last.loose) if piece.indent == 0), len(last.loose))
        tail = last.loose[at:]
        gone = {id(piece.node) for piece in tail}
        last.nodes = [node for node in last.nodes if id(node) not in gone]
        return tail


def _items_style(starts: Sequence[Piece]) -> str:
    """Return the style of mark that most linked starts have; without links, that of the first start."""
    counts: dict[str, int] = {}
    for piece in starts:
        if piece.mark:
            counts[piece.mark.style] = counts.get(piece.mark.style, 0) + piece.linked
    return max(counts, key=lambda style: counts[style], default="")


def _closes(piece: Piece) -> bool:
    return closes(piece.text) if piece.level else _is_closing_line(piece)


def _is_closing_line(piece: Piece) -> bool:
    """Tell `**点评**` or `总结：` on a line of its own, or at the start of a paragraph, from other text."""
    if piece.node.kind != "paragraph" or piece.indent or piece.mark:
        return False
    head, colon, _ = piece.text.replace(":", "：").partition("：")
    return closes(head) and (bool(colon) or head == piece.text)
