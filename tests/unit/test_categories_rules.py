"""What the rules find in an item, and how they weigh it."""

from pathlib import Path

import pytest
import yaml

from bot.categories import default_taxonomy, read_taxonomy
from bot.categories.words import fold, keys
from bot.models import Block, BlockKind, Item, Run
from tests.unit.labelling import TWO, labels_of, sorted_of, story, two


def test_sort__nothing_speaks_for_any() -> None:
    result = sorted_of(story("天气晴朗", "适合散步。"), listed=("猫", "狗"), taxonomy=two())
    assert result.digest.items[0].categories == ()
    assert result.categories == ()


def test_sort__title_outweighs_body() -> None:
    assert labels_of(story("猫的一天", "邻居。后来来了一只狗。"), taxonomy=two())[0] == "cats"


@pytest.mark.parametrize("title", ["concatenate strings", "dogma", "catalog"])
def test_sort__latin_terms_are_whole_words(title: str) -> None:
    assert labels_of(story(title), taxonomy=two()) == ()


@pytest.mark.parametrize("title", ["Cats!", "the CAT's", "一只cat在", "ｃａｔ", "cat2"])
def test_sort__latin_terms_in_plural_case_width_and_beside_han(title: str) -> None:
    assert labels_of(story(title), taxonomy=two()) == ("cats",)


@pytest.mark.parametrize("joint", [" ", "-", "\u2010", "\u2011"])
def test_sort__a_hyphen_is_one_however_it_is_typed(joint: str) -> None:
    taxonomy = read_taxonomy(TWO.replace("3: [狗, dog]", "3: [guide dog]"), name="t")
    assert labels_of(story(f"A guide{joint}dog"), taxonomy=taxonomy) == ("dogs",)


def test_sort__spaces_beside_han_do_not_matter() -> None:
    taxonomy = read_taxonomy(TWO.replace("3: [狗, dog]", "3: [AI狗]"), name="t")
    assert labels_of(story("发布 AI 狗"), taxonomy=taxonomy) == ("dogs",)


def test_sort__mentioned_only_further_down_is_no_subject_unless_it_is_an_event() -> None:
    item = story("日记", "天气晴朗。后来来了一只狗。再来一只猫。")
    assert labels_of(item, taxonomy=read_taxonomy(TWO.replace("3: [猫", "8: [猫"), name="t")) == ("cats",)
    (decision,) = sorted_of(item, taxonomy=read_taxonomy(TWO.replace("3: [猫", "8: [猫"), name="t")).decisions
    (event,) = sorted_of(item, taxonomy=read_taxonomy(TWO.replace("3: [猫", "9: [猫"), name="t")).decisions
    assert decision.weighed[0].score < 8
    assert event.weighed[0].score > 8


def test_sort__one_strong_term_is_more_than_two_weaker_ones() -> None:
    text = TWO.replace("3: [猫, cat", "8: [猫, cat").replace("3: [狗, dog]", "5: [狗, dog, bone]")
    assert labels_of(story("Dog, bone and cat"), taxonomy=read_taxonomy(text, name="t"))[0] == "cats"
    weaker = text.replace("8: [猫, cat", "6: [猫, cat")
    assert labels_of(story("Dog, bone and cat"), taxonomy=read_taxonomy(weaker, name="t"))[0] == "dogs"


def test_sort__excluded_words_do_not_count_but_others_do() -> None:
    assert labels_of(story("熊猫基地开放"), taxonomy=two()) == ()
    assert labels_of(story("熊猫与猫"), taxonomy=two()) == ("cats",)


def test_sort__negative_weight_speaks_against() -> None:
    taxonomy = read_taxonomy(TWO.replace("熊猫盾", "机器"), name="t")
    assert labels_of(story("机器猫"), taxonomy=taxonomy) == ()


def test_sort__shorter_term_does_not_count_inside_a_longer() -> None:
    taxonomy = read_taxonomy(TWO.replace("1: [宠物]", "1: [宠物狗]"), name="t")
    both = labels_of(story("猫", "一只宠物狗。"), listed=(), taxonomy=taxonomy)
    assert both == ("cats",)


def test_sort__gap_stays_in_its_sentence() -> None:
    taxonomy = read_taxonomy(TWO.replace("3: [狗, dog]", "3: [领养…犬]"), name="t")
    assert labels_of(story("领养了两只犬"), taxonomy=taxonomy) == ("dogs",)
    assert labels_of(story("领养。犬"), taxonomy=taxonomy) == ()


@pytest.mark.parametrize(
    ("written", "title", "found"),
    [
        ("ban~", "They ban, he bans", True),
        ("ban~", "Banned", True),
        ("ban~", "banning", True),
        ("ban~", "the banner", False),
        ("raise~", "Raising", True),
        ("raise~", "raised", True),
        ("carry~", "it carries", True),
        ("carry~", "carried", True),
        ("launch~", "launches", True),
        ("layer~", "layered", True),
        ("roll~ out", "rolls out", True),
        ("roll~ out", "rolled in", False),
        ("ban", "banned", False),
        ("breach", "breaches", True),
        ("policy", "policies", True),
        ("guide pup", "Guide-pups", True),
        ("maker's mark", "the maker’s mark", True),
    ],
)
def test_sort__english_words_in_their_forms(written: str, title: str, *, found: bool) -> None:
    taxonomy = read_taxonomy(TWO.replace("3: [狗, dog]", f'3: ["{written}"]'), name="t")
    assert labels_of(story(title), taxonomy=taxonomy) == (("dogs",) if found else ())


