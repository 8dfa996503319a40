"""Naming, reading the taxonomy and sorting, on items of our own invention."""

import re
import time
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.categories import Sorted, Taxonomy, close, default_taxonomy, find, read_taxonomy, sort
from bot.categories.words import fold, keys
from bot.errors import ConfigError
from bot.models import Block, BlockKind, Category, Digest, Item, Run

TWO = """\
categories:
  - slug: cats
    zh: 猫
    en: Cats
    aliases: [喵星人]
    terms:
      3: [猫, cat, 领养…猫]
      -4: [熊猫盾]
    exclude: [熊猫]
  - slug: dogs
    zh: 狗
    en: Dogs
    terms:
      3: [狗, dog]
      1: [宠物]
"""


def _item(title: str, *paragraphs: str, section: str | None = None, tags: tuple[str, ...] = ()) -> Item:
    body = tuple(Block(runs=(Run(text=paragraph),)) for paragraph in paragraphs)
    return Item(number=1, title=title, body=body, section=section, tags=tags)


def _digest(*items: Item, listed: tuple[str, ...] = ()) -> Digest:
    return Digest(day=date(2025, 10, 13), title="样刊", categories=listed, items=items)


def _sorted(*items: Item, listed: tuple[str, ...] = (), taxonomy: Taxonomy | None = None) -> Sorted:
    return sort(_digest(*items, listed=listed), taxonomy or default_taxonomy())


def _labels(item: Item, *, listed: tuple[str, ...] = (), taxonomy: Taxonomy | None = None) -> tuple[str, ...]:
    return _sorted(item, listed=listed, taxonomy=taxonomy).digest.items[0].categories


def _two() -> Taxonomy:
    return read_taxonomy(TWO, name="two.yaml")


# ------------------------------------------------------------------ the file


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
    taxonomy = _two()
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


# ------------------------------------------------------------------ what the document says


def test_sort__section_decides_alone() -> None:
    assert _labels(_item("新款芯片流片成功，制程更先进", section="## 二、⚖️ 政策法规")) == ("policy",)


def test_sort__tags_after_the_section() -> None:
    assert _labels(_item("一条消息", section="产品", tags=("#开源", "芯片"))) == ("products", "open-source", "chips")


def test_sort__joint_section_is_each_of_its_parts() -> None:
    assert _labels(_item("一条消息", section="政策与芯片")) == ("policy", "chips")
    assert _labels(_item("一条消息", section="安全与伦理")) == ("safety",)


def test_sort__unknown_section_becomes_a_category_of_its_own() -> None:
    result = _sorted(_item("一条消息", section="三、🎬 影视"), _item("又一条", section="影视"), taxonomy=_two())
    (own,) = result.categories
    assert re.fullmatch(r"x-[0-9a-f]{8}", own.slug)
    assert own.zh == "影视"
    assert [item.categories for item in result.digest.items] == [(own.slug,)] * 2


def test_sort__unknown_section_does_not_hide_the_subject() -> None:
    first, *rest = _labels(_item("山岚半导体展示新一代推理芯片，良率过九成", section="今日要闻"))
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
    (own,) = _sorted(_item("一条消息", tags=(name,)), taxonomy=_two()).categories
    assert own.slug.startswith(slug)
    assert re.fullmatch(r"[a-z0-9-]{1,24}", own.slug)


def test_sort__own_slugs_cut_short_stay_apart() -> None:
    result = _sorted(
        _item("一", tags=("A Very Long Category Name One",)), _item("二", tags=("A Very Long Category Name Two",))
    )
    assert len(result.categories) == 2


def test_sort__ornament_alone_says_nothing() -> None:
    assert _labels(_item("一只猫", section="🚀🚀", tags=("#",)), taxonomy=_two()) == ("cats",)


def test_sort__occurring_categories_in_the_order_of_the_taxonomy() -> None:
    result = _sorted(_item("狗", section="新栏目"), _item("一只猫"), listed=("鱼",), taxonomy=_two())
    assert [category.zh for category in result.categories] == ["猫", "狗", "新栏目"]


