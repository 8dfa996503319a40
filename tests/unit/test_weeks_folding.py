"""The same story on several days is one; different stories never are, however alike their titles look."""

import pytest

from bot.weeks import address_of, alike, gather, gist_of
from tests.unit.weekly import WEEK, day, ran, story, told

CHIP = "澜石微电子首颗3nm推理芯片流片成功，能效比提升六成"

SAME = [
    (CHIP, CHIP),
    (CHIP, "澜石微电子首颗3nm推理芯片流片成功"),
    (CHIP, "更新：澜石微电子首颗3nm推理芯片流片成功，能效比提升六成，明年量产"),
    (CHIP, "【快讯】澜石微电子首颗 3nm 推理芯片流片成功!"),
    ("河图社区发布“小满”模型的全部权重", "河图社区推出《小满》模型全部权重"),
    ("OpenAI宣布将收购数据公司麦穗", "ＯｐｅｎＡＩ收购数据公司麦穗"),
    ("Apple to buy Foo Labs, sources say", "Apple to buy Foo Labs"),
    ("Breaking: The EU adopts its AI Act", "EU adopts its AI act"),
]
DIFFERENT = [
    ("远帆智能完成B轮融资，估值二十亿元", "星桥智能完成B轮融资，估值二十亿元"),
    ("谷歌发布新一代图像生成模型，支持中文输入", "谷歌发布新一代视频生成模型，支持中文输入"),
    ("OpenAI开放GPT-5的企业版接口", "OpenAI开放GPT-5.5的企业版接口"),
    ("三星电子第三季度财报，营收大增", "三星电子第三季度财报，利润下滑"),
    ("欧盟议会通过人工智能责任法案", "欧盟议会未通过人工智能责任法案"),
    ("澜石微电子与三家服务器厂商签署协议", "澜石微电子与两家服务器厂商签署协议"),
    ("某公司裁员10,000人，股价大涨", "某公司裁员1,000人，股价大涨"),
    ("今日GitHub热门开源项目推荐", "今日GitHub热门开源项目推荐"),
    ("AI 行业早报：一周大事都在这里", "AI 行业早报：一周大事都在这里"),
    ("Weekly roundup: ten papers worth reading", "Weekly roundup: ten papers worth reading"),
    ("新模型发布", "新模型发布"),
    ("GPT-5 发布", "GPT-5 发布"),
    ("更新", "更新"),
    ("", ""),
    ("发布会", "发布会，澜石微电子首颗推理芯片流片成功"),
    ("Apple buys Foo Labs for a billion", "Apple buys Bar Labs for a billion"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_alike__the_same_with_other_details(one: str, other: str) -> None:
    assert alike(gist_of(one), gist_of(other))
    assert alike(gist_of(other), gist_of(one))


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_alike__a_word_makes_another_story(one: str, other: str) -> None:
    assert not alike(gist_of(one), gist_of(other))
    assert not alike(gist_of(other), gist_of(one))


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://www.Example.com/News/1/?utm_source=feed&id=3#top", "example.com/News/1?id=3"),
        ("http://example.com/News/1?id=3&utm_campaign=x", "example.com/News/1?id=3"),
        ("https://example.com/p?id=4", "example.com/p?id=4"),
        ("https://example.com/", ""),
        ("https://example.com/#today", ""),
        ("https://[broken/1", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_address__one_form_for_one_page(url: str | None, address: str) -> None:
    assert address_of(url) == address


def test_fold__the_same_page_under_another_title() -> None:
    first = day(1, story("旧矿坑里的数据中心", url="https://example.com/mine?utm_source=feed"))
    second = day(3, story("四年等来一条输电线", url="http://www.example.com/mine/"))
    assert ran(gather(WEEK, [first, second])) == {"四年等来一条输电线": [1, 3]}


def test_fold__a_page_of_many_stories_folds_nothing() -> None:
    url = "https://example.com/trending"
    first = day(1, story("one", url=url), story("two", url=url))
    second = day(2, story("three", url=url))
    assert len(ran(gather(WEEK, [first, second]))) == 3


def test_fold__a_home_page_folds_nothing() -> None:
    days = [day(number, story(f"story {number}", url="https://example.com/")) for number in (1, 2)]
    assert len(ran(gather(WEEK, days))) == 2


def test_fold__the_last_word_is_shown_with_all_its_days() -> None:
    days = [
        day(1, story(CHIP, "chips", url="https://a.example.com/1")),
        day(2, story("something else", "chips")),
        day(4, story("澜石微电子首颗3nm推理芯片流片成功", "industry", url="https://b.example.com/9")),
    ]
    edition = gather(WEEK, days)
    assert ran(edition) == {"澜石微电子首颗3nm推理芯片流片成功": [1, 4], "something else": [2]}
    assert told(edition)[1][0] == "industry"


def test_fold__two_things_of_one_day_stay_two() -> None:
    first = day(1, story(CHIP), story("更新：" + CHIP))
    second = day(2, story(CHIP))
    edition = gather(WEEK, [first, second])
    assert sorted(map(len, ran(edition).values())) == [1, 2]


def test_fold__no_chain_ties_what_has_nothing_in_common() -> None:
    one, other = "澜石微电子首颗推理芯片流片成功", "折纸科技创始人加盟澜石微电子"
    days = [day(1, story(one)), day(2, story(f"{one}，{other}")), day(3, story(other))]
    assert ran(gather(WEEK, days)) == {f"{one}，{other}": [1, 2], other: [3]}


def test_fold__only_what_the_chat_wants_counts() -> None:
    url = "https://example.com/runs"
    days = [day(1, story("first word", "policy", url=url)), day(2, story("second word", "chips", url=url))]
    assert ran(gather(WEEK, days, categories=frozenset({"policy"}))) == {"first word": [1]}
