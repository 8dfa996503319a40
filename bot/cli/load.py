"""`digestbot load`: documents into the archive."""

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot import config
from bot.app import House, house
from bot.cli import terminal
from bot.cli.correcting import consequence, followed_since, in_words
from bot.cli.waiting import finish, warn_unattended
from bot.config import Settings
from bot.delivery import foretell
from bot.models import Digest
from bot.platforms import dialects
from bot.sources import REFUSED, Loaded, documents
from bot.store import Outcome, Saved

_FEW = 5
"""Up to so many documents each is told in a line of its own; of more only how many there were of each kind."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Wish:
    """How the documents are to be loaded."""

    publish: bool
    force: bool
    corrects: bool


def load(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH", help="Digests, or folders of them (*.md).")],
    *,
    draft: Annotated[bool, typer.Option("--draft", help="Load, but publish later: digestbot publish DAY.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Take a revision that loses half the items or more.")] = False,
    no_edit: Annotated[
        bool,
        typer.Option(
            "--no-edit",
            help="Leave messages already sent as they are; who has none, as after a retraction, gets the new revision.",
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object for each document.")] = False,
) -> None:
    """Load digests into the archive, and publish them.

    One digest a day: the same bytes again change nothing, other content becomes a new revision of its day, and the
    messages already sent follow it: how many chats that touches is said before it is saved. A document with a fault is
    refused with the reason, and what was loaded before stays. Exits with 1 when any was refused.
    """
    settings = config.read()
    found = list(documents(paths))
    if not found:
        terminal.fail("nothing to load there: digests are files named *.md")
        raise typer.Exit(1)
    wish = _Wish(publish=not draft, force=force, corrects=not no_edit)
    tally = finish(_load(settings, found, wish, as_json=as_json))
    if tally[REFUSED]:
        raise typer.Exit(1)


async def _load(settings: Settings, found: Sequence[Path], wish: _Wish, *, as_json: bool) -> Counter[str]:
    tally: Counter[str] = Counter()
    told: list[str] = []
    async with house(settings) as at:
        with _progress() as progress:
            for path in progress.track(found, description="Loading"):
                touch = _Touch(at, wish, progress)
                loaded = await at.intake.take_file(
                    path, publish=wish.publish, force=wish.force, corrects=wish.corrects, before=touch.foretell
                )
                tally[loaded.outcome] += 1
                tally["with warnings"] += bool(loaded.saved and loaded.problems)
                if as_json:
                    terminal.as_json({"origin": loaded.origin, **loaded.told(touch.reached)})
                    continue
                _tell(loaded, progress)
                if loaded.saved:
                    told.append(_became(loaded.saved, touch.items))
        for line in told if len(found) <= _FEW else ():
            terminal.say(line)
        if len(found) > _FEW and not as_json:
            _summarise(tally)
        await _look_ahead(at, tally, publish=wish.publish)
    return tally


class _Touch:
    """Says, before a revision is saved, which messages it will change; `reached` counts their chats by platform.

    So many `items` the document has.
    """

    def __init__(self, at: House, wish: _Wish, progress: Progress) -> None:
        self._at = at
        self._wish = wish
        self._progress = progress
        self.reached: Mapping[str, int] = {}
        self.items = 0

    async def foretell(self, digest: Digest, source: bytes) -> None:
        at = self._at
        self.items = len(digest.items)
        there = await foretell(at.store, dialects(), digest, source, sent_since=followed_since(at))
        if not there:
            return
        if self._wish.corrects:
            self.reached = there.everywhere
            first = "a new revision" if self._wish.publish else "this draft, once published,"
            line = f"{digest.day}: {first} {consequence(there)}"
        else:
            line = f"{digest.day}: the messages of {in_words(there.everywhere)} stay as they are (--no-edit)"
        self._progress.console.print(terminal.printed(line), soft_wrap=True, style="cyan")


async def _look_ahead(at: House, tally: Counter[str], *, publish: bool) -> None:
    if publish and tally[Outcome.NEW] + tally[Outcome.REVISED]:
        await warn_unattended(at)


def _progress() -> Progress:
    console = terminal.console(sys.stderr)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, disable=not console.is_terminal, transient=True)


def _tell(loaded: Loaded, progress: Progress) -> None:
    """Print one line about a document that is not all well, above the progress bar."""
    if not loaded.problems:
        return
    worst = next((problem for problem in loaded.problems if problem.severity == "error"), loaded.problems[0])
    more = len(loaded.problems) - 1
    what = REFUSED if loaded.saved is None else "warning"
    rest = f" (and {more} more: digestbot check)" if more else ""
    line = f"{loaded.origin}:{worst.line}: {what}: {worst.what}: {worst.mend}{rest}"
    progress.console.print(terminal.printed(line), soft_wrap=True, style="red" if loaded.saved is None else "yellow")


def _became(saved: Saved, items: int) -> str:
    """Say what became of a document, and what to do next."""
    what = f"revision {saved.revision} of {saved.day} ({items} item{'' if items == 1 else 's'})"
    if saved.published:
        done = f"Unchanged: {what} is published" if saved.outcome is Outcome.UNCHANGED else f"Published {what}"
        return f"{done}: digestbot show {saved.day}"
    done = f"Unchanged: {what} is a draft" if saved.outcome is Outcome.UNCHANGED else f"Loaded {what} as a draft"
    return f"{done}; see it: digestbot show {saved.day} --draft; publish it: digestbot publish {saved.day}"


def _summarise(tally: Counter[str]) -> None:
    names = (*Outcome, REFUSED, "with warnings")
    terminal.table(("Outcome", "Files"), [(name, tally[name]) for name in names if tally[name]], numbers=("Files",))
