"""What a terminal shows: messages folded to its width, and their buttons by number."""

import os
from collections.abc import Sequence
from itertools import count
from typing import TextIO

from rich.console import Console
from rich.rule import Rule
from rich.text import Text

from adapters.console.dialect import printable
from adapters.console.folding import fold
from adapters.console.keyboard import Keyboard
from bot.models import Key, Part

_WIDEST = 100
"""Lines longer than this are hard to read, in cells."""
_UNFOLDED = 10**9
_GAP = "   "


class _Console(Console):
    """A console that outlives its reader; Rich's own ends the process on the spot, whatever it has in hand."""

    gone = False

    def on_broken_pipe(self) -> None:
        """Say nothing more, to nobody."""
        self.gone = True
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.file.fileno())
        os.close(nowhere)


class Screen:
    """The output. A pipe gets plain text in unfolded lines."""

    def __init__(self, out: TextIO, keyboard: Keyboard | None = None) -> None:
        self._console = _Console(file=out, highlight=False, markup=False, emoji=False)
        self._keyboard = keyboard
        self._blank = not self._console.is_terminal

    def show(self, part: Part, *, heading: str = "") -> None:
        """Print a message, its buttons numbered from 1."""
        lines = self._folded(Text.from_ansi(part.markup))
        if part.keys:
            lines += [Text(), *_numbered(part.keys, self._width)]
        self._print(lines, heading)

    @property
    def gone(self) -> bool:
        """Whether nobody can read any more."""
        return self._console.gone

    def typed(self) -> None:
        """Take note that the reader has typed a line, so that the next message keeps its distance."""
        self._blank = False

    def say(self, text: str, style: str = "dim") -> None:
        """Print what is not the bot's: an echo, a hint."""
        self._print(self._folded(Text(text, style=style)), "")

    @property
    def _width(self) -> int:
        return min(self._console.width, _WIDEST) if self._console.is_terminal else _UNFOLDED

    def _folded(self, text: Text) -> list[Text]:
        return fold(text, self._width)

    def _print(self, lines: Sequence[Text], heading: str) -> None:
        if self._keyboard is None:
            self._write(lines, heading)
            return
        with self._keyboard.aside():
            self._write(lines, heading)

    def _write(self, lines: Sequence[Text], heading: str) -> None:
        if not self._blank:
            self._console.print()
        if heading:
            rule = Rule(Text(heading, style="bold green"), align="left", style="green")
            self._console.print(rule, width=min(self._console.width, _WIDEST))
            self._console.print()
        for line in lines:
            self._console.print(line, soft_wrap=True)
        self._console.print()
        self._blank = True


def _numbered(keys: Sequence[Sequence[Key]], width: int) -> list[Text]:
    """Return the rows of buttons with their numbers; a row that is too wide goes on in the next line."""
    number = count(1)
    lines = []
    for row in keys:
        line = Text()
        for key in row:
            label = Text.assemble((f"[{next(number)}]", "bold cyan"), f" {printable(key.label)}")
            if line and line.cell_len + len(_GAP) + label.cell_len > width:
                lines.append(line)
                line = Text()
            line = line + _GAP + label if line else label
        lines.append(line)
    return lines
