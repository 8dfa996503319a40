"""What a search asks the index for, best first. In each tier the newest come first, so none has to be scored."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Protocol, Self

from bot.terms import Phrase


class Part(Enum):
    """Where in an item a phrase is to stand."""

    TITLE = "title"
    TEXT = "text"
    ANY = "any"


class Language(Protocol):
    """An index's own way to write conditions."""

    def has(self, phrase: Phrase, part: Part) -> str:
        """Write that an item has `phrase` in this part of it."""

    def within(self, slug: str) -> str:
        """Write that an item is in a category."""

    def every(self, conditions: Sequence[str]) -> str:
        """Write that all of them hold."""

    def some(self, conditions: Sequence[str]) -> str:
        """Write that at least one of them holds."""

    def but(self, condition: str, other: str) -> str:
        """Write that `condition` holds and `other` does not."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tiers:
    """Conditions, the best first; no item meets two of them."""

    each: tuple[str, ...]
    any: str | None = None
    """What an item meets that meets one of them; None where it would take as long to ask for this first."""

    def narrowed(self, how: Callable[[str], str]) -> Self:
        """Return them with `how` applied to every condition."""
        return replace(self, each=tuple(how(one) for one in self.each), any=how(self.any) if self.any else None)


def tiers(wanted: Sequence[Phrase], slugs: Sequence[str], language: Language) -> tuple[Tiers, ...]:
    """Return the tiers of whole words, and behind them those of beginnings of words; within one of the categories.

    All of the words in the title come before some, and those before none. Without phrases it is whole categories.
    """
    within = language.some([language.within(slug) for slug in slugs]) if slugs else None
    if not wanted:
        return (Tiers(each=(within,)),) if within else ()
    found = [_by_part([replace(phrase, open=False) for phrase in wanted], language)]
    if going_on := [replace(phrase, open=False) for phrase in wanted if phrase.open]:
        before = language.every([language.has(phrase, Part.ANY) for phrase in going_on])
        found.append(_by_part(wanted, language).narrowed(lambda tier: language.but(tier, before)))
    if within is None:
        return tuple(found)
    return tuple(one.narrowed(lambda tier: language.every([tier, within])) for one in found)


def _by_part(wanted: Sequence[Phrase], language: Language) -> Tiers:
    """Name as little as tells the tiers apart: an index reads all it has of a term each time that it is named."""
    titled, told, anywhere = ([language.has(phrase, part) for phrase in wanted] for part in Part)
    every, none = language.every(titled), language.but(language.every(told), language.some(titled))
    if len(wanted) == 1:
        return Tiers(each=(every, none))
    some = language.but(language.every([*anywhere, language.some(titled)]), every)
    return Tiers(each=(every, some, none), any=language.every(anywhere))
