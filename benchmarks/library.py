"""Digests to measure with: written by rote, no two alike, in the format publishers use."""

import random
from collections.abc import Iterator
from datetime import date, timedelta

_WHO = (
    "澜石微电子",
    "河图社区",
    "青岚实验室",
    "白鹭笔记",
    "松果汽车",
    "远帆智能",
    "北辰大学",
    "云岫数据",
    "赤松资本",
    "星槎机器人",
    "南屏医院",
    "麦浪农机",
    "Kestrel Labs",
    "Northwind AI",
    "Larkspur Robotics",
    "Quartz Compute",
)
_WHAT = (
    "发布新一代推理芯片",
    "开放语言模型权重",
    "完成新一轮融资",
    "公布机械臂示教方法",
    "上线会议纪要助手",
    "修补提示词注入漏洞",
    "启动智算中心二期工程",
    "推出车载语音助理",
    "公开多模态评测基准",
    "与三所高校共建实验室",
    "下调接口价格",
    "就生成内容标识征求意见",
    "把翻译模型搬上手机",
    "演示自动驾驶夜间泊车",
    "发布开源训练框架",
)
_HOW = (
    "官方给出的数字是提升{n}%，独立测试还要等到下个月。",
    "项目负责人说，前{n}家客户将在本季度内接入，其余排队等候。",
    "据称，同样的任务如今只需**{n}分钟**，此前要半天。",
    "这笔投入约为{n}亿元，分三期完成，首期年内开工。",
    "论文列出了{n}种失败的情形，其中近半与光照有关。",
    "社区在一天之内提交了{n}个修正，维护者合并了其中大半。",
    "文档里特别提醒：数据默认留在本机，上传需要逐次确认。",
    "业内人士认为，价格战会把小团队推向更专的场景。",
    "配套的电力由近海风场供应，余热接入城市供暖。",
    "They shipped {n} fixes in one week and wrote down what each of them was for.",
)
_LEAD = "今天的消息集中在{a}与{b}两处：前者谈的是成本，后者谈的是信任。两条线各走各的，却在同一张桌子上碰头。"
_END = "把{a}和{b}放在一起读，才看得出这一天的分量。算力会变便宜，信任不会自己长出来。"
_TITLE = "{day:%Y.%m.%d} 科技晨报"
_LISTS = ("芯片技术", "开源生态", "产品应用", "安全伦理", "AI产业", "技术前沿", "企业动态", "政策法规")


def digests(count: int, *, last: date) -> Iterator[tuple[str, bytes]]:
    """Yield file name and content of `count` daily digests up to `last`, the oldest first; always the same ones."""
    for back in range(count - 1, -1, -1):
        day = last - timedelta(days=back)
        yield f"{day}.md", document(day, items=size(day))


def size(day: date) -> int:
    """Return how many items the digest of `day` has."""
    return random.Random(f"items {day}").randint(8, 12)


def document(day: date, *, items: int, sentences: int = 3) -> bytes:
    """Return the digest of `day`: with `items` stories of about `sentences` sentences each."""
    dice = random.Random(day.toordinal())
    first, second = dice.sample(_WHO, 2)
    listed = ", ".join(f'"{name}"' for name in dice.sample(_LISTS, 4))
    head = f'---\ntitle: "{_TITLE.format(day=day)}"\ndate: {day}T08:30:00+08:00\ncategories: [{listed}]\n---'
    stories = "\n\n".join(_story(dice, day, number, sentences) for number in range(1, items + 1))
    lead, end = _LEAD.format(a=first, b=second), _END.format(a=first, b=second)
    return f"{head}\n\n{lead}\n\n---\n\n{stories}\n\n---\n\n{end}\n".encode()


def _story(dice: random.Random, day: date, number: int, sentences: int) -> str:
    who = dice.choice(_WHO)
    title = f"{who}{dice.choice(_WHAT)}（{dice.randint(2, 9)}号案例）"
    body = "".join(line.format(n=dice.randint(3, 97)) for line in dice.sample(_HOW, min(sentences, len(_HOW))))
    url = f"https://example.com/{day:%Y/%m/%d}/{number}"
    return f"{number}.  [**{title}**]({url})\n\n    **{who}**{dice.choice(_WHAT)}。{body}"
