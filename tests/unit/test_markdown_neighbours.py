from collections.abc import Callable, Sequence

import pytest

from bot.markdown import parse
from bot.models import BlockKind
from tests.unit.documents import COMMENTARY, LEAD, SHAPES, STORIES, Story, without_front_matter
from tests.unit.reading import TOP, items, links, read, read_with_warnings, texts

A, B, C = (f"https://example.com/{name}" for name in "abc")


@pytest.mark.parametrize("shape", SHAPES)
def test_parse__every_shape_of_items(shape: Callable[[Sequence[Story]], str]) -> None:
    digest = read(without_front_matter(shape(STORIES)))
    assert [(item.title, item.url) for item in digest.items] == [(story.title, story.url) for story in STORIES]
    for item, story in zip(digest.items, STORIES, strict=True):
        assert "".join(texts(item.body)) == "".join(story.body).replace("**", "")
    assert texts(digest.lead) == [LEAD.replace("**", "")]
    assert texts(digest.commentary) == list(COMMENTARY)


@pytest.mark.parametrize(
    "line",
    [
        f"1. [**标题**]({A})",
        f"1. **[标题]({A})**",
        f"1. [标题]({A})",
        f"1.[标题]({A})",
        f"1) [标题]({A})",
        f"1）[标题]({A})",
        f"（1）[标题]({A})",
        f"(1) [标题]({A})",
        f"1、**标题** [原文]({A})",
        f"1、标题（[链接]({A})）",
        f"１．[标题]({A})",
        f"**1. [标题]({A})**",
        f"**1.** [标题]({A})",
        f"1. 标题\n   链接：{A}",
        f"📌 **1. 标题**\n{A}",
        f"📌 **1. 标题**\n\n🔗 [阅读原文]({A})",
        f"1️⃣ **标题**\n<{A}>",
        f"### 1、[标题]({A})",
        f"## **1. [标题]({A})**",
        f"### [标题]({A})",
        f"- [标题]({A})",
        f"1. [标题]（{A}）",
        f"1. [标题][链]\n\n[链]: {A}",
        f'1. [标题]({A} "悬停")',
        f"1. [~~标~~*题*]({A})",
    ],
)
def test_parse__title_and_link(line: str) -> None:
    (item,) = items(line + "\n")
    assert (item.title, item.url, item.body) == ("标题", A, ())


@pytest.mark.parametrize(
    ("line", "title", "body"),
    [
        (f"1. [标题]({A}) 一句话", "标题", ["一句话"]),
        (f"1. [标题]({A})：一句话", "标题", ["一句话"]),
        (f"1. **标题**：见[这里]({A})。", "标题", ["见这里。"]),
        (f"1. **标题：** 见[这里]({A})", "标题", ["见这里"]),
        (f"1. **甲社** 发布 [新模型]({A})", "甲社 发布 新模型", []),
        (f"1. 甲社发布[新模型]({A})与[论文]({B})", "甲社发布新模型与论文", ["论文"]),
        (f"1. [标题]({A}) - [讨论]({B})", "标题", ["讨论"]),
        (f"1. [标题]({A})\n   同段正文", "标题", ["同段正文"]),
        (f"1. [甲\n   标题]({A})\n   同段正文", "甲标题", ["同段正文"]),
    ],
)
def test_parse__text_beside_the_title(line: str, title: str, body: list[str]) -> None:
    (item,) = items(line + "\n")
    assert (item.title, item.url, texts(item.body)) == (title, A, body)


def test_parse__further_links_go_to_the_body_as_links() -> None:
    (item,) = items(f"1. 发布[新模型]({A})与[论文]({B})\n\n   另见[代码]({C})。\n")
    assert item.url == A
    assert [(run.text, run.url) for run in links(item.body)] == [("论文", B), ("代码", C)]


def test_parse__a_long_plain_line_is_a_title_to_its_first_sentence() -> None:
    (item,) = items("1、潮汐机房今日启用。" + "它的第一批机柜来自旧船坞。" * 10 + "\n")
    assert item.title == "潮汐机房今日启用。"
    assert texts(item.body) == ["它的第一批机柜来自旧船坞。" * 10]


