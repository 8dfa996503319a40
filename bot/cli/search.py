"""`digestbot search`: items by their words."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated

import typer
from rich.text import Text

from adapters.console import printable
from bot import config
from bot.app import house
from bot.cli import days, terminal
from bot.cli.naming import slugs
from bot.cli.waiting import finish
from bot.commands.search import Line, find_items, line
from bot.commands.words import Sought, Span, quoted, read_sought
from bot.config import Settings
from bot.errors import BadCommand
from bot.models import Category, Run
from bot.store import Hit

_MOST = 1000


@dataclass(frozen=True, kw_only=True, slots=True)
class _Limits:
    """What was given as options, as typed."""

    category: str | None
    since: str | None
    until: str | None


def search(
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="WORDS", help='All must be there. "two words" are a phrase.', show_default=False),
    ] = None,
    *,
    category: Annotated[
        str | None,
        typer.Option("--category", "-c", help="In one category, by name, slug or alias.", show_default=False),
    ] = None,
    since: Annotated[
        str | None, typer.Option("--from", metavar="DAY", help="From this day on.", show_default=False)
    ] = None,
    until: Annotated[
        str | None, typer.Option("--to", metavar="DAY", help="Up to this day.", show_default=False)
    ] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=_MOST, help="How many.")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="Print a list for machines.")] = False,
) -> None:
    """Search the published digests: title first, then the newest.

    **digestbot search 存算一体 上个月** reads as in chat: days, `#category` and quotes may stand among the words.
    """
    settings = config.read()
    sought, found = finish(_find(settings, words or (), _Limits(category=category, since=since, until=until), limit))
    if as_json:
        terminal.as_json([_object(hit, line(place, hit, sought)) for place, hit in enumerate(found, 1)], indent=2)
    elif not found:
        terminal.note(f"Nothing was found for “{sought.text}”. Try fewer or shorter words, or no --category and days.")
    else:
        for place, hit in enumerate(found, 1):
            _print(hit, line(place, hit, sought))


async def _find(settings: Settings, typed: Sequence[str], limits: _Limits, most: int) -> tuple[Sought, tuple[Hit, ...]]:
    async with house(settings, create=False) as at:
        known = await at.store.categories.all()
        sought = _read(typed, limits, known, days.today(settings, at.clock()))
        return sought, await find_items(at.store, replace(sought, skip=0), limit=most)


def _read(typed: Sequence[str], limits: _Limits, known: Sequence[Category], today: date) -> Sought:
    """Return what is sought; the options count more than what stands among the words. Raises typer.BadParameter."""
    text = " ".join(quoted(word) if " " in word.strip() else word for word in typed)
    category, span = _category(limits, known), _span(limits, today)
    try:
        sought = read_sought(text, today, known, category=category, span=span)
    except BadCommand as error:
        raise typer.BadParameter(_why(error), param_hint="WORDS") from error
    if sought.empty:
        raise typer.BadParameter("there is no letter and no digit to look for", param_hint="WORDS")
    return sought


def _category(limits: _Limits, known: Sequence[Category]) -> Category | None:
    named = slugs([limits.category], known, option="--category") if limits.category else frozenset()
    return next((one for one in known if one.slug in named), None)


def _span(limits: _Limits, today: date) -> Span:
    """Return the days from `--from` to `--to`, turned round where they stand so, as a range in words is."""
    first = days.read(limits.since, today, option="--from") if limits.since else None
    last = days.read(limits.until, today, option="--to") if limits.until else None
    if first and last and first > last:
        first, last = last, first
    return Span(first=first, last=last)


def _why(error: BadCommand) -> str:
    if error.template == "search_long":
        return f"that is too long: {error.values['most']} characters and {error.values['words']} words at most"
    return f"{error.values.get('typed', '')!r} is not a day; to look for the word itself, put it in quotes"


def _print(hit: Hit, shown: Line) -> None:
    head = Text.assemble((f"{hit.day}", "cyan"), " ", (f"{hit.item.number:>2}", "dim"), "  ", _marked(shown.title))
    console = terminal.console(sys.stdout)
    console.print(head, soft_wrap=True)
    if shown.extract:
        console.print(Text(" " * 15).append(_marked(shown.extract)), soft_wrap=True)
    if hit.item.url:
        console.print(Text(" " * 15 + printable(hit.item.url), style="dim"), soft_wrap=True)


def _marked(runs: Sequence[Run]) -> Text:
    """Return what was found bold and in colour."""
    return Text.assemble(*((printable(run.text), "bold yellow" if run.bold else "") for run in runs))


def _object(hit: Hit, shown: Line) -> dict[str, object]:
    return {
        "day": hit.day,
        "number": hit.item.number,
        "title": hit.item.title,
        "url": hit.item.url,
        "categories": hit.item.categories,
        "extract": [{"text": run.text, "found": run.bold} for run in shown.extract],
    }
