"""Sorting: what the document says goes first, and what holds for every item."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.categories import sort
from bot.models import Item
from tests.unit.labelling import labels_of, sorted_of, story, two


def test_sort__section_decides_alone() -> None:
    assert labels_of(story("新款芯片流片成功，制程更先进", section="## 二、⚖️ 政策法规")) == ("policy",)


def test_sort__tags_after_the_section() -> None:
    assert labels_of(story("一条消息", section="产品", tags=("#开源", "芯片"))) == ("products", "open-source", "chips")


def test_sort__joint_section_is_each_of_its_parts() -> None:
    assert labels_of(story("一条消息", section="政策与芯片")) == ("policy", "chips")
    assert labels_of(story("一条消息", section="安全与伦理")) == ("safety",)


def test_sort__unknown_section_becomes_a_category_of_its_own() -> None:
    result = sorted_of(story("一条消息", section="三、🎬 影视"), story("又一条", section="影视"), taxonomy=two())
    (own,) = result.categories
    assert re.fullmatch(r"x-[0-9a-f]{8}", own.slug)
    assert own.zh == "影视"
    assert [item.categories for item in result.digest.items] == [(own.slug,)] * 2


def test_sort__unknown_section_does_not_hide_the_subject() -> None:
    first, *rest = labels_of(story("山岚半导体展示新一代推理芯片，良率过九成", section="今日要闻"))
    assert first.startswith("x-")
    assert "chips" in rest


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Robots & Cars", "robots-cars"),
        ("FinTech", "fintech"),
        ("3D打印", "x-"),
        ("An Unusually Long Name Indeed", "an"),
    ],
)
def test_sort__own_slug_is_ascii_words_or_a_fingerprint(name: str, slug: str) -> None:
    (own,) = sorted_of(story("一条消息", tags=(name,)), taxonomy=two()).categories
    assert own.slug.startswith(slug)
    assert re.fullmatch(r"[a-z0-9-]{1,24}", own.slug)


def test_sort__own_slugs_cut_short_stay_apart() -> None:
    result = sorted_of(
        story("一", tags=("A Very Long Category Name One",)), story("二", tags=("A Very Long Category Name Two",))
    )
    assert len(result.categories) == 2


def test_sort__ornament_alone_says_nothing() -> None:
    assert labels_of(story("一只猫", section="🚀🚀", tags=("#",)), taxonomy=two()) == ("cats",)


def test_sort__occurring_categories_in_the_order_of_the_taxonomy() -> None:
    result = sorted_of(story("狗", section="新栏目"), story("一只猫"), listed=("鱼",), taxonomy=two())
    assert [category.zh for category in result.categories] == ["猫", "狗", "新栏目"]


# ------------------------------------------------------------------ always


TEXT = st.text(alphabet="猫狗熊领养 Acatdogs.。！#一、1)🚀\u200b\ufffc\n²", max_size=30)
ITEMS = st.builds(story, TEXT, TEXT, section=st.none() | TEXT, tags=st.lists(TEXT, max_size=3).map(tuple))


@settings(max_examples=100, deadline=None)
@given(st.lists(ITEMS, max_size=4), st.lists(TEXT, max_size=3).map(tuple))
def test_sort__every_label_is_a_category_and_nothing_else_changes(items: list[Item], listed: tuple[str, ...]) -> None:
    result = sorted_of(*items, listed=listed, taxonomy=two())
    assert [(item.title, item.body) for item in result.digest.items] == [(item.title, item.body) for item in items]
    slugs = [category.slug for category in result.categories]
    assert len(set(slugs)) == len(slugs)
    assert all(re.fullmatch(r"[a-z0-9-]{1,24}", slug) for slug in slugs)
    assert {slug for item in result.digest.items for slug in item.categories} == set(slugs)
    assert all(len(set(item.categories)) == len(item.categories) for item in result.digest.items)
    assert sort(result.digest, two()) == result