# ------------------------------------------------------------------ what the rules say


def test_sort__nothing_speaks_for_any() -> None:
    result = _sorted(_item("天气晴朗", "适合散步。"), listed=("猫", "狗"), taxonomy=_two())
    assert result.digest.items[0].categories == ()
    assert result.categories == ()


def test_sort__title_outweighs_body() -> None:
    assert _labels(_item("猫的一天", "邻居。后来来了一只狗。"), taxonomy=_two())[0] == "cats"


@pytest.mark.parametrize("title", ["concatenate strings", "dogma", "catalog"])
def test_sort__latin_terms_are_whole_words(title: str) -> None:
    assert _labels(_item(title), taxonomy=_two()) == ()


@pytest.mark.parametrize("title", ["Cats!", "the CAT's", "一只cat在", "ｃａｔ", "cat2"])
def test_sort__latin_terms_in_plural_case_width_and_beside_han(title: str) -> None:
    assert _labels(_item(title), taxonomy=_two()) == ("cats",)


@pytest.mark.parametrize("joint", [" ", "-", "\u2010", "\u2011"])
def test_sort__a_hyphen_is_one_however_it_is_typed(joint: str) -> None:
    taxonomy = read_taxonomy(TWO.replace("3: [狗, dog]", "3: [guide dog]"), name="t")
    assert _labels(_item(f"A guide{joint}dog"), taxonomy=taxonomy) == ("dogs",)


def test_sort__spaces_beside_han_do_not_matter() -> None:
    taxonomy = read_taxonomy(TWO.replace("3: [狗, dog]", "3: [AI狗]"), name="t")
    assert _labels(_item("发布 AI 狗"), taxonomy=taxonomy) == ("dogs",)


def test_sort__mentioned_only_further_down_is_no_subject_unless_it_is_an_event() -> None:
    item = _item("日记", "天气晴朗。后来来了一只狗。再来一只猫。")
    assert _labels(item, taxonomy=read_taxonomy(TWO.replace("3: [猫", "8: [猫"), name="t")) == ("cats",)
    (decision,) = _sorted(item, taxonomy=read_taxonomy(TWO.replace("3: [猫", "8: [猫"), name="t")).decisions
    (event,) = _sorted(item, taxonomy=read_taxonomy(TWO.replace("3: [猫", "9: [猫"), name="t")).decisions
    assert decision.weighed[0].score < 8
    assert event.weighed[0].score > 8


def test_sort__one_strong_term_is_more_than_two_weaker_ones() -> None:
    text = TWO.replace("3: [猫, cat", "8: [猫, cat").replace("3: [狗, dog]", "5: [狗, dog, bone]")
    assert _labels(_item("Dog, bone and cat"), taxonomy=read_taxonomy(text, name="t"))[0] == "cats"
    weaker = text.replace("8: [猫, cat", "6: [猫, cat")
    assert _labels(_item("Dog, bone and cat"), taxonomy=read_taxonomy(weaker, name="t"))[0] == "dogs"


def test_sort__excluded_words_do_not_count_but_others_do() -> None:
    assert _labels(_item("熊猫基地开放"), taxonomy=_two()) == ()
    assert _labels(_item("熊猫与猫"), taxonomy=_two()) == ("cats",)


def test_sort__negative_weight_speaks_against() -> None:
    taxonomy = read_taxonomy(TWO.replace("熊猫盾", "机器"), name="t")
    assert _labels(_item("机器猫"), taxonomy=taxonomy) == ()


def test_sort__shorter_term_does_not_count_inside_a_longer() -> None:
    taxonomy = read_taxonomy(TWO.replace("1: [宠物]", "1: [宠物狗]"), name="t")
    both = _labels(_item("猫", "一只宠物狗。"), listed=(), taxonomy=taxonomy)
    assert both == ("cats",)


