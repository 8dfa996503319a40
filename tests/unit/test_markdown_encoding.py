import pytest

from bot.markdown import LARGEST, parse
from tests.unit.documents import seed_like
from tests.unit.reading import refusal

TEXT = seed_like()


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_parse__utf8_with_and_without_mark(mark: str) -> None:
    parsed = parse((mark + TEXT).encode())
    assert parsed == parse(TEXT.encode())
    assert parsed.problems == ()


@pytest.mark.parametrize(
    ("codec", "name"),
    [("utf-16", "UTF-16"), ("utf-16-be", "UTF-16"), ("utf-32", "UTF-32"), ("gb18030", "GB18030"), ("gbk", "GB18030")],
)
def test_parse__other_encodings_are_a_warning(codec: str, name: str) -> None:
    text = TEXT.replace("É", "E")
    mark = "\ufeff" if codec == "utf-16-be" else ""
    parsed = parse((mark + text).encode(codec))
    assert parsed.digest == parse(text.encode()).digest
    assert [(problem.line, problem.what, problem.mend) for problem in parsed.problems] == [
        (1, f"saved as {name}", "save the file as UTF-8")
    ]


def test_parse__nul_bytes_are_dropped_with_a_warning() -> None:
    parsed = parse(TEXT.replace("海湾", "海\0湾\x01").encode())
    assert parsed.digest == parse(TEXT.encode()).digest
    assert [(problem.line, problem.what) for problem in parsed.problems] == [
        (11, "NUL bytes in the text; they are left out")
    ]


@pytest.mark.parametrize(
    ("source", "what"),
    [
        (TEXT.encode()[:-2] + b"\n", f"byte {len(TEXT.encode()) - 4} is not UTF-8 text"),
        (b"# 2025-10-12\n\n1. \xff\xff\n", "byte 17 is not UTF-8 or GB18030 text"),
        (b"\xff\xfea", "byte 2 is not UTF-16 text"),
        (b"\xef\xbb\xbf\xff", "byte 3 is not UTF-8 text"),
    ],
)
def test_parse__bytes_that_are_no_text_are_refused(source: bytes, what: str) -> None:
    error = refusal(source)
    assert error.what == what
    assert error.line == source.count(b"\n", 0, int(what.split()[1])) + 1


def test_parse__a_file_too_large_is_refused() -> None:
    assert refusal(b"a" * (LARGEST + 1)).what == "larger than 2048 KiB"
