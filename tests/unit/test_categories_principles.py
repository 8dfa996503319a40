"""What the taxonomy that comes with the bot knows of the world: the subject, not single headlines."""

import time
from pathlib import Path

import pytest
import yaml

from bot.categories import default_taxonomy, sort
from tests.unit.labelling import digest_of, labels_of, story

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
    assert labels_of(story(title, body))[0] == slug


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
    labels = labels_of(story(title, body))
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
    assert wanted <= set(labels_of(story(title, body)))


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
    assert "chips" not in labels_of(story(title, body), listed=("芯片技术",))


def test_sort__a_word_across_two_others_says_nothing() -> None:
    """Neither an open letter is in 公开信贷, nor weights of a model in those of a score."""
    title, body = "首家企业依照法案公开信贷算法", "银行公开了信贷评分算法的输入项与权重，监管机构称赞其为范本。"
    assert not set(labels_of(story(title, body))) & {"safety", "open-source"}
    assert "safety" in labels_of(story("三百名研究者发表公开信，呼吁暂停研发", "公开信说，风险还没有人弄清。"))
    assert "open-source" in labels_of(story("松果智能公开模型权重", "权重已放到社区，任何人都能下载。"))


def test_default_taxonomy__right_as_often_as_promised_on_items_it_was_not_tuned_with() -> None:
    path = Path(__file__).parents[2] / "benchmarks" / "items" / "test.yaml"
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    said = [labels_of(story(entry["title"], entry["body"])) for entry in entries]
    primary = sum(labels[:1] == (entry["primary"],) for entry, labels in zip(entries, said, strict=True))
    wanted = [(slug, labels) for entry, labels in zip(entries, said, strict=True) for slug in entry["required"]]
    assert primary / len(entries) >= 0.75
    assert sum(slug in labels for slug, labels in wanted) / len(wanted) >= 0.88


def test_sort__under_a_millisecond_an_item() -> None:
    digest = digest_of(*(story(title, body * 4) for _, title, body in SAMPLES), listed=("芯片技术",))
    taxonomy = default_taxonomy()
    spent = []
    for _ in range(10):
        begun = time.thread_time()
        sort(digest, taxonomy)
        spent.append(time.thread_time() - begun)
    assert min(spent) / len(SAMPLES) < 0.001
