"""Sample documents of our own, in the shapes publishers write them; other tests may borrow them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

DAY = "2025-10-12"


@dataclass(frozen=True, kw_only=True)
class Story:
    """An item before it is written down; an empty url is none."""

    title: str
    url: str = ""
    body: tuple[str, ...] = ()


STORIES = (
    Story(
        title="海湾小城用旧港口建起潮汐数据中心",
        url="https://example.com/tide?from=feed",
        body=("小城把停用的船坞改成机房，**每天两次**借潮水散热。", "首批机柜将在明年春天通电。"),
    ),
    Story(
        title="“读谱机”学会即兴：Étude 2 发布",
        url="https://example.com/etude",
        body=("新模型会听伴奏**“再”**落笔，乐手称它**《像个学生》**。",),
    ),
    Story(
        title="低温芯片在零下 40 度跑完一整夜",
        url="https://example.com/cold",
        body=("团队在冰屋里放了三块板子，只有一块**（编号 7）**重启过。",),
    ),
)

LEAD = "今天的新闻一冷一热：**“潮汐”**在降温，乐谱在升温。"
COMMENTARY = ("三件小事放在一起看，都在问同一个问题。", "省下来的电，最后用在了哪里？")


def seed_like(stories: Sequence[Story] = STORIES, *, day: str = DAY, title: str = "每日一报", lead: str = LEAD) -> str:
    """Return a document in the format to serve first: front matter, lead, numbered items, commentary."""
    head = f'---\ntitle: "{title}"\ndate: {day}T08:30:00+08:00\ncategories: ["AI产业", "芯片技术"]\n---'
    return "\n\n".join([head, lead, "---", indented(stories), "---", *COMMENTARY]) + "\n"


def indented(stories: Sequence[Story]) -> str:
    """Return `1. [**title**](url)` items with their body beneath, indented."""
    return "\n\n".join(
        "\n\n".join([f"{number}. {_linked(story, '**')}", *(f"    {text}" for text in story.body)])
        for number, story in enumerate(stories, 1)
    )


def ideographic(stories: Sequence[Story]) -> str:
    """Return `1、[title](url)` items, the body on the lines after."""
    return _flat(stories, lambda number, story: f"{number}、{_linked(story)}", "\n")


def bracketed(stories: Sequence[Story]) -> str:
    """Return `1）**[title](url)**` items."""
    return _flat(stories, lambda number, story: f"{number}）**{_linked(story)}**", "\n\n")


def wrapped(stories: Sequence[Story]) -> str:
    """Return `（1）[title](url)` items."""
    return _flat(stories, lambda number, story: f"（{number}）{_linked(story)}", "\n\n")


def pinned(stories: Sequence[Story]) -> str:
    """Return `📌 **1. title**` items with the link on the next line."""
    return _flat(stories, _pin, "\n\n")


def headed(stories: Sequence[Story]) -> str:
    """Return `### 1. [title](url)` items."""
    return _flat(stories, lambda number, story: f"### {number}. {_linked(story)}", "\n\n")


def sectioned(stories: Sequence[Story]) -> str:
    """Return items under section headings, the numbers starting anew in each."""
    return "\n\n".join(
        f"## 栏目{letter}\n\n{indented([story])}" for letter, story in zip("甲乙丙丁戊己庚辛", stories, strict=False)
    )


def bulleted(stories: Sequence[Story]) -> str:
    """Return `- [title](url) text` items under a section heading."""
    lines = [f"- {_linked(story)} {''.join(story.body)}" for story in stories]
    return "\n".join(["## 芯片技术", *lines])


SHAPES: tuple[Callable[[Sequence[Story]], str], ...] = (
    indented,
    ideographic,
    bracketed,
    wrapped,
    pinned,
    headed,
    sectioned,
    bulleted,
)


def without_front_matter(body: str, *, title: str = f"# {DAY} 每日一报") -> str:
    """Return a document whose title and date stand in its first line only."""
    return "\n\n".join([title, LEAD, "---", body, "---", *COMMENTARY]) + "\n"


def _flat(stories: Sequence[Story], start: Callable[[int, Story], str], gap: str) -> str:
    return "\n\n".join(gap.join([start(number, story), *story.body]) for number, story in enumerate(stories, 1))


def _pin(number: int, story: Story) -> str:
    link = f"\n[阅读原文]({story.url})" if story.url else ""
    return f"📌 **{number}. {story.title}**{link}"


def _linked(story: Story, bold: str = "") -> str:
    return f"[{bold}{story.title}{bold}]({story.url})" if story.url else f"**{story.title}**"
