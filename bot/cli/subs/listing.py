"""`digestbot subs list`: who gets what, when, and how."""

from collections.abc import Sequence
from typing import Annotated

import typer

from bot import config
from bot.app import house
from bot.cli import terminal
from bot.cli.naming import known_platform, told
from bot.cli.subs.written import as_object
from bot.cli.waiting import finish
from bot.config import Settings
from bot.masking import tail
from bot.models import EVERY_DAY, Category, Subscription
from bot.store import Entry
from bot.store.codec import days_to_text

_COLUMNS = ("number", "platform", "chat", "state", "when", "categories", "format", "language", "also", "mention", "key")


def list_(
    *,
    platform: Annotated[
        str | None, typer.Option("--platform", "-p", help="Only this platform's.", show_default=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a list of objects.")] = False,
) -> None:
    """List all subscriptions with their numbers. Keys are shown by their last four letters only."""
    entries, categories = finish(_read(config.read(), known_platform(platform) if platform else None))
    if as_json:
        terminal.as_json([_as_object(entry) for entry in entries], indent=2)
    elif entries:
        _print(entries, categories)
    else:
        terminal.note("Nobody has subscribed.")


async def _read(settings: Settings, platform: str | None) -> tuple[tuple[Entry, ...], tuple[Category, ...]]:
    async with house(settings, create=False) as at:
        return await at.store.roster.all(platform=platform), tuple(await at.store.categories.all())


def _as_object(entry: Entry) -> dict[str, object]:
    one = entry.subscription
    return {"number": entry.number, **as_object(one), "key": tail(one.chat.credential) or None}


def _print(entries: Sequence[Entry], categories: Sequence[Category]) -> None:
    """Print a table of the columns that anybody has something in; where it is too wide, a line for each."""
    rows = [cells(entry, categories) for entry in entries]
    filled = [place for place in range(len(_COLUMNS)) if any(row[place] for row in rows)]
    terminal.table(
        [_COLUMNS[place] for place in filled],
        [[row[place] for place in filled] for row in rows],
        numbers=("number",),
        narrow=[line(entry, categories) for entry in entries],
    )


def cells(entry: Entry, categories: Sequence[Category]) -> tuple[object, ...]:
    """Return a subscription's cells of the table."""
    one = entry.subscription
    return (
        entry.number,
        one.chat.platform,
        _place(one),
        told(one.state, one.reason) if one.reason else str(one.state),
        _when(one),
        ", ".join(category.zh for category in categories if category.slug in one.categories) or "all",
        str(one.format),
        one.language,
        _also(one),
        ", ".join(one.mention),
        tail(one.chat.credential),
    )


def line(entry: Entry, categories: Sequence[Category]) -> str:
    """Return a subscription as one line."""
    number, platform, *rest = cells(entry, categories)
    return f"{number}: {platform} " + " · ".join(str(cell) for cell in rest if cell)


def _place(subscription: Subscription) -> str:
    chat = subscription.chat
    return f"{chat.place}{f' ({chat.title})' if chat.title else ''}"


def _when(subscription: Subscription) -> str:
    slot = subscription.slot
    days = "" if slot.days == EVERY_DAY else f" days {days_to_text(slot.days)}"
    return f"{slot.at:%H:%M} {slot.zone}{days}"


def _also(subscription: Subscription) -> str:
    switched = {
        "silent": subscription.silent,
        "tells empty days": subscription.tells_empty,
        "weekly": subscription.weekly,
        f"away until {subscription.away_until}": subscription.away_until is not None,
    }
    return ", ".join(name for name, on in switched.items() if on)
