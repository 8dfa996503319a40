"""The markdown of robots: nothing in a text is obeyed, and every byte is counted."""

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.wecom import WecomDialect
from adapters.wecom.dialect import numbered
from bot.models import Block, BlockKind, Edition, Format, Item, Run
from bot.render import Renderer

WECOM = WecomDialect()
RENDERER = Renderer(Path(__file__).parents[2] / "templates")
DAY = date(2025, 10, 12)
_OBEYED = re.compile(r"[*_`\[\]<\\|]|^[#>]", re.MULTILINE)
_ADDRESS = re.compile(r"https?://\S+")


def shown(*runs: Run, kind: BlockKind = BlockKind.PARAGRAPH) -> str:
    item = Item(number=1, title="t", body=(Block(kind=kind, runs=runs),))
    (part,) = RENDERER.edition(Edition(day=DAY, title="T", items=(item,), total=1), WECOM, "zh-CN", categories=())
    return part.markup.partition("1. **t**\n")[2]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<@all> 看", "＜@all> 看"),
        ('<font color="info">', '＜font color="info">'),
        ("a*b_c `d` [e](f)", "a＊b＿c ｀d｀ ［e］(f)"),
        ("# 标题\n> 引用", "＃ 标题\n＞ 引用"),
        ("C# 与 3 > 2", "C# 与 3 > 2"),
        ("看 https://example.com/a_b?x=1 与 c_d", "看 https://example.com/a_b?x=1 与 c＿d"),
        ("a\x00b\x1b[1m\ud800", "ab［1m"),
    ],
)
def test_escape__nothing_is_obeyed(text: str, expected: str) -> None:
    assert str(WECOM.escape(text)) == expected


@settings(max_examples=100)
@given(st.text(alphabet=st.sampled_from("*_`[]()<>@#|\\\n 字a1.-https:/")))
def test_escape__leaves_no_sign_outside_addresses(text: str) -> None:
    assert not _OBEYED.search(_ADDRESS.sub("", str(WECOM.escape(text))))


@settings(max_examples=100)
@given(st.lists(st.text(alphabet=st.sampled_from("1234.) 字a\n")), max_size=6))
def test_measure__holds_for_both_kinds_and_adds_up_by_lines(lines: list[str]) -> None:
    text = "\n".join(lines)
    (size,) = WECOM.measure(text)
    assert size >= len(text.encode())
    assert size == len(numbered(text).encode())
    assert size <= sum(WECOM.measure(line)[0] for line in lines) + max(0, len(lines) - 1)


def test_markup__links_hold_whatever_the_address_holds() -> None:
    assert shown(Run(text="x[1]", url="https://example.com/a_(b) c?q=1&r=*")) == (
        "[x［1］](https://example.com/a_%28b%29%20c?q=1&r=*)"
    )


def test_markup__bold_stands_beside_letters() -> None:
    assert shown(Run(text="这是"), Run(text="“智能体”", bold=True), Run(text="的")) == "这是“**智能体**”的"
    assert shown(Run(text=" x ", bold=True), Run(text="y")) == " **x** y"
    assert shown(Run(text="！", bold=True)) == "！"


def test_markup__styles_that_are_not_there_are_left_out() -> None:
    assert shown(Run(text="a", italic=True), Run(text="b", strike=True)) == "ab"
    assert shown(Run(text="a", bold=True, url="https://example.com")) == "[a](https://example.com)"


def test_markup__code_stays_as_it_is() -> None:
    assert shown(Run(text="a_b*[c]`<@all>", code=True)) == "`a_b*[c]｀＜@all>`"


def test_markup__lists_are_written_as_text_and_quotes_line_by_line() -> None:
    bullets = tuple(Block(kind=BlockKind.BULLET, marker="•", runs=(Run(text=text),)) for text in "ab")
    quotes = tuple(Block(kind=BlockKind.QUOTE, runs=(Run(text=text),)) for text in "cd")
    item = Item(number=1, title="t", body=(*bullets, *quotes))
    edition = Edition(
        day=DAY, title="T", lead=(Block(runs=(Run(text="1"),)), Block(runs=(Run(text="2"),))), items=(item,), total=1
    )
    (part,) = RENDERER.edition(edition, WECOM, "zh-CN", categories=())
    assert part.markup == "## T\n\n> 1\n>\n> 2\n\n1. **t**\n• a\n• b\n\n> c\n> d"


def test_plain__has_no_style_and_written_links() -> None:
    assert (
        WECOM.plain("## T\n\n> **a** b\n\n1. [c](https://example.com/)\n`d`")
        == "T\n\na b\n\n1. c (https://example.com/)\nd"
    )
    text = "字" * 1360
    assert WECOM.plain(f"[{text}](https://example.com/long)") == text


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.text(alphabet=st.sampled_from("字词句。，a *_🙂\n"), min_size=1, max_size=900), min_size=1, max_size=8)
)
def test_cut__every_part_is_within_the_bytes_its_mark_included(bodies: list[str]) -> None:
    items = tuple(
        Item(number=number, title=f"标题{number}", url="https://example.com/", body=(Block(runs=(Run(text=body),)),))
        for number, body in enumerate(bodies, 1)
    )
    edition = Edition(day=DAY, title="速递", items=items, total=len(items))
    parts = RENDERER.edition(edition, WECOM, "zh-CN", categories=())
    assert all(len(numbered(part.markup).encode()) <= 4096 for part in parts)
    if len(parts) > 1:
        assert all(f"({part.number}/{len(parts)})" in part.markup.split("\n")[0] for part in parts)
    assert sum(part.markup.count("](https://example.com/)") for part in parts) >= len(items)


# ------------------------------------------------------------------ cards


def news(items: tuple[Item, ...], language: str = "zh-CN") -> list[tuple[str, int]]:
    edition = Edition(day=DAY, title="T", items=items, total=len(items), format=Format.NEWS)
    parts = RENDERER.edition(edition, WECOM, language, categories=())
    assert [(part.number, part.of) for part in parts] == [(place, len(parts)) for place in range(1, len(parts) + 1)]
    return [(part.markup, len(part.cards)) for part in parts]


def test_cards__eight_to_a_message_after_the_title() -> None:
    items = tuple(Item(number=number, title="t", url="https://example.com") for number in range(1, 12))
    assert news(items) == [("## T", 0), ("", 8), ("", 3)]


def test_cards__what_has_no_link_is_said_in_words() -> None:
    items = (Item(number=1, title="有", url="https://example.com"), Item(number=2, title="没有"))
    assert news(items) == [("## T\n\n2. **没有**", 0), ("", 1)]


def test_cards__are_cut_by_bytes_with_a_mark() -> None:
    item = Item(number=1, title="字" * 50, url="https://example.com", body=(Block(runs=(Run(text="👨‍👩‍👧" * 60),)),))
    edition = Edition(day=DAY, title="T", items=(item,), total=1, format=Format.NEWS)
    (card,) = RENDERER.edition(edition, WECOM, "zh-CN", categories=())[1].cards
    assert card.title == "1. " + "字" * 40 + "…"
    assert card.description == "👨‍👩‍👧" * 28 + "…"
    assert len(card.title.encode()) <= 128
    assert len(card.description.encode()) <= 512
