"""Showing the settings and changing them: by words, by buttons, by a place on Earth."""

import re
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import date

from bot.commands import words
from bot.commands.ask import Ask
from bot.commands.keys import key, shortened
from bot.commands.places import Place, managed, readable
from bot.commands.settings.change import amend
from bot.commands.settings.pages import PAGES, zones
from bot.commands.settings.screen import screen
from bot.commands.spelling import half_read
from bot.commands.words import Wish
from bot.errors import BadCommand
from bot.models import Reply, Subscription, SubscriptionState, Workdays


async def settings(ask: Ask) -> Reply:
    """Show the settings, or change what the words wish for."""
    wish = words.read_wish(ask.words, ask.categories, ask.today)
    if wish == Wish(target=wish.target):
        place = await readable(ask, wish.target)
        return await screen(ask, place, await ask.wanted(place.chat))
    place = await managed(ask, wish.target)
    if wish.unread:
        return half_read(ask, "settings", wish, place)
    return await _saved(ask, place, wish)


async def set_one(ask: Ask) -> Reply:
    """Show the page of one setting (`set at`), or set it alone (`set at 07:30`); what buttons and forms give."""
    aspect, _, rest = ask.words.partition(" ")
    page = PAGES.get(aspect)
    if page is None:
        raise BadCommand("help", unknown="")
    wish = _READERS.get(aspect, _plain)(rest, ask)
    if _says_other(wish, aspect):
        raise BadCommand("unread_setting", aspect=aspect, typed=shortened(_without(wish.target, rest)))
    if wish == Wish(target=wish.target):
        place = await readable(ask, wish.target)
        return page(ask, place, await ask.wanted(place.chat))
    place = await managed(ask, wish.target)
    if aspect != "days":
        return await _saved(ask, place, wish)
    return page(ask, place, await ask.change(place.chat, _amending(ask, wish)))


def _says_other(wish: Wish, aspect: str) -> bool:
    """Tell whether `wish` says anything beside this setting and its chat."""
    asked, nothing = {"target", _FIELDS.get(aspect, aspect)}, Wish()
    said = {field.name for field in fields(Wish) if getattr(wish, field.name) != getattr(nothing, field.name)}
    return not said <= asked


def _without(target: str | None, typed: str) -> list[str]:
    """Return the words that were typed, without the chat that a button put in front of them."""
    return [word for word in typed.split() if not target or word.removeprefix("@") != target.removeprefix("@")]


async def here(ask: Ask) -> Reply:
    """Take over the zone of the place where the reader is (`here 35.68 139.69`); it is not kept."""
    zone = words.zone_at(ask.words)
    place = await managed(ask, None)
    if zone is None:
        return zones(ask, place, await ask.wanted(place.chat))
    return await _saved(ask, place, Wish(zone=zone))


async def _saved(ask: Ask, place: Place, wish: Wish) -> Reply:
    """Save what is wished for; but no pause for who gets nothing, which subscribing would end unseen."""
    if wish.away_until and wish.away_until != words.BACK:
        known = await ask.wanted(place.chat)
        if known.state is SubscriptionState.OFF:
            return _nothing_to_pause(place, wish.away_until)
    return await screen(ask, place, await ask.change(place.chat, _amending(ask, wish)), wish)


def _nothing_to_pause(place: Place, until: date) -> Reply:
    return Reply(
        template="nothing_to_pause",
        values={"chat": place.title, "tail": place.tail, "until": until},
        buttons=((key("subscribe", place.press("subscribe")), key("settings", place.press("settings"))),),
    )


def _amending(ask: Ask, wish: Wish) -> Callable[[Subscription], Subscription]:
    return lambda known: amend(known, wish, ask.now)


def _with_days(rest: str, ask: Ask) -> Wish:
    """Read `12345 @-100…` or `cn @-100…`: the days on a button, as they are written."""
    days, _, target = rest.strip().partition(" ")
    wish = _plain(target, ask)
    if re.fullmatch(r"[1-7]+", days):
        return replace(wish, days=frozenset(map(int, days)))
    if days in set(Workdays):
        return replace(wish, days=Workdays(days))
    return _plain(rest, ask)


def _with_zone(rest: str, ask: Ask) -> Wish:
    """Read a number alone as hours ahead of UTC: asked for a zone, nobody names an hour of the day."""
    alone = [word for word in rest.split() if not word.startswith("@")]
    is_number = len(alone) == 1 and alone[0].isdecimal()
    return _plain(re.sub(r"(?<!\S)(?=\d)", "UTC+", rest) if is_number else rest, ask)


def _plain(rest: str, ask: Ask) -> Wish:
    return words.read_wish(rest, ask.categories, ask.today)


_READERS: Mapping[str, Callable[[str, Ask], Wish]] = {"days": _with_days, "zone": _with_zone}
_FIELDS: Mapping[str, str] = {"at": "hour", "away": "away_until"}
"""Which part of a wish a setting is, where that is not called the same."""
