"""What a search asks the index for, best first. In each tier the newest come first, so none has to be scored."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from bot.terms import Phrase


class Language(Protocol):
    """An index's own way to write conditions."""

    def has(self, phrase: Phrase, *, titled: bool) -> str:
        """Write that an item has `phrase`, in its title or (not `titled`) anywhere."""

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
    whole = [replace(phrase, open=False) for phrase in wanted]
    found = list(_by_place(whole, language))
    if any(phrase.open for phrase in wanted):
        before = language.every([language.has(phrase, titled=False) for phrase in whole])
        found += [language.but(tier, before) for tier in _by_place(wanted, language)]
    return tuple(language.every([tier, language.within(slug)]) for tier in found) if slug else tuple(found)


def _by_place(wanted: Sequence[Phrase], language: Language) -> Iterator[str]:
    anywhere = [language.has(phrase, titled=False) for phrase in wanted]
    titled = [language.has(phrase, titled=True) for phrase in wanted]
    yield language.every(titled)
    if len(wanted) > 1:
        yield language.but(language.every([*anywhere, language.some(titled)]), language.every(titled))
    yield language.but(language.every(anywhere), language.some(titled))
