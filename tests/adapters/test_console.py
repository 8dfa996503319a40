"""The terminal chat: what is typed, what is shown, and that nothing in a digest drives the terminal."""

import asyncio
import io
import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.text import Text

from adapters.console import ConsoleAdapter, ConsoleDialect, PipedKeyboard, Screen, fold, printable
from bot.contract import Adapter, ChatEvent, MenuEntry, MenuScope, Suggest, Suggestion
from bot.errors import ChatGone
from bot.models import Actor, Chat, Command, Key, Part

HERE = Chat(platform="console", address="console")
MENU = [MenuEntry(name=name, scope=MenuScope.EVERYONE, descriptions={}) for name in ("today", "category", "day")]
KEYS = ((Key(label="‹ 10月11日", data="day 2025-10-11"),), (Key(label="芯片技术", data="+category chips"),))


@dataclass
class Reader:
    """A listener that answers, and what the terminal has shown."""

    adapter: ConsoleAdapter
    out: io.StringIO
    answer: Callable[[Command], Sequence[Part]] = lambda _: ()
    commands: list[Command] = field(default_factory=list)
    private: bool = False

    async def on_command(self, command: Command) -> None:
        self.commands.append(command)
        await self.adapter.respond(command, self.answer(command), private=self.private)

    async def on_suggest(self, suggest: Suggest) -> tuple[Suggestion, ...]:
        raise AssertionError(suggest)

    async def on_chat_event(self, event: ChatEvent) -> None:
        raise AssertionError(event)

    @property
    def shown(self) -> str:
        return self.out.getvalue()


@asynccontextmanager
async def typed(
    text: bytes, answer: Callable[[Command], Sequence[Part]] = lambda _: (), **wishes: object
) -> AsyncIterator[Reader]:
    """A reader whose input is `text`, and then the end."""
    read, write = os.pipe()
    os.write(write, text)
    os.close(write)
    out, keyboard = io.StringIO(), PipedKeyboard(read)
    adapter = ConsoleAdapter(keyboard, Screen(out, keyboard), **wishes)  # type: ignore[arg-type]
    reader = Reader(adapter, out, answer)
    try:
        await adapter.publish_commands(MENU)
        yield reader
    finally:
        await adapter.close()
        os.close(read)


async def heard(text: str | bytes) -> list[tuple[str, str]]:
    source = text.encode() if isinstance(text, str) else text
    async with typed(source) as reader:
        await asyncio.wait_for(reader.adapter.listen(reader), 5)
    return [(command.name, command.words) for command in reader.commands]


# ------------------------------------------------------------------ typing


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("/today", ("today", "")),
        ("/Day  10-12 ", ("day", "10-12")),
        ("／category 芯片技术", ("category", "芯片技术")),
        ("today", ("today", "")),
        ("category 芯片技术", ("category", "芯片技术")),
        ("昨天", ("", "昨天")),
        ("hello there", ("", "hello there")),
        ("/nonsense x", ("nonsense", "x")),
        ("/", ("", "")),
        ("7", ("", "7")),
        ("²", ("", "²")),
    ],
)
async def test_line__is_read_as(line: str, command: tuple[str, str]) -> None:
    assert await heard(line + "\n") == [command]


async def test_lines__come_in_order_and_the_last_needs_no_end() -> None:
    assert await heard("/today\n\n  \n/day 10-12") == [("today", ""), ("day", "10-12")]


@pytest.mark.parametrize("goodbye", ["/quit", "quit", "/exit"])
async def test_goodbye__ends_the_chat(goodbye: str) -> None:
    assert await heard(f"/today\n{goodbye}\n/day\n") == [("today", "")]


async def test_rubbish__is_taken_without_its_control_characters() -> None:
    assert await heard(b"\x00/to\x1bday\x07\n\xff\xfe\n") == [("today", ""), ("", "��")]


