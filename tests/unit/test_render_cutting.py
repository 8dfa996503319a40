"""Parts: every item once, in order, within the limits, whatever the platform counts in."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.telegram.dialect import TelegramDialect, text_of
from bot.contract import Size
from bot.editions import sentence_ends
from bot.models import Block, BlockKind, Edition, Item, Reply, Run
from bot.render import Renderer
from tests.unit.dialects import TerminalDialect
from tests.unit.rendered import below_the_title, links_in, parse, squeezed, telegram, within

TEMPLATES = Path(__file__).parents[2] / "templates"
RENDERER = Renderer(TEMPLATES)
OVERHEAD = 90
"""Room for the short title, numbers and quote bars of a part."""

characters = st.sampled_from(
    [
        *"智能芯片产业今日。！？；，“”（）",
        *"abc ABC 12.3, &<>*_[]\"'\n",
        "é",
        "e\u0301",
        "👩‍👩‍👧‍👦",
        "👍🏽",
        "🇨🇳",
        "한",
        "1️⃣",
        "😀",
    ]
)
texts = st.lists(characters, min_size=1, max_size=60).map("".join).filter(lambda text: text.strip() == text)
urls = st.none() | st.integers(0, 10**6).map("https://example.com/p?a={}&b=\"'<".format)
runs = st.builds(Run, text=texts, bold=st.booleans(), italic=st.booleans(), strike=st.booleans(), url=urls)
code = st.builds(Run, text=texts, code=st.just(True))  # noqa: FBT003
blocks = st.builds(
    Block,
    kind=st.sampled_from([kind for kind in BlockKind if kind not in (BlockKind.IMAGE, BlockKind.CODE)]),
    runs=st.lists(runs | code, min_size=1, max_size=4).map(tuple),
) | st.builds(Block, kind=st.just(BlockKind.CODE), runs=st.tuples(code))
bullets = st.builds(
    Block, kind=st.just(BlockKind.BULLET), runs=st.tuples(runs), marker=st.just("•"), depth=st.integers(0, 2)
)
bodies = st.lists(blocks | bullets, max_size=4).map(tuple)
titles = st.lists(characters, min_size=1, max_size=30).map("".join).filter(lambda t: t.strip() == t and "\n" not in t)
items = st.builds(Item, number=st.just(0), title=titles, url=urls, body=bodies)


@st.composite
def editions(draw: st.DrawFn) -> Edition:
    stories = draw(st.lists(items, min_size=1, max_size=5))
    numbered = [
        Item(number=place, title=item.title, url=item.url, body=item.body) for place, item in enumerate(stories, 1)
    ]
    return Edition(
        day=date(2025, 10, 12),
        title=draw(titles),
        lead=draw(bodies),
        items=tuple(numbered),
        commentary=draw(bodies),
        total=len(numbered),
    )


def told(block: Block) -> str:
    return squeezed(block.marker + block.text)


def story(item: Item) -> str:
    return squeezed(f"{item.number}.{item.title}") + "".join(map(told, item.body))


def whole(edition: Edition, of: int) -> str:
    mark = f"(1/{of})" if of > 1 else ""
    lead, commentary = ("".join(map(told, part)) for part in (edition.lead, edition.commentary))
    return squeezed(edition.title) + mark + lead + "".join(map(story, edition.items)) + commentary


def links_of(edition: Edition) -> list[tuple[str, str]]:
    found = []
    for block in edition.lead:
        found += [(run.url, run.text) for run in block.runs if run.url]
    for item in edition.items:
        found += [(item.url, item.title)] if item.url else []
        found += [(run.url, run.text) for block in item.body for run in block.runs if run.url]
    for block in edition.commentary:
        found += [(run.url, run.text) for run in block.runs if run.url]
    return [(url, squeezed(text)) for url, text in found]


def merged(links: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Neighbours to one address joined: a link cut in two reads as the one it was."""
    joined: list[tuple[str, str]] = []
    for url, text in links:
        if joined and joined[-1][0] == url:
            joined[-1] = (url, joined[-1][1] + text)
        else:
            joined.append((url, text))
    return joined


@settings(max_examples=60, deadline=None)
@given(editions(), st.sampled_from([(200, 100, 32768), (160, 7, 2000), (400, 20, 900), (4096, 100, 32768)]))
def test_cutting__telegram(edition: Edition, limits: Size) -> None:
    dialect = telegram(limits)
    parts = RENDERER.edition(edition, dialect, "en", categories=())
    texts = [text_of(part.markup) for part in parts]

    assert [(part.number, part.of) for part in parts] == [(n, len(parts)) for n in range(1, len(parts) + 1)]
    assert all(within(part, dialect) for part in parts)
    assert all(parse(part.markup)["@type"] == "formattedText" for part in parts)
    assert all(f"({part.number}/{part.of})" in part.markup for part in parts if part.of > 1)
    bodies = below_the_title(texts)
    assert squeezed("".join(bodies)) == whole(edition, len(parts))
    assert merged(links_in(parts)) == merged(links_of(edition))
    assert all(squeezed(body) for body in bodies)
    assert squeezed(texts[0]).removeprefix(squeezed(edition.title)).removeprefix(f"(1/{len(parts)})")
    assert not any(
        unicodedata.category(line[0]) in ("Mn", "Me") or line[0] == "\u200d"
        for text in texts
        for line in text.split("\n")
        if line
    )


