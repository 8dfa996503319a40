"""What somebody who is typing could mean: days there are, categories, zones."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.categories import close, find
from bot.commands import words
from bot.commands.settings import COMMON_ZONES
from bot.config import Settings
from bot.contract import Suggest, Suggestion
from bot.errors import BadCommand
from bot.models import Category, Week
from bot.store import Store

MOST = 25
_LONGEST = 100
_LOOKED_AT = 400
"""How many days back a title is looked for."""


class Suggestions:
    """Completes what is typed. `clock` gives the time, aware, in UTC."""

    def __init__(self, store: Store, settings: Settings, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock

    async def of(self, suggest: Suggest) -> tuple[Suggestion, ...]:
        """Return what could be meant, the likeliest first. Raises StoreError."""
        typed = suggest.typed.strip()
        match suggest.option:
            case "day":
                found = await self._days(suggest, typed)
            case "week":
                found = await self._weeks(suggest, typed)
            case "category":
                found = _one(typed, await self._categories(), self._language(suggest))
            case "categories":
                found = _several(suggest.typed, await self._categories(), self._language(suggest))
            case "zone":
                found = _zones(typed)
            case _:
                found = []
        fitting = [one for one in found if len(one.value) <= _LONGEST]
        return tuple(Suggestion(label=one.label[:_LONGEST], value=one.value) for one in fitting[:MOST])

    async def _weeks(self, suggest: Suggest, typed: str) -> list[Suggestion]:
        today = await self._today(suggest)
        meant = _week(typed, today) if typed else None
        lines = await self._store.digests.days(limit=_LOOKED_AT)
        listed = dict.fromkeys(Week.of(line.day) for line in lines)
        wanted = typed.casefold()
        found = [week for week in listed if week == meant or wanted in _label(week).casefold()]
        return [Suggestion(label=_label(week), value=week.name) for week in sorted(found, key=lambda one: one != meant)]

    async def _today(self, suggest: Suggest) -> date:
        subscription = await self._store.subscriptions.get(suggest.chat)
        zone = ZoneInfo(subscription.slot.zone if subscription else self._settings.zone)
        return self._clock().astimezone(zone).date()

    async def _days(self, suggest: Suggest, typed: str) -> list[Suggestion]:
        meant = _day(typed, await self._today(suggest)) if typed else None
        lines = await self._store.digests.days(limit=_LOOKED_AT if typed else MOST)
        wanted = typed.casefold()
        found = [
            Suggestion(label=f"{line.day} · {line.title}", value=str(line.day))
            for line in lines
            if line.day == meant or wanted in f"{line.day} {line.title}".casefold()
        ]
        if meant and all(one.value != str(meant) for one in found):
            found.append(Suggestion(label=str(meant), value=str(meant)))
        return sorted(found, key=lambda one: one.value != str(meant))

    async def _categories(self) -> tuple[Category, ...]:
        return await self._store.categories.all()

    def _language(self, suggest: Suggest) -> str:
        return suggest.locale or self._settings.language


def _day(typed: str, today: date) -> date | None:
    try:
        return words.read_day(typed, today)
    except BadCommand:
        return None


def _week(typed: str, today: date) -> Week | None:
    try:
        return words.read_week_question(typed, today, ()).week
    except BadCommand:
        return None


def _label(week: Week) -> str:
    return f"{week.name} · {week.monday} – {week.sunday}"


def _near(typed: str, categories: Sequence[Category]) -> Sequence[Category]:
    if not typed:
        return categories
    wanted = typed.casefold()
    exact = find(typed, categories)
    spelt = [
        one for one in categories if any(wanted in name.casefold() for name in (one.slug, one.zh, one.en, *one.aliases))
    ]
    every = [*([exact] if exact else ()), *spelt, *close(typed, categories)]
    return tuple({one.slug: one for one in every}.values())


def _one(typed: str, categories: Sequence[Category], language: str) -> list[Suggestion]:
    return [Suggestion(label=one.name(language), value=one.slug) for one in _near(typed, categories)]


def _several(typed: str, categories: Sequence[Category], language: str) -> list[Suggestion]:
    """Complete the last word; those before it stay, by their slugs."""
    before, _, last = typed.replace("，", " ").replace(",", " ").rpartition(" ")
    chosen = [one for one in (find(word, categories) for word in before.split()) if one]
    return [
        Suggestion(
            label=", ".join(each.name(language) for each in (*chosen, one)),
            value=" ".join(each.slug for each in (*chosen, one)),
        )
        for one in _near(last.strip(), categories)
        if one not in chosen
    ]


def _zones(typed: str) -> list[Suggestion]:
    wanted = typed.casefold().replace(" ", "_")
    names = [zone for zone in COMMON_ZONES if wanted in zone.casefold()]
    try:
        meant = words.read_zone(typed) if typed else None
    except BadCommand:
        meant = None
    return [Suggestion(label=zone, value=zone) for zone in dict.fromkeys([*([meant] if meant else ()), *names])]
