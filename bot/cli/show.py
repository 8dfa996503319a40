"""`digestbot show`: a digest as it goes out."""

import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Annotated, Literal

import typer

from adapters.console import ConsoleDialect, Screen
from bot import config
from bot.app import House, house
from bot.cli import days, explaining, terminal
from bot.cli.correcting import taken_back
from bot.cli.naming import known_platform, slugs
from bot.cli.waiting import finish
from bot.config import PLATFORMS, Settings
from bot.contract import Dialect
from bot.delivery import Order, WeekOrder, compose, compose_week
from bot.models import Format, Part, Week
from bot.platforms import dialects
from bot.render import measure


@dataclass(frozen=True, kw_only=True, slots=True)
class _Wish:
    """What was asked for, as typed."""

    day: str | None
    categories: Sequence[str]
    format: Format
    language: str | None
    draft: bool
    week: bool


def show(
    day: days.Day = None,
    *,
    category: Annotated[
        list[str] | None, typer.Option("--category", "-c", help="Only these items, by name, slug or alias; repeatable.")
    ] = None,
    platform: Annotated[
        str, typer.Option("--platform", "-p", help=f"As it looks there: {', '.join(PLATFORMS)}.")
    ] = ConsoleDialect.platform,
    format_: Annotated[Format, typer.Option("--format", "-f", help="How much of each item.")] = Format.FULL,
    language: Annotated[
        Literal["zh-CN", "en"] | None,
        typer.Option("--language", "-l", help="The language of buttons and captions.", show_default=False),
    ] = None,
    draft: Annotated[bool, typer.Option("--draft", help="The newest revision, even if it is not published.")] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say why each item is in its categories, and not in others.")
    ] = False,
    week: Annotated[bool, typer.Option("--week", help="The week of that DAY.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print exactly the parts that are sent.")] = False,
) -> None:
    """Show a digest as subscribers get it, or a week; without a DAY, the newest.

    **--platform telegram --json** prints exactly what is sent: a list of parts with their number, markup, buttons and
    size in the platform's units. **--explain** names instead, for each item, its categories and who chose them, the
    terms that were found and what each is worth, and why other categories came short.
    """
    settings = config.read()
    if week and draft:
        raise typer.BadParameter("a week is made of what is published", param_hint="--draft")
    if week and explain:
        raise typer.BadParameter("categories are explained day by day: leave out --week", param_hint="--explain")
    wish = _Wish(day=day, categories=category or (), format=format_, language=language, draft=draft, week=week)
    if explain:
        finish(_explain(settings, wish, as_json=as_json))
        return
    dialect = dialects()[known_platform(platform)]
    parts = finish(_compose(settings, dialect, wish))
    if as_json:
        terminal.as_json([_object(part, dialect) for part in parts], indent=2)
    elif not parts:
        terminal.note(
            f"Nothing in these categories that {'week' if week else 'day'}: subscribers to them get no message."
        )
    else:
        _print(parts, dialect)


async def _compose(settings: Settings, dialect: Dialect, wish: _Wish) -> tuple[Part, ...]:
    """Go the way the broadcast goes."""
    async with house(settings, create=False) as at:
        categories = slugs(wish.categories, await at.store.categories.all(), option="--category")
        language = wish.language or settings.language
        if wish.week:
            week, ids = await _week(at, wish)
            weekly = WeekOrder(week=week, revisions=ids, categories=categories, format=wish.format, language=language)
            return await compose_week(at.store, at.renderer, dialect, weekly)
        revision_id = await _revision(at, wish)
        order = Order(revision_id=revision_id, categories=categories, format=wish.format, language=language)
        return await compose(at.store, at.renderer, dialect, order)


async def _explain(settings: Settings, wish: _Wish, *, as_json: bool) -> None:
    """Explain what is stored of the day, as it would be sorted now."""
    async with house(settings, create=False) as at:
        digest = await at.store.digests.revision(await _revision(at, wish))
        categories = await at.store.categories.all()
        only = slugs(wish.categories, categories, option="--category")
        found = await explaining.reasons(at.sorter, digest, only)
    if as_json:
        terminal.as_json(explaining.as_objects(found), indent=2)
    else:
        explaining.tell(found, categories, wish.language or settings.language)


async def _week(at: House, wish: _Wish) -> tuple[Week, tuple[int, ...]]:
    """Return the week to show and the revisions published of its days. Raises typer.Exit when there are none."""
    week = days.week_of(await _day(at, wish))
    published = await at.store.digests.publications(week.days)
    if not published:
        terminal.fail(f"nothing is published of the week {week.name}, {week.monday} to {week.sunday}")
        raise typer.Exit(1)
    return week, tuple(published[day].revision_id for day in sorted(published))


async def _day(at: House, wish: _Wish) -> date:
    """Return the day that was typed, else that of the newest digest. Raises typer.Exit when there is none."""
    if wish.day:
        return days.read(wish.day, days.today(at.settings, at.clock()))
    if latest := await at.store.digests.days(limit=1):
        return latest[0].day
    terminal.fail("the archive is empty: load a digest first, digestbot load FILE")
    raise typer.Exit(1)


async def _revision(at: House, wish: _Wish) -> int:
    """Return the revision to show. Raises typer.Exit when there is none."""
    archive = at.store.digests
    wanted = await _day(at, wish)
    newest = await archive.newest(wanted)
    if newest and wish.draft:
        return newest.revision_id
    if published := (await archive.publications([wanted])).get(wanted):
        return published.revision_id
    if newest and newest.state == "retracted":
        terminal.fail(f"{taken_back(wanted)} (--draft shows it)")
    elif newest:
        terminal.fail(f"{wanted} is not published yet: look at it with --draft, publish it: digestbot publish {wanted}")
    else:
        near = ", ".join(str(found) for found in await archive.around(wanted) if found)
        what_else = f"the nearest: {near}" if near else "load one first, digestbot load FILE"
        terminal.fail(f"there is no digest of {wanted}; {what_else}")
    raise typer.Exit(1)


def _print(parts: Sequence[Part], dialect: Dialect) -> None:
    """Print the parts as they look in the terminal; the markup of other platforms letter for letter."""
    if dialect.platform == ConsoleDialect.platform:
        screen = Screen(sys.stdout)
        for part in parts:
            screen.show(part)
        return
    for part in parts:
        terminal.say(f"── part {part.number} of {part.of} · size {_size(part, dialect)}", style="dim")
        if part.markup:
            terminal.say(part.markup)
        for card in part.cards:
            terminal.say(f"▢ {card.title} ({card.url})\n  {card.description}")
        for row in part.keys:
            terminal.say("   ".join(f"[{key.label}]" for key in row), style="cyan")


def _size(part: Part, dialect: Dialect) -> str:
    return ", ".join(f"{size}/{limit}" for size, limit in zip(*measure(part, dialect), strict=True))


def _object(part: Part, dialect: Dialect) -> dict[str, object]:
    cards = {"cards": [asdict(card) for card in part.cards]} if part.cards else {}
    sizes, limits = measure(part, dialect)
    return {
        "number": part.number,
        "of": part.of,
        "markup": part.markup,
        "keys": [[{"label": key.label, "data": key.data} for key in row] for row in part.keys],
        "size": list(sizes),
        "limits": list(limits),
        **cards,
    }
