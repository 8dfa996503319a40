"""Whatever the bytes, only our error is raised; whatever a publisher wrote, it is in the result."""

from collections.abc import Callable, Sequence

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import BadDocument
from bot.markdown import parse
from bot.models import Digest
from tests.unit.documents import SHAPES, Story, indented, without_front_matter

NASTY = (
    *(
        "---\n",
        "title: ",
        "date: ",
        "categories: [",
        "2025-10-12",
        "%YAML 1.1\n",
        "!x ",
        "&a ",
        "*a",
        "{",
        "}",
        "? ",
        '"',
        "'",
    ),
    *(
        "# ",
        "### 1. ",
        "1. ",
        "1、",
        "（1）",
        "12) ",
        "- ",
        "> ",
        "📌 **1. ",
        "1️⃣ ",
        "===\n",
        "------\n",
        "点评",
        "## 总结\n",
    ),
    *(
        "[",
        "](",
        ")",
        "](#)",
        "](https://a.b/",
        "![",
        "<https://",
        "[^1]: ",
        "[1]: https://a.b\n",
        "<b>",
        "&#0;",
        "&amp;",
    ),
    *(
        "**",
        "*",
        "_",
        "__",
        "~~",
        "`",
        "```\n",
        "|",
        "|-|\n",
        "\\",
        "“",
        "”",
        "的",
        "《",
        "：",
        ":",
        "🔥",
        "É",
        "a",
        ".",
    ),
    *("\n", "\r\n", "\r", "\n\n", "    ", "\t", "  \n", "\0", "\ufeff", "\u2028", "\ud7ff", "#标签", " #1"),
    *("{{x}}", "{%", "[object Object]", "抱歉，我无法"),
)

FINAL = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def answered(source: bytes, name: str = "") -> None:
    try:
        parsed = parse(source, name=name)
    except BadDocument as refusal:
        problems = refusal.problems
        assert any(problem.severity == "error" for problem in problems)
    else:
        problems = parsed.problems
        assert parsed.digest.items
        assert all(item.title for item in parsed.digest.items)
        whole(parsed.digest).encode()
        assert not any(problem.severity == "error" for problem in problems)
    last = source.replace(b"\r\n", b"\n").count(b"\n") + source.count(b"\r") + 1
    assert all(1 <= problem.line <= last + 1 and problem.what and problem.mend for problem in problems)


@FINAL
@given(st.binary(max_size=400), st.text(max_size=20))
def test_parse__any_bytes_raise_nothing_else(source: bytes, name: str) -> None:
    answered(source, name)


@FINAL
@given(st.sampled_from(["utf-8", "utf-16", "gb18030"]), st.lists(st.sampled_from(NASTY), max_size=60))
def test_parse__any_nasty_text_raises_nothing_else(codec: str, pieces: list[str]) -> None:
    answered("".join(pieces).encode(codec), "2025-10-12.md")


@FINAL
@given(st.lists(st.sampled_from(NASTY), max_size=30))
def test_parse__any_nasty_front_matter_raises_nothing_else(pieces: list[str]) -> None:
    answered(f"---\n{''.join(pieces)}\n---\n1. 甲\n".encode(), "2025-10-12.md")


@FINAL
@given(st.lists(st.sampled_from(NASTY), max_size=30))
def test_parse__any_nasty_body_leaves_the_items_around_it(pieces: list[str]) -> None:
    text = "".join(pieces).replace("\r", "\n").replace("```", "").replace("\n", "\n   ")
    source = f"# 2025-10-12\n\n1. 首[甲](https://example.com/a)\n\n   {text}\n\n2. 尾[乙](https://example.com/b)\n"
    answered(source.encode())


