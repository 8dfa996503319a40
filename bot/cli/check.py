"""`digestbot check`: the faults of documents, by line."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from bot import markdown
from bot.cli import terminal
from bot.errors import BadDocument
from bot.models import Problem
from bot.sources import documents, origin_of, read, unreadable


def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="Digests, or folders of them (*.md).")],
) -> None:
    """Check digests without loading them: no settings, no database.

    Prints **file:line: severity: what: how to mend** for each problem. Exits with 1 when there is an error;
    warnings alone are fine.
    """
    tally: Counter[str] = Counter()
    for path in documents(files):
        tally["file"] += 1
        for problem in _problems(path):
            tally[problem.severity] += 1
            terminal.say(f"{origin_of(path)}:{problem.line}: {problem.severity}: {problem.what}: {problem.mend}")
    if not tally["file"]:
        terminal.fail("no digests there: they are files named *.md")
        raise typer.Exit(1)
    terminal.note(f"{counted(tally, 'file')} checked: {counted(tally, 'error')}, {counted(tally, 'warning')}")
    if tally["error"]:
        raise typer.Exit(1)


def counted(tally: Counter[str], noun: str) -> str:
    """Return the number with its noun: `1 error`, `no warnings`."""
    number = tally[noun]
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def _problems(path: Path) -> tuple[Problem, ...]:
    try:
        return markdown.parse(read(path), name=path.name).problems
    except BadDocument as error:
        return error.problems
    except OSError as error:
        return (unreadable(error),)