@settings(max_examples=60, deadline=None)
@given(editions(), st.sampled_from([300, 500, 2048]))
def test_cutting__utf8_bytes(edition: Edition, limit: int) -> None:
    dialect = TerminalDialect(limits=(limit,))
    parts = RENDERER.edition(edition, dialect, "zh-CN", categories=())
    texts = [dialect.plain(re.sub("\x1b\\[34m.*?\x1b\\[39m", "", part.markup, flags=re.DOTALL)) for part in parts]

    assert all(within(part, dialect) for part in parts)
    assert squeezed("".join(below_the_title(texts)).replace("▎", "")) == whole(edition, len(parts))


@settings(max_examples=60, deadline=None)
@given(editions(), st.sampled_from([200, 400]))
def test_cutting__an_item_that_fits_is_whole(edition: Edition, limit: int) -> None:
    parts = RENDERER.edition(edition, telegram((limit, 100, 32768)), "en", categories=())
    texts = [squeezed(text_of(part.markup)) for part in parts]
    for item in edition.items:
        lone = Edition(day=edition.day, title="", items=(item,), total=1)
        (units, *_) = TelegramDialect().measure(
            "".join(part.markup for part in RENDERER.edition(lone, TelegramDialect(), "en", categories=()))
        )
        if item is not edition.items[0] and units + OVERHEAD <= limit:
            assert any(story(item) in text for text in texts)


def long_edition(body: str, *, url: str | None = None, title: str = "Digest") -> Edition:
    item = Item(number=1, title="One story", body=(Block(runs=(Run(text=body, url=url),)),))
    return Edition(day=date(2025, 10, 12), title=title, items=(item,), total=1)


def test_cutting__a_long_item_ends_at_sentences() -> None:
    body = "这是第一句，说得不短也不长。Here is another of 1.5 lines, e.g. this! 还有“引用的话。”" * 30
    parts = RENDERER.edition(long_edition(body), telegram((300, 100, 32768)), "zh", categories=())
    ends = {squeezed(body[:end]) for end in sentence_ends(body)}
    assert len(parts) > 5
    told_so_far = ""
    for part, text in zip(parts, below_the_title([text_of(part.markup) for part in parts]), strict=True):
        told_so_far += squeezed(text)
        assert told_so_far.removeprefix(f"Digest(1/{len(parts)})1.Onestory") in ends, part.number


def test_cutting__paragraph_ends_come_before_sentence_ends() -> None:
    body = tuple(Block(runs=(Run(text="One sentence. " * 4 + f"End {number}."),)) for number in range(8))
    item = Item(number=1, title="x", body=body)
    edition = Edition(day=date(2025, 10, 12), title="t", items=(item,), total=1)
    parts = RENDERER.edition(edition, telegram((200, 100, 32768)), "en", categories=())
    assert len(parts) > 2
    assert all(re.search(r"End \d\.$", part.markup) for part in parts)


def test_cutting__a_bullet_cut_in_two_has_one_marker() -> None:
    bullet = Block(kind=BlockKind.BULLET, marker="•", runs=(Run(text="A sentence of a list. " * 30),))
    item = Item(number=1, title="x", body=(bullet,))
    edition = Edition(day=date(2025, 10, 12), title="t", items=(item,), total=1)
    parts = RENDERER.edition(edition, telegram((200, 100, 32768)), "en", categories=())
    assert len(parts) > 2
    assert sum(part.markup.count("•") for part in parts) == 1


def test_cutting__no_cut_inside_a_word_where_a_space_is_near() -> None:
    parts = RENDERER.edition(long_edition("interesting words " * 80), telegram((200, 100, 32768)), "en", categories=())
    assert len(parts) > 5
    assert all(re.search(r"(interesting|words)\s*$", part.markup) for part in parts)


def test_cutting__a_link_too_long_alone_becomes_links_to_the_same_address() -> None:
    url = "https://example.com/long?x=1&y=2"
    parts = RENDERER.edition(long_edition("链接" * 300, url=url), telegram((200, 100, 32768)), "en", categories=())
    found = links_in(parts)
    assert len(found) > 2
    assert {address for address, _ in found} == {url}
    assert "".join(text for _, text in found) == "链接" * 300


