"""Emphasis beside Chinese text: `**“智能体”**的` is bold, though CommonMark's flanking rule leaves it literal."""

import unicodedata

from markdown_it import MarkdownIt
from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Scanned
from markdown_it.token import Token
from markdown_it.utils import EnvType

_QUOTES = "“”‘’—…·–‹›«»"
"""Punctuation that Chinese shares with Latin, hence not East Asian by its Unicode name."""


def is_chinese(character: str) -> bool:
    """Tell whether `character` is written without spaces around it: Han, kana, full-width and CJK punctuation."""
    return character in _QUOTES or unicodedata.east_asian_width(character) in "WF"


_TWO_BOLD = len("****")
"""Between two bold stretches without anything between them: `**甲****乙**`."""


class State(StateInline):
    """The inline state with a kinder rule of what may open and close emphasis."""

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:  # noqa: N802, N803, FBT001
        """Return the run of markers at `start` and whether it can open and close.

        A double `*` or `~` needs only text beside it. A single one follows CommonMark, except that Chinese letters
        and punctuation count as the word boundary they are; `_` stays literal between letters (`文件_名_称`).
        """
        marker = self.src[start]
        end = start
        while end < self.posMax and self.src[end] == marker:
            end += 1
        before = self.src[start - 1] if start > 0 else " "
        after = self.src[end] if end < self.posMax else " "
        length = end - start
        if length == _TWO_BOLD and marker == "*" and not _blank(before) and not _blank(after):
            return Scanned(can_open=True, can_close=True, length=length // 2)
        if length > 1 and marker != "_":
            return Scanned(not _blank(after), not _blank(before), length)
        left = _flanks(before, after)
        right = _flanks(after, before)
        if not canSplitWord:
            left, right = (
                left and (not right or _splits(before, after)),
                right and (not left or _splits(after, before)),
            )
        return Scanned(left, right, length)


def _blank(character: str) -> bool:
    return isWhiteSpace(ord(character))


def _punctuation(character: str) -> bool:
    return isMdAsciiPunct(ord(character)) or isPunctChar(character)


def _flanks(outer: str, inner: str) -> bool:
    """Tell whether a run between `outer` and `inner` hugs the text on the inner side."""
    if _blank(inner):
        return False
    return is_chinese(inner) or not _punctuation(inner) or _blank(outer) or _punctuation(outer) or is_chinese(outer)


def _splits(outer: str, inner: str) -> bool:
    """Tell whether a `_` that hugs text on both sides is still a delimiter."""
    return _punctuation(outer) or (is_chinese(outer) and _punctuation(inner))


class Inline(ParserInline):
    """The inline parser, working on our state."""

    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        """Parse `src` into `tokens`."""
        state = State(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens
