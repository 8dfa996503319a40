"""Text stays text on Discord: read as Discord's Markdown reads it, nothing of it is obeyed."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.dialect import DiscordDialect, text_of
from bot.editions import cut
from bot.markdown import parse
from bot.models import Block, Edition, Format, Item, Part, Run
from bot.render import Renderer
from tests.fakes import TODAY

TESTS = Path(__file__).parents[1]
RENDERER = Renderer(TESTS.parent / "templates")
DISCORD = DiscordDialect()
LIVE = re.compile(r"(?<!\\)(?:\\\\)*([*_~|`<>\[\]@])")
"""A sign that Discord would obey."""


def edition(body: tuple[Block, ...], title: str = "Title", url: str | None = None) -> str:
    item = Item(number=1, title=title, url=url, body=body)
    parts = RENDERER.edition(Edition(day=TODAY, title="News", items=(item,), total=1), DISCORD, "en", categories=())
    return "\n".join(part.markup for part in parts)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("**bold** _it_ ~~no~~ ||spoiler|| `code`", r"\*\*bold\*\* \_it\_ \~\~no\~\~ \|\|spoiler\|\| \`code\`"),
        ("@everyone <@123> <#5> <t:1>", r"\@everyone \<\@123\> \<#5\> \<t:1\>"),
        ("# head", r"\# head"),
        ("-# small", r"\-# small"),
        ("> quote", r"\> quote"),
        ("- item\n+ item\n12. item", "\\- item\n\\+ item\n12\\. item"),
        ("[a](https://evil.example.com)", r"\[a\](https://evil.example.com)"),
        ("see https://example.com/a_b_c?x=1_2 _now_", r"see https://example.com/a_b_c?x=1_2 \_now\_"),
        ("back\\slash", r"back\\slash"),
        ("a\x00b\ud800c", "abc"),
    ],
)
def test_escape__signs(text: str, shown: str) -> None:
    assert DISCORD.escape(text) == shown


@given(st.text(alphabet=st.sampled_from("ab1 .\n*_~|`<>[]@#-+\\()：，中“”😀"), max_size=80))
def test_escape__nothing_is_obeyed_and_nothing_lost(text: str) -> None:
    escaped = str(DISCORD.escape(text))
    assert not LIVE.search(escaped)
    assert DISCORD.plain(escaped) == text
    assert text_of(escaped) == text


def test_measure__utf16_units_that_add_up() -> None:
    assert DISCORD.measure("a😀中") == (4,)
    assert DISCORD.measure("") == (0,)


def test_link__its_text_cannot_end_it_and_its_address_neither() -> None:
    markup = edition((), "A [b](https://evil.example.com) c] _d_", "https://example.com/a_(b)?c=d e")
    links = re.findall(r"\[([^\[\]]*)\]\((\S*?)\)", markup)
    assert links == [
        ("**A ［b］(https:\u200b//evil.example.com) c］ \\_d\\_**", "https://example.com/a_%28b%29?c=d%20e")
    ]


def test_link__that_discord_takes_no_link_for_is_written_out() -> None:
    assert "mail (mailto:a@b)" in text_of(edition((Block(runs=(Run(text="mail", url="mailto:a@b"),)),)))


def test_code__is_left_as_it_is_but_cannot_end() -> None:
    markup = edition((Block(runs=(Run(text="a_b*c` @x\\n", code=True),)),))
    assert "`a_b*cˋ @x\\n`" in markup


def test_quote__blank_lines_stay_in_it() -> None:
    quoted = Edition(
        day=TODAY,
        title="News",
        items=(Item(number=1, title="One"),),
        commentary=tuple(Block(runs=(Run(text=text),)) for text in ("First.", "Second.")),
        total=1,
    )
    (part,) = RENDERER.edition(quoted, DISCORD, "en", categories=())
    assert part.markup.endswith("> First.\n> \n> Second.")


def test_plain__links_are_written_out_where_they_fit() -> None:
    markup = edition((), "Title_", "https://example.com/a")
    assert "Title_ (https://example.com/a)" in DISCORD.plain(markup)


# ------------------------------------------------------------------ the seed


def seed(wanted: Format) -> tuple[Part, ...]:
    name = "2025-10-12.md"
    digest = parse((TESTS / "seed" / name).read_bytes(), name=name).digest
    assert digest is not None
    return RENDERER.edition(cut(digest, format=wanted), DISCORD, "zh-CN", categories=())


@pytest.mark.parametrize(
    ("wanted", "golden"),
    [(Format.FULL, "discord-2025-10-12.txt"), (Format.BRIEF, "discord-2025-10-12-brief.txt")],
)
def test_seed__reads_as_it_was_approved(wanted: Format, golden: str) -> None:
    (part,) = seed(wanted)
    assert part.markup + "\n" == (TESTS / "golden" / golden).read_text(encoding="utf-8")
    assert DISCORD.measure(part.markup) <= DISCORD.limits
