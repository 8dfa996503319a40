"""What a reader sees of something found: the text with the found words marked, or the place where they stand."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from bot.models import Run
from bot.terms.phrases import Phrase
from bot.terms.splitting import terms

SHORT = 90
"""Characters of an extract in a message, about: it ends with a term."""
_BEFORE = 24
"""So many of them before what was found, or up to this many if a clause begins there:"""
_CLAUSE = 40
_MORE = "…"


def marked(text: str, wanted: Iterable[Phrase]) -> tuple[Run, ...]:
    """Return `text` with what is `wanted` in bold."""
    return _runs(text, _spans(text, wanted), 0, len(text))


def extract(text: str, wanted: Iterable[Phrase], length: int = SHORT) -> tuple[Run, ...]:
    """Return the stretch of `text` with most of what is `wanted`, that in bold; its beginning, where nothing is.

    It has about `length` characters.
    """
    line = " ".join(text.split())
    found = _spans(line, wanted)
    start = _start(line, found, length)
    end = _end(line, start + length)
    runs = list(_runs(line, found, start, end))
    if start:
        runs.insert(0, Run(text=_MORE))
    if end < len(line):
        runs.append(Run(text=_MORE))
    return tuple(runs)


def _spans(text: str, wanted: Iterable[Phrase]) -> list[tuple[int, int]]:
    """Return the stretches to be marked, in order, those that touch as one."""
    found = list(terms(text))
    joined: list[tuple[int, int]] = []
    for start, end in sorted(span for phrase in wanted for span in phrase.spans(found)):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def _runs(text: str, found: Sequence[tuple[int, int]], start: int, end: int) -> tuple[Run, ...]:
    inside = [(max(first, start), min(last, end)) for first, last in found if first < end and last > start]
    edges = sorted({start, end, *(edge for span in inside for edge in span)})
    return tuple(Run(text=text[here:there], bold=(here, there) in inside) for here, there in pairwise(edges))


def _start(line: str, found: Sequence[tuple[int, int]], length: int) -> int:
    """Return where the extract begins that shows most of what was found; at a term, and not before the text does."""
    if not found:
        return 0
    first = max(found, key=lambda span: (_shown(found, span[0], length), -span[0]))[0]
    if first <= _BEFORE:
        return 0
    ahead = [term for term in terms(line) if first - _CLAUSE <= term.start <= first]
    clauses = [term.start for term in ahead if term.apart]
    return next(iter(clauses), next((term.start for term in ahead if term.start >= first - _BEFORE), first))


def _shown(found: Sequence[tuple[int, int]], start: int, length: int) -> int:
    return sum(end - begin for begin, end in found if start <= begin < start + length - _CLAUSE)


def _end(line: str, about: int) -> int:
    """Return where the extract ends: behind what follows a term, so that no character is cut in two."""
    if len(line) <= about:
        return len(line)
    return next((term.start for term in terms(line) if term.start >= about), len(line))