@pytest.mark.parametrize(
    "text", ["1. 甲\n2. 乙\n5. 丙\n", "1. 甲\n1. 乙\n1. 丙\n", "## x\n1. 甲\n2. 乙\n## y\n1. 丙\n"]
)
def test_parse__numbers_skip_and_restart(text: str) -> None:
    assert [(item.number, item.title) for item in items(text)] == [(1, "甲"), (2, "乙"), (3, "丙")]


def test_parse__marks_change_on_the_way() -> None:
    found = items(f"1. [甲]({A})\n正文甲\n2. [乙]({B})\n正文乙\n3、丙\n正文丙\n4) 丁\n")
    assert [(item.title, texts(item.body)) for item in found] == [
        ("甲", ["正文甲"]),
        ("乙", ["正文乙"]),
        ("丙", ["正文丙"]),
        ("丁", []),
    ]


def test_parse__a_number_in_running_text_is_no_mark() -> None:
    (item,) = items("1、预算\n3.5亿元是总额。\n2024、2025两年各半。\n")
    assert texts(item.body) == ["3.5亿元是总额。2024、2025两年各半。"]


def test_parse__sections_are_those_of_the_items_beneath() -> None:
    text = f"## 一、芯片技术\n\n1. [甲]({A})\n\n2. 乙\n\n### 🔥 AI产业：\n\n1. [丙]({C})\n"
    assert [item.section for item in items(text)] == ["芯片技术", "芯片技术", "AI产业"]


def test_parse__numbered_headings_over_linked_items_are_sections() -> None:
    found = items(f"## 1. 芯片技术\n\n1. [甲]({A})\n\n## 2. AI产业\n\n1. [乙]({B})\n")
    assert [(item.title, item.section) for item in found] == [("甲", "芯片技术"), ("乙", "AI产业")]


def test_parse__headings_within_an_item_stay_in_its_body() -> None:
    first, second = items(f"### 1. [甲]({A})\n\n#### 背景\n\n正文\n\n1. 一\n2. 二\n\n### 2. [乙]({B})\n")
    assert [(block.kind, block.text) for block in first.body] == [
        (BlockKind.HEADING, "背景"),
        (BlockKind.PARAGRAPH, "正文"),
        (BlockKind.BULLET, "一"),
        (BlockKind.BULLET, "二"),
    ]
    assert second.title == "乙"


@pytest.mark.parametrize("indent", ["", "  ", "   "])
def test_parse__a_numbered_list_within_a_body(indent: str) -> None:
    text = f"1. [甲]({A})\n\n要点：\n\n{indent}1. 一\n{indent}2. 二\n\n2. [乙]({B})\n\n3. 丙\n"
    first, second, third = items(text)
    assert [(block.marker, block.text) for block in first.body] == [("", "要点："), ("1.", "一"), ("2.", "二")]
    assert (second.title, third.title) == ("乙", "丙")


def test_parse__sub_points_with_brackets_are_body() -> None:
    first, second = items("1、甲\n（1）子一\n（2）子二\n2、乙\n")
    assert [(block.marker, block.text) for block in first.body] == [("（1）", "子一"), ("（2）", "子二")]
    assert second.title == "乙"


def test_parse__a_list_in_the_lead_is_lead() -> None:
    digest = read(f"{TOP}今日看点：\n\n1. 一\n2. 二\n\n---\n\n1. [甲]({A})\n2. [乙]({B})\n")
    assert texts(digest.lead) == ["今日看点：", "一", "二"]
    assert [item.title for item in digest.items] == ["甲", "乙"]


def test_parse__text_between_section_and_item_goes_to_the_lead() -> None:
    digest = read(f"{TOP}## 芯片技术\n\n本栏导语。\n\n1. [甲]({A})\n\n## AI产业\n\n二栏导语。\n\n1. [乙]({B})\n")
    assert texts(digest.lead) == ["芯片技术", "本栏导语。", "AI产业", "二栏导语。"]
    assert [item.section for item in digest.items] == ["芯片技术", "AI产业"]


def test_parse__a_lead_under_a_heading_of_its_own_is_no_section() -> None:
    digest = read(f"{TOP}## 导语\n\n开场白。\n\n1. [甲]({A})\n")
    assert texts(digest.lead) == ["导语", "开场白。"]
    assert digest.items[0].section is None


