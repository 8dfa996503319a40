"""A week as it looks; the golden files are read by people, and change only on purpose."""

from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from adapters.discord import DiscordDialect
from adapters.telegram import TelegramDialect
from adapters.wecom import WecomDialect
from bot import categories, markdown
from bot.categories import default_taxonomy
from bot.contract import Dialect
from bot.models import Button, Category, Part, Reply, Week, WeekEdition
from bot.render import Renderer
from bot.weeks import gather
from tests.unit.rendered import links_in, parse, telegram, within
from tests.unit.weekly import WEEK, day, story

TESTS = Path(__file__).parents[1]
RENDERER = Renderer(TESTS.parent / "templates")
TAXONOMY = default_taxonomy()
ORDER = [category.slug for category in TAXONOMY.categories]
SAMPLES = sorted((TESTS.parent / "digests").glob("*.md"))
TELEGRAM = TelegramDialect()
CHIP = "澜石微电子首颗3nm推理芯片流片成功"
CATEGORIES = (Category(slug="chips", zh="芯片技术", en="Chips"), Category(slug="policy", zh="政策监管", en="Policy"))


def sample_week() -> WeekEdition:
    digests = [categories.sort(markdown.parse(path.read_bytes()).digest, TAXONOMY).digest for path in SAMPLES]
    return gather(Week.of(digests[0].day), digests, order=ORDER)


def small() -> WeekEdition:
    """A week of our own that no taxonomy sorts: three categories, one story on two days, one without a link."""
    days = [
        day(
            1,
            story(CHIP, "chips", url="https://example.com/1?a=1&b=2", body="先说一句。再说一句。"),
            story("无链接 <的>", "policy"),
        ),
        day(
            2,
            story(f"更新：{CHIP}，明年量产", "chips", url="https://example.com/2", body="又说一句！"),
            story("其余", url="https://example.com/3"),
        ),
        day(7, story("周日的事", "chips", url="https://example.com/4")),
    ]
    return gather(WEEK, days, order=["chips", "policy"])


def rendered(edition: WeekEdition, dialect: Dialect, language: str = "zh-CN") -> tuple[Part, ...]:
    return RENDERER.edition(edition, dialect, language, categories=CATEGORIES)


@pytest.mark.parametrize(
    ("dialect", "golden"),
    [
        (TelegramDialect(), "telegram-week.html"),
        (DiscordDialect(), "discord-week.txt"),
        (WecomDialect(), "wecom-week.md"),
    ],
    ids=lambda value: getattr(value, "platform", None),
)
def test_week__reads_as_it_was_approved(dialect: Dialect, golden: str) -> None:
    (part,) = rendered(small(), dialect)
    assert part.markup + "\n" == (TESTS / "golden" / golden).read_text(encoding="utf-8")
    assert part.about is not None
    assert (part.about.day, part.about.title) == (WEEK.sunday, "一周回顾 · 2025年10月6日–12日")


def test_week__in_english() -> None:
    (part,) = rendered(small(), TELEGRAM, "en")
    lines = part.markup.splitlines()
    assert lines[0] == "<b>The week, 6–12 Oct 2025</b>"
    assert [line for line in lines if line.startswith("<b>")][1:] == ["<b>Chips</b>", "<b>Policy</b>", "<b>Other</b>"]
    assert " · Mon–Tue" in part.markup


@pytest.mark.parametrize(("dialect", "most"), [(TELEGRAM, 2), (DiscordDialect(), 2), (WecomDialect(), 4)])
def test_week__of_seven_full_days_is_a_few_messages(dialect: Dialect, most: int) -> None:
    parts = RENDERER.edition(sample_week(), dialect, "zh-CN", categories=TAXONOMY.categories)
    assert len(parts) <= most
    assert all(within(part, dialect) for part in parts)


def test_week__telegram_takes_it_with_all_its_links() -> None:
    edition = sample_week()
    parts = RENDERER.edition(edition, TELEGRAM, "zh-CN", categories=TAXONOMY.categories)
    assert all(parse(part.markup)["@type"] == "formattedText" for part in parts)
    assert [url for url, _ in links_in(parts)] == [item.url for item in edition.items]


def test_week__no_category_stands_alone_at_the_end_of_a_message() -> None:
    edition = sample_week()
    for units in range(300, 1500, 50):
        parts = RENDERER.edition(edition, telegram((units, 100, 32768)), "zh-CN", categories=TAXONOMY.categories)
        names = {f"<b>{category.zh}</b>" for category in TAXONOMY.categories}
        assert not {part.markup.splitlines()[-1] for part in parts} & names
        assert [url for url, _ in links_in(parts)] == [item.url for item in edition.items]


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.text(min_size=1, max_size=40), st.sampled_from(["chips", "policy"])), min_size=1, max_size=30)
)
def test_week__whatever_the_titles_every_part_is_within_its_limits(said: list[tuple[str, str]]) -> None:
    edition = gather(WEEK, [day(3, *(story(title, slug, url="https://example.com/x") for title, slug in said))])
    dialect = telegram((200, 100, 32768))
    for part in rendered(edition, dialect):
        assert within(part, dialect)
        assert parse(part.markup)["@type"] == "formattedText"


def test_reply__a_week_in_several_messages_brings_new_ones_by_its_buttons() -> None:
    button = Button(label="all", press="week all 2025-10-13")
    parts = RENDERER.reply(
        Reply(template="week", edition=sample_week(), buttons=((button,),)),
        telegram((1000, 100, 32768)),
        "zh-CN",
        categories=TAXONOMY.categories,
    )
    assert len(parts) > 2
    assert [[key.data for row in part.keys for key in row] for part in parts[-2:]] == [[], ["+week all 2025-10-13"]]
    assert parts[1].markup.startswith("<b>一周回顾 · 2025年10月13日–19日 (2/")
