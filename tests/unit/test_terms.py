"""Text cut into terms, asked for by phrases, shown with marks."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.models import Run
from bot.terms import Phrase, extract, marked, phrases, terms
from bot.terms.splitting import _SUPPLEMENT

BODY = (
    "南京大学类脑智能科技研究中心团队成功研发出一款新型模拟存算一体芯片。该芯片在核心的向量-矩阵乘法运算中，实现了仅0.101%的"
    "均方根误差，创造了同类运算精度的世界最高纪录。这一突破解决了长期限制模拟计算精度的瓶颈，其在识别任务上的准确率很高。"
)


def words(text: str) -> list[str]:
    return [("| " if term.apart else "") + term.word for term in terms(text)]


def shown(runs: tuple[Run, ...]) -> str:
    return "".join(f"[{run.text}]" if run.bold else run.text for run in runs)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("存算一体", ["存", "算", "一", "体"]),
        ("中，文 字\n字", ["中", "| 文", "| 字", "| 字"]),
        ("用GPT-5的", ["用", "gpt", "5", "的"]),
        ("Open Source_1 don't", ["open", "source", "1", "don", "t"]),
        ("⼈⼯、ＡＩ", ["人", "工", "ai"]),
        ("⻋⻓", ["车", "长"]),
        ("Étude Strasse STRAßE", ["etude", "strasse", "strasse"]),
        ("人\u200b工 soft\u00adware e\u0301", ["人", "工", "software", "e"]),
        ("カタカナ 한국어", ["カ", "タ", "カ", "ナ", "한국어"]),
        ("㎡ ½", ["m2", "1", "2"]),
        ("——!? 🦊 \ud800", []),
        ("", []),
    ],
)
def test_terms__by_script(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_extract__is_about_as_long_as_there_is_room() -> None:
    wanted = phrases("准确率")
    short, long = (shown(extract(BODY * 3, wanted, length)) for length in (40, 120))
    assert len(short) < 60 < len(long) < 140
    assert "[准确率]" in short
    assert "[准确率]" in long


def test_terms__a_word_without_end_goes_on_in_the_next() -> None:
    assert [len(term.word) for term in terms("x" * 150 + "的")] == [64, 64, 22, 1]


@given(st.text(max_size=60))
def test_terms__stand_where_they_say_in_order(text: str) -> None:
    before = 0
    for term in terms(text):
        assert before <= term.start < term.end <= len(text)
        before = term.start  # one sign may be several terms: ½
        assert term.word
        assert not any(sign.isspace() or sign in "\"'\\‖" for sign in term.word)


@given(st.text(max_size=30))
def test_terms__the_folded_text_has_the_same(text: str) -> None:
    folded = unicodedata.normalize("NFKC", "".join(term.word + " " for term in terms(text)))
    assert "".join(term.word for term in terms(folded)) == "".join(term.word for term in terms(text))


def test_radicals__are_those_that_unicode_does_not_fold_itself() -> None:
    assert all(unicodedata.normalize("NFKC", sign) == sign for sign in _SUPPLEMENT)
    assert all(unicodedata.name(sign).startswith("CJK RADICAL") for sign in _SUPPLEMENT)
    assert all(unicodedata.name(sign).startswith("CJK UNIFIED") for sign in _SUPPLEMENT.values())


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("存算", (Phrase(words=("存", "算")),)),
        ("查马斯：公司", (Phrase(words=("查", "马", "斯")), Phrase(words=("公", "司")))),
        ("nvid", (Phrase(words=("nvid",), open=True),)),
        ("AI", (Phrase(words=("ai",)),)),
        ("用GPT", (Phrase(words=("用", "gpt"), open=True),)),
        ("2025", (Phrase(words=("2025",)),)),
        ("4090d", (Phrase(words=("4090d",)),)),
        ("***", ()),
    ],
)
def test_phrases__of_a_word(typed: str, expected: tuple[Phrase, ...]) -> None:
    assert phrases(typed) == expected


def test_phrases__exact_ones_are_not_open() -> None:
    assert phrases("open source", exact=True) == (Phrase(words=("open", "source")),)


def test_marked__what_was_found_in_its_own_letters() -> None:
    wanted = (*phrases("存算"), *phrases("chip"), *phrases("一体"))
    assert shown(marked("⽤存算一体、Chips，存 算和chi", wanted)) == "⽤[存算一体]、[Chips]，存 算和chi"
    assert shown(marked("nothing", wanted)) == "nothing"
    assert marked("", wanted) == ()


def test_extract__around_what_was_found() -> None:
    text = shown(extract(BODY, phrases("世界最高")))
    assert "[世界最高]纪录" in text
    assert text.startswith("…")
    assert len(text) < 130


def test_extract__of_a_short_text_is_all_of_it() -> None:
    assert shown(extract("短短的\n一句。", phrases("一句"))) == "短短的 [一句]。"


def test_extract__the_beginning_where_nothing_is_found() -> None:
    assert shown(extract(BODY, phrases("没有"))) == BODY[:90] + "…"


def test_extract__where_most_is_found() -> None:
    text = "一体" + "。空话" * 60 + "存算一体，存算" + "。空话" * 60
    assert "[存算一体]，[存算]" in shown(extract(text, (*phrases("存算"), *phrases("一体"))))


@given(st.text("存算 a，。é🦊\u200d", max_size=300), st.text("存算a", min_size=1, max_size=3))
def test_extract__is_a_stretch_of_the_text(text: str, typed: str) -> None:
    line = " ".join(text.split())
    runs = extract(text, phrases(typed))
    inner = "".join(run.text for run in runs if run.text != "…")
    assert inner in line
    found = list(marked(line, phrases(typed)))
    assert any(run.bold for run in runs) == any(run.bold for run in found)