LETTERS = "的一是潮汐机房芯片乐谱AbZ 019é"
FORMS = (
    *(
        ("", ""),
        ("**“", "”**"),
        ("**《", "》**"),
        ("**", "**"),
        ("*", "*"),
        ("（**", "**）"),
        ("**（", "）**"),
        ("**", "：**"),
    ),
    *(("~~", "~~"), ("`", "`"), ("[", "](https://example.com/x)"), ("**[", "](https://example.com/x)**"), ("*“", "”*")),
)
NO_MARKUP = str.maketrans("", "", "*~`[]")


@st.composite
def words(draw: st.DrawFn) -> str:
    """Draw a stretch of text without any sign, blank at neither end."""
    text = draw(st.text(LETTERS, min_size=2, max_size=8))
    return "语" + " ".join(text.split()) + "言"


@st.composite
def sentences(draw: st.DrawFn) -> tuple[str, str]:
    """Draw a sentence as written, and as read."""
    written, read = [], []
    for piece in draw(st.lists(words(), min_size=1, max_size=4)):
        before, after = draw(st.sampled_from(FORMS))
        written.append(before + piece + after)
        read.append(before.translate(NO_MARKUP) + piece + after.partition("](")[0].translate(NO_MARKUP))
    between = draw(st.sampled_from(["、", "，", "和", " ", "AI"]))
    return f"话{between.join(written)}。", f"话{between.join(read)}。"


@st.composite
def digests(draw: st.DrawFn) -> tuple[str, list[str], list[tuple[str, str]]]:
    """Draw a document in one of the shapes, the sentences it holds, and its titles with their links."""
    shape: Callable[[Sequence[Story]], str] = draw(st.sampled_from(SHAPES))
    held: list[str] = []

    def paragraphs(least: int, most: int) -> list[str]:
        drawn = draw(st.lists(sentences(), min_size=least, max_size=most))
        held.extend(read for _, read in drawn)
        return [written for written, _ in drawn]

    titles = draw(st.lists(words(), min_size=1, max_size=6, unique=True))
    stories = [
        Story(title=title, url=f"https://example.com/{at}?q=1", body=tuple(paragraphs(0, 3)))
        for at, title in enumerate(titles)
    ]
    lead, closing = "\n\n".join(paragraphs(0, 2)), "\n\n".join(paragraphs(0, 2))
    ends = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    head = draw(st.sampled_from(["# 2025-10-12 报", "---\ntitle: 报\ndate: 2025-10-12\n---", "2025年10月12日 报"]))
    middle = draw(st.sampled_from(["---", "* * *"]))
    heading = draw(st.sampled_from(["---", "## 点评", "---\n\n## 结语"]))
    text = "\n\n".join([head, lead, middle, shape(stories), heading, closing])
    return text.replace("\n", ends), held, [(story.title, story.url) for story in stories]


def whole(digest: Digest) -> str:
    blocks = [*digest.lead, *(block for item in digest.items for block in item.body), *digest.commentary]
    return "\n".join([digest.title, *(item.title for item in digest.items), *(block.text for block in blocks)])


@FINAL
@given(digests())
def test_parse__nothing_is_lost_and_nothing_literal(drawn: tuple[str, list[str], list[tuple[str, str]]]) -> None:
    text, held, titles = drawn
    parsed = parse(text.encode())
    assert parsed.problems == ()
    assert [(item.title, item.url) for item in parsed.digest.items] == titles
    result = whole(parsed.digest)
    for sentence in held:
        assert sentence in result
        result = result.replace(sentence, "", 1)
    assert "**" not in result
    assert "](" not in result


@FINAL
@given(st.lists(sentences(), min_size=1, max_size=5))
def test_parse__a_body_is_that_of_its_item(drawn: list[tuple[str, str]]) -> None:
    stories = [Story(title=f"题{at}", url="https://example.com/a", body=(text,)) for at, (text, _) in enumerate(drawn)]
    digest = parse(without_front_matter(indented(stories)).encode()).digest
    assert [[block.text for block in item.body] for item in digest.items] == [[read] for _, read in drawn]
