"""What is asked for: phrases of terms, all of which an item must have."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.terms.splitting import Kind, Term, terms

_SHORTEST_BEGINNING = 3
"""Letters from which on a word also finds longer ones that begin with it; `AI` would find half the dictionary."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Phrase:
    """Terms that follow each other. Where it is `open`, its last one may be the beginning of a word too."""

    words: tuple[str, ...]
    open: bool = False

    def spans(self, found: Sequence[Term]) -> Iterator[tuple[int, int]]:
        """Yield where the phrase stands in the text that `found` are the terms of."""
        length = len(self.words)
        for place in range(len(found) - length + 1):
            stretch = found[place : place + length]
            if self._is(stretch) and not any(term.apart for term in stretch[1:]):
                yield stretch[0].start, stretch[-1].end

    def _is(self, stretch: Sequence[Term]) -> bool:
        *head, last = (term.word for term in stretch)
        same = last.startswith(self.words[-1]) if self.open else last == self.words[-1]
        return same and tuple(head) == self.words[:-1]


def phrases(text: str, *, exact: bool = False) -> tuple[Phrase, ...]:
    """Return what `text`, a word as it was typed, asks for: none when it has no letter and no digit.

    It is several where it has a gap that no phrase goes across. An `exact` one is found as it stands only; else its
    last word, if it begins with a letter and has three, is open.
    """
    found: list[list[Term]] = []
    for term in terms(text):
        if term.apart or not found:
            found.append([])
        found[-1].append(term)
    return tuple(
        Phrase(words=tuple(term.word for term in one), open=not exact and one is found[-1] and _may_go_on(one[-1]))
        for one in found
    )


def _may_go_on(term: Term) -> bool:
    return term.kind is Kind.LETTER and len(term.word) >= _SHORTEST_BEGINNING and term.word[0].isalpha()
