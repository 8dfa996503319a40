import pytest

from tests.unit.reading import bold, items, read_with_warnings, texts


def body(text: str) -> str:
    """Return the text of a body, bold in < >, italic in { }, struck in [ ]."""
    ((first,),) = (item.body for item in items(f"1. 甲\n\n   {text}\n"))
    shown = ""
    for run in first.runs:
        piece = run.text
        for on, sign in ((run.strike, "[]"), (run.italic, "{}"), (run.bold, "<>")):
            piece = f"{sign[0]}{piece}{sign[1]}" if on else piece
        shown += piece
    return shown


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("**“智能体”**的", "<“智能体”>的"),
        ("的**“智能体”**", "的<“智能体”>"),
        ("AI**“智能体”**AI", "AI<“智能体”>AI"),
        ("看**《三体》**和**「光」**、**（注）**。", "看<《三体》>和<「光」>、<（注）>。"),
        ("他说**“好。”**然后**走了。**完", "他说<“好。”>然后<走了。>完"),
        ("达**250亿美元(约1780亿元)**的", "达<250亿美元(约1780亿元)>的"),
        ("**注：**后文", "<注：>后文"),
        ("**Note:**text", "<Note:>text"),
        ("**——**与**……**", "<——>与<……>"),
        ("“**智能体**”", "“<智能体>”"),
        ("（**甲**、**乙**）", "（<甲>、<乙>）"),
        ("*“智能体”*的", "{“智能体”}的"),
        ("的*《光》*。", "的{《光》}。"),
        ("_“智能体”_的", "{“智能体”}的"),
        ("的_《光》_和", "的{《光》}和"),
        ("__“智能体”__的", "<“智能体”>的"),
        ("***“又粗又斜”***的", "<{“又粗又斜”}>的"),
        ("~~“旧价”~~的", "[“旧价”]的"),
        ("**甲****乙**", "<甲乙>"),
        ("是**“甲”****《乙》**。", "是<“甲”《乙》>。"),
        ("**粗*斜*粗**", "<粗><{斜}><粗>"),
        ("文件_名_称 snake_case_name", "文件_名_称 snake_case_name"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        (r"\*不斜\*", "*不斜*"),
        ("乘方 2 ^ 3 和 `2**3`", "乘方 2 ^ 3 和 2**3"),
        ("<b>字母</b> &amp; <script>alert(1)</script>", "<b>字母</b> & <script>alert(1)</script>"),
    ],
)
def test_parse__emphasis_beside_chinese(source: str, shown: str) -> None:
    assert body(source) == shown


def test_parse__a_lone_pair_of_stars_is_a_warning_with_its_line() -> None:
    parsed = read_with_warnings("# 2025-10-12\n\n1. 甲\n\n   一\n   二 **没有收尾\n")
    assert [(problem.line, problem.what) for problem in parsed.problems] == [
        (6, "a ** in item 1 has no partner and will be seen")
    ]
    assert texts(parsed.digest.items[0].body) == ["一二 **没有收尾"]


def test_parse__a_title_has_no_markup() -> None:
    (item,) = items("1. [**“智能体”**的 `v1` *新*篇](https://example.com/a) 见**“正文”**了\n")
    assert item.title == "“智能体”的 v1 新篇"
    assert bold(item.body) == ["“正文”"]
