from datetime import date
from itertools import pairwise

import pytest

from bot.editions import cut, sentence_ends, split_runs
from bot.models import Block, BlockKind, Digest, Format, Item, Run


def paragraph(*runs: Run | str) -> Block:
    return Block(runs=tuple(Run(text=run) if isinstance(run, str) else run for run in runs))


def digest() -> Digest:
    return Digest(
        day=date(2025, 10, 12),
        title="Morning digest",
        lead=(paragraph("A quiet day."),),
        items=(
            Item(number=1, title="Chips", body=(paragraph("One. Two."), paragraph("Three.")), categories=("chips",)),
            Item(number=2, title="Both", body=(paragraph("Only."),), categories=("industry", "chips")),
            Item(number=3, title="Neither", body=(paragraph("None."),), categories=("frontier",)),
        ),
        commentary=(paragraph("Taken together."),),
    )


def sentences(text: str) -> list[str]:
    ends = [0, *sentence_ends(text)]
    return [text[start:end] for start, end in pairwise(ends)]


def test_cut__no_categories_is_all() -> None:
    edition = cut(digest())
    assert edition.items == digest().items
    assert (edition.lead, edition.commentary) == (digest().lead, digest().commentary)
    assert (edition.total, edition.categories, edition.format) == (3, (), Format.FULL)


def test_cut__items_in_any_of_the_categories_keep_their_numbers() -> None:
    edition = cut(digest(), categories=frozenset({"industry", "frontier"}))
    assert [item.number for item in edition.items] == [2, 3]
    assert edition.categories == ("frontier", "industry")
    assert edition.total == 3


def test_cut__lead_and_commentary_only_when_uncut() -> None:
    edition = cut(digest(), categories=frozenset({"chips"}))
    assert (edition.lead, edition.commentary) == ((), ())


@pytest.mark.parametrize("wanted", [Format.BRIEF, Format.HEADLINES])
def test_cut__short_formats_keep_the_lead_and_drop_the_commentary(wanted: Format) -> None:
    edition = cut(digest(), format=wanted)
    assert (edition.lead, edition.commentary) == (digest().lead, ())


def test_cut__nothing_in_the_categories_is_legal() -> None:
    assert cut(digest(), categories=frozenset({"nobody"})).items == ()


def test_cut__headlines_have_no_body() -> None:
    assert [item.body for item in cut(digest(), format=Format.HEADLINES).items] == [(), (), ()]


def test_cut__brief_is_the_first_sentence_with_its_styles() -> None:
    link = Run(text="版本4.5发布，", url="https://example.com/a")
    body = (
        Block(kind=BlockKind.IMAGE, runs=(Run(text="图", url="https://example.com/p.png"),)),
        paragraph(Run(text="今天", bold=True), link, "价格下降3.5%。其余不变。"),
        paragraph("更多。"),
    )
    day = Digest(day=date(2025, 10, 12), title="t", items=(Item(number=1, title="x", body=body),))
    (block,) = cut(day, format=Format.BRIEF).items[0].body
    assert block.runs == (Run(text="今天", bold=True), link, Run(text="价格下降3.5%。"))


def test_cut__brief_without_a_paragraph_takes_what_is_there() -> None:
    bullets = (
        Block(kind=BlockKind.BULLET, marker="•", runs=(Run(text="One. Two."),)),
        Block(kind=BlockKind.BULLET, marker="•", runs=(Run(text="Three."),)),
    )
    day = Digest(day=date(2025, 10, 12), title="t", items=(Item(number=1, title="x", body=bullets),))
    assert [block.text for block in cut(day, format=Format.BRIEF).items[0].body] == ["One."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("重量1.2千克。精度97.97%，很高！真的吗？", ["重量1.2千克。", "精度97.97%，很高！", "真的吗？"]),
        ("他说：“好。”然后走了……；没了", ["他说：“好。”", "然后走了……；"]),
        (
            "Costs 1.5 m. Dr. Lee of J. Co. agrees, e.g. today. Done",
            ["Costs 1.5 m.", " Dr. Lee of J. Co. agrees, e.g. today."],
        ),
        ("See example.com/a.b?c=d now! (Yes.) Fine?!", ["See example.com/a.b?c=d now!", " (Yes.)", " Fine?!"]),
        ("1. First. 2", ["1. First."]),
        ("从U.S. Steel出发.下一步", ["从U.S. Steel出发."]),
        ("", []),
    ],
)
def test_sentence_ends__where_a_reader_would_pause(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize("offset", range(8))
def test_split_runs__loses_nothing(offset: int) -> None:
    runs = (Run(text="ab", bold=True), Run(text="cd", url="https://example.com"), Run(text="efg"))
    before, after = split_runs(runs, offset)
    assert "".join(run.text for run in before) == "abcdefg"[:offset]
    assert "".join(run.text for run in after) == "abcdefg"[offset:]
    assert all(run.bold == (run.text[0] in "ab") for run in before + after)
    assert all(run.text for run in before + after)
