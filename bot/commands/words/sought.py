"""What a reader searches for: words, a quoted phrase, categories, days; in any order."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from bot.categories import find
from bot.commands.words.spans import Span, Unreadable, joined, read_span
from bot.commands.words.text import LONGEST_PHRASE, MOST_WORDS
from bot.errors import BadCommand
from bot.models import Category
from bot.terms import Phrase, phrases

_LONGEST = 200
"""Characters of a search; what is pasted by mistake is longer."""
_QUOTES = str.maketrans(dict.fromkeys("“”„‟＂«»「」『』", '"'))
_CATEGORY = re.compile(r"(?:[#＃]|(?:category|分类)[:：])\s*(.+)", re.IGNORECASE)
_SKIP = re.compile(r"\+([0-9]{1,4})")
_ALWAYS = Span()

_Piece = str | Category | Span
"""A word, or what it says."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sought:
    """What is searched for, in one of the categories. `words` are as they were typed, phrases in quotes.

    `skip` results were shown before.
    """

    words: tuple[str, ...] = ()
    categories: tuple[Category, ...] = ()
    span: Span = field(default_factory=Span)
    skip: int = 0

    @property
    def phrases(self) -> tuple[Phrase, ...]:
        """What an item must have."""
        return tuple(dict.fromkeys(phrase for word in self.words for phrase in _phrases_of(word)))

    @property
    def text(self) -> str:
        """The search as it could be typed, whatever the day, from its first result on."""
        named = (f"#{category.slug}" for category in self.categories)
        return " ".join(filter(None, (*self.words, *named, str(self.span))))

    @property
    def command(self) -> str:
        """The words behind the command that gives just these results."""
        return f"+{self.skip} {self.text}" if self.skip else self.text

    @property
    def empty(self) -> bool:
        """Whether there is nothing to look for."""
        return not self.phrases and not self.categories


def read_sought(
    text: str,
    today: date,
    categories: Sequence[Category],
    *,
    category: Category | None = None,
    span: Span = _ALWAYS,
) -> Sought:
    """Return what `text` searches for, in the `category` and the `span` rather than in those it names itself.

    A category is named with `#`; without it, it is a word like others. Days alone are words: there is `/day` for them.
    Several categories are searched together, and several days as `joined` takes them.
    Raises BadCommand for a day that does not exist and for what is too long.
    """
    if len(text) > _LONGEST:
        raise BadCommand("search_long", most=_LONGEST, words=MOST_WORDS)
    words, skip = list(_words(text)), 0
    if words and (match := _SKIP.fullmatch(words[0])):
        skip, words = int(match[1]), words[1:]
    read = tuple(_pieces(words, today, categories))
    named = {piece.slug: piece for piece in read if isinstance(piece, Category)}
    sought = Sought(
        words=tuple(piece for piece in read if isinstance(piece, str)),
        categories=(category,) if category else tuple(named.values()),
        span=joined([piece for piece in read if isinstance(piece, Span)]),
        skip=skip,
    )
    if len(sought.words) > MOST_WORDS:
        raise BadCommand("search_long", most=_LONGEST, words=MOST_WORDS)
    sought = replace(sought, words=tuple(words), span=_ALWAYS) if sought.empty else sought
    return replace(sought, span=sought.span if span == _ALWAYS else span)


def quoted(words: str) -> str:
    """Return `words` as a phrase to be found as it stands."""
    return f'"{words.translate(_QUOTES).replace(chr(34), " ").strip()}"'


def _pieces(words: Sequence[str], today: date, categories: Sequence[Category]) -> Iterator[_Piece]:
    """Yield what the words say, one thing after the other. Raises BadCommand."""
    while words:
        length, piece = _next(words, today, categories)
        words = words[length:]
        yield piece


def _next(words: Sequence[str], today: date, categories: Sequence[Category]) -> tuple[int, _Piece]:
    """Return how many words say what comes next, and what that is; the longest reading wins.

    Raises BadCommand where no reading makes a day of what has to be one.
    """
    unread: Unreadable | None = None
    for length in range(min(LONGEST_PHRASE, len(words)), 0, -1):
        phrase = " ".join(words[:length])
        if phrase.startswith('"') and length == 1:
            break
        named = length == 1 or _phrases_of(words[length - 1])  # a sign behind a name is no part of it
        if named and (match := _CATEGORY.fullmatch(phrase)) and (category := find(match[1], categories)):
            return length, category
        try:
            span = None if '"' in phrase else read_span(phrase, today)
        except Unreadable as error:
            unread = error
            continue
        if span:
            return length, span
    if unread:
        raise unread
    return 1, words[0]


def _words(text: str) -> Iterator[str]:
    """Yield the words, phrases in straight quotes; a quote that is not closed is none."""
    pieces = text.translate(_QUOTES).split('"')
    for place, piece in enumerate(pieces):
        if place % 2 and place < len(pieces) - 1:
            if piece.strip():
                yield f'"{piece.strip()}"'
        else:
            yield from piece.split()


def _phrases_of(word: str) -> tuple[Phrase, ...]:
    return phrases(word, exact=word.startswith('"'))
