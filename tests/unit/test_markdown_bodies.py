import pytest

from bot.models import Block, BlockKind, Run
from tests.unit.reading import TOP, items, read, read_with_warnings, texts

A, B, P = "https://example.com/a", "https://example.com/b", "https://example.com/p.png"


def body(text: str) -> tuple[Block, ...]:
    indented = "\n".join(f"   {line}" if line else "" for line in text.split("\n"))
    (item,) = items(f"1. [甲]({A})\n\n{indented}\n")
    return item.body


def outline(blocks: tuple[Block, ...]) -> list[tuple[str, int, str, str]]:
    return [(block.kind.value, block.depth, block.marker, block.text) for block in blocks]


def test_body__several_paragraphs() -> None:
    assert outline(body("一\n\n二\n\n三")) == [("paragraph", 0, "", text) for text in "一二三"]


def test_body__nested_lists_are_flat_with_depth_and_marker() -> None:
    assert outline(body("- 一\n\n  续\n  1. 甲\n  2. 乙\n     * 丙\n- 二\n\n3. 三")) == [
        ("bullet", 0, "•", "一"),
        ("bullet", 0, "", "续"),
        ("bullet", 1, "1.", "甲"),
        ("bullet", 1, "2.", "乙"),
        ("bullet", 2, "•", "丙"),
        ("bullet", 0, "•", "二"),
        ("bullet", 0, "3.", "三"),
    ]


def test_body__quotes() -> None:
    assert outline(body("> 一\n>\n> > 二\n>\n> - 三")) == [
        ("quote", 0, "", "一"),
        ("quote", 1, "", "二"),
        ("bullet", 1, "•", "三"),
    ]


def test_body__a_table_is_rows() -> None:
    first, second = body(f"| 名 | 数 |\n|---|---:|\n| **甲** | [1]({B}) |")
    assert (first.kind, first.text) == (BlockKind.ROW, "名 | 数")
    assert second.runs == (Run(text="甲", bold=True), Run(text=" | "), Run(text="1", url=B))


def test_body__images_stand_alone() -> None:
    assert body(f"前 ![图]({P}) 后") == (
        Block(runs=(Run(text="前"),)),
        Block(kind=BlockKind.IMAGE, runs=(Run(text="图", url=P),)),
        Block(runs=(Run(text="后"),)),
    )


def test_body__an_image_in_a_link_keeps_both() -> None:
    assert body(f"[![图]({P})]({B})") == (
        Block(kind=BlockKind.IMAGE, runs=(Run(text="图", url=P),)),
        Block(runs=(Run(text="图", url=B),)),
    )


def test_body__an_image_without_address_is_its_text_and_a_warning() -> None:
    parsed = read_with_warnings(f"{TOP}1. 甲\n\n   ![图](./p.png)\n")
    assert texts(parsed.digest.items[0].body) == ["图"]
    assert [(found.line, found.what) for found in parsed.problems] == [
        (5, "the picture of item 1 is a placeholder: (./p.png)")
    ]


def test_body__code() -> None:
    assert body("```python\nx = '**'\n\n# 1. y\n```\n\n见 `a*b`。") == (
        Block(kind=BlockKind.CODE, runs=(Run(text="x = '**'\n\n# 1. y", code=True),)),
        Block(runs=(Run(text="见 "), Run(text="a*b", code=True), Run(text="。"))),
    )


def test_body__links_of_every_kind() -> None:
    (block,) = body(f"[一]({B})、**[二]({B})**、<{B}>、{B} 与 <mailto:a@example.com>")
    assert [(run.text, run.bold, run.url) for run in block.runs] == [
        ("一", False, B),
        ("、", False, None),
        ("二", True, B),
        ("、", False, None),
        (B, False, B),
        (f"、{B} 与 <mailto:a@example.com>", False, None),
    ]


def test_body__an_address_stays_as_written() -> None:
    url = "https://例子.example.com/新闻(1)?q=a&b=%20c"
    (item,) = items(f"1. [甲]({url})\n")
    assert item.url == url


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("中文\n接着", "中文接着"),
        ("中文\nAI", "中文AI"),
        ("hello\nworld", "hello world"),
        ("说“好”\n“行”", "说“好” “行”"),
        ("한국\n뉴스", "한국 뉴스"),
        ("**粗\n体**\n后", "粗体后"),
        ("硬  \n换行", "硬\n换行"),
        ("hard\\\nbreak", "hard\nbreak"),
    ],
)
def test_body__line_breaks(source: str, text: str) -> None:
    assert texts(body(source)) == [text]


def test_body__indented_text_is_text() -> None:
    (item,) = items(f"1、[甲]({A})\n\n        缩进很深的**正文**。\n")
    assert item.body[0].runs == (Run(text="缩进很深的"), Run(text="正文", bold=True), Run(text="。"))


def test_lead__may_hold_any_block() -> None:
    digest = read(f"{TOP}> 引\n\n- 点\n\n```\n码\n```\n\n---\n\n1. 甲\n\n---\n\n> 尾\n")
    assert [block.kind for block in digest.lead] == [BlockKind.QUOTE, BlockKind.BULLET, BlockKind.CODE]
    assert [block.kind for block in digest.commentary] == [BlockKind.QUOTE]
