"""Finding items by their words: all that has them, nothing else, the best first, and only what is published."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from operator import or_

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.models import Block, Digest, Item, Run
from bot.store import Store
from bot.terms import Phrase, phrases, terms
from tests.fakes import MORNING, TODAY, Where, load, opened

YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
async def store(where: Where) -> AsyncIterator[Store]:
    async with opened(where) as store:
        yield store


def told(day: date, *stories: tuple[str, str], slugs: Sequence[str] = ()) -> Digest:
    """Return a digest of these titles and bodies, each in the category of its place in `slugs`."""
    items = tuple(
        Item(
            number=number,
            title=title,
            body=(Block(runs=(Run(text=body[:3]), Run(text=body[3:], bold=True))),),
            categories=tuple(slugs[number - 1 : number]),
        )
        for number, (title, body) in enumerate(stories, 1)
    )
    return Digest(day=day, title="A digest", lead=(Block(runs=(Run(text="leading words"),)),), items=items)


def wanted(*words: str) -> tuple[Phrase, ...]:
    return tuple(phrase for word in words for phrase in phrases(word))


async def found(store: Store, *words: str, **how: object) -> list[tuple[date, int]]:
    hits = await store.search.find(wanted(*words), **how)  # type: ignore[arg-type]
    return [(hit.day, hit.item.number) for hit in hits]


async def test_find__by_chinese_words_of_any_length(store: Store) -> None:
    await load(store, told(TODAY, ("南大研发模拟存算一体芯片", "精度创纪录。"), ("别的", "运算精度。芯的片子")))
    for word in ("存算一体", "存", "算一", "南大研发模拟存算一体芯片", "纪录", "创纪录"):
        assert await found(store, word) == [(TODAY, 1)], word
    assert await found(store, "精度") == [(TODAY, 1), (TODAY, 2)]
    assert await found(store, "芯片") == [(TODAY, 1)]


async def test_find__no_phrase_goes_across_punctuation_or_from_title_to_body(store: Store) -> None:
    await load(store, told(TODAY, ("上半句，下半句。尾", "头部 中段")))
    for word in ("句下", "尾头", "部中", "下半句尾"):
        assert await found(store, word) == [], word
    assert await found(store, "上半句，下半句") == [(TODAY, 1)]


async def test_find__whatever_the_width_case_accent_or_look_alike(store: Store) -> None:
    await load(store, told(TODAY, ("⼈⼯智能与Étude发布ＧＰＵ", "⻋用芯片、ﬁne")))
    for word in ("人工智能", "⼈工", "etude", "ÉTUDE", "gpu", "ｇｐｕ", "车用", "⻋", "fine"):
        assert await found(store, word) == [(TODAY, 1)], word


async def test_find__latin_words_and_their_beginnings_whole_words_first(store: Store) -> None:
    await load(store, told(YESTERDAY, ("Chip news", ""), ("Meta says", "")))
    await load(store, told(TODAY, ("Chips everywhere", ""), ("A metabolism", ""), ("AIGC", "")))
    assert await found(store, "chip") == [(YESTERDAY, 1), (TODAY, 1)]
    assert await found(store, "META") == [(YESTERDAY, 2), (TODAY, 2)]
    assert await found(store, "ai") == []
    assert await found(store, "hip") == []
    exact = await store.search.find(phrases("chip", exact=True))
    assert [hit.day for hit in exact] == [YESTERDAY]


async def test_find__numbers_are_whole_and_hyphens_a_matter_of_taste(store: Store) -> None:
    await load(store, told(TODAY, ("GPT-5 与 GPT 4o", "约250 份文档，2500 元")))
    for words in (("gpt-5",), ("gpt5",), ("GPT 5",), ("250份",), ("gpt", "4o")):
        assert await found(store, *words) == ([] if words == ("gpt5",) else [(TODAY, 1)]), words
    assert await found(store, "25") == []


async def test_find__all_words_wherever_they_stand_those_in_titles_first_then_the_newest(store: Store) -> None:
    older, oldest = TODAY - timedelta(days=2), TODAY - timedelta(days=3)
    await load(store, told(TODAY, ("无关", "英伟达的财报"), ("英伟达", "没有别的")))
    await load(store, told(YESTERDAY, ("英伟达", "发布财报"), ("也无关", "财报里有英伟达")))
    await load(store, told(older, ("财报：英伟达增长", "")))
    await load(store, told(oldest, ("英伟达财报", "")))
    assert await found(store, "英伟达", "财报") == [
        (older, 1),
        (oldest, 1),
        (YESTERDAY, 1),
        (TODAY, 1),
        (YESTERDAY, 2),
    ]


async def test_find__within_a_category_and_days(store: Store) -> None:
    for back in range(4):
        day = TODAY - timedelta(days=back)
        await load(store, told(day, ("芯片一", ""), ("芯片二", ""), slugs=("ai-industry", "chips")))
    assert await found(store, "芯片", slugs=["chips"], first=TODAY - timedelta(days=2), last=YESTERDAY) == [
        (YESTERDAY, 2),
        (TODAY - timedelta(days=2), 2),
    ]
    assert await found(store, "芯片", slugs=["industry"]) == []
    assert await found(store, "芯片", slugs=["industry", "chips"], first=TODAY) == [(TODAY, 2)]
    for words in (("芯片",), ("芯片", "一"), ()):
        both = await found(store, *words, slugs=["ai-industry", "chips"], first=TODAY)
        assert both == ([(TODAY, 1)] if "一" in words else [(TODAY, 1), (TODAY, 2)])
    assert await found(store, slugs=["ai-industry"], limit=2) == [(TODAY, 1), (YESTERDAY, 1)]
    assert await found(store) == []


async def test_find__page_by_page(store: Store) -> None:
    for back in range(6):
        await load(store, told(TODAY - timedelta(days=back), ("芯片", "芯片"), ("无", "芯片"), ("无", "芯 片")))
    whole = await found(store, "芯片", limit=50)
    pages = [await found(store, "芯片", skip=skip, limit=5) for skip in (0, 5, 10, 15)]
    assert len(whole) == 12
    assert [each for page in pages for each in page] == whole


async def test_find__gives_the_item_whole(store: Store) -> None:
    one = told(TODAY, ("无关", ""), ("芯片", "的正文"), slugs=("products", "chips"))
    await load(store, one)
    (hit,) = await store.search.find(wanted("正文"))
    assert hit.item == one.items[1]


async def test_find__the_published_revision_only(store: Store) -> None:
    first, second = told(TODAY, ("旧词", "")), told(TODAY, ("新词", ""))
    await load(store, first)
    await load(store, second, publish=False)
    assert (await found(store, "旧词"), await found(store, "新词")) == ([(TODAY, 1)], [])
    await store.digests.publish(TODAY, MORNING)
    assert (await found(store, "旧词"), await found(store, "新词")) == ([], [(TODAY, 1)])
    await store.digests.retract(TODAY)
    assert await found(store, "新词") == []
    await load(store, second)
    assert await found(store, "新词") == [(TODAY, 1)]
    await load(store, replace(second, items=second.items + told(TODAY, ("无", ""), ("又词", "")).items[1:]))
    assert (await found(store, "新词"), await found(store, "又词")) == ([(TODAY, 1)], [(TODAY, 2)])


async def test_find__not_the_lead_and_not_the_digests_title(store: Store) -> None:
    await load(store, told(TODAY, ("Something", "")))
    assert await found(store, "leading") == await found(store, "digest") == []


@pytest.mark.parametrize(
    ("typed", "is_there"),
    [
        ("AND", True),
        ("a AND b", False),
        ("NOT", True),
        ("NOT or", True),
        ("OR NOT", False),
        ("not so", False),
        ('"芯', True),
        ("芯*", True),
        ("chi*", True),
        ("sh*", False),
        ("NEAR(芯 片)", False),
        ("^芯", True),
        ("^near", True),
        ("-芯", True),
        ("title:芯", False),
        ("{title}", False),
        ("‖chips", True),
        ("a:b:c", False),
        ("芯 <-> 片", True),
        ("and | nowhere", False),
        ("\x00芯", True),
        ("x" * 5000, False),
        ("芯" * 3000, False),
    ],
)
async def test_find__operators_are_words_like_others(store: Store, typed: str, *, is_there: bool) -> None:
    await load(store, told(TODAY, ("芯片 and so not or near", "‖chips"), ("别的", "else"), slugs=("chips", "chips")))
    expected = [(TODAY, 1)] if is_there else []
    assert await found(store, typed, limit=5) == expected
    assert await found(store, typed, slugs=["chips"], limit=5) == expected


@pytest.mark.parametrize("typed", ['"', "*", "(", "‖", "'", "\\", "&", "\ud800", "😀", "{}:()", "<->"])
async def test_find__signs_alone_ask_for_nothing(store: Store, typed: str) -> None:
    await load(store, told(TODAY, ("芯片", "‖chips"), ("别的", "* else"), slugs=("chips",)))
    assert wanted(typed) == ()
    assert (
        await found(store, typed, "芯片", limit=5)
        == await found(store, typed, slugs=["chips"], limit=5)
        == [(TODAY, 1)]
    )


CHARACTERS = "存算一体芯片的了⼀⼆ＡaB5é，。！“”　 \n-·🦊龍\u200b‖|"


@given(
    stories=st.lists(
        st.tuples(st.text(CHARACTERS, min_size=1, max_size=12), st.text(CHARACTERS, max_size=30)),
        min_size=1,
        max_size=6,
    ),
    asked=st.text("存算一体芯片的了二", min_size=1, max_size=4),
    cut=st.tuples(st.integers(0, 200), st.integers(1, 6)),
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_find__every_chinese_substring_is_found_and_nothing_else(
    store: Store, stories: list[tuple[str, str]], asked: str, cut: tuple[int, int]
) -> None:
    await load(store, told(TODAY, *stories))
    plain = [(even(title), even(body)) for title, body in stories]
    for word in {asked, *chinese(plain, cut)}:
        expected = {number for number, texts in enumerate(plain, 1) if any(word in text for text in texts)}
        assert {number for _, number in await found(store, word, limit=50)} == expected, word


WORDS = ("存", "算", "存算", "chip", "chips", "chi", "ai")


def tier(title: str, body: str, asked: tuple[Phrase, ...]) -> int | None:
    """Tell which tier an item is in, by reading it; None is none."""
    whole = tuple(replace(phrase, open=False) for phrase in asked)
    for first, these in ((0, whole), (3, asked)):
        titled, told_ = ([any(one.spans(list(terms(text)))) for one in these] for text in (title, body))
        if all(map(or_, titled, told_)):
            return first + (0 if all(titled) else 1 if any(titled) else 2)
    return None


@given(
    days=st.lists(
        st.lists(st.tuples(*2 * [st.lists(st.sampled_from(WORDS), max_size=4).map("。".join)]), min_size=1, max_size=5),
        min_size=3,
        max_size=3,
    ),
    asked=st.lists(st.sampled_from(WORDS), min_size=1, max_size=3),
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_find__page_by_page_what_reading_all_of_it_finds_and_in_that_order(
    store: Store, days: list[list[tuple[str, str]]], asked: list[str]
) -> None:
    expected: list[tuple[int, int, int]] = []
    for back, stories in enumerate(days):
        await load(store, told(TODAY - timedelta(days=back), *stories))
        tiers = [(tier(*story, wanted(*asked)), number) for number, story in enumerate(stories, 1)]
        expected += [(which, back, number) for which, number in tiers if which is not None]
    pages = [await found(store, *asked, skip=skip, limit=3) for skip in range(0, len(expected) + 3, 3)]
    assert [each for page in pages for each in page] == [
        (TODAY - timedelta(days=back), number) for _, back, number in sorted(expected)
    ]


@given(typed=st.text(max_size=40))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_find__nothing_typed_is_an_error(store: Store, typed: str) -> None:
    await store.search.find(wanted(*typed.split()), limit=5)


def even(text: str) -> str:
    return text.replace("⼀", "一").replace("⼆", "二").replace("\u200b", "")


def chinese(plain: list[tuple[str, str]], cut: tuple[int, int]) -> set[str]:
    """Return some substrings of the texts that are Chinese all through."""
    whole = "\x00".join(text for texts in plain for text in texts)
    start, length = cut[0] % max(len(whole), 1), cut[1]
    words = {whole[at : at + length] for at in range(start, min(start + 20, len(whole)))}
    return {word for word in words if word and all("\u4e00" <= sign <= "\u9fff" for sign in word)}