async def test_chat__is_private_and_its_reader_manages_it() -> None:
    async with typed(b"/today\n") as reader:
        await reader.adapter.listen(reader)
        assert reader.commands[0].chat == HERE
        assert await reader.adapter.may_manage(HERE, Actor(address="console"))
        with pytest.raises(ChatGone):
            await reader.adapter.find_chat("@channel")


# ------------------------------------------------------------------ buttons


async def test_number__presses_the_button_of_the_latest_message_with_buttons() -> None:
    def answer(command: Command) -> Sequence[Part]:
        return [Part(markup="answer", keys=KEYS if command.name == "today" else ())]

    async with typed(b"/today\n/help\n1\n2\n3\n", answer) as reader:
        await reader.adapter.listen(reader)
    pressed = reader.commands[2:]
    assert [(one.name, one.words, one.in_place) for one in pressed] == [
        ("day", "2025-10-11", True),
        ("category", "chips", False),
        ("", "3", False),
    ]
    assert "[1] ‹ 10月11日\n[2] 芯片技术\n" in reader.shown


async def test_answer_in_place__is_marked_as_an_edit_of_its_message() -> None:
    parts = [Part(number=1, of=2, markup="one"), Part(number=2, of=2, markup="two", keys=KEYS)]
    async with typed(b"/today\n1\n", lambda _: parts) as reader:
        await reader.adapter.listen(reader)
    edited = reader.shown.partition("✎ message 2, edited")[2]
    assert edited.index("one") < edited.index("two")
    assert "✎" not in edited


async def test_private_answer__to_a_press_leaves_the_message_it_stood_under() -> None:
    async with typed(b"/today\n1\n1\n", lambda _: [Part(markup="answer", keys=KEYS)]) as reader:
        reader.private = True
        await reader.adapter.listen(reader)
    assert "edited" not in reader.shown
    assert [one.words for one in reader.commands] == ["", "2025-10-11", "2025-10-11"]


# ------------------------------------------------------------------ pushes


async def test_push__stands_under_a_heading_with_its_receipt() -> None:
    async with typed(b"") as reader:
        first = await reader.adapter.send(HERE, Part(markup="\x1b[1mbold\x1b[22m"), nonce="a")
        second = await reader.adapter.send(HERE, Part(markup="plain"), nonce="b")
        await reader.adapter.edit(HERE, "1", Part(markup="corrected"))
        await reader.adapter.delete(HERE, "2")
    assert (first.message_id, second.message_id) == ("1", "2")
    order = ["✉ message 1", "bold", "✉ message 2", "plain", "✎ message 1, edited", "corrected", "✗ message 2, deleted"]
    places = [reader.shown.index(words) for words in order]
    assert places == sorted(places)
    assert "\x1b" not in reader.shown


async def test_end_of_input__waits_for_the_push_where_that_is_wished() -> None:
    async with typed(b"/today\n", linger=5) as reader:
        listening = asyncio.create_task(reader.adapter.listen(reader))
        await asyncio.sleep(0.2)
        assert not listening.done()
        await reader.adapter.send(HERE, Part(markup="the push"), nonce="a")
        await asyncio.wait_for(listening, 3)


async def test_end_of_input__does_not_wait_for_ever() -> None:
    async with typed(b"", linger=0.1) as reader:
        await asyncio.wait_for(reader.adapter.listen(reader), 3)


async def test_script__is_typed_first_and_seen() -> None:
    async with typed(b"/today\n", script=("/start", "/subscribe")) as reader:
        await reader.adapter.listen(reader)
    assert [command.name for command in reader.commands] == ["start", "subscribe", "today"]
    assert reader.shown.count("> /") == 3


