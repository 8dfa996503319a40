"""How a category is called: which one a name means, and which come close."""

import difflib
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from bot.models import Category

_SLUG_BYTES = 24
"""As `Category.slug` promises."""
_ALIKE = 0.5
"""Half the characters in common: 芯片枝术."""
_ALIKE_LATIN = 0.7
"""Most of the letters in common, as in chpis: any two words share some."""
_SHORTEST_LATIN = 3
"""Letters from which a piece of a name means something: `in` is in every other one."""
_ORNAMENTS = frozenset({"So", "No", "Sk", "Cf"})
"""Unicode's kinds of emoji, circled numbers, skin tones and joiners."""

_ORDINAL = re.compile(
    r"^[\W_]*(?:第?[一二三四五六七八九十百]+(?:部分|[章节\s、.,:)\]】])|\d+(?:[、.,:)\]】]\s*(?!\d)|(?=[^\w.])))"
)
_COUNT = re.compile(r"\(\d+\s*[条则篇个]?\)\s*$")
_GENERIC_TAIL = re.compile(r"(?:新闻|动态|资讯|速递|快讯|要闻|进展|专区|板块|领域|方向|news|updates?)$")
_JOINT = re.compile(r"[/|·&+、,]|与|和|及|\band\b", re.IGNORECASE)


def find(name: str, categories: Iterable[Category]) -> Category | None:
    """Return the category called `name`: its slug, a name or an alias, in any case, ornaments aside."""
    return _look_up(name, _index(tuple(categories)))


def close(name: str, categories: Iterable[Category], limit: int = 3) -> tuple[Category, ...]:
    """Return at most `limit` categories whose names are like `name`, the likest first."""
    wanted, index = key(name), _index(tuple(categories))
    likeness = {candidate: _likeness(wanted, candidate) for candidate in index}
    near = sorted((candidate for candidate in index if likeness[candidate]), key=lambda near: -likeness[near])
    return tuple({index[candidate].slug: index[candidate] for candidate in near}.values())[:limit]


def named(names: Iterable[str], index: Mapping[str, Category]) -> tuple[Category, ...]:
    """Return the categories `names` mean: those of `index` first, then those that are in no taxonomy."""
    known: dict[str, Category] = {}
    own: dict[str, Category] = {}
    for name in names:
        if meant := _look_up_all(name, index):
            known |= {category.slug: category for category in meant}
        elif key(name):
            category = _own(name)
            own[category.slug] = category
    return tuple({**known, **own}.values())


def index_of(categories: Iterable[Category]) -> dict[str, Category]:
    """Return the categories by the key of everything they are called."""
    index: dict[str, Category] = {}
    for category in categories:
        for name in (category.slug, category.zh, category.en, *category.aliases):
            index.setdefault(key(name), category)
    return index


@lru_cache(maxsize=4)
def _index(categories: tuple[Category, ...]) -> Mapping[str, Category]:
    """Return the same for what a command is read by: it looks up every phrase of what somebody typed."""
    return index_of(categories)


def key(name: str) -> str:
    """Return `name` as names are compared: its letters and digits alone."""
    return "".join(char for char in _bare(name).casefold() if char.isalnum())


def _likeness(wanted: str, candidate: str) -> float:
    if not wanted or not candidate:
        return 0
    shorter, longer = sorted((wanted, candidate), key=len)
    if shorter in longer and (len(shorter) >= _SHORTEST_LATIN or not shorter.isascii()):
        return 1 + len(shorter) / len(longer)
    ratio = difflib.SequenceMatcher(None, wanted, candidate).ratio()
    return ratio if ratio >= (_ALIKE_LATIN if wanted.isascii() else _ALIKE) else 0


def _look_up(name: str, index: Mapping[str, Category]) -> Category | None:
    whole = key(name)
    return index.get(whole) or index.get(_GENERIC_TAIL.sub("", whole))


def _look_up_all(name: str, index: Mapping[str, Category]) -> tuple[Category, ...]:
    """Return the category of that name, or those of its parts (`政策与安全`) if each of them is known."""
    if whole := _look_up(name, index):
        return (whole,)
    parts = [_look_up(part, index) for part in _JOINT.split(_bare(name))]
    known = tuple(part for part in parts if part)
    return known if len(known) == len(parts) else ()


def _own(name: str) -> Category:
    """Return a category for a name the taxonomy lacks; its slug depends on nothing but the name."""
    bare = _bare(name)
    fingerprint = hashlib.sha256(key(name).encode()).hexdigest()[:8]
    slug = re.sub(r"[^a-z0-9]+", "-", bare.casefold()).strip("-") if bare.isascii() else f"x-{fingerprint}"
    if len(slug) > _SLUG_BYTES:
        slug = f"{slug[: _SLUG_BYTES - 1 - len(fingerprint)].rstrip('-')}-{fingerprint}"
    return Category(slug=slug, zh=bare, en=bare)


def _bare(name: str) -> str:
    """Return `name` without the ornaments of a heading: emoji, numbering, brackets, a count at the end."""
    plain = "".join(" " if unicodedata.category(char) in _ORNAMENTS else char for char in name)
    text = _ORDINAL.sub("", unicodedata.normalize("NFKC", plain), count=1)
    return re.sub(r"^[\W_]+|[\W_]+$", "", _COUNT.sub("", text))
