"""Lines of mixed Chinese and English folded to a terminal's width, where either script allows it."""

import re

from rich.cells import cell_len
from rich.text import Text

_NEVER_FIRST = frozenset("，。、；：！？”’）》」』】〉…·,.;:!?)]}%°")
_NEVER_LAST = frozenset("“‘（《「『【〈([{")
_HANGS = re.compile(r"▎ |\s*(?:\d+\.|[•·]) +")


def fold(text: Text, width: int) -> list[Text]:
    """Return `text` in lines of at most `width` cells; bars and indents go on in the lines that follow."""
    return [folded for line in text.split("\n", allow_blank=True) for folded in _fold_line(line, width)]


def _fold_line(line: Text, width: int) -> list[Text]:
    if cell_len(line.plain) <= width:
        return [line]
    lead = _HANGS.match(line.plain)
    hang = _hanging(line, lead.end()) if lead else Text()
    if cell_len(hang.plain) * 2 > width:
        hang = Text()
    ends = _ends(line.plain, width, cell_len(hang.plain))
    first, *rest = line.divide(ends)
    folded = [first, *(hang + piece for piece in rest)]
    for piece in folded:
        piece.rstrip()
    return folded


def _hanging(line: Text, length: int) -> Text:
    lead = line[:length]
    return lead if lead.plain.startswith("▎") else Text(" " * cell_len(lead.plain))


def _ends(plain: str, width: int, hang: int) -> list[int]:
    """Return where the line is divided; a word longer than a whole line is divided anywhere."""
    ends: list[int] = []
    start, used, chance = 0, 0, 0
    for place, char in enumerate(plain):
        if place > start and _may_break(plain[place - 1], char):
            chance = place
        used += cell_len(char)
        if used > width and char != " " and place > start:
            start = chance if chance > start else place
            ends.append(start)
            used = hang + cell_len(plain[start : place + 1])
    return ends


def _may_break(before: str, after: str) -> bool:
    if before == " ":
        return True
    wide = cell_len(before) > 1 or cell_len(after) > 1
    return wide and after not in _NEVER_FIRST and after != " " and before not in _NEVER_LAST
