"""Digests in one language alone, and what people type in it."""

from dataclasses import dataclass
from datetime import date

CHINESE = "zh-CN"


@dataclass(frozen=True, kw_only=True)
class Speech:
    """How people of one language write: to a bot that understands all of it but `nonsense`."""

    client: str
    nonsense: str
    rarity: str
    chips: str
    safety: str
    common: str
    many: str
    both_kinds_of_days: str
    past_absence: str
    timed_absence: str
    absence: str
    endless_absence: str
    person: str
    room: str


SPEECH = {
    CHINESE: Speech(
        client="zh-CN",
        nonsense="火星",
        rarity="独一无二",
        chips="芯片技术",
        safety="安全伦理",
        common="要点",
        many="一 二 三 四 五 六 七 八 九 十 甲 乙 丙 丁 戊 己 庚",
        both_kinds_of_days="工作日(调休) 周一到周五",
        past_absence="暂停到 2020-01-01",
        timed_absence="暂停到周五 17:00",
        absence="暂停三天",
        endless_absence="暂停",
        person="小林",
        room="读书会",
    ),
    "en": Speech(
        client="en-US",
        nonsense="mars",
        rarity="unique",
        chips="chips",
        safety="safety",
        common="points",
        many="a b c d e f g h i j k l m n o p q",
        both_kinds_of_days="workdays cn mon-fri",
        past_absence="pause until 2020-01-01",
        timed_absence="pause until Friday 5 pm",
        absence="pause 3 days",
        endless_absence="pause",
        person="Lin",
        room="Readers",
    ),
}


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A publisher who writes in one `language`."""

    language: str

    @property
    def speech(self) -> Speech:
        return SPEECH[self.language]

    def document(self, day: date, *, rarity: bool = False, sentences: int = 2, note: str = "") -> bytes:
        """Return a digest of four stories about chips and products; with a `rarity` a fifth that has the rare word."""
        names, chinese = ("芯片技术", "产品应用"), self.language == CHINESE
        slugs = names if chinese else ("chips", "products")
        items = [self._item(number, slugs[number % 2], sentences) for number in range(1, 5)]
        if rarity:
            items.append(self._item(5, slugs[0], sentences, self.speech.rarity))
        title, lead, end = (
            ("每日速递", "今天的要点都在这里。", "今天的话就说到这里。")
            if chinese
            else ("Daily digest", "The points of the day.", "That is all for today.")
        )
        listed = ", ".join(f'"{slug}"' for slug in slugs)
        head = f'---\ntitle: "{day:%Y.%m.%d} {title}"\ndate: {day}T06:40:00+08:00\ncategories: [{listed}]\n---\n\n'
        return f"{head}{lead}{note}\n\n---\n\n{''.join(items)}\n---\n\n{end}\n".encode()

    def _item(self, number: int, slug: str, sentences: int, rarity: str = "") -> str:
        if self.language == CHINESE:
            title, said = f"第{number}条{rarity} & <要闻>", "这是要点中的第{count}句话。"
        else:
            title, said = f"Story {number} {rarity} & <news>", "This is sentence {count} of the points. "
        body = "".join(said.format(count=count) for count in range(1, sentences + 1))
        return f"{number}.  [**{title}**](https://example.com/{number}?a=1&b=2)\n\n    {body} #{slug}\n\n"
