"""The taxonomy file and its faults, and the names that its categories go by."""

import pytest

from bot.categories import close, default_taxonomy, find, read_taxonomy
from bot.errors import ConfigError
from bot.models import Category
from tests.unit.labelling import TWO, two


def test_default_taxonomy__the_eight_in_order() -> None:
    names = [(category.slug, category.zh) for category in default_taxonomy().categories]
    assert names == [
        ("ai-industry", "AI产业"),
        ("frontier", "技术前沿"),
        ("chips", "芯片技术"),
        ("companies", "企业动态"),
        ("products", "产品应用"),
        ("open-source", "开源生态"),
        ("policy", "政策监管"),
        ("safety", "安全伦理"),
    ]


def test_read_taxonomy__categories_and_rules_in_file_order() -> None:
    taxonomy = two()
    assert taxonomy.categories == (
        Category(slug="cats", zh="猫", en="Cats", aliases=("喵星人",)),
        Category(slug="dogs", zh="狗", en="Dogs"),
    )
    assert [rule.slug for rule in taxonomy.rules] == ["cats", "dogs"]


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("aliases: [喵星人]", "aliases: [喵星人", 6, "not YAML"),
        ("    zh: 狗\n", "", 10, "'zh' is missing"),
        ("slug: dogs", "slug: Dogs!", 10, "can't be a slug"),
        ("slug: dogs", f"slug: {'d' * 25}", 10, "1 to 24"),
        ("slug: dogs", "slug: cats", 10, "taken in line 2"),
        ("zh: 狗", "zh: 喵星人", 11, "taken in line 5"),
        ("    zh: 狗", "    zh: 狗\n    alias: [汪]", 12, "did you mean aliases?"),
        ("    zh: 狗", "    zh: 狗\n    zh: 犬", 12, "stands here twice"),
        ("1: [宠物]", "heavy: [宠物]", 15, "no weight"),
        ("1: [宠物]", "0: [宠物]", 15, "no weight"),
        ("1: [宠物]", "nan: [宠物]", 15, "no weight"),
        ("1: [宠物]", "1: 宠物", 15, "a list belongs here"),
        ("1: [宠物]", "1: [宠物, '']", 15, "words belong here"),
        ("1: [宠物]", "1: [{a: b}]", 15, "words belong here"),
        ("1: [宠物]", "1: [宠物, '…']", 15, "nothing to look for"),
        ("exclude: [熊猫]", "exclude: ['…']", 9, "nothing to look for"),
        ("zh: 狗", "zh: 🐕", 11, "no letter"),
        ("categories:", "category:", 1, "did you mean categories?"),
        ("1: [宠物]", "1: [宠物, Dog]", 15, "'Dog' stands in line 14 already"),
        ("1: [宠物]", "1: ['{breed}']", 15, "write a list called 'breed'"),
        ("1: [宠物]", "1: ['/狗(/']", 15, "mend the regular expression"),
        ("1: [宠物]", "1: ['/狗?/']", 15, "found anywhere"),
        ("exclude: [熊猫]", "exclude: ['{breed}猫']", 9, "can't be looked for"),
        ("categories:", "words: [柯基]\ncategories:", 1, "lists need a name"),
        ("categories:", "words:\n  Breed: [柯基]\ncategories:", 2, "can't name a list"),
        ("categories:", "words:\n  breed: []\ncategories:", 2, "the list 'breed' is empty"),
    ],
)
def test_read_taxonomy__fault_is_named_with_its_line(old: str, new: str, line: int, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read_taxonomy(TWO.replace(old, new), name="two.yaml")
    assert any(
        complaint.startswith(f"two.yaml:{line}: ") and words in complaint
        for complaint in str(caught.value).splitlines()
    ), str(caught.value)


def test_read_taxonomy__a_slug_that_says_something_else_in_a_command() -> None:
    with pytest.raises(ConfigError) as caught:
        read_taxonomy(TWO, name="two.yaml", is_free=lambda slug: slug != "dogs")
    assert str(caught.value).startswith("two.yaml:10: 'dogs' means something else in a command: ")


@pytest.mark.parametrize("text", ["", "[]", "words", "categories:", "categories: []", "a: b: c", "\x00", "- [", "!x"])
def test_read_taxonomy__not_a_taxonomy(text: str) -> None:
    with pytest.raises(ConfigError, match=r"^t\.yaml:\d+: "):
        read_taxonomy(text, name="t.yaml")


def test_read_taxonomy__all_faults_at_once() -> None:
    text = TWO.replace("slug: cats", "slug: Cats!").replace("1: [宠物]", "heavy: [宠物]")
    with pytest.raises(ConfigError) as caught:
        read_taxonomy(text, name="two.yaml")
    assert len(str(caught.value).splitlines()) == 2


# ------------------------------------------------------------------ names


@pytest.mark.parametrize(
    "name",
    [
        "chips",
        "CHIPS",
        "芯片技术",
        " 芯片 技术 ",
        "一、🚀 芯片",
        "1. 芯片",
        "1.芯片技术",
        "1️⃣ 芯片",
        "①芯片",
        "（二）芯片技术",
        "第三部分 芯片",
        "【芯片】",
        "#芯片技术",
        "芯片技术（3条）",
        "ＡＩ芯片",
        "芯片动态",
        "Semiconductor",
        "💻 芯片：",
    ],
)
def test_find__by_any_name_in_any_dress(name: str) -> None:
    found = find(name, default_taxonomy().categories)
    assert found is not None
    assert found.slug == "chips"


@pytest.mark.parametrize("name", ["", "🚀", "一、", "薯片", "3D打印", "三星"])
def test_find__nothing(name: str) -> None:
    assert find(name, default_taxonomy().categories) is None


@pytest.mark.parametrize(
    ("name", "slug"),
    [("芯", "chips"), ("chpis", "chips"), ("芯片枝术", "chips"), ("opensorce", "open-source"), ("saftey", "safety")],
)
def test_close__likest_first(name: str, slug: str) -> None:
    assert close(name, default_taxonomy().categories)[0].slug == slug


def test_close__no_more_than_the_limit_and_no_double() -> None:
    found = close("技术", default_taxonomy().categories, limit=2)
    assert [category.slug for category in found] == ["frontier", "chips"]


@pytest.mark.parametrize("name", ["", "zzzz", "🚀", "blah", "in", "nothing", "Atlantis", "october"])
def test_close__nothing_alike(name: str) -> None:
    assert close(name, default_taxonomy().categories) == ()
