"""A day as it is typed on the command line."""

from datetime import date, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot.commands.words import read_day_near
from bot.config import Settings
from bot.errors import BadCommand
from bot.models import Week

_A_WEEK = timedelta(weeks=1)

Day = Annotated[
    str | None,
    typer.Argument(metavar="DAY", help="A day: 2025-10-12, 10-12, yesterday, 昨天, 3 days ago …", show_default=False),
]


def today(settings: Settings, now: datetime) -> date:
    """Return today's date where new subscriptions live."""
    return now.astimezone(ZoneInfo(settings.zone)).date()


def read(typed: str, now: date, *, option: str = "DAY") -> date:
    """Return the day that was typed; the future is allowed here. Raises typer.BadParameter."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        pass
    try:
        found = read_day_near(typed, now)
    except BadCommand:
        found = None
    if found is None:
        raise typer.BadParameter(f"{typed!r} is not a day; write one like {now}", param_hint=option)
    return found


def week_of(day: date) -> Week:
    """Return the week that `day` is in. Raises typer.BadParameter where the calendar ends within it."""
    week = Week.of(day)
    if date.max - week.monday < _A_WEEK:
        raise typer.BadParameter(f"{day} is not a day of a whole week", param_hint="DAY")
    return week