def test_cutting__a_link_that_fits_is_never_cut() -> None:
    link = Run(text="a link of many words. Even of two sentences", url="https://example.com/")
    runs = tuple(run for _ in range(20) for run in (Run(text="some text "), link))
    item = Item(number=1, title="x", body=(Block(runs=runs),))
    edition = Edition(day=date(2025, 10, 12), title="t", items=(item,), total=1)
    parts = RENDERER.edition(edition, telegram((130, 100, 32768)), "en", categories=())
    assert links_in(parts) == [("https://example.com/", squeezed(link.text))] * 20


def test_cutting__an_address_longer_than_a_message_is_written_out() -> None:
    url = "https://example.com/" + "x" * 40_000
    parts = RENDERER.edition(long_edition("here", url=url), TelegramDialect(), "en", categories=())
    assert all(within(part, TelegramDialect()) for part in parts)
    assert url in squeezed("".join(below_the_title([text_of(part.markup) for part in parts])))


def test_cutting__a_title_longer_than_a_message() -> None:
    title = "很长的标题" * 100
    parts = RENDERER.edition(long_edition("Body.", title=title), telegram((200, 100, 32768)), "zh", categories=())
    assert all(within(part, telegram((200, 100, 32768))) for part in parts)
    texts = below_the_title([text_of(part.markup) for part in parts])
    assert squeezed("".join(texts)).replace(f"(1/{len(parts)})", "") == title + "1.OnestoryBody."


def test_cutting__a_character_longer_than_a_message() -> None:
    body = "e" + "\u0301" * 1000
    parts = RENDERER.edition(long_edition(body), telegram((200, 100, 32768)), "en", categories=())
    assert all(within(part, telegram((200, 100, 32768))) for part in parts)
    assert sum(part.markup.count("\u0301") for part in parts) == 1000


def test_cutting__more_than_a_hundred_parts() -> None:
    parts = RENDERER.edition(long_edition("Words. " * 2000), telegram((110, 100, 32768)), "en", categories=())
    assert len(parts) > 99
    assert all(within(part, telegram((110, 100, 32768))) for part in parts)
    assert f"({len(parts)}/{len(parts)})" in parts[-1].markup


def test_cutting__more_entities_than_a_message_keeps() -> None:
    runs = tuple(run for n in range(150) for run in (Run(text=f"bold{n}", bold=True), Run(text=" plain. ")))
    item = Item(number=1, title="x", body=(Block(runs=runs),))
    edition = Edition(day=date(2025, 10, 12), title="t", items=(item,), total=1)
    parts = RENDERER.edition(edition, TelegramDialect(), "en", categories=())
    assert len(parts) == 2
    assert all(TelegramDialect().measure(part.markup)[1] <= 100 for part in parts)
    assert sum(part.markup.count("<b>bold") for part in parts) == 150


def test_cutting__limits_below_one_character() -> None:
    with pytest.raises(ValueError, match="not even a character"):
        RENDERER.edition(long_edition("Body."), telegram((3, 100, 32768)), "en", categories=())


def test_cutting__a_reply_between_lines(tmp_path: Path) -> None:
    (tmp_path / "replies").mkdir()
    (tmp_path / "markup").symlink_to(TEMPLATES / "markup")
    (tmp_path / "digest.j2").symlink_to(TEMPLATES / "digest.j2")
    (tmp_path / "replies/list.j2").write_text("{% for line in lines %}{{ m.bold(line) }} & more\n{% endfor %}")
    lines = [f"line {number}\nand below" for number in range(40)]
    dialect = telegram((200, 100, 32768))
    parts = Renderer(tmp_path).reply(Reply(template="list", values={"lines": lines}), dialect, "en", categories=())
    assert len(parts) > 3
    assert all(within(part, dialect) and parse(part.markup)["@type"] == "formattedText" for part in parts)
    assert "\n".join(part.markup for part in parts) == "\n".join(f"<b>{line}</b> &amp; more" for line in lines)


def test_cutting__a_line_of_a_reply_longer_than_a_message(tmp_path: Path) -> None:
    (tmp_path / "replies").mkdir()
    (tmp_path / "markup").symlink_to(TEMPLATES / "markup")
    (tmp_path / "digest.j2").symlink_to(TEMPLATES / "digest.j2")
    (tmp_path / "replies/say.j2").write_text("{{ m.quote(x) }}")
    dialect = telegram((200, 100, 32768))
    reply = Reply(template="say", values={"x": "words & more\n" * 100})
    parts = Renderer(tmp_path).reply(reply, dialect, "en", categories=())
    assert all(within(part, dialect) for part in parts)
    assert squeezed("".join(text_of(part.markup) for part in parts)) == "words&more" * 100
