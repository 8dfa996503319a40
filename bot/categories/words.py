"""Words: the forms that English ones take, and what a text is looked through by."""

import re
from collections.abc import Iterator
from itertools import pairwise

VERB = "~"
"""What is written behind a verb that counts in all its forms."""

_RUN = re.compile(r"[a-z]+|[0-9]+|[^\x00-\x7f]+")
_VERBS = re.compile(f"([a-z]+){VERB}")
_LAST = re.compile(r"[a-z]+$")
_HISSING = re.compile(r"(?:[sxz]|[cs]h)$")
_BEFORE_Y = re.compile(r"[^aeiou]y$")
_SHORT_VOWEL = re.compile(r"[^aeiou][aeiou][^aeiouwxy]$")
_ONE_SYLLABLE = re.compile(r"[^aeiou]*[aeiou][^aeiou]$")


def keys(folded: str) -> frozenset[str]:
    """Return the Latin words of a folded text, its numbers, and the other letters singly and in pairs."""
    found = set(_RUN.findall(folded))
    if folded.isascii():
        return frozenset(found)
    pairs = {first + second for first, second in pairwise(folded) if first > "\x7f"}
    return frozenset(found.union(pairs, *(run for run in found if not run.isascii())))


def one_of(literal: str) -> frozenset[str]:
    """Return keys of which a text has one if `literal`, as terms are written, stands in it."""
    runs = list(_RUN.finditer(literal))
    chinese = [run for run in runs if not run[0].isascii()]
    if not runs:
        return frozenset()
    if chinese:
        longest = max(chinese, key=lambda run: len(run[0]))
        return frozenset({literal[longest.start() : longest.start() + 2]})
    longest = max(runs, key=lambda run: len(run[0]))
    rest = literal[longest.end() :]
    if rest.startswith(VERB):
        return frozenset(_with(verb_forms(longest[0])))
    return frozenset(_with(noun_forms(longest[0])) if not rest else (longest[0],))


def spelt(literal: str) -> str:
    """Return an expression for `literal`: its verbs in all forms, and a noun at its end in the plural too."""
    parts = _VERBS.split(literal)
    said = [_ending(*verb_forms(part)) if rank % 2 else _plain(part) for rank, part in enumerate(parts)]
    last = parts[-1]
    if noun := _LAST.search(last):
        said[-1] = _plain(last[: noun.start()]) + _ending(*noun_forms(noun[0]))
    return "".join(said)


def noun_forms(word: str) -> tuple[str, tuple[str, ...]]:
    """Return a noun's stem and its endings, none for itself among them."""
    if _BEFORE_Y.search(word):
        return word[:-1], ("y", "ies")
    return word, ("", "es" if _HISSING.search(word) else "s")


def verb_forms(word: str) -> tuple[str, tuple[str, ...]]:
    """Return a regular verb's stem and its endings, none for itself among them."""
    if word.endswith("e"):
        return word[:-1], ("e", "es", "ed", "ing")
    if _BEFORE_Y.search(word):
        return word[:-1], ("y", "ies", "ied", "ying")
    twice = (f"{word[-1]}ed", f"{word[-1]}ing") if _SHORT_VOWEL.search(f" {word}") else ()
    once = () if twice and _ONE_SYLLABLE.fullmatch(word) else ("ed", "ing")
    return word, ("", "es" if _HISSING.search(word) else "s", *once, *twice)


def _with(stem_and_endings: tuple[str, tuple[str, ...]]) -> Iterator[str]:
    stem, endings = stem_and_endings
    return (stem + ending for ending in endings)


def _ending(stem: str, endings: tuple[str, ...]) -> str:
    return f"{stem}(?:{'|'.join(sorted(endings, key=lambda ending: -len(ending)))})"


def _plain(text: str) -> str:
    """Return an expression for `text`, in which a hyphen may join words."""
    return re.escape(text).replace(r"\ ", "[ -]")
