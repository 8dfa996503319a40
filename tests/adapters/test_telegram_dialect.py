"""Telegram's escaping and measure, judged by Telegram's own parser."""

import json
from typing import Any

import tdjson
from hypothesis import given
from hypothesis import strategies as st

from adapters.telegram import TelegramDialect

dialect = TelegramDialect()
tdjson.td_execute(json.dumps({"@type": "setLogVerbosityLevel", "new_verbosity_level": 0}).encode())

texts = st.text(st.characters(codec="utf-8"), max_size=40)
pieces = st.recursive(
    texts.map(lambda text: str(dialect.escape(text))),
    lambda inner: st.one_of(
        st.builds("<b>{}</b>".format, inner),
        st.builds("<i>{}</i>".format, inner),
        st.builds('<a href="https://example.com/?a=1&amp;b={}">{}</a>'.format, st.integers(0, 99), inner),
        st.lists(inner, max_size=3).map("".join),
    ),
    max_leaves=12,
)


def parsed(markup: str) -> dict[str, Any]:
    question = {"@type": "parseTextEntities", "text": markup, "parse_mode": {"@type": "textParseModeHTML"}}
    answer: dict[str, Any] = json.loads(tdjson.td_execute(json.dumps(question).encode()) or b"")
    assert answer["@type"] == "formattedText", answer
    return answer


@given(st.text(max_size=200))
def test_escape__shows_every_letter(text: str) -> None:
    spoken = "".join(c for c in text if (c >= " " or c in "\n\t") and not "\x7f" <= c <= "\x9f")
    spoken = "".join(c for c in spoken if not "\ud800" <= c <= "\udfff")

    assert parsed(str(dialect.escape(text)))["text"] == spoken


def test_escape__quotes_as_numbers() -> None:
    assert dialect.escape('<a href="x">O\'Neil & Co</a>') == (
        "&lt;a href=&quot;x&quot;&gt;O&#39;Neil &amp; Co&lt;/a&gt;"
    )


def test_escape__drops_what_no_client_shows() -> None:
    assert dialect.escape("a\0b\r\nc\td\x1be\ud83df") == "ab\nc\tdef"


@given(pieces)
def test_measure__never_less_than_telegram_counts(markup: str) -> None:
    units, entities, size = dialect.measure(markup)
    answer = parsed(markup)

    assert units == len(answer["text"].encode("utf-16-le")) // 2
    assert entities >= len(answer["entities"])
    assert size == len(markup.encode())


@given(pieces, pieces)
def test_measure__adds_up(left: str, right: str) -> None:
    together = dialect.measure(left + right)

    assert together == tuple(a + b for a, b in zip(dialect.measure(left), dialect.measure(right), strict=True))


def test_measure__counts_utf_16_units_tags_and_bytes() -> None:
    assert dialect.measure('<a href="https://example.com/"><b>芯片&amp;😀</b></a>') == (5, 2, 57)


def test_plain__writes_links_out() -> None:
    markup = '1. <b><a href="https://example.com/?a=1&amp;b=2">A &lt;title&gt;</a></b>\n<blockquote>x</blockquote>'

    assert dialect.plain(markup) == "1. A <title> (https://example.com/?a=1&b=2)\nx"


def test_plain__says_an_address_once() -> None:
    assert dialect.plain('<a href="https://example.com/">https://example.com/</a>') == "https://example.com/"


@given(texts)
def test_plain__undoes_the_escaping_once(text: str) -> None:
    shown = parsed(str(dialect.escape(text)))["text"]

    assert dialect.plain(str(dialect.escape(text))) == shown


def test_limits__are_those_of_a_message() -> None:
    assert dialect.limits == (4096, 100, 32768)
