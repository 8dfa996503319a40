"""What a terminal shows: messages folded to its width, and their buttons by number."""

from collections.abc import Sequence
from typing import TextIO

from rich.console import Console
from rich.rule import Rule
from rich.text import Text

from adapters.console.folding import fold
from adapters.console.keyboard import Keyboard
from bot.errors import NotDelivered
from bot.models import Key, Part

_WIDEST = 100
"""Lines longer than this are hard to read, in cells."""


class Screen:
    """The output. A pipe gets plain text in unfolded lines."""

    def __init__(self, out: TextIO, keyboard: Keyboard | None = None) -> None:
        self._console = Console(file=out, highlight=False, markup=False, emoji=False)
        self._keyboard = keyboard
        self.gone = False

    def show(self, part: Part, *, heading: str = "") -> None:
        """Print a message, its buttons numbered from 1. Raises NotDelivered when nobody can read any more."""
        lines = [Text(), *self._folded(Text.from_ansi(part.markup))]
        if part.keys:
            lines += [Text(), *self._folded(_numbered(part.keys))]
        self._print(lines, heading)

    def say(self, text: str, style: str = "dim") -> None:
        """Print what is not the bot's: an echo, a hint."""
        self._print(self._folded(Text(text, style=style)), "")

    def _folded(self, text: Text) -> list[Text]:
        if not self._console.is_terminal:
            return [text]
        return fold(text, min(self._console.width, _WIDEST))

    def _print(self, lines: Sequence[Text], heading: str) -> None:
        try:
            if self._keyboard is None:
                self._write(lines, heading)
            else:
                with self._keyboard.aside():
                    self._write(lines, heading)
        except (BrokenPipeError, ValueError) as error:
            self.gone = True
            raise NotDelivered("the terminal is closed") from error

    def _write(self, lines: Sequence[Text], heading: str) -> None:
        if heading:
            width = min(self._console.width, _WIDEST)
            self._console.print()
            self._console.print(Rule(Text(heading, style="bold green"), align="left", style="green"), width=width)
        for line in lines:
            self._console.print(line, soft_wrap=True)


def _numbered(keys: Sequence[Sequence[Key]]) -> Text:
    """Return the rows of buttons; a number and its label stay together as one word."""
    number = 0
    rows = []
    for row in keys:
        labels = []
        for key in row:
            number += 1
            labels.append(Text.assemble((f"[{number}]", "bold cyan"), f" {key.label}"))
        rows.append(Text("   ").join(labels))
    return Text("\n").join(rows)
