"""`digestbot categorise`: a person's word on the categories of an item."""

from dataclasses import dataclass
from typing import Annotated

import typer

from bot import config
from bot.app import House, house
from bot.cli import days as typed_days
from bot.cli import terminal
from bot.cli.correcting import Day, consequence, in_words, reach
from bot.cli.naming import ordered
from bot.cli.waiting import finish, warn_unattended
from bot.config import Settings
from bot.sorting import Standing

_WHO = "the command line"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Wish:
    """What was asked for, as typed; without an item nothing but to sort the day anew."""

    day: str
    item: int | None
    categories: tuple[str, ...]
    none: bool
    reset: bool
    corrects: bool


def categorise(
    day: Day,
    item: Annotated[
        int | None, typer.Argument(metavar="ITEM", min=1, help="The number of the item.", show_default=False)
    ] = None,
    category: Annotated[
        list[str] | None,
        typer.Argument(metavar="CATEGORY", help="By name, slug or alias; the first is the primary one."),
    ] = None,
    *,
    none: Annotated[bool, typer.Option("--none", help="The item belongs to no category.")] = False,
    reset: Annotated[
        bool, typer.Option("--reset", help="Take your word back: the item is sorted as before it.")
    ] = False,
    no_edit: Annotated[bool, typer.Option("--no-edit", help="Leave messages already sent as they are.")] = False,
) -> None:
    """Say which categories an item belongs to.

    That goes before its section, its tags, the model and the rules, and holds for every revision of that day, as long
    as the item keeps its link (or its title, where it has none). It becomes a new revision that messages already sent
    follow: how many chats that may touch is said before. Without an ITEM the day is sorted anew by the taxonomy of now.
    **digestbot show DAY --explain** says why items are where they are.
    """
    wish = _Wish(day=day, item=item, categories=tuple(category or ()), none=none, reset=reset, corrects=not no_edit)
    said = sum((bool(wish.categories), none, reset))
    if item is not None and not said:
        raise typer.BadParameter("name at least one category, or say --none or --reset", param_hint="CATEGORY")
    if item is not None and said > 1:
        raise typer.BadParameter("say one of these alone: categories, --none, or --reset", param_hint="CATEGORY")
    if item is None and (none or reset):
        raise typer.BadParameter("say which item: digestbot categorise DAY ITEM", param_hint="ITEM")
    finish(_categorise(config.read(), wish))


async def _categorise(settings: Settings, wish: _Wish) -> None:
    async with house(settings, create=False) as at:
        day = typed_days.read(wish.day, typed_days.today(settings, at.clock()))
        standing = await at.sorter.standing(day)
        if standing is None:
            terminal.fail(f"there is no digest of {day}: load one first, digestbot load FILE")
            raise typer.Exit(1)
        if wish.item is not None:
            await _say(at, standing, wish, wish.item)
            standing = await at.sorter.standing(day) or standing
        await _apply(at, standing, wish)


async def _say(at: House, standing: Standing, wish: _Wish, number: int) -> None:
    """Keep the word. Raises typer.Exit when there is no such item."""
    if standing.decision(number) is None:
        numbers = [item.number for item in standing.stored.items]
        terminal.fail(f"{standing.stored.day} has no item {number}; it has {numbers[0]} to {numbers[-1]}")
        raise typer.Exit(1)
    slugs = ordered(wish.categories, await at.store.categories.all(), option="CATEGORY")
    await at.sorter.say(standing, number, None if wish.reset else slugs, by=_WHO)


async def _apply(at: House, standing: Standing, wish: _Wish) -> None:
    day = standing.stored.day
    if standing.newest.state == "retracted":
        terminal.say(f"The digest of {day} is retracted: this counts once it is loaded again.")
        return
    if not standing.moved:
        terminal.say(f"Nothing changes: {_where(standing, wish)}.")
        return
    await _foretell(at, standing, wish)
    saved = await at.sorter.resort(day, corrects=wish.corrects)
    before = {item.number: item.categories for item in standing.stored.items}
    for one in standing.moved:
        was = ", ".join(before[one.item.number]) or "none"
        terminal.say(f"{one.item.number}. {one.item.title}: {', '.join(one.slugs) or 'none'} (was {was})")
    if saved and saved.published:
        await warn_unattended(at)
    elif saved:
        terminal.note(f"Revision {saved.revision} is a draft, as the one before: digestbot publish {day}")


def _where(standing: Standing, wish: _Wish) -> str:
    decision = standing.decision(wish.item) if wish.item else None
    if decision is None:
        return "the day is sorted like this already"
    there = f"item {wish.item} is in {', '.join(decision.slugs) or 'no category'}"
    return f"{there} without your word too" if wish.reset else f"{there} already, and stays there from now on"


async def _foretell(at: House, standing: Standing, wish: _Wish) -> None:
    """Say, before it is saved, which chats it may touch."""
    there = await reach(at, standing.stored.day)
    if not there or not standing.newest.published:
        return
    if wish.corrects:
        line = f"{standing.stored.day}: it {consequence(there)}, as far as they are sent other items or buttons by it"
    else:
        line = f"{standing.stored.day}: the messages of {in_words(there.everywhere)} stay as they are (--no-edit)"
    terminal.note(line, style="cyan")
