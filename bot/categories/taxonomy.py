"""The taxonomy file: which categories there are and what speaks for each."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from importlib.resources import files

import yaml

from bot.categories.names import key
from bot.categories.rules import Rule
from bot.categories.terms import PatternError, Term, term
from bot.categories.words import fold
from bot.errors import ConfigError
from bot.models import Category

_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Ten times as fast where PyYAML has libyaml, which its wheels bring."""
_SLUG = re.compile(r"[a-z0-9-]{1,24}")
_LIST_NAME = re.compile(r"[a-z]+")
_MOST_WEIGHT = 10
_NEEDED = ("slug", "zh", "en")
_KEYS = (*_NEEDED, "aliases", "covers", "terms", "exclude")


@dataclass(frozen=True, kw_only=True, slots=True)
class Taxonomy:
    """The categories an installation knows, in the order they are shown, and a rule for each.

    `covers` says by slug what belongs to a category, where the file does.
    """

    categories: tuple[Category, ...]
    rules: tuple[Rule, ...]
    covers: Mapping[str, str] = field(default_factory=dict)

    @property
    def slugs(self) -> frozenset[str]:
        """The slugs of its categories."""
        return frozenset(category.slug for category in self.categories)


@cache
def default_taxonomy() -> Taxonomy:
    """Return the taxonomy that comes with the bot."""
    file = files("bot") / "taxonomy.yaml"
    return read_taxonomy(file.read_text(encoding="utf-8"), name=file.name)


def read_taxonomy(text: str, *, name: str, is_free: Callable[[str], bool] = bool) -> Taxonomy:
    """Return the taxonomy written in `text` (YAML; docs/categories.md); `name` is the file's, for messages.

    A slug that is not free, since readers who type it mean something else, is a fault. Raises ConfigError with a line
    `file:line: what: how to mend` for each fault.
    """
    reader = _Reader(name=name, is_free=is_free)
    taxonomy = reader.read(text)
    if reader.complaints:
        raise ConfigError("\n".join(reader.complaints))
    return taxonomy


