"""A week out of its digests: what is in it, in which order, and how much of each story."""

from collections import Counter
from datetime import date
from itertools import pairwise
from random import Random

import hypothesis.strategies as st
import pytest
from hypothesis import given

from bot.models import Digest, Format, Item, Week
from bot.weeks import SENTENCES, gather
from tests.unit.weekly import WEEK, day, ran, stories, story, told

ORDER = ("industry", "chips", "policy")


def test_week__is_monday_to_sunday_by_its_iso_name() -> None:
    days = [date(2024, 12, 30), date(2025, 1, 1), date(2025, 1, 5)]
    assert {Week.of(day) for day in days} == {Week(monday=days[0])}
    week = Week.of(days[1])
    assert (week.name, week.sunday, len(week.days)) == ("2025-W01", days[2], 7)


def test_gather__categories_in_the_order_given_then_others_then_none() -> None:
    digest = day(
        1, *(story(slug or "bare", *([slug] if slug else [])) for slug in ("zoo", "", "chips", "art", "industry"))
    )
    edition = gather(WEEK, [digest], order=ORDER)
    assert told(edition) == [
        ("industry", ["industry"]),
        ("chips", ["chips"]),
        ("art", ["art"]),
        ("zoo", ["zoo"]),
        ("", ["bare"]),
    ]


def test_gather__a_story_stands_under_its_first_category_that_is_wanted() -> None:
    digest = day(1, story("both", "industry", "chips"), story("other", "policy"))
    assert told(gather(WEEK, [digest], order=ORDER))[0] == ("industry", ["both"])
    cut = gather(WEEK, [digest], categories=frozenset({"chips"}), order=ORDER)
    assert told(cut) == [("chips", ["both"])]
    assert (cut.total, cut.categories) == (2, ("chips",))


def test_gather__the_leader_of_a_short_day_is_as_heavy_as_that_of_a_long_one() -> None:
    short, long = day(1, story("short first"), story("short last")), day(2, *(story(f"long {n}") for n in range(1, 11)))
    ((_, titles),) = told(gather(WEEK, [short, long]))
    assert titles[:3] == ["long 1", "short first", "long 2"]
    assert titles.index("short last") < titles.index("long 7")
    assert titles[-1] == "long 10"


def test_gather__days_running_outweigh_a_single_place_at_the_top() -> None:
    url = "https://example.com/runs"
    days = [day(n, story(f"leads {n}"), story("runs", url=url), story(f"ends {n}")) for n in (1, 2, 3)]
    edition = gather(WEEK, days)
    assert told(edition)[0][1] == ["runs", "leads 3", "leads 2", "leads 1", "ends 3", "ends 2", "ends 1"]
    assert ran(edition)["runs"] == [1, 2, 3]


def test_gather__a_place_is_that_in_the_whole_digest_whatever_is_cut() -> None:
    first = day(1, story("a", "policy"), story("b", "policy"), story("late place", "chips"))
    second = day(2, story("good place", "chips"), story("c", "policy"))
    cut = gather(WEEK, [second, first], categories=frozenset({"chips"}))
    assert told(cut) == [("chips", ["good place", "late place"])]


@pytest.mark.parametrize(
    ("number", "wanted", "sentences"),
    [
        (SENTENCES, Format.FULL, SENTENCES),
        (SENTENCES + 2, Format.FULL, 2),
        (SENTENCES + 2, Format.NEWS, 2),
        (SENTENCES, Format.BRIEF, SENTENCES),
        (SENTENCES, Format.HEADLINES, 0),
    ],
)
def test_gather__sentences_where_there_is_room_for_them(number: int, wanted: Format, sentences: int) -> None:
    listed = [story(f"title {n}", ("chips", "policy")[n % 2], body="One. Two.") for n in range(number)]
    edition = gather(WEEK, [day(1, *listed)], order=ORDER, format=wanted)
    bodies = ["".join(block.text for block in item.body) for item in edition.items]
    assert Counter(bodies) == Counter(
        {"One.": sentences, "": number - sentences} if sentences < number else {"One.": number}
    )
    if sentences == 2:
        assert [chapter.stories[0].item.body != () for chapter in edition.chapters] == [True, True]


def test_gather__nothing_in_it() -> None:
    assert gather(WEEK, []).chapters == ()
    empty = gather(WEEK, [day(1, story("x", "chips"))], categories=frozenset({"policy"}))
    assert (empty.chapters, empty.total, empty.day) == ((), 1, date(2025, 10, 12))


# ---------------------------------------------------------------- whatever the digests are

SLUGS = ("chips", "policy", "industry")
titles = st.sampled_from(
    [
        "澜石推理芯片流片成功，能效提升",
        "更新：澜石推理芯片流片成功",
        "河图社区开放小满模型权重",
        "A long title of eight words",
        "x",
        "",
    ]
)
urls = st.sampled_from([None, "https://example.com/a", "https://example.com/b?utm_source=x", "https://example.com/"])
items = st.builds(
    Item,
    number=st.just(0),
    title=titles,
    url=urls,
    categories=st.lists(st.sampled_from(SLUGS), unique=True).map(tuple),
)


@st.composite
def weeks(draw: st.DrawFn) -> list[Digest]:
    numbers = draw(st.lists(st.integers(1, 7), unique=True))
    return [day(number, *draw(st.lists(items, min_size=1, max_size=6))) for number in numbers]


@given(weeks(), st.frozensets(st.sampled_from(SLUGS)))
def test_gather__every_wanted_item_is_told_once(digests: list[Digest], wanted: frozenset[str]) -> None:
    edition = gather(WEEK, digests, categories=wanted, order=SLUGS)
    there = Counter(
        digest.day
        for digest in digests
        for item in digest.items
        if not wanted or not wanted.isdisjoint(item.categories)
    )
    assert Counter(when for one in stories(edition) for when in one.days) == there
    by_day = {digest.day: digest for digest in digests}
    for one in stories(edition):
        assert list(one.days) == sorted(set(one.days))
        (said,) = [item for item in by_day[one.days[-1]].items if item.number == one.item.number]
        assert (said.title, said.url) == (one.item.title, one.item.url)
    shown = [(one.days[-1], one.item.number) for one in stories(edition)]
    assert len(shown) == len(set(shown))
    assert not wanted or {chapter.slug for chapter in edition.chapters} <= wanted


@given(weeks(), st.randoms())
def test_gather__the_order_of_loading_does_not_matter(digests: list[Digest], dice: Random) -> None:
    mixed = list(digests)
    dice.shuffle(mixed)
    assert gather(WEEK, mixed, order=SLUGS) == gather(WEEK, digests, order=SLUGS)


@given(weeks())
def test_gather__what_weighs_more_is_never_below(digests: list[Digest]) -> None:
    places = {
        (digest.day, item.number): 1 - place / len(digest.items)
        for digest in digests
        for place, item in enumerate(digest.items)
    }
    for chapter in gather(WEEK, digests).chapters:
        least = [places[one.days[-1], one.item.number] for one in chapter.stories if len(one.days) == 1]
        assert all(above >= below - 1e-9 for above, below in pairwise(least))
