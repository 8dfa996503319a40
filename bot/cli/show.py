"""`digestbot show`: a digest as it goes out."""

import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Literal

import typer

from adapters.console import ConsoleDialect, Screen
from bot import config
from bot.app import House, house
from bot.cli import days, terminal
from bot.cli.naming import slugs
from bot.cli.waiting import finish
from bot.config import Settings
from bot.contract import Dialect
from bot.delivery import Order, compose
from bot.models import Format, Part
from bot.platforms import dialects


@dataclass(frozen=True, kw_only=True, slots=True)
class _Wish:
    """What was asked for, as typed."""

    day: str | None
    categories: Sequence[str]
    format: Format
    language: str | None
    draft: bool


def show(
    day: days.Day = None,
    *,
    category: Annotated[
        list[str] | None, typer.Option("--category", "-c", help="Only these items, by name, slug or alias; repeatable.")
    ] = None,
    platform: Annotated[
        str, typer.Option("--platform", "-p", help="As it looks there: console, telegram, discord, wecom, web.")
    ] = ConsoleDialect.platform,
    format_: Annotated[Format, typer.Option("--format", "-f", help="How much of each item.")] = Format.FULL,
    language: Annotated[
        Literal["zh-CN", "en"] | None,
        typer.Option("--language", "-l", help="The language of buttons and captions.", show_default=False),
    ] = None,
    draft: Annotated[bool, typer.Option("--draft", help="The newest revision, even if it is not published.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print exactly the parts that are sent.")] = False,
) -> None:
    """Show a digest as subscribers get it; without a DAY, the newest.

    **--platform telegram --json** prints exactly what is sent: a list of parts with their number, markup, buttons and
    size in the platform's units.
    """
    settings = config.read()
    dialect = _dialect(platform)
    wish = _Wish(day=day, categories=category or (), format=format_, language=language, draft=draft)
    parts = finish(_compose(settings, dialect, wish))
    if as_json:
        terminal.as_json([_object(part, dialect) for part in parts], indent=2)
    elif not parts:
        terminal.note("Nothing in these categories that day: subscribers to them get no message.")
    else:
        _print(parts, dialect)


async def _compose(settings: Settings, dialect: Dialect, wish: _Wish) -> tuple[Part, ...]:
    """Go the way the broadcast goes."""
    async with house(settings) as at:
        order = Order(
            revision_id=await _revision(at, wish),
            categories=slugs(wish.categories, await at.store.categories.all(), option="--category"),
            format=wish.format,
            language=wish.language or settings.language,
        )
        return await compose(at.store, at.renderer, dialect, order)


async def _revision(at: House, wish: _Wish) -> int:
    """Return the revision to show. Raises typer.Exit when there is none."""
    archive = at.store.digests
    latest = await archive.days(limit=1)
    if wish.day:
        wanted = days.read(wish.day, days.today(at.settings, at.clock()))
    elif latest:
        wanted = latest[0].day
    else:
        terminal.fail("the archive is empty: load a digest first, digestbot load FILE")
        raise typer.Exit(1)
    newest = await archive.newest(wanted)
    if newest and wish.draft:
        return newest.revision_id
    if published := (await archive.publications([wanted])).get(wanted):
        return published.revision_id
    if newest:
        terminal.fail(f"{wanted} is not published yet: look at it with --draft, publish it: digestbot publish {wanted}")
    else:
        near = ", ".join(str(found) for found in await archive.around(wanted) if found)
        terminal.fail(f"there is no digest of {wanted}{f'; the nearest: {near}' if near else ''}")
    raise typer.Exit(1)


def _dialect(platform: str) -> Dialect:
    known = dialects()
    if platform not in known:
        raise typer.BadParameter(f"{platform!r} is not a platform; {', '.join(known)} are", param_hint="--platform")
    return known[platform]


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
    pairs = zip(dialect.measure(part.markup), dialect.limits, strict=True)
    return ", ".join(f"{size}/{limit}" for size, limit in pairs)


def _object(part: Part, dialect: Dialect) -> dict[str, object]:
    cards = {"cards": [asdict(card) for card in part.cards]} if part.cards else {}
    return {
        "number": part.number,
        "of": part.of,
        "markup": part.markup,
        "keys": [[{"label": key.label, "data": key.data} for key in row] for row in part.keys],
        "size": list(dialect.measure(part.markup)),
        "limits": list(dialect.limits),
        **cards,
    }