@dataclass(kw_only=True)
class _Reader:
    """Reads one file, gathering its faults."""

    name: str
    is_free: Callable[[str], bool]
    complaints: list[str] = field(default_factory=list)
    taken: dict[str, tuple[yaml.Node, int]] = field(default_factory=dict)
    """Which entry every name in use belongs to, and the line it stands in."""
    covers: dict[str, str] = field(default_factory=dict)
    lists: dict[str, list[str]] = field(default_factory=dict)
    """The lists of words that terms call by name."""

    def read(self, text: str) -> Taxonomy:
        try:
            root = yaml.compose(text, Loader=_LOADER)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            what = f"not YAML ({error.problem or error.context})"
            self._complain((mark.line if mark else 0) + 1, what, "check indentation, quotes and brackets there")
            return Taxonomy(categories=(), rules=())
        except yaml.YAMLError:
            self._complain(1, "not YAML", "save it as plain UTF-8 text without control characters")
            return Taxonomy(categories=(), rules=())
        nodes = self._mapping(root, ("words", "categories"), ("categories",)) if root else {}
        self.lists = dict(self._named_lists(nodes["words"])) if "words" in nodes else {}
        entries = self._sequence(nodes["categories"]) if "categories" in nodes else []
        if not entries and not self.complaints:
            self._complain(1, "no categories", "begin with `categories:` and list at least one below it")
        pairs = [pair for entry in entries if (pair := self._entry(entry))]
        return Taxonomy(
            categories=tuple(pair[0] for pair in pairs), rules=tuple(pair[1] for pair in pairs), covers=self.covers
        )

    def _entry(self, node: yaml.Node) -> tuple[Category, Rule] | None:
        fields = self._mapping(node, _KEYS, _NEEDED)
        if not all(needed in fields for needed in _NEEDED):
            return None
        slug, zh, en = (self._text(fields[needed]) for needed in _NEEDED)
        if not _SLUG.fullmatch(slug):
            mend = "use 1 to 24 of a-z, 0-9 and -"
            self._complain(_line(fields["slug"]), f"{slug!r} can't be a slug", mend)
        elif not self.is_free(slug):
            mend = f"readers could not name it; lengthen it: {slug}-news"
            self._complain(_line(fields["slug"]), f"{slug!r} means something else in a command", mend)
        aliases = self._sequence(fields["aliases"]) if "aliases" in fields else []
        for named in (*(fields[needed] for needed in _NEEDED), *aliases):
            self._take(named, node)
        if "covers" in fields:
            self.covers[slug] = self._text(fields["covers"])
        rule = Rule(slug=slug, terms=tuple(_longest_first(self._terms(fields))), excluded=self._excluded(fields))
        return Category(slug=slug, zh=zh, en=en, aliases=tuple(self._text(alias) for alias in aliases)), rule

    def _take(self, node: yaml.Node, entry: yaml.Node) -> None:
        """Reserve a name; one category may be called alike twice (`Chips` and `chips`)."""
        name = self._text(node)
        if name and not key(name):
            self._complain(_line(node), f"{name!r} has no letter", "write a name people can type")
            return
        owner, line = self.taken.setdefault(key(name), (entry, _line(node)))
        if name and owner is not entry:
            self._complain(_line(node), f"{name!r} is taken in line {line}", "give every category names of its own")

    def _terms(self, fields: dict[str, yaml.Node]) -> Iterator[Term]:
        node = fields.get("terms")
        if node is None:
            return
        if not isinstance(node, yaml.MappingNode):
            self._complain(_line(node), "terms need a weight", "write `terms:` and below it lines such as `3: [GPU]`")
            return
        seen: dict[str, yaml.Node] = {}
        for weight_node, words in node.value:
            weight = self._weight(weight_node)
            for entry, word in self._words(words):
                if seen.setdefault(fold(word), entry) is entry:
                    yield from self._built(entry, word, weight)
                else:
                    what = f"{word!r} stands in line {_line(seen[fold(word)])} already"
                    self._complain(_line(entry), what, "give it one weight")

    def _excluded(self, fields: dict[str, yaml.Node]) -> tuple[Term, ...]:
        words = self._words(fields["exclude"]) if "exclude" in fields else ()
        return tuple(_longest_first(term for entry, word in words for term in self._built(entry, word)))

    def _built(self, node: yaml.Node, word: str, weight: float = 0) -> Iterator[Term]:
        """Yield the term written as `word`, if it can be looked for."""
        try:
            yield term(word, weight, self.lists)
        except PatternError as error:
            self._complain(_line(node), f"{word!r} can't be looked for", str(error))

    def _words(self, node: yaml.Node) -> Iterator[tuple[yaml.Node, str]]:
        """Yield what is listed in `node`, without what would match anything."""
        for entry in self._sequence(node):
            word = self._text(entry)
            if key(word):
                yield entry, word
            elif word:
                self._complain(_line(entry), f"{word!r} is nothing to look for", "write a word, or remove it")

    def _named_lists(self, node: yaml.Node) -> Iterator[tuple[str, list[str]]]:
        """Yield the lists of words by their names."""
        if not isinstance(node, yaml.MappingNode):
            self._complain(
                _line(node), "lists need a name", "write `words:` and below it lines such as `city: [Berlin]`"
            )
            return
        for name_node, words in node.value:
            name, listed = self._text(name_node), [word for _, word in self._words(words)]
            if not _LIST_NAME.fullmatch(name):
                self._complain(_line(name_node), f"{name!r} can't name a list", "use letters a-z only")
            elif listed:
                yield name, listed
            else:
                self._complain(_line(name_node), f"the list {name!r} is empty", "list words, or remove it")

    def _weight(self, node: yaml.Node) -> float:
        try:
            weight = float(self._text(node))
        except ValueError:
            weight = 0
        if not 0 < abs(weight) <= _MOST_WEIGHT:
            mend = f"use a number up to {_MOST_WEIGHT}, below zero for terms that speak against"
            self._complain(_line(node), f"{self._text(node)!r} is no weight", mend)
            return 0
        return weight

    def _mapping(self, node: yaml.Node, known: tuple[str, ...], needed: tuple[str, ...]) -> dict[str, yaml.Node]:
        if not isinstance(node, yaml.MappingNode):
            self._complain(_line(node), "keys are missing", f"write `key: value` lines; needed: {', '.join(needed)}")
            return {}
        found: dict[str, yaml.Node] = {}
        for key_node, value in node.value:
            name = self._text(key_node)
            if name in found or name not in known:
                near = get_close_matches(name, known, n=1)
                mend = "remove one" if name in found else f"did you mean {near[0]}?" if near else "remove it"
                what = f"{name!r} stands here twice" if name in found else f"there is no key {name!r}"
                self._complain(_line(key_node), what, mend)
            found[name] = value
        for name in needed:
            if name not in found:
                self._complain(_line(node), f"{name!r} is missing", f"add a line `{name}: ...`")
        return found

    def _sequence(self, node: yaml.Node) -> list[yaml.Node]:
        if isinstance(node, yaml.SequenceNode):
            return list(node.value)
        self._complain(_line(node), "a list belongs here", "write `[one, two]`, or one per line after `- `")
        return []

    def _text(self, node: yaml.Node) -> str:
        if isinstance(node, yaml.ScalarNode) and str(node.value).strip():
            return str(node.value).strip()
        self._complain(_line(node), "words belong here", "write a name or a term, in quotes if it has `:` or `#`")
        return ""

    def _complain(self, line: int, what: str, mend: str) -> None:
        complaint = f"{self.name}:{line}: {what}: {mend}"
        if complaint not in self.complaints:
            self.complaints.append(complaint)


def _line(node: yaml.Node) -> int:
    return node.start_mark.line + 1


def _longest_first(terms: Iterable[Term]) -> list[Term]:
    return sorted(terms, key=lambda candidate: -len(candidate.text))
