"""`digestbot days` and `digestbot publish`: the archive."""

from datetime import date
from typing import Annotated

import typer

from bot import config
from bot.app import house
from bot.cli import days as typed_days
from bot.cli import terminal
from bot.cli.correcting import consequence, reach, taken_back
from bot.cli.waiting import finish, warn_unattended
from bot.config import Settings
from bot.store import DayLine, Newest

_PAGE = 200


def days(
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many, the newest first.")] = 30,
    *,
    everything: Annotated[bool, typer.Option("--all", help="The whole archive.")] = False,
) -> None:
    """List the published digests, newest first."""
    lines = finish(_days(config.read(), None if everything else limit))
    if not lines:
        terminal.note("The archive is empty: digestbot load FILE")
        return
    terminal.table(
        ("Day", "Items", "Title"), [(line.day, line.items, line.title) for line in lines], numbers=("Items",)
    )


async def _days(settings: Settings, limit: int | None) -> list[DayLine]:
    lines: list[DayLine] = []
    async with house(settings, create=False) as at:
        while limit is None or len(lines) < limit:
            wanted = _PAGE if limit is None else min(_PAGE, limit - len(lines))
            page = await at.store.digests.days(before=lines[-1].day if lines else None, limit=wanted)
            lines += page
            if len(page) < wanted:
                break
    return lines


def publish(
    day: Annotated[str, typer.Argument(metavar="DAY", help="The day: 2025-10-12, 10-12, today …", show_default=False)],
) -> None:
    """Publish the newest draft of a day.

    It goes out to the chats whose hour has come, and readers can ask for it. Exits with 1 when that day has no draft.
    """
    finish(_publish(config.read(), day))


async def _publish(settings: Settings, typed: str) -> None:
    async with house(settings, create=False) as at:
        wanted: date = typed_days.read(typed, typed_days.today(settings, at.clock()))
        reached = await reach(at, wanted)
        number = await at.store.digests.publish(wanted, at.clock())
        if number is None:
            terminal.fail(_why_not(wanted, await at.store.digests.newest(wanted)))
            raise typer.Exit(1)
        terminal.say(f"Published revision {number} of {wanted}.")
        if reached and any(head.corrects for head in await at.store.corrections.heads(wanted) if head.day == wanted):
            terminal.say(f"It {consequence(reached)}.")
        await warn_unattended(at)


def _why_not(day: date, newest: Newest | None) -> str:
    if newest is None:
        return f"{day} has no draft: nothing is loaded for that day"
    if newest.state == "retracted":
        return taken_back(day)
    return f"{day} has no draft: revision {newest.number} is published already"
