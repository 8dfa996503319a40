from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from bot.markdown import parse
from tests.unit.reading import read, read_with_warnings, refusal, texts

DAY = date(2025, 10, 12)
ITEM = "\n1. 甲\n"


def front(*lines: str) -> str:
    return "\n".join(["---", *lines, "---", ITEM])


@pytest.mark.parametrize(
    "heading",
    [
        "# 日报 2025.10.12",
        "# 2025-10-12 日报",
        "## 2025/10/12",
        "# 日报（2025年10月12日）",
        "# 日报 ２０２５年１０月１２日",
        "# 2025 年 10 月 12 日",
        "日报 2025.10.12",
        "**2025年10月12日 日报**",
        "日报 2025.10.12\n=====",
    ],
)
def test_parse__title_and_date_from_the_first_line(heading: str) -> None:
    digest = read(f"{heading}\n\n开场白。\n{ITEM}")
    assert digest.day == DAY
    assert digest.title == heading.strip("#*= \n")
    assert digest.written_at is None
    assert texts(digest.lead) == ["开场白。"]


def test_parse__a_first_line_above_its_lead() -> None:
    digest = read(f"日报 2025-10-12\n开场**白**。\n{ITEM}")
    assert digest.title == "日报 2025-10-12"
    assert texts(digest.lead) == ["开场白。"]


@pytest.mark.parametrize(
    "name",
    [
        "2025-10-12.md",
        "20251012.md",
        "202510120912.md",
        "20251012091234.md",
        "a/2024-01-01/news-2025-10-12.md",
        "2025.10.12.txt",
    ],
)
def test_parse__date_from_the_file_name(name: str) -> None:
    assert read(f"# 日报\n{ITEM}", name).day == DAY


@pytest.mark.parametrize(
    ("value", "written_at"),
    [
        ("2025-10-12", None),
        ("2025-10-12T09:11:34", None),
        ('"2025/10/12"', None),
        ("2025年10月12日", None),
        ("2025-10-12T09:11:34Z", datetime(2025, 10, 12, 9, 11, 34, tzinfo=UTC)),
        ("2025-10-12 23:30:00 +08:00", datetime(2025, 10, 12, 23, 30, tzinfo=timezone(timedelta(hours=8)))),
        ("2025-10-12T00:30:00-0300", datetime(2025, 10, 12, 0, 30, tzinfo=timezone(timedelta(hours=-3)))),
        ("2025-10-12T00:30:00+8", datetime(2025, 10, 12, 0, 30, tzinfo=timezone(timedelta(hours=8)))),
    ],
)
def test_parse__date_of_the_front_matter(value: str, written_at: datetime | None) -> None:
    digest = read(front("title: 日报", f"date: {value}"))
    assert (digest.day, digest.written_at) == (DAY, written_at)
    assert digest.written_at is None or digest.written_at.utcoffset() == (written_at or digest.written_at).utcoffset()


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ('["AI产业", 芯片技术]', ("AI产业", "芯片技术")),
        ("AI产业, 芯片技术", ("AI产业", "芯片技术")),
        ("AI产业，芯片技术、企业动态", ("AI产业", "芯片技术", "企业动态")),
        ("芯片技术", ("芯片技术",)),
        ("[a, 'b, c', a, 7]", ("a", "b, c", "7")),
        ("", ()),
        ("[]", ()),
        ("\n  - a\n  - b", ("a", "b")),
    ],
)
def test_parse__categories_of_the_front_matter(value: str, names: tuple[str, ...]) -> None:
    assert read(front("title: 日报", "date: 2025-10-12", f"categories: {value}")).categories == names


def test_parse__unknown_keys_are_ignored() -> None:
    assert read(front("title: 日报", "date: 2025-10-12", "draft: {a: [1]}", "tags: !x y")).title == "日报"


def test_parse__blank_lines_above_the_front_matter_count() -> None:
    (problem,) = read_with_warnings("\n\n" + front("title: 日报", "date: 2025-13-99"), "2025-10-12.md").problems
    assert (problem.line, problem.what) == (5, "not a date: 2025-13-99")


@pytest.mark.parametrize(
    ("lines", "line", "what"),
    [
        (["title: [日报]", "date: 2025-10-12"], 2, "the title is no text"),
        (["title: 日报", "", "date: 昨天"], 4, "not a date: 昨天"),
        (["title: 日报", "date: 0001-01-01"], 3, "not a date: 0001-01-01"),
        (["title: 日报", "date: [2025]"], 3, "the date is no text"),
        (["title: 日报", "categories: [a,", "  [b]]"], 4, "a category is no text"),
        (["title: 日报", "categories: {a: b}"], 3, "a category is no text"),
        (["title: 甲", "title: 日报"], 3, "title is given twice; the last one counts"),
    ],
)
def test_parse__wrong_types_are_warnings_with_their_line(lines: list[str], line: int, what: str) -> None:
    parsed = read_with_warnings("\n".join(["---", *lines, "---", "", "# 日报", ITEM]), "2025-10-12.md")
    assert [(problem.line, problem.what) for problem in parsed.problems] == [(line, what)]
    assert (parsed.digest.title, parsed.digest.day) == ("日报", DAY)


