"""How platforms' markup looks: faithful, and with nothing alive in it."""

import re
from collections.abc import Callable
from datetime import date
from html import unescape

import pytest

from bot.app import TEMPLATES
from bot.config import Settings
from bot.delivery import Cut, Manuscript
from bot.models import Block, BlockKind, Digest, Format, Item, Run
from bot.platforms import windows
from bot.render import Renderer
from bot.web import looks
from tests.unit.website import Elements

POISONS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<iframe src='https://evil.example'></iframe>",
    "<style>*{display:none}</style>",
    "<svg onload=alert(1)>",
    "[x](javascript:alert(1))",
    "<a href='javascript:alert(1)' onclick=alert(1)>x</a>",
    "</div></article><form action=https://evil.example><input>",
    "![x](https://evil.example/x.png)",
    "<javascript:alert(1)>",
    "```\n<script>alert(1)</script>\n```",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
]
DEAD = {"script", "img", "iframe", "style", "svg", "form", "input", "link", "meta", "object", "embed", "base"}


def discord(markup: str) -> str:
    return str(looks.discord({"embeds": [{"description": markup}]}))


def wecom(markup: str) -> str:
    return str(looks.wecom({"msgtype": "markdown", "markdown": {"content": markup}}))


def telegram(markup: str) -> str:
    return str(looks.telegram({"text": markup}))


def assert_dead(html: str) -> None:
    for tag, attributes in Elements(html).found:
        assert tag not in DEAD, html
        assert not [name for name in attributes if name.startswith("on") or name in {"style", "src", "srcdoc"}], html
        address = attributes.get("href") or "https://"
        assert address.startswith(("http://", "https://")), html


@pytest.mark.parametrize("poison", POISONS)
@pytest.mark.parametrize("draw", [discord, wecom, telegram])
def test_markup__nothing_in_it_lives_even_if_it_was_never_escaped(draw: Callable[[str], str], poison: str) -> None:
    assert_dead(draw(poison))
    assert_dead(draw(f"> {poison}\n\n1. [{poison}](https://example.com/a)\n{poison}"))


@pytest.mark.parametrize("poison", POISONS)
@pytest.mark.parametrize("format_", list(Format))
def test_digest__its_poison_is_shown_and_not_obeyed(poison: str, format_: Format) -> None:
    text = (Block(runs=(Run(text=poison), Run(text=poison, bold=True), Run(text=poison, code=True))),)
    block = (
        Block(kind=BlockKind.CODE, runs=(Run(text=poison),)),
        Block(kind=BlockKind.QUOTE, runs=(Run(text=poison),)),
    )
    items = (Item(number=1, title=poison, url="https://example.com/'\"><script>", body=(*text, *block)),)
    digest = Digest(day=date(2025, 10, 12), title=poison, lead=text, items=items, commentary=text)
    of = Manuscript(digest=digest, categories=(), before=None)
    cut = Cut(categories=frozenset(), format=format_, language="en")
    for window in windows(Settings()):
        for message in window.show(of, Renderer(TEMPLATES), cut).messages:
            assert_dead(message.drawn)
            if window.dialect.platform == "telegram":
                assert poison in unescape(re.sub("<[^>]*>", "", message.drawn))


def test_discord__a_number_makes_a_list_of_its_line_alone() -> None:
    html = discord("1. [**甲**](https://example.com/a)\n正文\n\n2. 乙\n正文")
    assert html.count("<ol") == 2
    assert '<ol start="2" class="gap">' in html
    assert "<li>乙</li>" in html
    assert "<p>正文</p>" in html


def test_discord__keeps_blank_lines_and_line_ends() -> None:
    assert discord("a\nb\n\nc") == '<p>a<br>\nb</p>\n<p class="gap">c</p>\n'


def test_discord__bold_beside_chinese_quotes() -> None:
    assert "<strong>“智能体”</strong>的" in discord("**“智能体”**的")


def test_discord__a_bare_address_is_a_link_and_ends_where_discord_ends_it() -> None:
    for tail in (")", "。", "，看", "<", "\\)", '"', "."):
        assert 'href="https://example.com/a_b_c"' in discord(f"看 https://example.com/a_b_c{tail}")
    assert discord("[https://a.example](https://b.example)").count("<a ") == 1
    assert "<a" not in discord("`https://example.com`")


def test_discord__levels_of_a_list_are_kept() -> None:
    assert "&nbsp;&nbsp;&nbsp;&nbsp;• 二" in discord("• 一\n    • 二")
    assert "<pre>" not in discord("段\n\n    • 二")


def test_discord__escapes_are_not_shown() -> None:
    assert discord("\\*a\\* \\<b\\>") == "<p>*a* &lt;b&gt;</p>\n"


def test_wecom__has_no_escapes_and_no_lists() -> None:
    assert wecom("1. a\\*") == "<p>1. a\\*</p>\n"
    assert "<h2>题</h2>" in wecom("## 题\n正文")


def test_telegram__a_quote_ends_its_line() -> None:
    assert telegram("a\n\n<blockquote>b</blockquote>\n\nc") == "a\n\n<blockquote>b</blockquote>\nc"
    assert '<blockquote expandable="">' in telegram("<blockquote expandable>b</blockquote>")


def test_links__lead_out_without_telling_where_from() -> None:
    (link,) = Elements(telegram('<a href="https://example.com">x</a>')).tagged("a")
    assert link == {"href": "https://example.com", "target": "_blank", "rel": "noopener noreferrer nofollow"}


def test_every_window__has_its_look() -> None:
    assert [window.dialect.platform for window in windows(Settings())] == list(looks.looks())