def test_sort__gap_stays_in_its_sentence() -> None:
    taxonomy = read_taxonomy(TWO.replace("3: [狗, dog]", "3: [领养…犬]"), name="t")
    assert _labels(_item("领养了两只犬"), taxonomy=taxonomy) == ("dogs",)
    assert _labels(_item("领养。犬"), taxonomy=taxonomy) == ()


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
    assert _labels(_item(title), taxonomy=taxonomy) == (("dogs",) if found else ())


def test_sort__gap_between_english_words_is_wider() -> None:
    taxonomy = read_taxonomy(TWO.replace("3: [狗, dog]", "3: [adopt~…hound]"), name="t")
    assert _labels(_item("She adopted two very old and friendly hounds"), taxonomy=taxonomy) == ("dogs",)
    assert _labels(_item("She adopted. Two hounds came"), taxonomy=taxonomy) == ()


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
    labels = _labels(_item(title), taxonomy=read_taxonomy(text, name="t"))
    assert labels == (("dogs",) if found else ())


def test_sort__expression_is_looked_for_in_folded_text() -> None:
    taxonomy = read_taxonomy(TWO.replace("3: [狗, dog]", r"3: ['/(\d+) ?只K9/']"), name="t")
    assert _labels(_item("来了 12 只 k9"), taxonomy=taxonomy) == ("dogs",)
    assert _labels(_item("来了只k9"), taxonomy=taxonomy) == ()


def test_sort__pattern_counts_beside_the_word_it_holds() -> None:
    text = TWO.replace("3: [狗, dog]", "3: [狗, 遛…狗]\n      -2: [热狗]")
    (decision,) = _sorted(_item("遛一只狗"), taxonomy=read_taxonomy(text, name="t")).decisions
    assert {found.term.text for found in decision.weighed[0].found} == {"狗", "遛…狗"}


def test_sort__strongest_term_outweighs_many_faint_ones() -> None:
    taxonomy = read_taxonomy(TWO.replace("1: [宠物]", "1: [宠物, 项圈, 骨头, 散步, 小屋, 飞盘]"), name="t")
    assert _labels(_item("猫与宠物项圈骨头散步小屋飞盘"), taxonomy=taxonomy)[0] == "cats"


def test_sort__found_terms_are_told_place_by_place() -> None:
    (decision,) = _sorted(_item("猫", "领养一只猫。狗。猫。"), taxonomy=_two()).decisions
    places = [(found.term.text, found.place.value) for found in decision.weighed[0].found]
    assert places == [("猫", "title"), ("领养…猫", "opening"), ("猫", "opening"), ("猫", "rest")]


@pytest.mark.parametrize("title", ["智能体学会调用工具", "助手能像人一样用电脑", "它只看公开信息"])
def test_sort__letters_of_two_words_are_no_third(title: str) -> None:
    assert not {"ai-industry", "safety"}.intersection(_labels(_item(title)))


def test_sort__near_tie_goes_to_the_listed_one() -> None:
    item = _item("猫和狗")
    assert _labels(item, listed=("狗",), taxonomy=_two()) == ("dogs", "cats")
    assert _labels(item, listed=("喵星人",), taxonomy=_two()) == ("cats", "dogs")


def test_sort__clearly_stronger_one_wins_over_the_listed() -> None:
    assert _labels(_item("猫猫记事", "这只猫很好。后来又见到狗。"), listed=("狗",), taxonomy=_two())[0] == "cats"


def test_sort__listed_name_the_taxonomy_lacks_is_looked_for() -> None:
    result = _sorted(_item("金鱼的记忆"), _item("猫"), listed=("金鱼",), taxonomy=_two())
    assert [category.zh for category in result.categories] == ["猫", "金鱼"]


def test_sort__code_is_no_prose() -> None:
    body = (Block(kind=BlockKind.CODE, runs=(Run(text="dog dog dog"),)),)
    assert _labels(Item(number=1, title="猫", body=body), taxonomy=_two()) == ("cats",)


