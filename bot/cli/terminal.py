"""How the command line speaks: results to standard output, all else to standard error."""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import TextIO

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from adapters.console import printable

_UNFOLDED = 1000
"""The width of a pipe: tables are not cut for it."""


def console(stream: TextIO) -> Console:
    """Return a console for plain words: nothing in them is markup."""
    width = None if stream.isatty() else _UNFOLDED
    return Console(file=stream, highlight=False, markup=False, emoji=False, width=width)


def printed(text: str, style: str = "") -> Text:
    """Return `text` for printing: a terminal obeys nothing in it."""
    return Text(printable(text), style=style)


def say(text: str = "", style: str = "") -> None:
    """Print a line of the result."""
    console(sys.stdout).print(printed(text, style), soft_wrap=True)


def note(text: str, style: str = "") -> None:
    """Print a line about the work."""
    console(sys.stderr).print(printed(text, style), soft_wrap=True)


def fail(text: str) -> None:
    """Print what went wrong, a line for each fault."""
    for line in text.splitlines() or ["something went wrong"]:
        console(sys.stderr).print(printed("error: ", "bold red") + printed(line), soft_wrap=True)


def as_json(value: object, *, indent: int | None = None) -> None:
    """Print a value for machines; one line unless `indent` is given."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=indent, default=str) + "\n")


def table(
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    numbers: Sequence[str] = (),
    narrow: Sequence[str] = (),
) -> None:
    """Print a table; the columns named in `numbers` are set to the right.

    Where the terminal has not the width for it, the lines `narrow` are printed instead.
    """
    drawn = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        drawn.add_column(column, justify="right" if column in numbers else "left", overflow="fold")
    for row in rows:
        drawn.add_row(*(printed(str(cell)) for cell in row))
    screen = console(sys.stdout)
    wanted = screen.measure(drawn, options=screen.options.update(width=_UNFOLDED)).maximum
    if narrow and wanted > screen.width:
        for line in narrow:
            say(line)
    else:
        screen.print(drawn)
