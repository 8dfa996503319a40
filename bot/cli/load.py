"""`digestbot load`: documents into the archive."""

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot import config
from bot.app import House, house
from bot.cli import terminal
from bot.cli.waiting import finish, warn_unattended
from bot.config import Settings
from bot.models import Problem
from bot.sources import Loaded, documents
from bot.store import Outcome

_REFUSED = "refused"


def load(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Digests, or folders of them (*.md).")],
    *,
    draft: Annotated[bool, typer.Option("--draft", help="Load, but publish later: digestbot publish DAY.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Take a revision that loses half the items or more.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object for each document.")] = False,
) -> None:
    """Load digests into the archive, and publish them.

    One digest a day: the same bytes again change nothing, other content becomes a new revision of its day. A
    document with a fault is refused with the reason, and what was loaded before stays. Exits with 1 when any was
    refused.
    """
    settings = config.read()
    found = list(documents(paths))
    if not found:
        terminal.fail("nothing to load there: digests are files named *.md")
        raise typer.Exit(1)
    tally = finish(_load(settings, found, publish=not draft, force=force, as_json=as_json))
    if not as_json:
        _summarise(tally)
    if tally[_REFUSED]:
        raise typer.Exit(1)


async def _load(
    settings: Settings, found: Sequence[Path], *, publish: bool, force: bool, as_json: bool
) -> Counter[str]:
    tally: Counter[str] = Counter()
    async with house(settings) as at:
        with _progress() as progress:
            for path in progress.track(found, description="Loading"):
                loaded = await at.intake.take_file(path, publish=publish, force=force)
                tally[outcome(loaded)] += 1
                tally["with warnings"] += bool(loaded.saved and loaded.problems)
                if as_json:
                    terminal.as_json(_object(loaded))
                else:
                    _tell(loaded, progress)
        await _look_ahead(at, tally, publish=publish)
    return tally


async def _look_ahead(at: House, tally: Counter[str], *, publish: bool) -> None:
    if publish and tally[Outcome.NEW] + tally[Outcome.REVISED]:
        await warn_unattended(at)


def _progress() -> Progress:
    console = terminal.console(sys.stderr)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, disable=not console.is_terminal, transient=True)


def outcome(loaded: Loaded) -> str:
    """Name what became of a document."""
    return str(loaded.saved.outcome) if loaded.saved else _REFUSED


def _tell(loaded: Loaded, progress: Progress) -> None:
    """Print one line about a document that is not all well, above the progress bar."""
    if not loaded.problems:
        return
    worst = next((problem for problem in loaded.problems if problem.severity == "error"), loaded.problems[0])
    more = len(loaded.problems) - 1
    what = _REFUSED if loaded.saved is None else "warning"
    rest = f" (and {more} more: digestbot check)" if more else ""
    line = f"{loaded.origin}:{worst.line}: {what}: {worst.what}: {worst.mend}{rest}"
    progress.console.print(terminal.printed(line), soft_wrap=True, style="red" if loaded.saved is None else "yellow")


def _summarise(tally: Counter[str]) -> None:
    names = (*Outcome, _REFUSED, "with warnings")
    terminal.table(("Outcome", "Files"), [(name, tally[name]) for name in names if tally[name]], numbers=("Files",))


def _object(loaded: Loaded) -> dict[str, object]:
    saved = loaded.saved
    return {
        "origin": loaded.origin,
        "outcome": outcome(loaded),
        "day": saved.day.isoformat() if saved else None,
        "revision": saved.revision if saved else None,
        "published": saved.published if saved else False,
        "problems": [_problem(problem) for problem in loaded.problems],
    }


def _problem(problem: Problem) -> dict[str, object]:
    return {"line": problem.line, "severity": problem.severity, "what": problem.what, "mend": problem.mend}
