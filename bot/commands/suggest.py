"""What somebody who is typing could mean: days there are, categories, zones, wishes, titles."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.categories import close, find
from bot.commands import words
from bot.commands.menu import examples, spoken_words
from bot.commands.search import find_items
from bot.commands.settings import COMMON_ZONES
from bot.config import Settings
from bot.contract import Suggest, Suggestion
from bot.errors import BadCommand
from bot.models import Category, Week
from bot.render import Words, words_of
from bot.store import Store
from bot.terms import terms

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
        self._wishes = examples("wish")
        self._words = spoken_words()

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
                found = _several(suggest.typed, await self._categories(), self._spoken(suggest))
            case "words":
                found = await self._titles(suggest, typed)
            case "zone":
                found = _zones(typed, self._spoken(suggest))
            case "wish":
                chinese = self._language(suggest).startswith("zh")
                found = _wishes(suggest.typed.lstrip(), self._wishes["zh-CN" if chinese else "en"])
            case _:
                found = []
        fitting = [one for one in found if len(one.value) <= _LONGEST]
        return tuple(Suggestion(label=one.label[:_LONGEST], value=one.value) for one in fitting[:MOST])

    async def _weeks(self, suggest: Suggest, typed: str) -> list[Suggestion]:
        today = await self._today(suggest)
        meant = _week(typed, today) if typed else None
        lines = await self._store.digests.days(limit=_LOOKED_AT)
        listed = [week for week in dict.fromkeys(Week.of(line.day) for line in lines) if week.monday <= today]
        wanted, spoken = typed.casefold(), self._spoken(suggest)
        found = [week for week in listed if week == meant or wanted in f"{week.name} {_label(week, spoken)}".casefold()]
        found.sort(key=lambda one: one != meant)
        return [Suggestion(label=_label(week, spoken), value=week.name) for week in found]

    async def _today(self, suggest: Suggest) -> date:
        return self._clock().astimezone(await self._zone(suggest)).date()

    async def _days(self, suggest: Suggest, typed: str) -> list[Suggestion]:
        meant = _day(typed, await self._today(suggest)) if typed else None
        lines = await self._store.digests.days(limit=_LOOKED_AT if typed else MOST)
        wanted, spoken = typed.casefold(), self._spoken(suggest)
        found = [
            Suggestion(label=f"{spoken.full_day(line.day)} · {line.title}", value=str(line.day))
            for line in lines
            if line.day == meant or wanted in f"{line.day} {spoken.full_day(line.day)} {line.title}".casefold()
        ]
        if meant and all(one.value != str(meant) for one in found):
            found.append(Suggestion(label=spoken.full_day(meant), value=str(meant)))
        return sorted(found, key=lambda one: one.value != str(meant))

    async def _titles(self, suggest: Suggest, typed: str) -> list[Suggestion]:
        """Offer items with what is typed, to be found by their titles as they stand."""
        try:
            sought = words.read_sought(typed, await self._today(suggest), await self._categories())
        except BadCommand:
            return []
        hits = await find_items(self._store, sought, limit=MOST)
        spoken = self._spoken(suggest)
        return [
            Suggestion(label=f"{hit.item.title} · {spoken.full_day(hit.day)}", value=_as_phrase(hit.item.title))
            for hit in hits
        ]

    async def _zone(self, suggest: Suggest) -> ZoneInfo:
        subscription = await self._store.subscriptions.get(suggest.chat)
        return ZoneInfo(subscription.slot.zone if subscription else self._settings.zone)

    async def _categories(self) -> tuple[Category, ...]:
        return await self._store.categories.all()

    def _language(self, suggest: Suggest) -> str:
        return suggest.locale or self._settings.language

    def _spoken(self, suggest: Suggest) -> Words:
        return words_of(self._language(suggest), self._words)


def _as_phrase(title: str) -> str:
    """Return the title in quotes, as much of it as a suggestion holds, cut behind a term."""
    whole = words.quoted(title)
    if len(whole) <= _LONGEST:
        return whole
    ends = [term.end for term in terms(title) if term.end <= _LONGEST - 2]
    return words.quoted(title[: max(ends, default=0)])


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


def _label(week: Week, spoken: Words) -> str:
    return f"{spoken.span(week.monday, week.sunday)} · {week.name}"


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


def _several(typed: str, categories: Sequence[Category], spoken: Words) -> list[Suggestion]:
    """Complete the last word; those before it stay, by their slugs."""
    before, _, last = typed.replace("，", " ").replace(",", " ").rpartition(" ")
    chosen = [one for one in (find(word, categories) for word in before.split()) if one]
    return [
        Suggestion(
            label=spoken.listed(each.name(spoken.language) for each in (*chosen, one)),
            value=" ".join(each.slug for each in (*chosen, one)),
        )
        for one in _near(last.strip(), categories)
        if one not in chosen
    ]


def _zones(typed: str, spoken: Words) -> list[Suggestion]:
    wanted = typed.casefold().replace(" ", "_")
    names = [zone for zone in COMMON_ZONES if wanted in f"{zone} {spoken.zone(zone)}".casefold()]
    try:
        meant = words.read_zone(typed) if typed else None
    except BadCommand:
        meant = None
    found = dict.fromkeys([*([meant] if meant else ()), *names])
    return [Suggestion(label=f"{spoken.zone(zone)} · {zone}", value=zone) for zone in found]


def _wishes(typed: str, phrases: Sequence[str]) -> list[Suggestion]:
    """Complete what is typed as a phrase, or else its last word; those before it stay."""
    whole = [phrase for phrase in phrases if phrase.casefold().startswith(typed.casefold())]
    before, _, last = ("", "", "") if whole else typed.rpartition(" ")
    ends = whole or [phrase for phrase in phrases if last.casefold() in phrase.casefold() and phrase not in before]
    values = [f"{before} {phrase}".strip() for phrase in ends]
    return [Suggestion(label=value, value=value) for value in values]
