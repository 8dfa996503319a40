"""The settings of a subscription: one screen, and a page for each setting."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import time

from bot.commands import words
from bot.commands.ask import Ask
from bot.commands.coming import coming
from bot.commands.keys import Rows, key, rows, unknown
from bot.commands.places import Place, managed, readable
from bot.commands.words import Wish
from bot.errors import BadCommand
from bot.models import Format, Reply, Slot, Subscription, SubscriptionState

COMMON_ZONES = (
    "Asia/Shanghai",
    "Asia/Hong_Kong",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Europe/London",
    "Europe/Berlin",
    "America/New_York",
    "America/Los_Angeles",
    "Australia/Sydney",
    "UTC",
)
LANGUAGES = ("zh-CN", "en")
_WEEK = frozenset(range(1, 8))
_WORKDAYS = frozenset(range(1, 6))


async def settings(ask: Ask) -> Reply:
    """Show the settings, or change what the words wish for."""
    wish = words.read_wish(ask.words, ask.categories)
    if wish == Wish(target=wish.target):
        place = await readable(ask, wish.target)
        return await screen(ask, place, await ask.wanted(place.chat))
    place = await managed(ask, wish.target)
    if wish.unread:
        return unknown(ask, wish.unread, lambda near: place.press(f"settings {near.slug}"), "unknown_wish")
    return await _saved(ask, place, wish)


async def set_one(ask: Ask) -> Reply:
    """Show the page of one setting (`set at`), or set it (`set at 07:30`); what the buttons press."""
    aspect, _, rest = ask.words.partition(" ")
    page = _PAGES.get(aspect)
    if page is None:
        raise BadCommand("help", unknown="")
    wish = _with_days(rest, ask) if aspect == "days" else words.read_wish(rest, ask.categories)
    if wish == Wish(target=wish.target) or wish.unread:
        place = await readable(ask, wish.target)
        return page(place, await ask.wanted(place.chat))
    place = await managed(ask, wish.target)
    if aspect != "days":
        return await _saved(ask, place, wish)
    return page(place, await ask.change(place.chat, lambda known: amend(known, wish)))


def amend(known: Subscription, wish: Wish) -> Subscription:
    """Return the subscription with what is wished for; its state stays."""
    slot = Slot(
        zone=wish.zone or known.slot.zone,
        at=wish.hour.at if wish.hour else known.slot.at,
        days=wish.days or known.slot.days,
    )
    return replace(
        known,
        slot=slot,
        categories=known.categories if wish.categories is None else wish.categories,
        format=wish.format or known.format,
        language=wish.language or known.language,
    )


async def screen(ask: Ask, place: Place, subscription: Subscription, wish: Wish | None = None) -> Reply:
    """Return the settings screen; with a `wish` it says that this is saved now."""
    other = wish.hour.other if wish and wish.hour else None
    return Reply(
        template="settings",
        values={
            "subscription": subscription,
            "state": subscription.state.value,
            "coming": await coming(ask, subscription),
            "chat": place.title,
            "tail": place.tail,
            "saved": wish is not None,
            "other": other,
        },
        buttons=_screen_keys(place, subscription, other),
    )


async def _saved(ask: Ask, place: Place, wish: Wish) -> Reply:
    subscription = await ask.change(place.chat, lambda known: amend(known, wish))
    return await screen(ask, place, subscription, wish)


def _with_days(rest: str, ask: Ask) -> Wish:
    """Read `12345 @-100…`: the ISO numbers of the days on a button."""
    numbers, _, target = rest.strip().partition(" ")
    if not re.fullmatch(r"[1-7]+", numbers):
        return words.read_wish(rest, ask.categories)
    return replace(words.read_wish(target, ask.categories), days=frozenset(map(int, numbers)))


def _screen_keys(place: Place, subscription: Subscription, other: time | None) -> Rows:
    slot = subscription.slot
    on = subscription.state is SubscriptionState.ON
    last = key("unsubscribe", place.press("unsubscribe")) if on else key("subscribe", place.press("subscribe"))
    instead = ((key("rather", place.press(f"set at {other:%H:%M}"), at=other),),) if other else ()
    return (
        *instead,
        (
            key("hour", place.press("set at"), asks="ask_hour", at=slot.at),
            key("zone", place.press("set zone"), asks="ask_zone", name=slot.zone),
        ),
        (key("days", place.press("set days"), numbers=slot.days), key("categories", place.press("categories"))),
        (
            key("format", place.press("set format"), name=subscription.format.value),
            key("language", place.press("set language"), tag=subscription.language),
        ),
        (last,),
    )


# ------------------------------------------------------------------ a page for each setting


def _hours(place: Place, subscription: Subscription) -> Reply:
    hours = [time(hour) for hour in range(24)]
    keys = [
        key("clock_time", place.press(f"set at {at:%H:%M}"), on=at == subscription.slot.at, at=at)
        for at in hours[5:] + hours[:5]
    ]
    return _page("choose_hour", place, subscription, rows(keys, 4))


def _zones(place: Place, subscription: Subscription) -> Reply:
    keys = [
        key("city", place.press(f"set zone {zone}"), on=zone == subscription.slot.zone, name=zone)
        for zone in COMMON_ZONES
    ]
    return _page("choose_zone", place, subscription, rows(keys, 2))


def _days(place: Place, subscription: Subscription) -> Reply:
    """Each button sets the days as they would be then, so that pressing it twice is pressing it once."""
    days = subscription.slot.days
    toggles = [
        key("weekday", place.press(f"set days {_numbers(days ^ {day} or days)}"), on=day in days, number=day)
        for day in sorted(_WEEK)
    ]
    sets = (
        key("every_day", place.press(f"set days {_numbers(_WEEK)}"), on=days == _WEEK),
        key("workdays", place.press(f"set days {_numbers(_WORKDAYS)}"), on=days == _WORKDAYS),
    )
    return _page("choose_days", place, subscription, (*rows(toggles, 4), sets))


def _formats(place: Place, subscription: Subscription) -> Reply:
    keys = [
        key("format_name", place.press(f"set format {name}"), on=name is subscription.format, name=name.value)
        for name in Format
        if name is not Format.NEWS
    ]
    return _page("choose_format", place, subscription, rows(keys, 3))


def _languages(place: Place, subscription: Subscription) -> Reply:
    keys = [
        key("language_name", place.press(f"set language {tag}"), on=tag == subscription.language, tag=tag)
        for tag in LANGUAGES
    ]
    return _page("choose_language", place, subscription, rows(keys, 2))


def _page(template: str, place: Place, subscription: Subscription, choices: Rows) -> Reply:
    return Reply(
        template=template,
        values={"subscription": subscription, "chat": place.title, "tail": place.tail},
        buttons=(*choices, (key("back", place.press("settings")),)),
    )


def _numbers(days: frozenset[int]) -> str:
    return "".join(map(str, sorted(days)))


_PAGES: Mapping[str, Callable[[Place, Subscription], Reply]] = {
    "at": _hours,
    "zone": _zones,
    "days": _days,
    "format": _formats,
    "language": _languages,
}
