"""`digestbot retract` and `digestbot resend`: orders that the running process carries out."""

import sys
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated

import typer

from bot import config
from bot.app import House, house
from bot.cli import days as typed_days
from bot.cli import terminal
from bot.cli.naming import known_platform
from bot.cli.waiting import finish, warn_unattended
from bot.config import Settings
from bot.delivery import Reach, reach_of
from bot.models import DeliveryState
from bot.platforms import dialects
from bot.schedule import ONE_DAY

_OPEN = (DeliveryState.PLANNED, DeliveryState.CLAIMED)

Day = Annotated[str, typer.Argument(metavar="DAY", help="The day: 2025-10-12, 10-12, yesterday …", show_default=False)]


def retract(
    day: Day,
    *,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Take a published digest back from everybody.

    Messages are deleted, or replaced by a notice where that can't be done, and who waits for it gets nothing. Says
    first how many chats that reaches, and asks. Exits with 1 when nothing is published for that day.
    """
    finish(_retract(config.read(), day, sure=yes))


async def _retract(settings: Settings, typed: str, *, sure: bool) -> None:
    async with house(settings, create=False) as at:
        day = typed_days.read(typed, typed_days.today(settings, at.clock()))
        published = (await at.store.digests.publications([day])).get(day)
        if published is None:
            terminal.fail(f"nothing is published for {day}")
            raise typer.Exit(1)
        reached = await reach(at, day)
        waiting = sum(n for (_, state), n in (await at.store.status.counts(day)).items() if state in _OPEN)
        terminal.say(f"The digest of {day} is in {in_words(reached.everywhere)}; {waiting} more wait for it.")
        if not sure:
            _ask("Take it back from all of them?")
        number = await at.store.digests.retract(day, only=published.revision_id)
        if number is None:
            terminal.fail(f"the digest of {day} was changed meanwhile: look again")
            raise typer.Exit(1)
        terminal.say(f"Retracted revision {number} of {day}.")
        await warn_unattended(at)


def _ask(question: str) -> None:
    """Go on when the answer is yes. Raises typer.Exit, also where there is nobody to ask."""
    if not (sys.stdin and sys.stdin.isatty()):
        terminal.fail("nobody is there to confirm it: add --yes")
        raise typer.Exit(1)
    if not typer.confirm(question, err=True):
        terminal.note("Nothing was changed.")
        raise typer.Exit(1)


def resend(
    day: Day,
    *,
    failed: Annotated[bool, typer.Option("--failed", help="Those that failed, are unknown or expired.")] = False,
    platform: Annotated[str | None, typer.Option("--platform", "-p", help="Only there.", show_default=False)] = None,
    week: Annotated[bool, typer.Option("--week", help="Not the digest: the week that DAY is in.")] = False,
) -> None:
    """Send a digest, or a week, again to those it did not reach.

    What did arrive is not sent twice. Paused chats are left out: they come back by themselves.
    """
    if not failed:
        raise typer.BadParameter("say --failed: only what did not get through is sent again", param_hint="--failed")
    only = known_platform(platform) if platform is not None else None
    finish(_resend(config.read(), day, only, week=week))


async def _resend(settings: Settings, typed: str, platform: str | None, *, week: bool) -> None:
    async with house(settings, create=False) as at:
        now = at.clock()
        day = typed_days.read(typed, typed_days.today(settings, now))
        wanted = typed_days.week_of(day) if week else None
        last = wanted.sunday if wanted else day
        found = await at.store.resends.plan(last, now, deadline=now + ONE_DAY, platform=platform, week=week)
        what = f"the week {wanted.name}" if wanted else f"the digest of {day}"
        if found.number:
            terminal.say(f"{what[:1].upper()}{what[1:]} goes out again to {in_words(found.again)}.")
        else:
            terminal.say(f"Nothing of {what.removeprefix('the digest of ')} is to be sent again.")
        if found.paused:
            terminal.note(f"Left out, because they are paused: {_chats(found.paused)}. `digestbot status` says why.")
        if found.off:
            terminal.note(f"Left out, because they left or the digest was retracted: {_chats(found.off)}.")
        if found.number:
            await warn_unattended(at)


def taken_back(day: date) -> str:
    """Say that the digest of `day` was retracted, and how it comes back."""
    return f"the digest of {day} was retracted; to bring it back, load its file again: digestbot load FILE"


async def reach(at: House, day: date) -> Reach:
    """Return which chats have messages of `day` that follow a new revision or a withdrawal."""
    return await reach_of(at.store, dialects(), day, sent_since=followed_since(at))


def followed_since(at: House) -> datetime:
    """Return when a message must have been sent (UTC) for a correction to follow it."""
    return at.clock() - at.settings.correct_for


def in_words(reached: Mapping[str, int]) -> str:
    """Say how many chats those are: `12 chats (telegram 10, console 2)`."""
    if not reached:
        return _chats(0)
    each = ", ".join(f"{platform} {number}" for platform, number in sorted(reached.items()))
    return f"{_chats(sum(reached.values()))} ({each})"


def consequence(reached: Reach) -> str:
    """Say what a correction does to those chats."""
    said = [f"edits the messages of {in_words(reached.edited)}"] if reached.edited else []
    said += [f"sends a correction to {in_words(reached.noticed)}"] if reached.noticed else []
    return " and ".join(said)


def _chats(number: int) -> str:
    return f"{number} chat{'' if number == 1 else 's'}"
