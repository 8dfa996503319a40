"""Chats in the browser: what is said, pressed, pushed, changed and taken back, as a page sees it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.web import WebAdapter, WebDialect
from adapters.web.room import KEPT
from bot.commands import menu
from bot.contract import ChatEvent, Suggest, Suggestion
from bot.errors import ChatGone, Vanished
from bot.models import Chat, Command, Key, Line, Part

ROOM, OTHER = "room1", "room2"
HERE = Chat(platform="web", address=ROOM)


@dataclass
class Echo:
    """Answers every command with its name and words, and two buttons."""

    page: WebAdapter
    heard: list[Command] = field(default_factory=list)
    private: bool = False
    slow: set[str] = field(default_factory=set)

    async def on_command(self, command: Command) -> None:
        self.heard.append(command)
        if command.name in self.slow:
            await asyncio.sleep(0.05)
        keys = ((Key(label="again", data="day 2025-10-12"), Key(label="anew", data="+today")),)
        part = Part(markup=f"<b>{command.name}</b> {command.words}", keys=keys)
        await self.page.respond(command, (part,), private=self.private)

    async def on_suggest(self, suggest: Suggest) -> tuple[Suggestion, ...]:
        raise AssertionError(suggest)

    async def on_chat_event(self, event: ChatEvent) -> None:
        raise AssertionError(event)


@dataclass
class Page:
    """A page that looks into a room."""

    lines: list[Line] = field(default_factory=list)
    came: asyncio.Event = field(default_factory=asyncio.Event)

    async def until(self, number: int) -> list[Line]:
        async with asyncio.timeout(5):
            while len(self.lines) < number:
                self.came.clear()
                await self.came.wait()
        return self.lines


@asynccontextmanager
async def looking(adapter: WebAdapter, room: str = ROOM) -> AsyncIterator[Page]:
    page = Page()

    async def look() -> None:
        async for _, line in adapter.look_in(room):
            page.lines.append(line)
            page.came.set()

    task = asyncio.create_task(look())
    await asyncio.sleep(0)
    yield page
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


@pytest.fixture
async def echo() -> AsyncIterator[Echo]:
    adapter = WebAdapter()
    listener = Echo(adapter)
    listening = asyncio.create_task(adapter.listen(listener))
    yield listener
    listening.cancel()
    with suppress(asyncio.CancelledError):
        await listening


async def test_say__is_shown_escaped_and_answered(echo: Echo) -> None:
    async with looking(echo.page) as page:
        await echo.page.say(ROOM, "/Day <10-12>", locale="zh-CN")
        mine, answer = await page.until(2)
    assert (mine.markup, mine.mine) == ("/Day &lt;10-12&gt;", True)
    assert (answer.markup, answer.mine) == ("<b>day</b> <10-12>", False)
    (heard,) = echo.heard
    assert (heard.name, heard.words, heard.chat, heard.actor.address, heard.locale) == (
        "day",
        "<10-12>",
        HERE,
        ROOM,
        "zh-CN",
    )


async def test_say__is_answered_in_the_order_in_which_it_was_said(echo: Echo) -> None:
    echo.slow = {"start"}
    async with looking(echo.page) as page:
        await asyncio.gather(*(echo.page.say(ROOM, text, locale="") for text in ("/start", "/today")))
        lines = await page.until(4)
    assert [line.markup.strip() for line in lines] == ["/start", "/today", "<b>start</b>", "<b>today</b>"]


async def test_say__plain_words_are_no_command(echo: Echo) -> None:
    await echo.page.say(ROOM, "昨天 chips", locale="")
    assert (echo.heard[0].name, echo.heard[0].words) == ("", "昨天 chips")


async def test_press__changes_its_line_or_brings_a_new_one(echo: Echo) -> None:
    async with looking(echo.page) as page:
        await echo.page.say(ROOM, "/help", locale="")
        await echo.page.press(ROOM, 2, "day 2025-10-12", locale="")
        changed = (await page.until(3))[2]
        await echo.page.press(ROOM, 2, "+today", locale="")
        anew = (await page.until(4))[3]
    assert (changed.number, changed.edited, changed.markup) == (2, True, "<b>day</b> 2025-10-12")
    assert (anew.number, anew.edited, anew.markup) == (3, False, "<b>today</b> ")


@pytest.mark.parametrize(("line", "data"), [(2, "retract 2025-10-12"), (1, "+today"), (9, "+today")])
async def test_press__only_what_stands_there(echo: Echo, line: int, data: str) -> None:
    await echo.page.say(ROOM, "/help", locale="")
    await echo.page.press(ROOM, line, data, locale="")
    assert [command.name for command in echo.heard] == ["help"]


async def test_private__answers_a_press_in_passing(echo: Echo) -> None:
    await echo.page.say(ROOM, "/help", locale="")
    echo.private = True
    async with looking(echo.page) as page:
        await echo.page.press(ROOM, 2, "day 2025-10-12", locale="")
        assert [line.number for line in await page.until(3)] == [1, 2, 0]
    async with looking(echo.page) as page:
        assert [line.number for line in await page.until(2)] == [1, 2], "a passing word is not kept"


async def test_push__is_shown_changed_and_taken_back() -> None:
    adapter = WebAdapter()
    async with looking(adapter) as page, looking(adapter, OTHER) as other:
        receipt = await adapter.send(HERE, Part(markup="news"), nonce="n", silent=True)
        await adapter.edit(HERE, receipt.message_id or "", Part(markup="news, mended"))
        await adapter.delete(HERE, receipt.message_id or "")
        await adapter.delete(HERE, receipt.message_id or "")
        pushed, mended, gone = await page.until(3)
        assert other.lines == []
    assert (pushed.pushed, pushed.silent, pushed.markup) == (True, True, "news")
    assert (mended.number, mended.edited, mended.pushed, mended.markup) == (1, True, True, "news, mended")
    assert (gone.number, gone.gone, gone.markup) == (1, True, "")
    with pytest.raises(Vanished):
        await adapter.edit(HERE, receipt.message_id or "", Part(markup="too late"))


async def test_look_in__a_page_that_comes_later_sees_what_stands() -> None:
    adapter = WebAdapter()
    for number in range(KEPT + 5):
        await adapter.send(HERE, Part(markup=str(number)), nonce="n")
    async with looking(adapter) as page:
        lines = await page.until(KEPT)
    assert [line.markup for line in lines] == [str(number) for number in range(5, KEPT + 5)]


async def test_look_in__a_page_that_does_not_read_is_let_go() -> None:
    adapter = WebAdapter()
    seen = adapter.look_in(ROOM)
    await adapter.send(HERE, Part(markup="first"), nonce="n")
    assert (await anext(seen))[1].markup == "first"
    for number in range(3 * KEPT):
        await adapter.send(HERE, Part(markup=str(number)), nonce="n")
    assert not adapter._room(ROOM).feeds
    assert len([line async for line in seen]) < 3 * KEPT


async def test_look_in__a_closed_page_leaves_nothing_behind(echo: Echo) -> None:
    async with looking(echo.page):
        assert len(echo.page._room(ROOM).feeds) == 1
    assert not echo.page._room(ROOM).feeds


async def test_rooms__the_one_silent_longest_makes_room() -> None:
    adapter = WebAdapter()
    async with looking(adapter, "watched"):
        for number in range(300):
            await adapter.send(Chat(platform="web", address=f"room{number}"), Part(markup="news"), nonce="n")
        assert len(adapter._rooms) == 100
        assert "watched" in adapter._rooms


async def test_close__lets_pages_go() -> None:
    adapter = WebAdapter()
    seen = adapter.look_in(ROOM)
    await adapter.send(HERE, Part(markup="news"), nonce="n")
    assert await anext(seen) == (ROOM, Line(number=1, markup="news", pushed=True))
    await adapter.close()
    assert [line async for line in seen] == []


async def test_menu__is_offered_in_the_readers_language(echo: Echo) -> None:
    await echo.page.publish_commands(menu(operators=True))
    assert "today" in echo.page.menu("zh-CN")
    assert "retract" not in echo.page.menu("zh-CN")
    assert echo.page.menu("zh-CN") != echo.page.menu("en")


async def test_find_chat__there_are_no_others(echo: Echo) -> None:
    with pytest.raises(ChatGone):
        await echo.page.find_chat("@channel")


@given(st.text())
def test_escape__shows_everything_and_makes_no_markup(text: str) -> None:
    dialect = WebDialect()
    escaped = str(dialect.escape(text))
    assert "<" not in escaped
    shown = dialect.plain(escaped)
    assert shown == "".join(
        one
        for one in text
        if one in "\t\n" or (one >= " " and not "\x7f" <= one <= "\x9f" and not "\ud800" <= one <= "\udfff")
    )
    assert dialect.measure(escaped) == (len(shown),)


def test_plain__writes_links_out() -> None:
    linked = '<b><a href="https://example.com/?a=1&amp;b=2" rel="noopener">Title</a></b> &amp; more'
    assert WebDialect().plain(linked) == "Title (https://example.com/?a=1&b=2) & more"