SAMPLES = [
    ("ai-industry", "三省联合规划智算中心集群", "项目分三期，总投资超过四百亿元，建成后可提供两吉瓦的电力配套。"),
    (
        "ai-industry",
        "报告称全球算力投资明年再增四成",
        "研究机构调研了两百家云厂商，认为资本支出仍在上升，但也提示泡沫。",
    ),
    ("frontier", "新论文让机械臂看一遍就学会叠衣服", "研究团队用世界模型预测手的动作，在公开基准测试中成功率翻倍。"),
    ("frontier", "侵入式脑机接口帮助失语者开口", "患者植入的脑机接口芯片把神经信号译成语音，延迟不到一百毫秒。"),
    ("frontier", "青岚实验室发布新一代多模态模型", "该模型在数学推理与视频理解的评测中居首，上下文窗口扩大到二百万。"),
    ("chips", "澜石微电子3nm推理芯片流片成功", "这颗芯片采用芯粒与先进封装，能效比上一代高六成。"),
    ("chips", "HBM 供不应求，存储厂商再度提价", "多家厂商通知客户，下季度 DRAM 合约价上调两成。"),
    ("companies", "远帆智能完成 B 轮融资，估值二十亿元", "本轮由两家基金领投，公司称资金将用于招聘与海外扩张。"),
    ("companies", "星桥科技联合创始人离职", "公司在内部信中感谢其五年的贡献，首席技术官一职由副手接任。"),
    ("products", "白鹭笔记上线会议纪要功能", "用户开会时一键开启，助手会自动整理要点，免费版每天可用一小时。"),
    ("products", "城市夜间自动泊车向全部车主开放", "车辆可自行寻找车位，车主用手机召唤，系统升级后即可体验。"),
    (
        "open-source",
        "百亿参数语言模型开放权重",
        "团队在代码仓库公布了训练代码，采用 Apache 2.0 许可证，社区当天就做出了量化版。",
    ),
    ("open-source", "推理框架迎来第一千位贡献者", "维护者回顾了开源四年的历程，并宣布把项目交给基金会。"),
    ("policy", "生成内容标识办法公开征求意见", "主管部门要求平台对合成内容加注标识，草案对违规处罚也作了规定。"),
    ("policy", "议会通过自动决策透明法案", "法案要求企业解释招聘算法，监管机构可处以营收百分之四的罚款。"),
    ("safety", "研究者演示针对邮件助手的提示词注入", "一封带有隐藏指令的邮件就能让助手泄露通讯录，厂商已修补漏洞。"),
    ("safety", "语音克隆诈骗增多，银行提醒先回拨", "骗子用深度伪造的声音冒充家人，受害者多为老人。"),
]


@pytest.mark.parametrize(("slug", "title", "body"), SAMPLES)
def test_sort__default_taxonomy_knows_the_subject(slug: str, title: str, body: str) -> None:
    assert _labels(_item(title, body))[0] == slug


