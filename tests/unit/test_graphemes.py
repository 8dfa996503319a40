from itertools import pairwise

import pytest

from bot.render.graphemes import breaks


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ab", ["a", "b"]),
        ("e\u0301a", ["e\u0301", "a"]),
        ("👩‍👩‍👧‍👦x", ["👩‍👩‍👧‍👦", "x"]),
        ("👍🏽👍", ["👍🏽", "👍"]),
        ("🇨🇳🇯🇵🇩", ["🇨🇳", "🇯🇵", "🇩"]),
        ("1️⃣2", ["1️⃣", "2"]),
        ("\u1112\u1161\u11ab각", ["\u1112\u1161\u11ab", "각"]),
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿a", ["🏴󠁧󠁢󠁥󠁮󠁧󠁿", "a"]),
        ("a\r\nb", ["a", "\r\n", "b"]),
        ("", []),
    ],
)
def test_breaks__between_what_a_reader_sees(text: str, expected: list[str]) -> None:
    cuts = [0, *breaks(text), len(text)]
    assert [text[start:end] for start, end in pairwise(cuts) if start < end] == expected
