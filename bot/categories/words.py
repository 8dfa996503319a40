"""Words: the forms that English ones take, and the keys that a text is looked through by."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise

HAN = "\u3400-\u4dbf\u4e00-\u9fff"
VERB = "~"
"""What is written behind a verb that counts in all its forms."""

_SPACE_AT_HAN = re.compile(rf"(?<=[{HAN}])\s+|\s+(?=[{HAN}])")
_TYPED = str.maketrans("\u2018\u2019\u2010", "''-")
"""How signs that a keyboard lacks are typed."""
_RUN = re.compile(r"[a-z]+|[0-9]+|[^\x00-\x7f]+")
_VERBS = re.compile(f"([a-z]+){VERB}")
_BEGUN = re.compile(r"[a-z0-9]+")
_LAST = re.compile(r"[a-z]+$")
_HISSING = re.compile(r"(?:[sxz]|[cs]h)$")
_BEFORE_Y = re.compile(r"[^aeiou]y$")
_SHORT_VOWEL = re.compile(r"[^aeiou][aeiou][^aeiouwxy]$")
_ONE_SYLLABLE = re.compile(r"[^aeiou]*[aeiou][^aeiou]$")

_Forms = tuple[str, tuple[str, ...]]
"""A word's stem and its endings, none for itself among them where the stem is a word."""


def fold(text: str) -> str:
    """Return `text` as terms are compared: NFKC, lower case, no spaces beside Han characters."""
    return _SPACE_AT_HAN.sub("", unicodedata.normalize("NFKC", text).translate(_TYPED).casefold().strip())


def keys(folded: str) -> frozenset[str]:
    """Return the Latin words of a folded text, its numbers, and the other letters singly and in pairs."""
    found = set(_RUN.findall(folded))
    if folded.isascii():
        return frozenset(found)
    pairs = {first + second for first, second in pairwise(folded) if first > "\x7f"}
    return frozenset(found.union(pairs, *(run for run in found if not run.isascii())))


def keys_of(words: Sequence[str]) -> frozenset[str]:
    """Return keys of which every text has one that one of `words`, as terms are written, stands in."""
    return frozenset().union(*(_keys(fold(word)) for word in words))


def any_of(words: Sequence[str]) -> str:
    """Return an expression for one of `words`, that no position begins which can't be the first letter of one."""
    folded = sorted({fold(word) for word in words}, key=lambda word: (not _is_latin(word[0]), word))
    kinds = {latin: list(several) for latin, several in groupby(folded, lambda word: _is_latin(word[0]))}
    bounds = {True: "(?<![a-z0-9])", False: ""}
    return _one_of(f"{bounds[latin]}{_one_of(_by_first_letter(several))}" for latin, several in kinds.items())


def whole(folded: str) -> str:
    """Return an expression for words: Latin ones are matched whole (also `RTX` in `RTX5090`), Han ones anywhere.

    It looks back only from behind the first letters: what begins with letters is looked for ten times as fast.
    """
    spelt = _spelt(folded)
    begun = _BEGUN.match(spelt)
    return (f"{begun[0]}(?<![a-z0-9]{begun[0]}){spelt[begun.end() :]}" if begun else spelt) + _end(folded)


def _keys(folded: str) -> frozenset[str]:
    """Return the keys that the longest of some words can have: a Chinese one where there is one."""
    runs = list(_RUN.finditer(folded))
    if not runs:
        return frozenset()
    longest = max(runs, key=lambda run: (not run[0].isascii(), len(run[0])))
    rest = folded[longest.end() :]
    if not longest[0].isascii():
        return frozenset({folded[longest.start() : longest.start() + 2]})
    if rest.startswith(VERB):
        return frozenset(_with(_verb(longest[0])))
    return frozenset({longest[0]} if rest else _with(_noun(longest[0])))


def _by_first_letter(words: Iterable[str]) -> Iterator[str]:
    """Yield an expression for those of the sorted `words` that begin with the same letter."""
    for first, several in groupby(words, lambda word: word[0]):
        begun = re.escape(first)
        tails = sorted(((_spelt(word) + _end(word))[len(begun) :] for word in several), key=lambda tail: -len(tail))
        yield begun + _one_of(tails)


def _one_of(expressions: Iterable[str]) -> str:
    return f"(?:{'|'.join(expressions)})"


def _spelt(folded: str) -> str:
    """Return an expression for words: the verbs in all forms, and a noun at the end in the plural too."""
    parts = _VERBS.split(folded)
    said = [_inflected(_verb(part)) if rank % 2 else _plain(part) for rank, part in enumerate(parts)]
    if noun := _LAST.search(parts[-1]):
        said[-1] = _plain(parts[-1][: noun.start()]) + _inflected(_noun(noun[0]))
    return "".join(said)


def _plain(text: str) -> str:
    """Return an expression for `text`, whose words a hyphen may join."""
    return re.escape(text).replace(r"\ ", "[ -]")


def _inflected(forms: _Forms) -> str:
    stem, endings = forms
    return f"{stem}(?:{'|'.join(sorted(endings, key=lambda ending: -len(ending)))})"


def _with(forms: _Forms) -> Iterator[str]:
    stem, endings = forms
    return (stem + ending for ending in endings)


def _noun(word: str) -> _Forms:
    if _BEFORE_Y.search(word):
        return word[:-1], ("y", "ies")
    return word, ("", "es" if _HISSING.search(word) else "s")


def _verb(word: str) -> _Forms:
    """Return the forms of a regular verb."""
    if word.endswith("e"):
        return word[:-1], ("e", "es", "ed", "ing")
    if _BEFORE_Y.search(word):
        return word[:-1], ("y", "ies", "ied", "ying")
    twice = (f"{word[-1]}ed", f"{word[-1]}ing") if _SHORT_VOWEL.search(f" {word}") else ()
    once = () if twice and _ONE_SYLLABLE.fullmatch(word) else ("ed", "ing")
    return word, ("", "es" if _HISSING.search(word) else "s", *once, *twice)


def _end(folded: str) -> str:
    if folded[-1].isascii() and folded[-1].isdigit():
        return r"(?!\d)"
    return r"(?![a-z])" if _is_latin(folded[-1]) or folded[-1] == VERB else ""


def _is_latin(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()
