"""`digestbot search`: what is found, how it is narrowed, and what is said when nothing is."""

import pytest

from tests.unit.commandline import SEED, CommandLine, digestbot

__all__ = ["digestbot"]


@pytest.fixture
def archive(digestbot: CommandLine) -> CommandLine:
    assert digestbot("load", SEED, SEED.parents[2] / "digests").code == 0
    return digestbot


def test_search__lists_what_has_the_words(archive: CommandLine) -> None:
    found = archive("search", "存算一体")
    assert found.code == 0
    assert "2025-10-12  6  南大团队研发出全新模拟存算一体芯片，创下运算精度最高纪录" in found.out
    assert found.out.index("2025-10-16") < found.out.index("2025-10-12")
    assert "https://www.ithome.com/0/888/758.htm" in found.out


def test_search__for_machines(archive: CommandLine) -> None:
    found = archive("search", "存算一体", "--category", "芯片技术", "--to", "2025-10-12", "--json").json
    (one,) = found
    assert (one["day"], one["number"], one["categories"][0]) == ("2025-10-12", 6, "chips")
    assert [run["text"] for run in one["extract"] if run["found"]] == ["存算一体"]
    assert archive("search", "没有这样的词", "--json").json == []


def test_search__reads_days_and_categories_among_the_words_as_in_chat(archive: CommandLine) -> None:
    typed = archive("search", "芯片", "#chips", "2025-10-13..2025-10-14", "--json").json
    given = archive("search", "芯片", "-c", "chips", "--from", "2025-10-13", "--to", "2025-10-14", "--json").json
    assert typed == given
    assert {one["day"] for one in typed} == {"2025-10-13", "2025-10-14"}


def test_search__days_among_the_words_are_days_whether_the_category_is_a_word_or_an_option(
    archive: CommandLine,
) -> None:
    typed = archive("search", "2025年10月14日", "#chips", "--json").json
    assert {one["day"] for one in typed} == {"2025-10-14"}
    assert archive("search", "2025年10月14日", "--category", "chips", "--json").json == typed


def test_search__options_count_more_than_what_stands_among_the_words(archive: CommandLine) -> None:
    given = archive(
        "search",
        "芯片",
        "#policy",
        "2025年10月16日",
        "-c",
        "chips",
        "--from",
        "2025-10-13",
        "--to",
        "2025-10-14",
        "--json",
    )
    assert given.json == archive("search", "芯片", "-c", "chips", "2025-10-13..2025-10-14", "--json").json
    alone = archive("search", "2025年10月14日", "--from", "2025-10-01")
    assert "Nothing was found for “2025年10月14日 2025-10-01..”." in alone.err, "days alone are words"


def test_search__a_range_turned_round_is_turned_back_as_among_the_words(archive: CommandLine) -> None:
    right = archive("search", "芯片", "--from", "2025-10-13", "--to", "2025-10-14", "--json").json
    assert right
    assert archive("search", "芯片", "--from", "2025-10-14", "--to", "2025-10-13", "--json").json == right


def test_search__of_a_whole_category_needs_no_words(archive: CommandLine) -> None:
    alone = archive("search", "--category", "芯片技术", "--from", "2025-10-14", "--json").json
    assert alone
    assert alone == archive("search", "#chips", "2025-10-14..", "--json").json


def test_search__words_with_spaces_are_a_phrase(archive: CommandLine) -> None:
    assert archive("search", "Kimi K2", "--json").json
    assert archive("search", "K2 Kimi", "--json").json == []
    assert archive("search", "K2", "Kimi", "--json").json


def test_search__as_many_as_wanted(archive: CommandLine) -> None:
    assert len(archive("search", "的", "--json").json) == 10
    assert len(archive("search", "的", "-n", "25", "--json").json) == 25


def test_search__nothing_found_says_what_to_try(archive: CommandLine) -> None:
    found = archive("search", "没有这样的词", "--from", "2025-10-01")
    assert (found.code, found.out) == (0, "")
    assert "Nothing was found for “没有这样的词 2025-10-01..”." in found.err


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("2025-13-40",), "put it in quotes"),
        (("芯片", "before", "0001-01-01"), "put it in quotes"),
        (("***",), "no letter"),
        ((), "no letter"),
        (("--from", "2025-10-01"), "no letter"),
        (("x" * 201,), "too long"),
        (("芯片", "-c", "火星"), "no category"),
        (("芯片", "--from", "soon"), "--from"),
    ],
)
def test_search__wrong_words(archive: CommandLine, words: tuple[str, ...], complaint: str) -> None:
    ended = archive("search", *words)
    assert ended.code == 2
    assert complaint in " ".join(ended.err.replace("│", " ").split())