def test_parse__a_lead_between_two_rules_is_no_front_matter() -> None:
    parsed = read_with_warnings("---\n今天风平浪静。\n---\n1. 甲\n", "2025-10-12.md")
    assert [problem.what for problem in parsed.problems] == ["there is no title; 2025-10-12 stands in for it"]
    assert texts(parsed.digest.lead) == ["今天风平浪静。"]


def test_parse__rules_between_items() -> None:
    digest = read(f"{TOP}1. [甲]({A})\n\n正文甲\n\n---\n\n2. [乙]({B})\n\n正文乙\n\n---\n\n尾声\n")
    assert [texts(item.body) for item in digest.items] == [["正文甲"], ["正文乙"]]
    assert texts(digest.commentary) == ["尾声"]


@pytest.mark.parametrize(
    "opening",
    [
        "---\n\n",
        "***\n\n",
        "————\n\n",
        "## 点评\n\n",
        "### 💡 今日总结：\n\n",
        "## Commentary\n\n",
        "**结语**\n\n",
        "编者按：",
    ],
)
def test_parse__commentary_after_the_items(opening: str) -> None:
    digest = read(f"{TOP}1. [甲]({A})\n\n正文甲\n\n2. [乙]({B})\n\n正文乙\n\n{opening}一句话。\n\n1. 其一\n2. 其二\n")
    assert [texts(item.body) for item in digest.items] == [["正文甲"], ["正文乙"]]
    assert "".join(texts(digest.commentary)).endswith("一句话。其一其二")


def test_parse__commentary_without_rule_or_heading_after_indented_bodies() -> None:
    digest = read(f"{TOP}1. [甲]({A})\n\n   正文甲\n\n2. [乙]({B})\n\n   正文乙\n\n一句话。\n")
    assert texts(digest.items[1].body) == ["正文乙"]
    assert texts(digest.commentary) == ["一句话。"]


def test_parse__a_rule_close_under_the_lead_is_no_heading() -> None:
    digest = read(f"{TOP}开场白。\n---\n1. 甲\n")
    assert [(block.kind, block.text) for block in digest.lead] == [(BlockKind.PARAGRAPH, "开场白。")]


@pytest.mark.parametrize(
    ("text", "tags", "body"),
    [
        (f"1. [甲]({A}) #芯片技术", ("芯片技术",), []),
        (f"1. [甲]({A}) #芯片技术 #AI产业", ("芯片技术", "AI产业"), []),
        ("1、甲 #芯片技术\n正文。", ("芯片技术",), ["正文。"]),
        (f"1. [甲]({A})\n\n   正文。 #芯片技术", ("芯片技术",), ["正文。"]),
        (f"1. [甲]({A})\n\n   正文。#芯片技术#AI", ("芯片技术", "AI"), ["正文。"]),
        (f"1. [甲]({A})\n\n   正文\n   #芯片技术", ("芯片技术",), ["正文"]),
        (f"1. [甲]({A})\n\n   正文\n\n   #芯片技术 #AI", ("芯片技术", "AI"), ["正文"]),
        (f"1. [甲]({A})\n\n   正文\n\n   标签：#芯片技术", ("芯片技术",), ["正文"]),
        (f"1. [甲]({A})\n\n   先学 C#", (), ["先学 C#"]),
        (f"1. [甲]({A})\n\n   排名 #1", (), ["排名 #1"]),
        (f"1. [甲]({A})\n\n   话题 #芯片 很热", (), ["话题 #芯片 很热"]),
    ],
)
def test_parse__trailing_tags(text: str, tags: tuple[str, ...], body: list[str]) -> None:
    (item,) = items(text + "\n")
    assert (item.title, item.tags, texts(item.body)) == ("甲", tags, body)


def test_parse__a_title_may_end_in_a_sharp() -> None:
    (item,) = items("1. 微软更新 C#\n")
    assert (item.title, item.tags) == ("微软更新 C#", ())


def test_parse__kangxi_radicals_are_kept() -> None:
    digest = read("# ⼈⼯智能 2025年10⽉12⽇\n\n1. ⼤模型\n")
    assert digest.title == "⼈⼯智能 2025年10⽉12⽇"
    assert digest.items[0].title == "⼤模型"
    assert str(digest.day) == "2025-10-12"