PRINCIPLES = [
    # what is given away beats what it can do, and what it is made of
    ("open-source", "松果智能开源 30B 推理模型", "模型在数学评测中超过同级对手，权重已放到社区。", {"frontier"}),
    (
        "open-source",
        "Juniper open-sources its compiler for GPUs",
        "The code is on GitHub under the MIT License.",
        set(),
    ),
    # a repository is open source, whatever it is for
    ("open-source", "palefox/lanternfish", "A toolkit that keeps notes in plain text.", set()),
    ("open-source", "Lanternfish (12.4k) 是一个写信助手", "这个项目能在本地排版。", set()),
    # a paper beats what it is about
    ("frontier", "一种让客服机器人少走弯路的训练方法", "这篇论文提出分层奖励，在三个基准测试中提升明显。", set()),
    # what happened beats who it happened to and what they make
    ("companies", "推理芯片公司石英科技完成 C 轮融资", "公司设计数据中心用的 GPU，首颗芯片已经流片。", {"chips"}),
    ("companies", "大模型公司启明首席科学家离职", "他曾主持其旗舰模型的训练，下一步将自己创业。", set()),
    (
        "companies",
        "Chipmaker Larkspur raises $200 million at $2 billion valuation",
        "It designs accelerators.",
        {"chips"},
    ),
    # the rule-giver beats the ruled
    ("policy", "监管机构叫停两家云厂商合并", "委员会认为这桩收购会抬高价格，双方可以上诉。", {"companies"}),
    ("policy", "美国商务部收紧对华先进芯片出口管制", "新规将更多型号的 GPU 列入清单，下月生效。", {"chips"}),
    ("policy", "参议院通过青少年聊天机器人法案", "法案要求平台核验年龄，防止未成年人受到伤害。", {"safety"}),
    ("policy", "Lawmakers pass bill to curb deepfakes", "The act lets victims sue platforms.", {"safety"}),
    # harm beats the product it comes through
    ("safety", "浏览器助手曝漏洞，恶意网页可窃取密码", "研究人员演示了提示词注入，厂商已推送更新。", {"products"}),
    ("safety", "三家唱片公司起诉音乐生成应用侵犯版权", "诉状称其未经许可用录音训练模型。", set()),
    ("safety", "论文称语言模型会泄露隐私", "攻击者只看流量就能猜出提问，研究者提醒警惕。", {"frontier"}),
    ("safety", "Chatbot gave teens self-harm advice, study finds", "Researchers posed as minors.", set()),
    # a wave is the industry's, one company's event its own
    ("ai-industry", "调查：四成企业因为人工智能放慢招聘", "受访的雇主认为初级岗位受到的冲击最大。", set()),
    (
        "ai-industry",
        "云巨头斥资三百亿美元在北欧新建数据中心",
        "园区由水电供能，分三期建设，总功率两吉瓦。",
        {"companies"},
    ),
    # a new model is research first, and a product where people can use it
    (
        "frontier",
        "GPT-9 发布，推理能力再创新高",
        "新模型在多项基准测试中居首，应用与 API 即日起向付费用户开放。",
        {"products"},
    ),
    ("frontier", "New model solves open math problem, researchers say", "The paper describes its proof.", set()),
    # given away, it is open source first
    ("open-source", "开源 Qwen9 放出全部权重", "模型采用 Apache 2.0 许可证，在推理评测中超过闭源对手。", {"frontier"}),
    # the same in English prose
    ("companies", "Larkspur to cut 900 jobs", "The maker of warehouse software told staff on Monday.", set()),
    ("companies", "Alder buys speech startup Finch for $80 million", "Its app has two million users.", set()),
    ("policy", "Governor signs bill limiting police use of face scans", "It takes effect in May.", {"safety"}),
    ("policy", "Commerce Department tightens export rules for advanced chips", "More GPUs need a licence.", {"chips"}),
    ("safety", "Hidden text tricks a browser agent", "The prompt injection made it leak passwords.", set()),
    ("safety", "Illustrators say a model copied their style", "Their lawsuit alleges copyright infringement.", set()),
    ("open-source", "Alder releases the weights of its 9B model", "It is under the Apache license.", {"frontier"}),
    ("chips", "Foundry starts 2nm wafers at its new fab", "Yields are above plan, it says.", set()),
    ("ai-industry", "Utilities plan gas plants as data centers multiply", "Demand for power doubled.", set()),
    ("ai-industry", "Two in five employers hire fewer juniors, survey finds", "Many cite automation.", set()),
    ("products", "Notebook app now lets users dictate in forty languages", "It is free on phones.", set()),
    ("frontier", "Sparse Memory for Long-Horizon Agents", "The authors propose a method and a new benchmark.", set()),
    # a machine is a product, and chips' where the chip is its point
    ("products", "新款扫地机器人开售，起售价 1999 元", "它用摄像头识别拖鞋，手机应用可以设定路线。", set()),
    ("chips", "迷你工作站亮相，搭载 GB10 超级芯片", "新品把 1000 TOPS 算力装进一升机箱，下月开售。", {"products"}),
]