@pytest.mark.parametrize(
    ("lines", "line", "what"),
    [
        (["title: 日报: 上", "date: 2025-10-12"], 2, "the front matter is faulty: mapping values are not allowed here"),
        (["date: 2025-10-12", 'title: "日报'], 3, "the front matter is faulty: found unexpected end of stream"),
        (["title: 日报", "x: " + "[" * 2000], 2, "the front matter can't be read as YAML"),
        (["title: 日报", 'x: "\\UFFFFFFFF"'], 2, "the front matter can't be read as YAML"),
        (["title: 日报", "x: " + "y" * 20000], 2, "the front matter is longer than 16384 characters"),
        (["[a,", "date: 2025-10-12]"], 2, "the front matter is no list of names and values"),
    ],
)
def test_parse__faulty_front_matter_is_refused_with_its_line(lines: list[str], line: int, what: str) -> None:
    error = refusal("\n".join(["---", *lines, "---", "", "# 日报", ITEM]))
    assert (error.line, error.what) == (line, what)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (f"---\ntitle: 日报\ndate: 2025-10-12\n{ITEM}", "the front matter is not closed"),
        (f"title: 日报\ndate: 2025-10-12\n---\n{ITEM}", "the front matter is not opened"),
    ],
)
def test_parse__half_a_front_matter_is_refused(text: str, what: str) -> None:
    assert refusal(text).what == what


@pytest.mark.parametrize("more", ["", "categories: [芯片]\n", "categories:\n  - 芯片\n"])
def test_parse__front_matter_below_a_model_s_greeting_is_refused(more: str) -> None:
    error = refusal(f"好的，以下是今天的速递：\n\n---\ntitle: 日报\ndate: 2025-10-12\n{more}---\n\n导语。\n{ITEM}")
    assert (error.line, error.what) == (3, "the front matter is not at the top")


def test_parse__a_rule_above_an_ordinary_line_is_no_front_matter() -> None:
    digest = read(f"# 日报 2025-10-12\n\n导语。\n\n---\n{ITEM}\n---\n\ntitle: 一部电影\n")
    assert [block.text for block in digest.commentary] == ["title: 一部电影"]


@pytest.mark.parametrize("line", ['title: "日报', "title: [a, b"])
def test_parse__faulty_front_matter_is_the_only_reason(line: str) -> None:
    assert refusal(f"---\n{line}\ndate: 2025-10-12\n---\n{ITEM}", "").what.startswith("the front matter is faulty")


def test_parse__disagreeing_dates_the_front_matter_wins() -> None:
    text = front("title: 日报", "date: 2025-10-12").replace("\n1.", "\n# 日报 2025.10.13\n\n1.")
    parsed = read_with_warnings(text, "20251014.md")
    assert parsed.digest.day == DAY
    assert [(problem.line, problem.what) for problem in parsed.problems] == [
        (3, "the file name says 2025-10-14, the front matter 2025-10-12; the front matter counts"),
        (6, "the heading says 2025-10-13, the front matter 2025-10-12; the front matter counts"),
    ]


def test_parse__disagreeing_dates_the_heading_beats_the_file_name() -> None:
    parsed = read_with_warnings(f"# 日报 2025.10.12\n{ITEM}", "20251014.md")
    assert parsed.digest.day == DAY
    assert [(problem.line, problem.what) for problem in parsed.problems] == [
        (1, "the file name says 2025-10-14, the heading 2025-10-12; the heading counts")
    ]


def test_parse__the_day_is_that_of_the_offset_written() -> None:
    digest = read(front("title: 日报", "date: 2025-10-12T00:30:00+08:00"), "2025-10-12.md")
    assert digest.day == DAY


@pytest.mark.parametrize("name", ["", "news.md", "2025-13-01.md", "20259999.md", "12345678.md"])
def test_parse__no_date_anywhere_is_refused(name: str) -> None:
    assert refusal(f"# 日报\n{ITEM}", name).what == "there is no date in the front matter, the heading or the file name"


def test_parse__no_title_is_a_warning() -> None:
    parsed = read_with_warnings(ITEM, "2025-10-12.md")
    assert parsed.digest.title == "2025-10-12"
    assert [problem.what for problem in parsed.problems] == ["there is no title; 2025-10-12 stands in for it"]


def test_parse__a_title_of_escapes_is_clean() -> None:
    digest = parse(front('title: "a\\ud800\\0\\nb"', "date: 2025-10-12").encode()).digest
    assert digest.title == "a b"
