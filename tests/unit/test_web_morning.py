"""This morning over a real socket: figures, troubles, and what changes while the page is open."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import time, timedelta
from pathlib import Path

import pytest

from bot.errors import ChatGone, Rejected, Unknown
from bot.models import EVERY_DAY, Days, Slot, Workdays
from bot.web import kept, morning
from tests.fakes import DAWN, MORNING, TODAY, chat, digest, load, subscription
from tests.unit.delivering import PATIENCE, World, world
from tests.unit.pages import PASSWORD, Visitor, figures, serve, visiting

BLOCKED = ChatGone("Forbidden: bot was blocked by the user")
BAD = Rejected("can't parse entities")
LOST = Unknown("no answer within 30 s")
SECRET = "123456789:AAH-a-secret-that-nobody-may-see-on-a-page"


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as place:
        yield place


@pytest.fixture
async def visitor(place: World, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Visitor]:
    monkeypatch.setattr(kept, "LEAST", 0.0)
    monkeypatch.setattr(kept, "TIMES", 0)
    monkeypatch.setattr(morning, "LOOK_AGAIN", 0.02)
    async with visiting(place) as visitor:
        yield visitor


# ------------------------------------------------------------------ what is seen


async def test_morning__with_nothing_published_and_nobody_subscribed(visitor: Visitor) -> None:
    page = await visitor.get("/morning")
    assert "No digest is published for this day" in page.text
    assert "Nobody has subscribed yet." in page.text


async def test_morning__counts_every_state(visitor: Visitor) -> None:
    place = visitor.world
    place.platform.script("2", BLOCKED)
    place.platform.script("3", BAD, BAD)
    place.platform.script("4", *[LOST] * 9)
    await place.subscribe(subscription(chat(9), categories=frozenset({"chips"})))
    await serve(place)
    assert await figures(visitor) == {
        "Due": "6",
        "Delivered": "2",
        "Nothing for them": "1",
        "Waiting": "0",
        "Failed": "2",
        "Unknown": "1",
        "Expired": "0",
        "Paused": "1",
    }
    page = await visitor.get("/morning")
    assert "All are done; 3 of 6 did not arrive." in page.text


async def test_morning__says_when_it_will_be_over(visitor: Visitor) -> None:
    place = visitor.world
    await serve(place, 30)
    await place.subscribe(*(subscription(chat(one)) for one in range(100, 160)))
    await place.plan()
    place.now += timedelta(seconds=30)
    page = await visitor.get("/morning")
    assert "30 of 90 are done; over by 09:32 at the present pace." in page.text
    place.now += timedelta(minutes=2)
    page = await visitor.get("/morning")
    assert "30 of 90 are done; none went out within the last minute." in page.text


async def test_morning__names_who_got_nothing_and_why(visitor: Visitor) -> None:
    visitor.world.platform.script("3", BAD, BAD)
    await serve(visitor.world)
    page = await visitor.get("/morning")
    assert "can't parse entities" in page.text
    (link,) = [link for link in page.links() if link.startswith("/morning/chats/")]
    record = await visitor.get(link)
    assert "Room 3 (3)" in record.text
    assert "can't parse entities" in record.text


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (Workdays.CHINA, ("working days in China", "no working day in China")),
        (frozenset({1, 2}), ("Mon–Tue", "on that day of the week: Mon–Tue only")),
        (EVERY_DAY, ("every day",)),
    ],
)
async def test_chat__says_on_which_days_it_is_sent(visitor: Visitor, days: Days, said: tuple[str, ...]) -> None:
    place = visitor.world
    await place.subscribe(subscription(chat(1), slot=Slot(zone="Asia/Shanghai", at=time(8), days=days)))
    page = await visitor.get("/morning/chats/1")
    assert page.status == 200
    assert all(words in page.text for words in said)


async def test_morning__tells_of_paused_chats_and_refused_files(visitor: Visitor) -> None:
    place = visitor.world
    await place.subscribe(subscription(chat(7, title="Quiet room")))
    await place.store.subscriptions.pause(chat(7), "kicked by an admin", MORNING)
    await place.store.files.note("/in/2025-10-12.md", "00", "refused: line 3: no title", MORNING)
    page = await visitor.get("/morning")
    for said in ("Quiet room", "kicked by an admin", "/in/2025-10-12.md", "line 3: no title"):
        assert said in page.text
    assert "refused: " not in page.text


@pytest.mark.parametrize(
    ("retract", "said"),
    [(False, "Not published yet: a draft waits digestbot publish 2025-10-12"), (True, "was taken back")],
)
async def test_morning__tells_a_draft_from_what_was_taken_back(visitor: Visitor, said: str, *, retract: bool) -> None:
    await load(visitor.world.store, digest(), publish=retract)
    await visitor.world.store.digests.retract(TODAY)
    assert said in (await visitor.get("/morning")).text


async def test_morning__shows_no_secret_and_runs_no_words_of_others(visitor: Visitor) -> None:
    place = visitor.world
    place.platform.script("1", Rejected(f"POST https://api.example.com/bot{SECRET}/sendMessage key=abcdef-123456"))
    place.platform.script("1", Rejected(f"<script>alert('{SECRET}')</script>"))
    await load(place.store, digest(), now=DAWN)
    await place.subscribe(subscription(chat(1, title="<img src=x onerror=alert(1)>")))
    await place.plan()
    await place.rounds()
    for path in ("/morning", "/morning/chats/1"):
        page = await visitor.get(path)
        assert "***" in page.html
        assert SECRET not in page.html
        assert "<img src=x" not in page.html
        assert "<script>alert" not in page.html


async def test_morning__looks_back_on_another_day(visitor: Visitor) -> None:
    place = visitor.world
    await serve(place, 3)
    place.now = MORNING + timedelta(days=100)
    await place.store.thinning.thin(place.now, timedelta(days=90))
    page = await visitor.get(f"/morning?day={TODAY}")
    assert "The morning of Sun 12 Oct 2025" in page.text
    assert "/static/morning.js" not in page.html
    assert "/static/morning.js" in (await visitor.get("/morning?day=yesterday")).html


async def test_morning__has_a_chart_and_the_table_behind_it(visitor: Visitor) -> None:
    visitor.world.platform.script("2", BAD, BAD)
    await serve(visitor.world, 3)
    page = await visitor.get("/morning")
    assert page.html.count('<rect class="arrived"') == 30
    row = page.html.partition(f'href="/morning?day={TODAY}"')[2].partition("</tr>")[0]
    assert "Sun 12 Oct 2025" in row
    assert ">2<" in row
    assert ">1<" in row
    assert "09:30" in row
    assert "style=" not in page.html, "the policy forbids it"


async def test_morning__speaks_chinese_too(visitor: Visitor) -> None:
    await serve(visitor.world, 2)
    page = await visitor.get("/morning", language="zh-CN")
    assert "全部完成：2/2。" in page.text
    assert "2025年10月12日 周日" in page.text


# ------------------------------------------------------------------ while it is open


async def test_lines__come_at_once_and_whenever_something_changes(visitor: Visitor) -> None:
    place = visitor.world
    await load(place.store, digest(), now=DAWN)
    await place.subscribe(*(subscription(chat(one)) for one in range(1, 4)))
    async with asyncio.timeout(PATIENCE), visitor.watching() as told:
        assert "Nothing has fallen due." in await anext(told)
        await place.plan()
        assert "0 of 3 are done" in await anext(told)
        await place.rounds()
        async for html in told:
            if "All are done: 3 of 3." in html:
                break


async def test_lines__go_on_with_the_next_day(visitor: Visitor) -> None:
    await serve(visitor.world, 1)
    async with asyncio.timeout(PATIENCE), visitor.watching() as told:
        assert "Sun 12 Oct 2025" in await anext(told)
        visitor.world.now += timedelta(days=1)
        html = await anext(told)
        assert "Mon 13 Oct 2025" in html
        assert "No digest is published for this day" in html


async def test_lines__each_in_its_own_language(visitor: Visitor) -> None:
    await serve(visitor.world, 1)
    async with visitor.watching() as english, visitor.watching("zh-CN") as chinese:
        assert "All are done" in await anext(english)
        assert "全部完成" in await anext(chinese)


async def test_lines__of_forty_pages_cost_one_look(place: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "LEAST", 60.0)
    monkeypatch.setattr(morning, "LOOK_AGAIN", 0.02)
    await serve(place, 3)
    async with visiting(place) as visitor, AsyncExitStack() as stack:
        first = await stack.enter_async_context(visitor.watching())
        await anext(first)
        once = len([said for said in visitor.asked if "deliveries" in said])
        assert once > 0
        for _ in range(39):
            told = await stack.enter_async_context(visitor.watching())
            assert "All are done: 3 of 3." in await anext(told)
        await asyncio.sleep(0.2)
        assert len([said for said in visitor.asked if "deliveries" in said]) == once


async def test_lines__go_on_when_the_store_was_silent_for_a_while(
    visitor: Visitor,
) -> None:
    place = visitor.world
    await serve(place, 1)
    async with asyncio.timeout(PATIENCE), visitor.watching() as told:
        await anext(told)
        async with place.store._database.write() as connection:
            await connection.exec_driver_sql("ALTER TABLE source_files RENAME TO elsewhere")
        await asyncio.sleep(0.1)
        async with place.store._database.write() as connection:
            await connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO source_files")
        await place.store.subscriptions.pause(chat(1), "kicked", MORNING)
        assert "kicked" in await anext(told)


# ------------------------------------------------------------------ the door


@pytest.mark.parametrize("path", ["/morning", "/morning/lines", "/morning/chats?q=1", "/morning/chats/1"])
async def test_door__is_locked_even_where_the_archive_is_open(place: World, path: str) -> None:
    async with visiting(place, password=PASSWORD, public=True) as visitor:
        assert (await visitor.get(path)).status == 401
