"""The week on the command line: shown, told apart in `status`, and sent again."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from adapters.telegram import TelegramDialect
from bot.app import TEMPLATES
from bot.delivery import Planner, WeekOrder, compose_week
from bot.models import Chat, DeliveryState, Format, Part, Week
from bot.render import Renderer
from bot.store import Store
from tests.unit.commandline import ROOT, SEED, CommandLine
from tests.unit.weekly import weekly

SUNDAY = datetime(2025, 10, 19, 0, 30, tzinfo=UTC)
"""Half an hour past eight in Shanghai."""
WEEK = Week.of(SUNDAY.date())
SAMPLES = ROOT / "digests"


async def _sent(url: str, categories: frozenset[str], format_: Format, language: str) -> tuple[Part, ...]:
    store = await Store.open(url)
    try:
        published = await store.digests.publications(WEEK.days)
        ids = tuple(published[day].revision_id for day in sorted(published))
        order = WeekOrder(week=WEEK, revisions=ids, categories=categories, format=format_, language=language)
        return await compose_week(store, Renderer(TEMPLATES), TelegramDialect(), order)
    finally:
        await store.close()


def test_show__a_week_is_exactly_what_is_sent(digestbot: CommandLine) -> None:
    digestbot("load", SAMPLES, SEED)
    shown = digestbot("show", "2025-10-15", "--week", "-p", "telegram", "--json").json
    sent = asyncio.run(_sent(digestbot.url, frozenset(), Format.FULL, "zh-CN"))
    assert [one["markup"] for one in shown] == [part.markup for part in sent]
    keys = [key["data"] for row in shown[-1]["keys"] for key in row]
    assert keys[:2] == ["+week 2025-10-06", "+week ai-industry 2025-10-13"]
    wish = ("-c", "芯片技术", "-f", "headlines", "-l", "en")
    cut = digestbot("show", "2025-10-19", "--week", "-p", "telegram", *wish, "--json").json
    sent = asyncio.run(_sent(digestbot.url, frozenset({"chips"}), Format.HEADLINES, "en"))
    assert [one["markup"] for one in cut] == [part.markup for part in sent]


def test_show__without_a_day_the_week_of_the_newest(digestbot: CommandLine) -> None:
    digestbot("load", SAMPLES)
    ended = digestbot("show", "--week")
    assert ended.code == 0
    assert "一周回顾 · 2025年10月13日–19日" in ended.out
    assert ended.out.count("• ") == 67


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("2025-10-05",), 1, "nothing is published of the week 2025-W40, 2025-09-29 to 2025-10-05"),
        (("2025-10-15", "--draft"), 2, "a week is made of what is published"),
        (("2025-10-15", "--explain"), 2, "categories are explained day by day"),
        (("9999-12-31",), 2, "is not a day of a whole week"),
    ],
)
def test_show__a_week_that_there_is_not(digestbot: CommandLine, words: tuple[str, ...], code: int, said: str) -> None:
    digestbot("load", SAMPLES)
    ended = digestbot("show", "--week", *words)
    assert (ended.code, ended.out) == (code, "")
    assert said in ended.err


def test_show__nothing_in_the_category_that_week(digestbot: CommandLine) -> None:
    digestbot("load", digestbot.write("2025-05-06.md", "1. [**a chip** #芯片技术](https://example.com/a)\n\n   b\n"))
    ended = digestbot("show", "--week", "-c", "policy")
    assert (ended.code, ended.out) == (0, "")
    assert "that week" in ended.err


async def _sunday(url: str) -> None:
    """Let the day reach two chats, and the week one of them."""
    store = await Store.open(url)
    try:
        planner = Planner(store, catch_up=timedelta(hours=24), correct_for=timedelta(hours=48))
        for address in ("1", "2"):
            wish = weekly(Chat(platform="telegram", address=address), since=SUNDAY - timedelta(days=9))
            await store.subscriptions.put(wish)
        await planner.plan(SUNDAY)
        for delivery in await store.deliveries.claim("telegram", "me", SUNDAY, 100):
            await store.deliveries.settle(delivery, DeliveryState.SENT, now=SUNDAY)
        failed = DeliveryState.FAILED
        for delivery in await store.deliveries.claim("telegram", "me", SUNDAY, 100):
            state = DeliveryState.SENT if delivery.chat.address == "1" else failed
            error = "no way through" if state is failed else None
            await store.deliveries.settle(delivery, state, error=error, now=SUNDAY)
    finally:
        await store.close()


def test_status__the_week_is_apart_on_sundays_and_can_be_sent_again(digestbot: CommandLine) -> None:
    with time_machine.travel(SUNDAY - timedelta(hours=4)):
        digestbot("load", SAMPLES)
    asyncio.run(_sunday(digestbot.url))
    with time_machine.travel(SUNDAY):
        ended = digestbot("status", "--json")
        morning = ended.json
        assert (ended.code, morning["well"], morning["failing"]) == (1, False, [])
        assert [(row["due"], row["sent"], row["failed"]) for row in morning["rows"]] == [(2, 2, 0)]
        assert [(row["due"], row["sent"], row["failed"]) for row in morning["week"]] == [(2, 1, 1)]
        assert [line["where"] for line in morning["week_failing"]] == ["telegram 2"]
        said = digestbot("status").out
        assert "The week 2025-W42" in said
        assert "telegram 2: failed: no way through" in said
        assert digestbot("status", "2025-10-18", "--json").json["week"] == []
        assert "Nothing of 2025-10-19 is to be sent again." in digestbot("resend", "2025-10-19", "--failed").out
        again = digestbot("resend", "2025-10-15", "--failed", "--week")
        assert "The week 2025-W42 goes out again to 1 chat (telegram 1)." in again.out
        again = digestbot("resend", "2025-10-15", "--failed", "--week")
        assert "Nothing of the week 2025-W42 is to be sent again." in again.out
