"""`show`: exactly what is sent, and how it looks here."""

import asyncio
import re
from datetime import date

import pytest

from adapters.telegram import TelegramDialect
from bot.app import TEMPLATES
from bot.delivery import Order, compose
from bot.models import Format, Part
from bot.render import Renderer
from bot.store import Store
from tests.unit.commandline import SAMPLE, SEED, CommandLine


async def _sent(url: str, categories: frozenset[str], format_: Format, language: str) -> tuple[Part, ...]:
    store = await Store.open(url)
    try:
        published = await store.digests.publications([date(2025, 10, 12)])
        revision = published[date(2025, 10, 12)].revision_id
        order = Order(revision_id=revision, categories=categories, format=format_, language=language)
        return await compose(store, Renderer(TEMPLATES), TelegramDialect(), order)
    finally:
        await store.close()


def test_show__json_is_exactly_what_is_sent(digestbot: CommandLine) -> None:
    digestbot("load", SEED, SAMPLE)
    shown = digestbot("show", "2025-10-12", "--platform", "telegram", "--json").json
    sent = asyncio.run(_sent(digestbot.url, frozenset(), Format.FULL, "zh-CN"))
    assert [(one["number"], one["of"], one["markup"]) for one in shown] == [
        (part.number, part.of, part.markup) for part in sent
    ]
    keys = [[{"label": key.label, "data": key.data} for key in row] for row in sent[-1].keys]
    assert shown[-1]["keys"] == keys
    assert keys
    assert all(size <= limit for one in shown for size, limit in zip(one["size"], one["limits"], strict=True))


def test_show__a_category_by_any_name_a_format_and_a_language(digestbot: CommandLine) -> None:
    digestbot("load", SEED)
    wish = ("show", "10-12", "-p", "telegram", "-f", "headlines", "-l", "en", "--json")
    sent = asyncio.run(_sent(digestbot.url, frozenset({"chips"}), Format.HEADLINES, "en"))
    expected = [part.markup for part in sent]
    assert expected
    for name in ("芯片技术", "chips", "Chips", "#芯片"):
        digestbot("load", SEED)
        found = digestbot(wish[0], "2025-10-12", *wish[2:], "-c", name)
        assert [one["markup"] for one in found.json] == expected


def test_show__without_a_day_the_newest_as_it_looks_here(digestbot: CommandLine) -> None:
    digestbot("load", SEED, SAMPLE)
    ended = digestbot("show")
    assert ended.code == 0
    assert "2025.10.13 全球AI新闻速递" in ended.out
    assert "[1] ‹ 10月12日" in ended.out
    assert "\x1b" not in ended.out, "a pipe gets no styles"


def test_show__another_platform_letter_for_letter(digestbot: CommandLine) -> None:
    digestbot("load", SEED)
    ended = digestbot("show", "-p", "telegram")
    assert "part 1 of 1 · size " in ended.out
    assert '<a href="' in ended.out
    assert "[芯片技术]" in ended.out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("-c", "芯片技朮"), 2, "did you mean chips (芯片技术)"),
        (("-c", "zzz"), 2, "there are "),
        (("-p", "pager"), 2, "telegram, discord, wecom, console"),
        (("-f", "tiny"), 2, "headlines"),
        (("-l", "fr"), 2, "zh-CN"),
        (("rubbish",), 2, "is not a day"),
        (("2025-10-32",), 2, "is not a day"),
        (("2030-01-01",), 1, "the nearest: 2025-10-12"),
        (("tomorrow",), 1, "the nearest: 2025-10-12"),
    ],
)
def test_show__a_wrong_wish_is_answered(digestbot: CommandLine, words: tuple[str, ...], code: int, said: str) -> None:
    digestbot("load", SEED)
    ended = digestbot("show", *words)
    assert (ended.code, ended.out) == (code, "")
    assert said in ended.err


def test_show__an_empty_archive_says_what_to_do(digestbot: CommandLine) -> None:
    digestbot.make_database()
    ended = digestbot("show")
    assert ended.code == 1
    assert "digestbot load" in ended.err


def test_show__nothing_in_the_category_is_no_message(digestbot: CommandLine) -> None:
    digestbot("load", digestbot.write("2025-05-06.md", "1. [**a chip** #芯片技术](https://example.com/a)\n\n   b\n"))
    assert digestbot("show", "-c", "chips", "--json").json
    ended = digestbot("show", "-c", "policy")
    assert (ended.code, ended.out) == (0, "")
    assert "no message" in ended.err
    assert digestbot("show", "-c", "policy", "--json").json == []


def test_show__cards_are_measured_as_cards(digestbot: CommandLine) -> None:
    digestbot("load", SEED)
    wish = ("show", "2025-10-12", "-p", "wecom", "-f", "news")
    parts = [part for part in digestbot(*wish, "--json").json if "cards" in part]
    assert parts
    for part in parts:
        longest = [max(len(card[name].encode()) for card in part["cards"]) for name in ("title", "description")]
        assert part["size"] == [len(part["cards"]), *longest]
        assert part["limits"] == [8, 128, 512]
    assert re.search(r"part \d of \d · size \d/8, \d+/128, \d+/512", digestbot(*wish).out)
