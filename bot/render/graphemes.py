"""Where a text may be cut without breaking what a reader sees as one character."""

import unicodedata
from collections.abc import Iterator

_JOINER = "\u200d"
_MARKS = frozenset({"Mn", "Mc", "Me"})
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_TAGS = range(0xE0020, 0xE0080)
_FLAG_LETTERS = range(0x1F1E6, 0x1F200)
_JAMO_VOWELS_AND_TAILS = range(0x1160, 0x1200)


def breaks(text: str) -> Iterator[int]:
    """Yield every index inside `text` between two characters as a reader sees them."""
    flag_letters = 0
    for index in range(1, len(text)):
        before, after = text[index - 1], text[index]
        flag_letters = flag_letters + 1 if ord(before) in _FLAG_LETTERS else 0
        half_flag = flag_letters % 2 == 1 and ord(after) in _FLAG_LETTERS
        if not (half_flag or before == _JOINER or _continues(after) or before + after == "\r\n"):
            yield index


def _continues(character: str) -> bool:
    if character.isascii():
        return False
    code = ord(character)
    return (
        character in (_JOINER, "\u200c")
        or code in _SKIN_TONES
        or code in _TAGS
        or code in _JAMO_VOWELS_AND_TAILS
        or unicodedata.category(character) in _MARKS
    )
