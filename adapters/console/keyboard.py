"""Where lines come from: a terminal with its prompt, or a pipe."""

import asyncio
import os
import sys
import termios
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Protocol, TextIO, TypeVar

from rich.cells import cell_len

PROMPT = "> "
_CHUNK = 65536

T = TypeVar("T")


class Keyboard(Protocol):
    """Lines, one at a time. What is printed meanwhile is printed inside `aside`."""

    echoes: bool
    """Whether what is typed is seen on the screen already."""

    async def line(self) -> str | None:
        """Return the next line without its end; None when there are no more."""

    def aside(self) -> AbstractContextManager[None]:
        """Give the screen free for other text, then show again what was being typed."""

    def offer(self, commands: Iterable[str]) -> None:
        """Complete these when the reader asks for it."""

    def close(self) -> None:
        """Leave the terminal as it was found."""


class PipedKeyboard:
    """Lines from a pipe or file, by its descriptor; bytes that are no UTF-8 are replaced."""

    echoes = False

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._left = b""
        self._ended = False

    async def line(self) -> str | None:
        """Return the next line, or what follows the last line end."""
        while b"\n" not in self._left and not self._ended:
            chunk = await _in_thread(self._read)
            self._left += chunk
            self._ended = not chunk
        if not self._left:
            return None
        line, _, self._left = self._left.partition(b"\n")
        return line.decode("utf-8", "replace")

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Do nothing: no prompt is in the way."""
        yield

    def offer(self, commands: Iterable[str]) -> None:
        """Complete nothing: nobody asks."""

    def close(self) -> None:
        """Leave the pipe: it is not ours to close."""

    def _read(self) -> bytes:
        # The bare descriptor: a thread left in a buffered read would hold a lock that Python's exit needs.
        try:
            return os.read(self._descriptor, _CHUNK)
        except OSError:
            return b""


class TerminalKeyboard:
    """Lines typed at the process's terminal and edited with readline, which knows the width of Chinese."""

    echoes = True

    def __init__(self) -> None:
        import readline  # noqa: PLC0415  # it writes to the terminal when it is loaded

        self._readline = readline
        self._found = termios.tcgetattr(sys.stdin.fileno())
        self._asking = False
        readline.parse_and_bind("set enable-bracketed-paste off")
        readline.set_completer_delims(" ")

    async def line(self) -> str | None:
        """Return the next line typed; None at Ctrl-D."""
        self._asking = True
        try:
            return await _in_thread(_typed)
        finally:
            self._asking = False

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Take the prompt away and put it back beneath."""
        if not self._asking:
            yield
            return
        shown = PROMPT + self._readline.get_line_buffer()
        self._erase(shown)
        yield
        sys.stdout.write(shown)
        sys.stdout.flush()

    def offer(self, commands: Iterable[str]) -> None:
        """Complete commands with the tab key."""
        names = sorted(commands)

        def complete(begun: str, place: int) -> str | None:
            found = [name for name in names if name.startswith(begun)]
            return found[place] + " " if place < len(found) else None

        self._readline.set_completer(complete)
        self._readline.parse_and_bind("tab: complete")

    def close(self) -> None:
        """Take the prompt away and give the terminal its modes back: a thread may still be reading."""
        if self._asking:
            self._erase(PROMPT + self._readline.get_line_buffer())
        termios.tcsetattr(sys.stdin.fileno(), termios.TCSADRAIN, self._found)

    def _erase(self, shown: str) -> None:
        rows = cell_len(shown) // max(1, os.get_terminal_size(sys.stdout.fileno()).columns)
        up = f"\x1b[{rows}A" if rows else ""
        sys.stdout.write(f"{up}\r\x1b[J")
        sys.stdout.flush()


def keyboard_at(stdin: TextIO, stdout: TextIO) -> Keyboard:
    """Return the keyboard of a process with these ends."""
    if stdin.isatty() and stdout.isatty():
        return TerminalKeyboard()
    return PipedKeyboard(stdin.fileno())


def _typed() -> str | None:
    try:
        return input(PROMPT)
    except EOFError:
        return None
    except UnicodeDecodeError:
        return ""


def _in_thread(read: Callable[[], T]) -> "asyncio.Future[T]":
    """Return what `read` will return. Its thread may be left alone: it does not keep the process alive."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def settle(value: T) -> None:
        if not future.done():
            future.set_result(value)

    def work() -> None:
        value = read()
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(settle, value)

    threading.Thread(target=work, name="keyboard", daemon=True).start()
    return future