async def test_reader_gone__ends_the_chat_without_an_error() -> None:
    typing, keys = os.pipe()
    reading, writing = os.pipe()
    os.close(reading)
    os.write(keys, b"/today\n/day\n")
    with os.fdopen(writing, "w") as out:
        keyboard = PipedKeyboard(typing)
        adapter = ConsoleAdapter(keyboard, Screen(out, keyboard))
        reader = Reader(adapter, io.StringIO(), lambda _: [Part(markup="answer")])
        await asyncio.wait_for(adapter.listen(reader), 3)
    assert len(reader.commands) == 1
    os.close(typing)
    os.close(keys)


def test_adapter__keeps_the_contract() -> None:
    adapter: Adapter = ConsoleAdapter(PipedKeyboard(0), Screen(io.StringIO()))
    assert adapter.dialect.platform == "console"
    assert adapter.pace.per_second is None


# ------------------------------------------------------------------ looks


HOSTILE = ["\x1b[2J", "\x9b31m", "\x07", "\r", "\x08", "\u202e", "\u2066", "\u200f", "\ud800", "\u2028"]


@pytest.mark.parametrize("mark", HOSTILE, ids=ascii)
def test_escape__takes_out_what_a_terminal_obeys(mark: str) -> None:
    shown = str(ConsoleDialect().escape(f"a{mark}b"))
    assert shown.encode()
    assert mark[0] not in shown
    assert (shown[0], shown[-1]) == ("a", "b")


def test_escape__keeps_what_is_only_text() -> None:
    text = "[bold]x[/bold] :smile: \\[ <b> 👩‍💻 é \n“智能体”"
    assert ConsoleDialect().escape(text) == text
    assert printable("a\tb") == "a    b"


def test_plain__has_no_styles() -> None:
    dialect = ConsoleDialect()
    assert dialect.plain("\x1b[1;34mx\x1b[22m y") == "x y"
    assert dialect.measure("\x1b[1m芯片\x1b[22m") == (2,)


def test_screen__styles_and_folds_for_a_terminal(terminal: io.StringIO) -> None:
    Screen(terminal).show(Part(markup="▎ " + "\x1b[1m芯片\x1b[22m" * 20, keys=KEYS))
    lines = terminal.getvalue().splitlines()
    assert "\x1b[1m" in terminal.getvalue()
    plain = [ConsoleDialect().plain(line) for line in lines]
    assert max(cell_len(line) for line in plain) <= 40
    assert sum(line.startswith("▎ ") for line in plain) == 3


class _Tty(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    for name, value in {"COLUMNS": "40", "LINES": "20", "TERM": "xterm-256color"}.items():
        monkeypatch.setenv(name, value)
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    return _Tty()


def folded(text: str, width: int) -> list[str]:
    return [line.plain for line in fold(Text(text), width)]


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("一二三四五六", 6, ["一二三", "四五六"]),
        ("一二三。四五", 6, ["一二", "三。四", "五"]),
        ("一二“三四", 6, ["一二", "“三四"]),
        ("an easy word", 7, ["an easy", "word"]),
        ("用GPU训练模型", 8, ["用GPU训", "练模型"]),
        ("1. 一二三四五", 8, ["1. 一二", "   三四", "   五"]),
        ("▎ 一二三四", 6, ["▎ 一二", "▎ 三四"]),
        ("https://example.com", 10, ["https://ex", "ample.com"]),
        ("看 https://e.com", 14, ["看", "https://e.com"]),
        ("a\n\nb", 5, ["a", "", "b"]),
    ],
)
def test_fold__breaks_where_either_script_allows(text: str, width: int, lines: list[str]) -> None:
    assert folded(text, width) == lines


@settings(max_examples=100)
@given(st.text(alphabet="ab 芯片，。“▎1.\n", max_size=80), st.integers(min_value=8, max_value=30))
def test_fold__fits_and_loses_nothing_but_spaces_and_bars(text: str, width: int) -> None:
    lines = folded(text, width)
    assert all(cell_len(line.rstrip()) <= width for line in lines)
    kept = str.maketrans("", "", " ▎\n")
    assert "".join(lines).translate(kept) == text.translate(kept)
