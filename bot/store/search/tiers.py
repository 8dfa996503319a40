"""What a search asks the index for, best first. In each tier the newest come first, so none has to be scored."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import Enum
from typing import Protocol

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


def tiers(wanted: Sequence[Phrase], slug: str | None, language: Language) -> tuple[str, ...]:
    """Return the conditions of each tier; no item meets two of them.

    Whole words come before beginnings of words; all of them in the title before some, and those before none. Without
    phrases it is the whole category.
    """
    if not wanted:
        return (language.within(slug),) if slug else ()
    found = list(_by_part([replace(phrase, open=False) for phrase in wanted], language))
    if going_on := [replace(phrase, open=False) for phrase in wanted if phrase.open]:
        before = language.every([language.has(phrase, Part.ANY) for phrase in going_on])
        found += [language.but(tier, before) for tier in _by_part(wanted, language)]
    return tuple(language.every([tier, language.within(slug)]) for tier in found) if slug else tuple(found)


def _by_part(wanted: Sequence[Phrase], language: Language) -> Iterator[str]:
    """Yield as little as tells the tiers apart: an index reads all it has of a term each time that it is named."""
    titled, told, anywhere = ([language.has(phrase, part) for phrase in wanted] for part in Part)
    yield language.every(titled)
    if len(wanted) > 1:
        yield language.but(language.every([*anywhere, language.some(titled)]), language.every(titled))
    yield language.but(language.every(told), language.some(titled))
