"""WeCom's robots beside Telegram in one process: each gets exactly its edition, and a dead one is named."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.wecom import WecomDialect
from bot import categories, editions, markdown
from bot.categories import default_taxonomy
from bot.models import Format, Part
from bot.render import Renderer
from tests.acceptance import ledger
from tests.acceptance.application import READY, Application
from tests.acceptance.documents import Here, document, here, parts_of, slug
from tests.acceptance.seeding import Subscriber, at_place, subscribe
from tests.emulators.telegram import TelegramEmulator
from tests.emulators.wecom import Fault, Message, WecomEmulator

LIVELY, CHOOSY, CARDS, DEAD = (f"00000000-robot-{name}-000000" for name in ("lively", "choosy", "cards", "dead"))
READER = 7
_RENDERER = Renderer(Path(__file__).parents[2] / "templates")


@pytest.fixture
async def wecom() -> AsyncIterator[WecomEmulator]:
    async with WecomEmulator() as running:
        for key in (LIVELY, CHOOSY, CARDS):
            running.robot(key)
        running.enforce()
        yield running
    assert not running.violations


def edition(source: bytes, wanted: Format, *subjects: str) -> tuple[Part, ...]:
    """Return what a robot should say, rendered apart from the application."""
    taxonomy = default_taxonomy()
    digest = categories.sort(markdown.parse(source).digest, taxonomy).digest
    cut = editions.cut(digest, categories=frozenset(slug(name) for name in subjects), format=wanted)
    return _RENDERER.edition(cut, WecomDialect(), "zh-CN", categories=taxonomy.categories)


async def add(application: Application, place: Here, key: str, *words: str) -> None:
    ended = await application.command(
        "subs", "add", "wecom", "--key", key, "--at", "00:00", "--zone", place.zone, *words
    )
    assert ended.code == 0, ended
    assert key not in ended.out + ended.err


async def test_robots__get_exactly_their_editions_and_a_dead_one_is_named(
    tmp_path: Path, emulator: TelegramEmulator, wecom: WecomEmulator
) -> None:
    place = here()
    application = Application(tmp_path, emulator, wecom_api_url=wecom.url)
    source = document(place.today, sentences=12)
    await subscribe(
        application, [Subscriber(chat=at_place(emulator.private(READER)), zone=place.zone, subjects=("芯片技术",))]
    )
    await add(application, place, LIVELY, "--format", "full", "--mention", "@all")
    await add(application, place, DEAD, "--name", "旧群", "--format", "full")
    async with application:
        await add(application, place, CHOOSY, "--categories", "芯片技术,开源生态")
        await add(application, place, CARDS, "--format", "news")
        wecom.inject(Fault.BUSY, key=LIVELY, skip=1)
        wecom.inject(Fault.HANG_UP, key=CHOOSY, recorded=True)
        await application.load("today.md", source)
        await application.until(
            lambda: ledger.deliveries(application.database) and not ledger.unsettled(application.database), 20
        )
        full, brief = edition(source, Format.FULL), edition(source, Format.BRIEF, "芯片技术", "开源生态")
        said = wecom.robots[LIVELY].messages
        assert [message.content for message in said[:-1]] == [part.markup for part in full]
        assert len(full) > 1
        assert (said[-1].kind, said[-1].mentioned) == ("text", ("@all",))
        assert wecom.robots[CHOOSY].contents == [part.markup for part in brief] * 2
        assert wecom.injected_unknowns == 1
        assert [_shown(message) for message in wecom.robots[CARDS].messages] == _titles(edition(source, Format.NEWS))
        assert [message.raw for message in emulator.chats[READER].messages] == [
            parts_of(source, subjects=("芯片技术",))[0].markup
        ]
        await _named(application)
        assert ledger.deliveries(application.database) == {"sent": 4, "failed": 1}
        calls = wecom.calls[DEAD]
        await _corrected(application, wecom, source, calls)
    for key in (LIVELY, CHOOSY, CARDS, DEAD):
        assert key not in application.log
    print(f"\n{wecom.sent} messages of robots, errors {dict(wecom.errors)}, one doubled by a lost answer")


def _shown(message: Message) -> object:
    return message.content or [(article["title"], article["url"]) for article in message.articles]


def _titles(parts: tuple[Part, ...]) -> list[object]:
    return [part.markup or [(card.title, card.url) for card in part.cards] for part in parts]


async def _named(application: Application) -> None:
    ended = await application.command("status", "--json")
    status = json.loads(ended.out)
    (paused,), (failing,) = status["paused"], status["failing"]
    assert "旧群 (r-" in paused["where"]
    assert paused["reason"] == failing["reason"] == "93000 invalid webhook url"
    rows = {row["platform"]: row for row in status["rows"]}
    assert (rows["wecom"]["sent"], rows["wecom"]["failed"], rows["wecom"]["paused"]) == (3, 1, 1)
    assert (rows["telegram"]["sent"], rows["telegram"]["failed"]) == (1, 0)
    assert DEAD not in ended.out + ended.err


async def _corrected(application: Application, wecom: WecomEmulator, source: bytes, calls: int) -> None:
    """The living hear what changed, in a message; the dead one is left alone."""
    before = {key: len(robot.messages) for key, robot in wecom.robots.items()}
    await application.load("today.md", source.replace("第1条 <".encode(), "第1条改 <".encode()))
    await application.until(
        lambda: all(len(wecom.robots[key].messages) == number + 1 for key, number in before.items()), 10
    )
    for robot in wecom.robots.values():
        assert "第1条改" in robot.messages[-1].content
        assert robot.messages[-1].mentioned == ()
    assert wecom.calls[DEAD] == calls


async def test_robots__alone_are_enough_to_run(
    tmp_path: Path, emulator: TelegramEmulator, wecom: WecomEmulator
) -> None:
    place = here()
    application = Application(tmp_path, emulator, wecom_api_url=wecom.url, telegram_token="")
    await add(application, place, LIVELY, "--format", "headlines")
    await application.launch()
    await application.until(lambda: "sends for account" in application.log, READY)
    source = document(place.today)
    await application.load("today.md", source)
    await application.until(lambda: wecom.sent, 10)
    assert wecom.robots[LIVELY].contents == [part.markup for part in edition(source, Format.HEADLINES)]
    assert await application.stop() == 0
    assert emulator.calls == []
    assert LIVELY not in application.log


async def test_robots__that_hang_at_the_end_let_the_others_end_in_order(
    tmp_path: Path, emulator: TelegramEmulator, wecom: WecomEmulator
) -> None:
    """Telegram is listened to until the last: what is closed too early is opened anew, and left so."""
    place = here()
    application = Application(tmp_path, emulator, wecom_api_url=wecom.url)
    await add(application, place, LIVELY)
    silence = wecom.inject(Fault.HANG, key=LIVELY)
    async with application:
        await application.load("today.md", document(place.today))
        await application.until(lambda: silence.hits, 10)
    assert "trying again" not in application.log
