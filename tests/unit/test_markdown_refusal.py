from time import process_time

import pytest

from bot.errors import BadDocument
from bot.markdown import LARGEST, parse
from tests.unit.documents import LEAD, STORIES, Story, seed_like
from tests.unit.reading import TOP, read, read_with_warnings, refusal

A = "https://example.com/a"


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("", 1, "the file is empty"),
        (" \r\n\t\n", 1, "the file is empty"),
        ("\ufeff", 1, "the file is empty"),
        ("{{$json.text}}", 1, "an unexpanded template: {{$json.text}}"),
        ("---\ntitle: 日报\n---\n\n{{ $json.text }}\n", 5, "an unexpanded template: {{ $json.text }}"),
        ("[object Object]", 1, "[object Object] instead of text"),
        ("[object Object],[object Object]", 1, "[object Object] instead of text"),
        ("undefined", 1, "undefined instead of text"),
        ("<!DOCTYPE html>\n<html><body>1. x</body></html>", 1, "this is an HTML page, not a digest"),
        ("<html><h1>502 Bad Gateway</h1></html>", 1, "this is an HTML page (502 Bad Gateway), not a digest"),
        ("502 Bad Gateway", 1, "this is an error of a server (502 Bad Gateway), not a digest"),
        ("HTTP/1.1 429 Too Many Requests\n\nslow down", 1, "this is an error of a server (HTTP/1.1 429), not a digest"),
        ("Internal Server Error", 1, "this is an error of a server (Internal Server Error), not a digest"),
        ('{"error": {"code": 500, "message": "1. x"}}', 1, "this is JSON, not a digest"),
        ('[{"text": "1. x"}]', 1, "this is JSON, not a digest"),
        (
            "I'm sorry, but I can't help with that.",
            1,
            "a model refused to write this: I'm sorry, but I can't help with that.",
        ),
        (
            "I’m sorry, I cannot access the links.",
            1,
            "a model refused to write this: I'm sorry, I cannot access the links.",
        ),
        (
            "As an AI language model, I have no news.",
            1,
            "a model refused to write this: As an AI language model, I have no news.",
        ),
        ("抱歉，我无法访问这些链接。", 1, "a model refused to write this: 抱歉，我无法访问这些链接。"),
        (
            "作为一个人工智能语言模型，我无法提供新闻。",
            1,
            "a model refused to write this: 作为一个人工智能语言模型，我无法提供新闻。",
        ),
        ("# 论潮汐\n\n" + "潮水来了又去。" * 60, 1, "there are no items in this essay"),
        ("# 论潮汐\n\n## 起\n\n- 潮来\n- 潮去\n\n## 落\n\n" + "潮水。" * 99, 1, "there are no items in this essay"),
        ("你好", 1, "there are no items in this text"),
        ("```markdown\n# 日报\n\n1. 甲\n```", 1, "the whole document stands in a code block"),
    ],
)
def test_parse__not_a_digest(text: str, line: int, what: str) -> None:
    error = refusal(text)
    assert (error.line, error.what) == (line, what)


@pytest.mark.parametrize("text", ["{{$json.text}}", "[object Object]", "502 Bad Gateway", "# 论潮汐\n\n潮水来了又去。"])
def test_parse__not_a_digest_is_told_so_not_asked_for_its_date(text: str) -> None:
    assert "date" not in refusal(text, "").what


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        (seed_like(title="{{ $json.title }}"), 2, "the title is an unexpanded template: {{ $json.title }}"),
        (seed_like(lead="**{{ $json.lead }}**"), 7, "the lead is an unexpanded template: {{ $json.lead }}"),
        (seed_like(lead="[object Object]"), 7, "the lead is [object Object] instead of text"),
        (
            seed_like(lead="I'm sorry, but I can't do that."),
            7,
            "the lead is a model's refusal: I'm sorry, but I can't do that.",
        ),
        (seed_like([Story(title="{{title}}", url=A)]), 11, "the title of item 1 is an unexpanded template: {{title}}"),
        (
            seed_like([Story(title="甲", body=("{{text}}",))]),
            11,
            "the text of item 1 is an unexpanded template: {{text}}",
        ),
        (
            "很抱歉，我无法浏览网页，但可以：\n\n1. 换个问题\n2. 稍后再试\n",
            1,
            "the lead is a model's refusal: 很抱歉，我无法浏览网页，但可以：",
        ),
    ],
)
def test_parse__a_digest_without_substance(text: str, line: int, what: str) -> None:
    error = refusal(text)
    assert (error.line, error.what) == (line, what)


@pytest.mark.parametrize(
    "words",
    [
        "为何总有人收到 {{$json.text}}",
        "[object Object] 的来历",
        "模型说“抱歉，我无法回答”",
        "“I'm sorry, but I can't” 成了口头禅",
        "502 Bad Gateway 背后的一夜",
        "<html> 三十年",
        "undefined 与 null 之争",
    ],
)
def test_parse__a_story_may_mention_such_words(words: str) -> None:
    story = Story(title=f"{words}：一个故事", url=A, body=(f"报道提到：{words}。", f"`{words}`"))
    digest = read(seed_like([story, *STORIES], lead=f"{LEAD}还有{words}。"))
    assert digest.items[0].title == story.title
    assert digest.items[0].body[0].text == story.body[0]


def test_parse__a_story_a_model_refused_is_a_warning() -> None:
    (problem,) = read_with_warnings(f"{TOP}1. [甲]({A})\n\n   抱歉，我无法访问该链接。\n").problems
    assert (problem.line, problem.what) == (3, "the text of item 1 is a model's refusal: 抱歉，我无法访问该链接。")


def test_parse__too_deep_is_refused() -> None:
    assert refusal(f"{TOP}1. 甲\n\n   {'> ' * 60}深\n").what == "lists and quotes nested more than 20 deep"


def test_parse__ordinary_depth_is_kept() -> None:
    nested = "\n".join("  " * depth + f"- 第{depth}层" for depth in range(10))
    digest = read(f"{TOP}## 芯\n\n1. 甲\n\n---\n\n{nested}\n")
    assert [(block.depth, block.text) for block in digest.commentary] == [
        (depth, f"第{depth}层") for depth in range(10)
    ]


@pytest.mark.parametrize(
    "piece",
    [
        "[",
        "*",
        ">",
        "`",
        "<",
        "![",
        "](",
        "{{",
        "1. ",
        "1、\n",
        "1. a\n",
        "- a\n",
        "#",
        "# a\n",
        "|",
        "a\n",
        "a",
        "的",
        "\\",
        "[x](y)\n",
        "#a ",
    ],
)
def test_parse__rubbish_is_answered_in_time(piece: str) -> None:
    start = process_time()
    for size in (9_000 * len(piece), LARGEST // len(piece.encode()) * len(piece)):
        with pytest.raises(BadDocument):
            parse((piece * size)[:size].encode())
    assert process_time() - start < 6
