"""Items to be shared: found by words, or today's; each as one message, in the asker's language."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.telegram import TelegramDialect
from bot.commands import Commands, Conversation
from bot.config import Settings
from bot.contract import Suggest, Suggestion
from bot.models import Block, Digest, Item, Run
from bot.pacing import Pacer
from bot.store import Store
from tests.emulators.telegram.markup import Reader
from tests.fakes import MORNING, TODAY, FakePlatform, chat, digest, load, opened, sorter
from tests.unit.commanding import RENDERER

READER = Reader()


@dataclass
class Room:
    """Where somebody types behind the bot's name."""

    store: Store
    platform: FakePlatform = field(default_factory=lambda: FakePlatform(dialect=TelegramDialect()))

    async def offers(self, typed: str = "", *, after: str = "", locale: str = "zh-hans") -> tuple[Suggestion, ...]:
        """Return what is offered; each has to be what Telegram takes."""
        conversation = Conversation(
            store=self.store,
            commands=Commands(self.store, Settings(), lambda: MORNING, sorter(self.store)),
            renderer=RENDERER,
            adapter=self.platform,
            pacer=Pacer(self.platform.pace),
            clock=lambda: MORNING,
        )
        asked = Suggest(typed=typed, chat=chat(7, platform="telegram"), locale=locale, shared=True, after=after)
        found = await conversation.on_suggest(asked)
        assert len({one.value for one in found}) == len(found) <= 50
        for one in found:
            assert one.part is not None
            assert READER.read(one.part.markup, "HTML")[0].strip()
            assert not READER.spoilt(one.part.markup, "HTML")
            assert all(
                size <= limit
                for size, limit in zip(TelegramDialect().measure(one.part.markup), TelegramDialect.limits, strict=True)
            )
            assert not one.part.keys
            assert 0 < len(one.value.encode()) <= 64
            assert len(one.label) <= 100
        return found


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with opened(tmp_path) as store:
        yield Room(store)


def story(title: str, body: str) -> Digest:
    return Digest(
        day=TODAY,
        title="速递",
        items=(Item(number=1, title=title, url="https://e.com/", body=(Block(runs=(Run(text=body),)),)),),
    )


async def test_offers__what_is_found(room: Room) -> None:
    await load(room.store, story("模拟存算一体芯片", "精度很高。" * 30))
    (one,) = await room.offers("存算一体")
    assert (one.label, one.value, one.after) == ("模拟存算一体芯片", "2025-10-12/1", "")
    assert one.description.startswith("2025年10月12日 周日 · 精度很高。")
    assert one.part is not None
    assert '1. <a href="https://e.com/"><b>模拟存算一体芯片</b></a>\n精度很高。' in one.part.markup
    (english,) = await room.offers("存算一体", locale="en")
    assert english.description.startswith("Sun 12 Oct 2025")


async def test_offers__todays_without_words_and_the_latest_before_it_is_out(room: Room) -> None:
    assert await room.offers() == ()
    await load(room.store, digest(TODAY - timedelta(days=3)))
    assert [one.value for one in await room.offers()] == ["2025-10-09/1", "2025-10-09/2", "2025-10-09/3"]
    await load(room.store, digest(TODAY, items=2))
    assert [one.value for one in await room.offers(" ")] == ["2025-10-12/1", "2025-10-12/2"]


async def test_offers__page_by_page(room: Room) -> None:
    for back in range(9):
        await load(room.store, digest(TODAY - timedelta(days=back), items=5))
    values: list[str] = []
    after = ""
    for _ in range(3):
        page = await room.offers("story", after=after)
        values += [one.value for one in page]
        after = page[-1].after
    assert (len(values), len(set(values)), after) == (45, 45, "")


async def test_offers__a_long_item_is_shared_shorter_but_whole(room: Room) -> None:
    await load(room.store, story("标题", "第一句。" + "很长" * 3000 + "。"))
    (one,) = await room.offers("标题")
    assert one.part is not None
    assert "第一句。" in one.part.markup
    assert "很长" not in one.part.markup


async def test_offers__nothing_for_what_can_not_be_sought(room: Room) -> None:
    await load(room.store, digest())
    for typed in ("***", "x" * 256, "2025-13-45", "火星"):
        assert await room.offers(typed) == ()
    assert await room.offers("story", after="nonsense")
    assert await room.offers("story", after="500") == ()
    assert await room.offers("story", after="9" * 64) == ()


async def test_offers__the_present_revision(room: Room) -> None:
    await load(room.store, story("标题", "旧。"))
    await load(room.store, replace(story("标题", "新。"), title="更正"))
    (one,) = await room.offers("标题")
    assert one.part is not None
    assert "新。" in one.part.markup
    await room.store.digests.retract(TODAY)
    assert await room.offers("标题") == ()
