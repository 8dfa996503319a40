"""Text cut into terms, the same for what is kept and for what is asked: Han characters apart, other words whole."""

import unicodedata
from collections.abc import Iterator
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

_DROPPED = frozenset({"Mn", "Me", "Cf"})
"""Accents, and signs that nobody sees: `Étude` is found by `etude`, a word with a soft hyphen by the word."""
_ALONE = (
    range(0x2E80, 0x2FE0),  # radicals
    range(0x3005, 0x3008),
    range(0x3021, 0x302A),
    range(0x3040, 0x3130),  # kana, bopomofo
    range(0x31A0, 0x3200),
    range(0x3400, 0x4DC0),
    range(0x4E00, 0xA000),
    range(0xF900, 0xFB00),
    range(0x1AFF0, 0x1B170),
    range(0x20000, 0x323B0),
)
"""Scripts written without spaces between words: Han, kana, bopomofo."""
_SUPPLEMENT = dict(
    zip(
        "⺁⺋⺎⺏⺐⺛⺝⺠⺩⺫⺬⺮⺱⺲⺳⺶⺷⺸⺻⺼⻁⻄⻅⻆⻉⻋⻑⻒⻓⻔⻗⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻫⻬⻭⻮⻯⻰⻱⻲",
        "厂㔾尣尢尢旡月民王目示竹网网网羊羊羊聿肉虎西见角贝车長長长门雨青韦页风飞食马骨鬼鱼鸟卤麦黄斉齐歯齿竜龙龜亀",
        strict=True,
    )
)
"""Radicals that stand for a character in text copied from PDFs, and that NFKC leaves; those it knows are more."""

_LONGEST = 64
"""Letters of a word; what is longer (an address, a checksum) goes on in the next term. Databases have their limits."""


class Kind(IntEnum):
    """What a sign is to a search."""

    GAP = 0
    LETTER = 1
    """Of a word that goes on until a gap."""
    ALONE = 2
    """A term by itself."""


class Term(NamedTuple):
    """A term and where it stands in its text. A named tuple, since an archive has millions.

    `apart` tells that something, be it a space, stands between it and the term before, and both are of scripts without
    spaces: no phrase goes on across that. Where other scripts are involved, spaces and hyphens are a matter of taste
    (`250 份`, `GPT-5`) and part nothing.
    """

    word: str
    start: int
    end: int
    kind: Kind
    apart: bool


def terms(text: str) -> Iterator[Term]:
    """Yield the terms of `text`, folded: width, case, accents and look-alikes of a character make no difference."""
    letter, alone = Kind.LETTER, Kind.ALONE
    word, start, end = "", 0, 0
    before, gap = Kind.GAP, False
    for index, char in enumerate(text):
        for sign, kind in _signs(char):
            if word and kind is not letter:
                yield Term(word, start, end, letter, False)  # noqa: FBT003
                word, before, gap = "", letter, False
            if kind is alone:
                yield Term(sign, index, index + 1, alone, gap and before is alone)
                before, gap = alone, False
            elif kind is letter:
                start = start if word else index
                word, end = word + sign, index + 1
                if len(word) == _LONGEST:
                    yield Term(word, start, end, letter, False)  # noqa: FBT003
                    word, before, gap = "", letter, False
            else:
                gap = True
    if word:
        yield Term(word, start, end, letter, False)  # noqa: FBT003


@lru_cache(maxsize=1 << 16)
def _signs(char: str) -> tuple[tuple[str, Kind], ...]:
    """Return what becomes of one character: nothing, one sign, or several (`㎡`)."""
    folded = unicodedata.normalize("NFKC", _SUPPLEMENT.get(char, char)).casefold()
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", folded) if unicodedata.category(sign) not in _DROPPED)
    return tuple((sign, _kind(sign)) for sign in unicodedata.normalize("NFC", bare))


def _kind(sign: str) -> Kind:
    if not sign.isalnum() and not unicodedata.category(sign).startswith("M"):
        return Kind.GAP
    return Kind.ALONE if any(ord(sign) in stretch for stretch in _ALONE) else Kind.LETTER
