"""Why an item is where it is: the very computation that put it there, told."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.categories import (
    Explanation,
    Place,
    Taxonomy,
    Voice,
    Why,
    Words,
    default_taxonomy,
    explain,
    identities,
    read_taxonomy,
    sort,
    undecided,
)
from bot.models import Block, Digest, Item, Run

SMALL = read_taxonomy(
    """
categories:
  - {slug: chips, zh: 芯片, en: Chips, terms: {8: [wafer], 4: [GPU], 1: [silicon]}}
  - {slug: policy, zh: 政策, en: Policy, terms: {3: [law]}, covers: laws}
  - {slug: safety, zh: 安全, en: Safety, terms: {4: [leak]}}
  - {slug: products, zh: 产品, en: Products, terms: {4: [app]}}
  - {slug: people, zh: 人物, en: People, terms: {0.5: [CEO]}}
""",
    name="small.yaml",
)

DEFAULT = default_taxonomy()


def item(title: str, body: str = "", *, number: int = 1, url: str | None = None, section: str | None = None) -> Item:
    blocks = (Block(runs=(Run(text=body),)),) if body else ()
    return Item(number=number, title=title, url=url, body=blocks, section=section)


def why(
    one: Item, words: Words | None = None, *, taxonomy: Taxonomy = SMALL, listed: tuple[str, ...] = ()
) -> Explanation:
    digest = Digest(day=date(2025, 10, 12), title="t", items=(one,), categories=listed)
    (decision,) = sort(digest, taxonomy, words).decisions
    return explain(decision, taxonomy)


def reasons(found: Explanation) -> dict[str, Why]:
    return {one.slug: one.why for one in found.candidates}


def test_explain__names_terms_places_weights_and_the_sum() -> None:
    found = why(item("A GPU", "Of silicon. The GPU came."))
    (chips,) = found.candidates
    assert [(one.term, one.place, one.weight, one.worth) for one in chips.evidence] == [
        ("GPU", Place.TITLE, 4, 8),
        ("silicon", Place.OPENING, 1, pytest.approx(0.804, abs=0.001)),  # a hint counts less than in proportion
        ("GPU", Place.REST, 4, pytest.approx(2.16)),  # said again
    ]
    assert chips.score == pytest.approx(10.964, abs=0.001)
    assert (chips.chosen, chips.why, chips.listed, chips.capped) == (True, Why.FIRST, False, False)
    assert [(one.slug, one.voice) for one in found.labels] == [("chips", Voice.RULES)]


def test_explain__the_listed_are_raised_and_a_long_body_is_capped() -> None:
    (chips,) = why(item("A GPU"), listed=("Chips",)).candidates
    assert (chips.listed, chips.capped, chips.score) == (True, False, 10)
    (app,) = why(item("News", "It came. An app and a GPU.")).candidates[1:]
    assert (app.capped, app.why) == (False, Why.WEAK)
    passing = why(item("News", "It came. A GPU on a wafer.")).candidates[0]
    assert (passing.capped, passing.score) == (True, 3.9)


def test_explain__why_the_others_came_short() -> None:
    found = why(item("GPU law leak app CEO"))
    assert reasons(found) == {
        "chips": Why.FIRST,
        "safety": Why.NEAR,
        "products": Why.NEAR,
        "policy": Why.SURPLUS,
        "people": Why.WEAK,
    }
    assert {one.needed for one in found.candidates} == {5}
    assert [one.slug for one in found.candidates if one.chosen] == [one.slug for one in found.labels]


def test_explain__a_person_said_so() -> None:
    found = why(item("GPU law CEO", section="Safety"), Words(person={1: ("people", "policy")}, model={1: ("chips",)}))
    assert [(one.slug, one.voice) for one in found.labels] == [("people", Voice.PERSON), ("policy", Voice.PERSON)]
    assert reasons(found) == {"chips": Why.OVERRULED, "policy": Why.SAID, "people": Why.SAID}


def test_explain__a_person_put_it_nowhere() -> None:
    found = why(item("GPU"), Words(person={1: ()}))
    assert (found.voice, found.labels, reasons(found)) == (Voice.PERSON, (), {"chips": Why.OVERRULED})


def test_explain__the_section_or_tag_says_so_by_name() -> None:
    found = why(item("GPU", section="🚀 安全动态"), Words(model={1: ("chips",)}))
    assert [(one.slug, one.voice, one.named) for one in found.labels] == [("safety", Voice.DOCUMENT, "🚀 安全动态")]
    assert reasons(found) == {"chips": Why.OVERRULED}


def test_explain__a_section_of_its_own_beside_the_rules_and_beside_the_model() -> None:
    one = item("GPU", section="Headlines")
    for words, voice in ((None, Voice.RULES), (Words(model={1: ("policy",)}), Voice.MODEL)):
        found = why(one, words)
        assert [(label.voice, label.named) for label in found.labels] == [
            (Voice.DOCUMENT, "Headlines"),
            (voice, ""),
        ]


def test_explain__nothing_speaks_for_it() -> None:
    found = why(item("Weather"))
    assert (found.voice, found.labels, found.candidates) == (Voice.RULES, (), ())


@given(
    title=st.lists(st.sampled_from(["芯片", "GPU ", "法律 ", "攻击", "OpenAI ", "开源", "。"]), max_size=8).map(
        "".join
    ),
    body=st.lists(st.sampled_from(["芯片", "监管 ", "漏洞", "发布", "英伟达", "。", "x"]), max_size=8).map("".join),
)
def test_explain__always_agrees_with_the_decision(title: str, body: str) -> None:
    one = item(title or "x", body)
    found = why(one, taxonomy=DEFAULT)
    digest = Digest(day=date(2025, 10, 12), title="t", items=(one,))
    (stored,) = sort(digest, DEFAULT).digest.items
    assert tuple(label.slug for label in found.labels) == stored.categories
    assert [one.slug for one in found.candidates if one.chosen] == list(stored.categories)
    for candidate in found.candidates:
        assert candidate.capped or candidate.score == pytest.approx(sum(one.worth for one in candidate.evidence))


def test_undecided__are_those_whose_document_says_nothing_we_know() -> None:
    digest = Digest(
        day=date(2025, 10, 12),
        title="t",
        items=(item("a"), item("b", number=2, section="Chips"), item("c", number=3, section="Headlines")),
    )
    assert [one.number for one in undecided(digest, SMALL)] == [1, 3]


# ------------------------------------------------------------------ identity


def test_identities__the_link_whatever_the_title_and_number() -> None:
    was = identities((item("Old title", url="https://example.com/a"),))
    now = identities((item("b", url="https://example.com/b"), item("New", number=2, url="https://example.com/a")))
    assert was[1] == now[2] != now[1]


def test_identities__the_folded_title_where_there_is_no_link() -> None:
    assert identities((item("ＧＰＵ 芯片"),))[1] == identities((item("gpu芯片", number=1),))[1]
    assert identities((item("GPU"),))[1] != identities((item("CPU"),))[1]


def test_identities__a_link_that_several_share_tells_nothing_alone() -> None:
    shared = (item("a", url="https://example.com"), item("b", number=2, url="https://example.com"))
    assert len(set(identities(shared).values())) == 2


def test_read_taxonomy__keeps_what_a_category_covers() -> None:
    assert SMALL.covers == {"policy": "laws"}
    assert set(DEFAULT.covers) == {one.slug for one in DEFAULT.categories}
