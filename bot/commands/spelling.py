"""A wish in the fewest words that say it, for a button to grant what somebody typed."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.commands import words
from bot.commands.ask import Ask
from bot.commands.keys import category_keys, fits, key, near, shortened
from bot.commands.places import Place
from bot.commands.words import Wish
from bot.models import EVERY_DAY, Category, Days, Reply, Workdays

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CALENDARS: Mapping[Workdays, str] = {Workdays.CHINA: "workdays-cn"}
_SILENT, _TELLS_EMPTY, _WEEKLY = ("sound", "silent"), ("hide-empty", "tell-empty"), ("no-weekly", "weekly")
"""The words for off and on."""


def half_read(ask: Ask, command: str, wish: Wish, place: Place) -> Reply:
    """Say what of `wish` we don't know, and offer the categories that come close, or else the settings.

    A button grants no more than what is certain: an unknown word may turn a switch, days or an absence beside it round
    (`silent off`), so that these are to be typed once more.
    """
    found = near(wish.unread, ask.categories)
    press = granting(command, wish, place)
    certain = wish == replace(wish, days=None, silent=None, tells_empty=None, weekly=None, away_until=None)
    pressable = bool(found) and certain and all(fits(press(category)) for category in found)
    named = () if pressable else tuple(category.slug for category in found)
    return Reply(
        template="half_read",
        values={"typed": shortened(wish.unread), "near": pressable, "named": named},
        buttons=category_keys(found, press) if pressable else ((key("settings", place.press("settings")),),),
    )


def granting(command: str, wish: Wish, place: Place) -> Callable[[Category], str]:
    """Return how a button gives `command` with a category, and with all else that could be read."""
    return lambda category: place.press(f"{command} {spelled(wish, slug=category.slug)}")


def spelled(wish: Wish, *, slug: str) -> str:
    """Return words that read as `wish`, its target and what could not be read aside, with the category `slug` too.

    An absence is told by its last day: pressed later, they still mean what was typed.
    """
    said = (
        *sorted((wish.categories or frozenset()) | {slug}),
        f"{wish.hour.at:%H:%M}" if wish.hour else "",
        wish.zone or "",
        _days(wish.days) if wish.days else "",
        wish.format or "",
        wish.language or "",
        _switch(wish.silent, _SILENT),
        _switch(wish.tells_empty, _TELLS_EMPTY),
        _switch(wish.weekly, _WEEKLY),
        _absence(wish),
    )
    return " ".join(filter(None, said))


def _days(days: Days) -> str:
    if isinstance(days, Workdays):
        return _CALENDARS[days]
    return "daily" if days == EVERY_DAY else " ".join(_WEEKDAYS[day - 1] for day in sorted(days))


def _switch(on: bool | None, names: tuple[str, str]) -> str:  # noqa: FBT001 - what a wish has
    return "" if on is None else names[on]


def _absence(wish: Wish) -> str:
    if wish.away_until is None:
        return ""
    return "back" if wish.away_until == words.BACK else f"until {wish.away_until}"
