"""The marks an item may start with: `1、` `1）` `（1）` `📌 **1. ` `### 1. ` beside the lists CommonMark knows."""

import re
from dataclasses import dataclass

from markdown_it.rules_block import StateBlock, paragraph
from markdown_it.rules_core import StateCore

_MARK = re.compile(
    r"(?P<pin>(?:[\U0001F000-\U0001FAFF\u2600-\u27BF\u2B00-\u2BFF]\ufe0f?[ \t]*){1,2})?"
    r"(?P<bold>\*\*|__)?[ \t]*"
    r"(?:[（(](?P<wrapped>\d{1,3})[)）]|(?P<number>\d{1,3})(?:(?P<end>[.、．)）])(?!\d)|\ufe0f?\u20e3))"
    r"[ \t]*"
)
_LIST = re.compile(r"\d{1,9}[.)](?:[ \t]|$)")
_TELLING = re.compile(r"\d{1,3}[.)][ \t]+[\[*_【《“「\u3400-\u9fff\U0001F000-\U0001FAFF]")
"""A list item that ends a paragraph without a blank line; CommonMark has only `1.` do so."""
_TIGHT = re.compile(r"[\[*_【《“「\u3400-\u9fff]")
"""What may follow `1.` without a space."""


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A number that may start an item: as written, its value, and in which of the styles."""

    text: str
    number: int
    style: str


def find_mark(line: str, style: str = "") -> tuple[Mark, str] | None:
    """Return the mark `line` starts with and the line without it."""
    found = _MARK.match(line)
    if found is None:
        return None
    mark = Mark(
        text=found[0].replace(found["bold"] or "\0", "").strip(),
        number=int(found["number"] or found["wrapped"]),
        style=style or _style(found),
    )
    bold, rest = found["bold"] or "", line[found.end() :]
    if bold and rest.startswith(bold):  # only the number is bold
        return mark, rest.removeprefix(bold).lstrip()
    return mark, bold + rest


def _style(found: re.Match[str]) -> str:
    if found["pin"] or found["bold"]:
        return "pin"
    if found["wrapped"]:
        return "()"
    return {"、": ".", "．": ".", "）": ")", None: "keycap"}.get(found["end"], found["end"])


def start(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:  # noqa: FBT001
    """Read a paragraph that starts like an item; a rule to run before the one for lists."""
    begin = state.bMarks[start_line] + state.tShift[start_line]
    line = state.src[begin : min(state.eMarks[start_line], begin + 80)]
    if silent:
        inside = state.level > 0 and state.sCount[start_line] >= state.blkIndent
        return not inside and (_starts(line) or _TELLING.match(line) is not None)
    if state.level > 0 or not _starts(line):
        return False
    paragraph(state, start_line, end_line, silent=False)
    _cut(state, style="")
    return True


def _starts(line: str) -> bool:
    found = _MARK.match(line)
    if found is None or _LIST.match(line):
        return False
    tight = found["end"] in {".", ")"} and not found["pin"] and not found["bold"]
    return not tight or _TIGHT.match(line, found.end()) is not None


def _cut(state: StateBlock | StateCore, style: str, at: int = -3) -> None:
    opening, inline = state.tokens[at], state.tokens[at + 1]
    if found := find_mark(inline.content, style):
        opening.meta = {"mark": found[0]}
        inline.content = found[1]


def number_headings(state: StateCore) -> None:
    """Take the numbers off headings, before their text is read; a core rule."""
    for at, token in enumerate(state.tokens):
        if token.type == "heading_open" and token.level == 0:
            _cut(state, token.tag, at)
