from pathlib import Path

import pytest

from bot.markdown import LARGEST, parse
from tests.unit.commandline import ROOT, SEED
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


@pytest.mark.parametrize("codec", ["gb18030", "gbk"])
@pytest.mark.parametrize("path", [SEED, *sorted((ROOT / "digests").glob("*.md"))], ids=lambda path: path.name)
def test_parse__every_digest_there_is_can_be_in_gb18030(path: Path, codec: str) -> None:
    text = path.read_text(encoding="utf-8").encode(codec, errors="ignore").decode(codec)
    parsed = parse(text.encode(codec), name=path.name)
    assert parsed.digest == parse(text.encode(), name=path.name).digest
    assert "saved as GB18030" in [problem.what for problem in parsed.problems]


@pytest.mark.parametrize(
    "said",
    [
        "新华社",
        "豆包更新",
        "嫦娥七号发射",
        "英伟达发布新芯片",
        "钴锂镍铱价格上涨",
        "颱風警報：學校停課",
        "國慶典禮今天舉行，總統發表談話，許多公司都投入大量資金研發新技術。",
        "OpenAI 发布 Ω 模型，日文名为「さくら」，俄文名为「Сакура」，面向全球开发者开放。",
    ],
)
def test_parse__chinese_in_gb18030_is_read_however_short(said: str) -> None:
    parsed = parse(f"# 2025-10-12\n\n1. [{said}](https://example.com/a)\n".encode("gb18030"))
    assert [item.title for item in parsed.digest.items] == [said]


@pytest.mark.parametrize(
    ("codec", "said"),
    [
        ("big5", "人工智慧正在改變我們的生活方式，許多公司都投入大量資金研發新技術。"),
        ("big5", "今天的新聞：台積電公布第三季財報"),
        ("big5", "晶片製造商宣布漲價"),
        ("big5", "OpenAI 發表新模型"),
        ("big5", "蘋果推出新手機"),
        ("shift_jis", "人工知能は私たちの生活を変えつつあり、多くの企業が新技術に投資しています。"),
        ("shift_jis", "日本銀行は金利を据え置いた"),
        ("shift_jis", "東京株式市場は続伸"),
        ("shift_jis", "新型機"),
        ("euc_jp", "日本銀行は金利を据え置いた"),
        ("euc_jp", "東京株式市場は続伸"),
        ("euc_kr", "인공지능은 우리의 생활 방식을 바꾸고 있으며 많은 기업이 신기술에 투자하고 있다."),
        ("euc_kr", "美 대통령, 中 방문 예정"),
        ("euc_kr", "삼성전자 3분기 실적 공개"),
        ("euc_kr", "반도체 가격 인상"),
        ("cp949", "펩시 똠방각하 햏자 인공지능"),
        ("cp1252", "Zürich grüßt"),
    ],
)
def test_parse__other_languages_are_refused_not_read_as_gibberish(codec: str, said: str) -> None:
    source = f"# 2025-10-12\n\n1. [{said}](https://example.com/a)\n".encode(codec)
    assert source.decode("gb18030")
    error = refusal(source)
    assert (error.line, error.mend) == (3, "save the file as UTF-8")
    assert error.what == "neither UTF-8 nor Chinese in GB18030; is it Big5, Shift-JIS or EUC-KR?"


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
