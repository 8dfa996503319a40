"""Whether a text read as GB18030 is Chinese: bytes in other encodings of East Asia decode too, to gibberish."""

import re
import unicodedata
from collections import Counter

_FIRST, _SECOND_HALF, _LAST = 0xB0A1, 0xC9A1, 0xD7FE
"""GB2312's first level, of its 3755 usual characters, and where its second half begins."""
_BIG5_FIRST, _BIG5_LAST = 0xA440, 0xC67E
"""Big5's first level, of its 5401 usual characters."""
_RARE = 1 / 3
"""The share of letters that are neither usual in Chinese nor Latin, up to which a text may be Chinese; gibberish from
Big5 or Shift-JIS has 0.4 and more, a text on chemistry's rarest elements a third."""
_LATE = 1 / 16
"""The share of usual characters from the second half of GB2312's first level (by sound, R to Z) from which on a text is
surely Chinese, which has two fifths; Hangul in EUC-KR lies on the first half alone."""
_ENOUGH = 8
"""So many usual characters with none of the second half are no chance any more."""
_PARTED = re.compile("[\u4e00-\u9fff] [\u4e00-\u9fff]")
"""Words parted by a space, which Korean has and Chinese has not."""


def is_chinese(text: str) -> bool:
    """Tell whether the letters of `text` beyond Latin are Chinese, in simplified or traditional characters; also none.

    Judged are all of them by how many are usual, and by whether they are spread over the sounds as those of Chinese.
    """
    signs = Counter(sign for sign in text if sign > "\x7f")
    letters = {sign: number for sign, number in signs.items() if _is_letter(sign)}
    rare = sum(number for letter, number in letters.items() if not (_simplified(letter) or _is_traditional(letter)))
    if rare > sum(letters.values()) * _RARE:
        return False
    usual = {letter: number for letter, number in letters.items() if _simplified(letter)}
    total = sum(usual.values())
    late = sum(number for letter, number in usual.items() if _simplified(letter) >= _SECOND_HALF)
    is_telling = total >= _ENOUGH or _PARTED.search(text)
    return late >= total * _LATE or not is_telling


def _is_letter(letter: str) -> bool:
    """Tell letters, and places where Unicode has none, from signs, emoji and Latin letters, which say nothing."""
    kind = unicodedata.category(letter)
    if kind in {"Lo", "Co", "Cn"}:
        return True
    return kind[0] == "L" and not unicodedata.name(letter).startswith(("LATIN", "FULLWIDTH LATIN"))


def _simplified(letter: str) -> int:
    """Return the place of a letter among GB2312's usual characters; 0 when it is none."""
    place = _place(letter, "gb2312")
    return place if _FIRST <= place <= _LAST else 0


def _is_traditional(letter: str) -> bool:
    return _BIG5_FIRST <= _place(letter, "big5") <= _BIG5_LAST


def _place(letter: str, codec: str) -> int:
    return int.from_bytes(letter.encode(codec, errors="ignore"), "big")