@pytest.mark.parametrize(
    ("target", "what"),
    [
        ("未提供", "is a placeholder: (未提供)"),
        ("#", "is a placeholder: (#)"),
        ("", "is empty: ()"),
        ("<>", "is empty: (<>)"),
        ("这条新闻 没有给出 任何链接，请自行搜索。", "is a placeholder: (这条新闻 没有给出 任何链接，请自行搜索。)"),
        ("/relative/path", "is a placeholder: (/relative/path)"),
        ("https://", "is a placeholder: (https://)"),
        ("https://...", "is a placeholder: (https://...)"),
        ("https://[", "is a placeholder: (https://[)"),
        ("javascript:alert(1)", "does not lead to a web page: (javascript:alert(1))"),
        ("data:text/html,x", "does not lead to a web page: (data:text/html,x)"),
        (
            "https://example.com/" + "x" * 2000,
            "is longer than 2000 characters: (https://example.com/" + "x" * 39 + "…)",
        ),
    ],
)
def test_parse__a_placeholder_is_no_link(target: str, what: str) -> None:
    parsed = read_with_warnings(f"{TOP}1. [甲]({A})\n\n2. [**乙**]({target})\n\n   正文[丙]({B})\n")
    (problem,) = parsed.problems
    item = parsed.digest.items[1]
    assert (item.title, item.url, texts(item.body)) == ("乙", None, ["正文丙"])
    assert (problem.line, problem.what) == (5, f"the link of item 2 {what}")
    assert problem.mend == "give the address of the story or take the brackets away"


def test_parse__a_placeholder_in_a_body_keeps_its_text_and_names_its_line() -> None:
    parsed = read_with_warnings(f"{TOP}见[总表](待补)。\n\n1. [甲]({A})\n   一\n   二[丙](#)三\n\n---\n\n完[丁]()\n")
    assert [(problem.line, problem.what) for problem in parsed.problems] == [
        (3, "the link of the lead is a placeholder: (待补)"),
        (7, "the link of item 1 is a placeholder: (#)"),
        (11, "the link of the commentary is empty: ()"),
    ]
    assert texts(parsed.digest.items[0].body) == ["一二丙三"]


def test_parse__a_link_of_2000_characters_is_one() -> None:
    url = "https://example.com/".ljust(2000, "x")
    assert items(f"1. [甲]({url})\n")[0].url == url


def test_parse__an_item_without_title() -> None:
    parsed = read_with_warnings(f"{TOP}1. []({A})\n\n   正文。\n\n2. ![图]({B})\n\n3.\n\n4. 丁\n")
    assert [(problem.line, problem.what) for problem in parsed.problems] == [
        (3, "item 1 has no title"),
        (7, "item 2 has no title"),
        (9, "an item is empty; it is left out"),
    ]
    assert [(item.number, item.title, item.url) for item in parsed.digest.items] == [
        (1, "正文。", A),
        (2, "图", None),
        (3, "丁", None),
    ]


def test_parse__the_same_title_twice() -> None:
    (problem,) = read_with_warnings(f"{TOP}1. 甲\n2. 乙\n3. 甲\n").problems
    assert (problem.line, problem.what) == (5, "item 3 has the same title as item 1: 甲")


def test_parse__a_heading_with_nothing_beneath_is_a_warning() -> None:
    (problem,) = read_with_warnings(f"{TOP}## 今日要闻\n\n### 芯片\n\n1. 甲\n").problems
    assert (problem.line, problem.what) == (3, "there is nothing under the heading 今日要闻; it is not shown")


def test_parse__a_link_definition_nobody_uses_is_a_warning() -> None:
    (problem,) = read_with_warnings(f"{TOP}1. [甲][a]\n\n[a]: {A}\n[b]: {B}\n").problems
    assert (problem.line, problem.what) == (6, "no link refers to [b]; its address is not shown")


def test_parse__plain_bullets_are_no_items() -> None:
    parsed = parse((TOP + "1. 甲\n\n## 附\n\n- 一\n- 二\n").encode())
    assert [item.title for item in parsed.digest.items] == ["甲"]
    assert texts(parsed.digest.commentary) == ["附", "一", "二"]
