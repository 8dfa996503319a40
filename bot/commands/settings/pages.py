"""A page for each setting that has more than two answers."""

from collections.abc import Callable, Mapping
from datetime import time, timedelta
from zoneinfo import ZoneInfo

from bot.commands.ask import Ask
from bot.commands.keys import Rows, key, rows
from bot.commands.places import Place
from bot.contract import Capability
from bot.models import EVERY_DAY, ChatKind, Format, Reply, Subscription, Weekdays, Workdays

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
_MONDAY_TO_FRIDAY: Weekdays = frozenset(range(1, 6))
_DAYS_AWAY = (3, 7, 14)


def hours(_: Ask, place: Place, subscription: Subscription) -> Reply:
    """Offer every full hour, the morning first."""
    listed = [time(hour) for hour in range(24)]
    keys = [
        key("clock_time", place.press(f"set at {at:%H:%M}"), on=at == subscription.slot.at, at=at)
        for at in listed[5:] + listed[:5]
    ]
    return _page("choose_hour", place, subscription, rows(keys, 4))


def zones(ask: Ask, place: Place, subscription: Subscription) -> Reply:
    """Offer the common zones, and say how to name or show any other place."""
    keys = [
        key("city", place.press(f"set zone {zone}"), on=zone == subscription.slot.zone, name=zone)
        for zone in COMMON_ZONES
    ]
    knows_places = Capability.LOCATION in ask.gate.dialect.capabilities
    located = knows_places and place.chat.kind is ChatKind.PRIVATE
    return _page("choose_zone", place, subscription, rows(keys, 2), located=located)


def days(_: Ask, place: Place, subscription: Subscription) -> Reply:
    """Each button sets the days as they would be then, so that pressing it twice is pressing it once."""
    now = subscription.slot.days
    ticked = frozenset() if isinstance(now, Workdays) else now
    toggles = [
        key("weekday", place.press(f"set days {_numbers(ticked ^ {day} or ticked)}"), on=day in ticked, number=day)
        for day in sorted(EVERY_DAY)
    ]
    sets = [
        key("every_day", place.press(f"set days {_numbers(EVERY_DAY)}"), on=now == EVERY_DAY),
        key("monday_to_friday", place.press(f"set days {_numbers(_MONDAY_TO_FRIDAY)}"), on=now == _MONDAY_TO_FRIDAY),
    ]
    calendars = [key("workdays", place.press(f"set days {one}"), on=now == one, country=one.value) for one in Workdays]
    return _page("choose_days", place, subscription, (*rows(toggles, 4), tuple(sets), *rows(calendars, 1)))


def formats(_: Ask, place: Place, subscription: Subscription) -> Reply:
    """Offer how much of each item there is to be."""
    keys = [
        key("format_name", place.press(f"set format {name}"), on=name is subscription.format, name=name.value)
        for name in Format
        if name is not Format.NEWS
    ]
    return _page("choose_format", place, subscription, rows(keys, 3))


def languages(_: Ask, place: Place, subscription: Subscription) -> Reply:
    """Offer the languages there are."""
    keys = [
        key("language_name", place.press(f"set language {tag}"), on=tag == subscription.language, tag=tag)
        for tag in LANGUAGES
    ]
    return _page("choose_language", place, subscription, rows(keys, 2))


def absences(ask: Ask, place: Place, subscription: Subscription) -> Reply:
    """Offer absences by the day they end, so that a button pressed later still means what it says."""
    today = ask.now.astimezone(ZoneInfo(subscription.slot.zone)).date()
    away = ask.away(subscription)
    monday = today + timedelta(days=7 - today.weekday())
    ends = sorted({*(today + timedelta(days=number) for number in _DAYS_AWAY), monday})
    keys = [key("until", place.press(f"set away until {end}"), on=end == away, day=end, today=today) for end in ends]
    back = ((key("back_now", place.press("set away back")),),) if away else ()
    return _page(
        "choose_absence", place, subscription, (*back, *rows(keys, 2)), away=away, today=today, example=ends[-1]
    )


def _page(template: str, place: Place, subscription: Subscription, choices: Rows, **values: object) -> Reply:
    return Reply(
        template=template,
        values={"subscription": subscription, "chat": place.title, "tail": place.tail, **values},
        buttons=(*choices, (key("back", place.press("settings")),)),
    )


def _numbers(weekdays: Weekdays) -> str:
    return "".join(map(str, sorted(weekdays)))


PAGES: Mapping[str, Callable[[Ask, Place, Subscription], Reply]] = {
    "at": hours,
    "zone": zones,
    "days": days,
    "format": formats,
    "language": languages,
    "away": absences,
}