@pytest.mark.parametrize(("first", "title", "body", "others"), PRINCIPLES)
def test_sort__principle(first: str, title: str, body: str, others: set[str]) -> None:
    labels = _labels(_item(title, body))
    assert labels[0] == first
    assert others <= set(labels)


@pytest.mark.parametrize(
    ("title", "body", "wanted"),
    [
        ("部委：加快高端芯片攻关", "主管部门表示将出台政策，支持先进制程。", {"policy", "chips"}),
        ("大学团队研制存算一体芯片", "论文显示其精度创下纪录，科研人员称瓶颈已被攻克。", {"frontier", "chips"}),
        ("巴掌大的AI超算亮相，搭载新款处理器", "新品内置统一内存，算力达一千TOPS，下月开售。", {"chips", "products"}),
    ],
)
def test_sort__several_labels(title: str, body: str, wanted: set[str]) -> None:
    assert wanted <= set(_labels(_item(title, body)))


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("FSD 新版本学会自己找车位", "车辆送达乘客后自行泊车，车载芯片无需更换。"),
        ("脑机接口芯片植入者用意念下棋", "植入芯片读取大脑信号，手术由机器人完成。"),
        ("英伟达创始人谈管理：不开一对一会议", "他说团队应当共享信息，员工可以随时提问。"),
        ("智能手表新增睡眠功能", "用户夜里戴着即可。它采用低功耗芯片。"),
    ],
)
def test_sort__not_chips(title: str, body: str) -> None:
    assert "chips" not in _labels(_item(title, body), listed=("芯片技术",))


# ------------------------------------------------------------------ always


TEXT = st.text(alphabet="猫狗熊领养 Acatdogs.。！#一、1)🚀\u200b\ufffc\n²", max_size=30)
ITEMS = st.builds(_item, TEXT, TEXT, section=st.none() | TEXT, tags=st.lists(TEXT, max_size=3).map(tuple))


@settings(max_examples=100, deadline=None)
@given(st.lists(ITEMS, max_size=4), st.lists(TEXT, max_size=3).map(tuple))
def test_sort__every_label_is_a_category_and_nothing_else_changes(items: list[Item], listed: tuple[str, ...]) -> None:
    result = _sorted(*items, listed=listed, taxonomy=_two())
    assert [(item.title, item.body) for item in result.digest.items] == [(item.title, item.body) for item in items]
    slugs = [category.slug for category in result.categories]
    assert len(set(slugs)) == len(slugs)
    assert all(re.fullmatch(r"[a-z0-9-]{1,24}", slug) for slug in slugs)
    assert {slug for item in result.digest.items for slug in item.categories} == set(slugs)
    assert all(len(set(item.categories)) == len(item.categories) for item in result.digest.items)
    assert sort(result.digest, _two()) == result


def test_default_taxonomy__right_as_often_as_promised_on_items_it_was_not_tuned_with() -> None:
    path = Path(__file__).parents[2] / "benchmarks" / "items" / "test.yaml"
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    said = [_labels(_item(entry["title"], entry["body"])) for entry in entries]
    primary = sum(labels[:1] == (entry["primary"],) for entry, labels in zip(entries, said, strict=True))
    wanted = [(slug, labels) for entry, labels in zip(entries, said, strict=True) for slug in entry["required"]]
    assert primary / len(entries) >= 0.75
    assert sum(slug in labels for slug, labels in wanted) / len(wanted) >= 0.88


def test_sort__under_a_millisecond_an_item() -> None:
    digest = _digest(*(_item(title, body * 4) for _, title, body in SAMPLES), listed=("芯片技术",))
    taxonomy = default_taxonomy()
    spent = []
    for _ in range(10):
        begun = time.thread_time()
        sort(digest, taxonomy)
        spent.append(time.thread_time() - begun)
    assert min(spent) / len(SAMPLES) < 0.001