def test_sort__gap_between_english_words_is_wider() -> None:
    taxonomy = read_taxonomy(TWO.replace("3: [狗, dog]", "3: [adopt~…hound]"), name="t")
    assert labels_of(story("She adopted two very old and friendly hounds"), taxonomy=taxonomy) == ("dogs",)
    assert labels_of(story("She adopted. Two hounds came"), taxonomy=taxonomy) == ()


def test_default_taxonomy__every_term_is_looked_for_where_it_stands() -> None:
    path = Path(__file__).parents[2] / "benchmarks" / "items" / "tune.yaml"
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    texts = [fold(f"{entry['title']}\n{entry['body']}") for entry in entries[::3]]
    terms = [term for rule in default_taxonomy().rules for term in (*rule.terms, *rule.excluded) if term.keys]
    known = [(text, keys(text)) for text in texts]
    unseen = [(text, term) for text, held in known for term in terms if not term.keys & held]
    missed = [(term.text, text) for text, term in unseen if term.pattern.search(text)]
    assert missed == []


@pytest.mark.parametrize(
    ("title", "found"), [("两只柯基", True), ("Two Corgis", True), ("corgification", False), ("两只", False)]
)
def test_sort__list_stands_for_each_of_its_words(title: str, *, found: bool) -> None:
    text = "words:\n  breed: [柯基, corgi, corgi mix]\n" + TWO.replace("3: [狗, dog]", "3: ['{breed}', '领养…{breed}']")
    labels = labels_of(story(title), taxonomy=read_taxonomy(text, name="t"))
    assert labels == (("dogs",) if found else ())


def test_sort__expression_is_looked_for_in_folded_text() -> None:
    taxonomy = read_taxonomy(TWO.replace("3: [狗, dog]", r"3: ['/(\d+) ?只K9/']"), name="t")
    assert labels_of(story("来了 12 只 k9"), taxonomy=taxonomy) == ("dogs",)
    assert labels_of(story("来了只k9"), taxonomy=taxonomy) == ()


def test_sort__pattern_counts_beside_the_word_it_holds() -> None:
    text = TWO.replace("3: [狗, dog]", "3: [狗, 遛…狗]\n      -2: [热狗]")
    (decision,) = sorted_of(story("遛一只狗"), taxonomy=read_taxonomy(text, name="t")).decisions
    assert {found.term.text for found in decision.weighed[0].found} == {"狗", "遛…狗"}


def test_sort__strongest_term_outweighs_many_faint_ones() -> None:
    taxonomy = read_taxonomy(TWO.replace("1: [宠物]", "1: [宠物, 项圈, 骨头, 散步, 小屋, 飞盘]"), name="t")
    assert labels_of(story("猫与宠物项圈骨头散步小屋飞盘"), taxonomy=taxonomy)[0] == "cats"


def test_sort__found_terms_are_told_place_by_place() -> None:
    (decision,) = sorted_of(story("猫", "领养一只猫。狗。猫。"), taxonomy=two()).decisions
    places = [(found.term.text, found.place.value) for found in decision.weighed[0].found]
    assert places == [("猫", "title"), ("领养…猫", "opening"), ("猫", "opening"), ("猫", "rest")]


@pytest.mark.parametrize("title", ["智能体学会调用工具", "助手能像人一样用电脑", "它只看公开信息"])
def test_sort__letters_of_two_words_are_no_third(title: str) -> None:
    assert not {"ai-industry", "safety"}.intersection(labels_of(story(title)))


def test_sort__near_tie_goes_to_the_listed_one() -> None:
    item = story("猫和狗")
    assert labels_of(item, listed=("狗",), taxonomy=two()) == ("dogs", "cats")
    assert labels_of(item, listed=("喵星人",), taxonomy=two()) == ("cats", "dogs")


def test_sort__clearly_stronger_one_wins_over_the_listed() -> None:
    assert labels_of(story("猫猫记事", "这只猫很好。后来又见到狗。"), listed=("狗",), taxonomy=two())[0] == "cats"


def test_sort__listed_name_the_taxonomy_lacks_is_looked_for() -> None:
    result = sorted_of(story("金鱼的记忆"), story("猫"), listed=("金鱼",), taxonomy=two())
    assert [category.zh for category in result.categories] == ["猫", "金鱼"]


def test_sort__code_is_no_prose() -> None:
    body = (Block(kind=BlockKind.CODE, runs=(Run(text="dog dog dog"),)),)
    assert labels_of(Item(number=1, title="猫", body=body), taxonomy=two()) == ("cats",)
