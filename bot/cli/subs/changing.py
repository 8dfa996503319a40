"""`digestbot subs edit`, `pause`, `resume`, `remove`: any platform's subscriptions, by their numbers."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated

import typer

from bot import config
from bot.app import House, house
from bot.cli import terminal
from bot.cli.subs import options
from bot.cli.subs.adding import refuse_known_key
from bot.cli.subs.listing import line
from bot.cli.waiting import finish
from bot.config import Settings
from bot.models import Subscription, SubscriptionState
from bot.store import Entry

_HIGHEST = 2**31 - 1
"""The highest number that every database can hold."""

Number = Annotated[
    int, typer.Argument(metavar="NUMBER", min=1, max=_HIGHEST, help="The number that **subs list** shows.")
]
Numbers = Annotated[
    list[int], typer.Argument(metavar="NUMBER", min=1, max=_HIGHEST, help="The numbers that **subs list** shows.")
]


@options.wished
def edit(number: Number, wish: options.Wish) -> None:
    """Change a subscription; what is not named stays."""
    if wish == options.Wish():
        raise typer.BadParameter("say what to change, such as --at 08:30", param_hint="NUMBER")
    finish(_edit(config.read(), number, wish))


def pause(
    numbers: Numbers,
    *,
    reason: Annotated[str, typer.Option("--reason", help="What status says of it.")] = "paused by the operator",
) -> None:
    """Send nothing to these for now; they keep their settings. What is not on stays as it is."""
    finish(_pause(config.read(), numbers, reason))


def resume(numbers: Numbers) -> None:
    """Send to these again, from the next digest that falls due."""
    finish(_switch(config.read(), numbers, SubscriptionState.ON))


def remove(numbers: Numbers) -> None:
    """Switch these off. Nothing is deleted: **resume** brings them back with their settings."""
    finish(_switch(config.read(), numbers, SubscriptionState.OFF))


async def _edit(settings: Settings, number: int, wish: options.Wish) -> None:
    async with house(settings, create=False) as at:
        categories = await at.store.categories.all()
        entry = await entry_of(at, number)
        wanted = replace(options.applied(wish, entry.subscription, categories, at.clock()), since=at.clock())
        await refuse_known_key(at, wanted)
        await _put(at, [entry], lambda _: wanted)


async def _pause(settings: Settings, numbers: Sequence[int], reason: str) -> None:
    async with house(settings, create=False) as at:
        entries = await _entries(at, numbers)
        on = [entry for entry in entries if entry.subscription.state is SubscriptionState.ON]
        await _put(at, on, lambda one: _switched(one, SubscriptionState.PAUSED, at.clock(), reason))
        for entry in entries:
            if entry not in on:
                terminal.note(f"{entry.number} is {entry.subscription.state} already, so there is nothing to pause")


async def _switch(settings: Settings, numbers: Sequence[int], state: SubscriptionState) -> None:
    async with house(settings, create=False) as at:
        await _put(at, await _entries(at, numbers), lambda one: _switched(one, state, at.clock()))


def _switched(one: Subscription, state: SubscriptionState, now: datetime, reason: str = "") -> Subscription:
    """Return the subscription as an operator wants it: no chat's return takes that back."""
    return replace(one, state=state, since=now, reason=reason, absent=False)


async def _entries(at: House, numbers: Sequence[int]) -> list[Entry]:
    return [await entry_of(at, number) for number in dict.fromkeys(numbers)]


async def _put(at: House, entries: Sequence[Entry], change: Callable[[Subscription], Subscription]) -> None:
    categories = await at.store.categories.all()
    for entry in entries:
        changed = change(entry.subscription)
        await at.store.subscriptions.put(changed)
        terminal.say(line(Entry(number=entry.number, subscription=changed), categories))


async def entry_of(at: House, number: int) -> Entry:
    """Return the subscription of that number. Raises typer.BadParameter when there is none."""
    entry = await at.store.roster.get(number)
    if entry is None:
        message = f"there is no subscription {number}; digestbot subs list shows them all"
        raise typer.BadParameter(message, param_hint="NUMBER")
    return entry
