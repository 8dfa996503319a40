"""The first screen, and what a link opens instead."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from bot.commands import words
from bot.commands.archive import day
from bot.commands.ask import Ask
from bot.commands.category import category
from bot.commands.coming import coming
from bot.commands.keys import key
from bot.commands.subscribe import linked
from bot.commands.week import week
from bot.models import Reply, SubscriptionState

_OPENED: Mapping[str, Callable[[Ask], Awaitable[Reply]]] = {"day": day, "category": category, "week": week}
"""What buttons under a push ask for. All of it is to be read: nobody's link decides anything for who follows it."""


async def start(ask: Ask) -> Reply:
    """Greet in one screen; a deep link's `cat_<slug>` subscribes to that category, `day_2025-10-12` opens that day."""
    payload = ask.words
    if payload.startswith(words.START_PREFIX) and payload != words.START_PREFIX:
        return await linked(ask)
    name, *rest = payload.split("_")
    if name in _OPENED and rest:
        return await _OPENED[name](replace(ask, command=replace(ask.command, name=name, words=" ".join(rest))))
    return await _greeting(ask)


async def _greeting(ask: Ask) -> Reply:
    wanted = await ask.wanted(ask.command.chat)
    on = wanted.state is SubscriptionState.ON
    first = key("settings", "settings") if on else key("subscribe", "subscribe")
    return Reply(
        template="start",
        values={"subscription": wanted, "on": on, "away": ask.away(wanted), "coming": await coming(ask, wanted)},
        buttons=((first,), (key("today", "+today"), key("categories", "categories"))),
    )
