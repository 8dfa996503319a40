"""The two indexes behind one face: what a row of each is, and how it is asked."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Protocol

from sqlalchemy import Cast, ColumnElement, Insert, TableClause, bindparam, cast, column, insert, literal_column, table
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

from bot.store.search.tiers import Language, Part
from bot.terms import Phrase, Term, terms

_BREAK: Final = "‖"
"""No term is this sign: in FTS5 it stands where no phrase may go across, and in both before a category."""
_TITLED: Final = "▸"
_HYPHEN: Final = "‐"
"""For a slug's own, which would cut it in two."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """An item as it is searched."""

    id: int
    title: str
    body: str
    slugs: Sequence[str]


class Index(Language, Protocol):
    """An index: its table, its rows, its conditions."""

    table: ClassVar[TableClause]
    id: ClassVar[ColumnElement[Any]]
    add: ClassVar[Insert]

    def row(self, entry: Entry) -> Mapping[str, object]:
        """Return the parameters of `add`."""

    def meets(self, condition: str) -> ColumnElement[bool]:
        """Return the clause for `condition`."""


class Fts5:
    """SQLite's FTS5. The tokenizer `ascii` keeps our terms as they are, whatever Unicode SQLite was built with.

    A title's terms are marked rather than in a column of their own: that column could only be searched by reading
    all that the others have of the same term.
    """

    table: ClassVar[TableClause] = table("search", column("rowid"), column("words"))
    id: ClassVar[ColumnElement[Any]] = table.c.rowid
    add: ClassVar[Insert] = insert(table)

    def row(self, entry: Entry) -> Mapping[str, object]:
        """Return all terms between spaces, the title's marked (`▸存 ▸算 ‖ ▸芯 好 ‖chips`)."""
        categories = [_category(slug) for slug in entry.slugs]
        return {
            "rowid": entry.id,
            "words": " ".join([*_spaced(entry.title, _TITLED), *_spaced(entry.body), *categories]),
        }

    def meets(self, condition: str) -> ColumnElement[bool]:
        """Return `search MATCH condition`."""
        return literal_column("search").op("MATCH", is_comparison=True)(condition)

    def has(self, phrase: Phrase, part: Part) -> str:
        """Write `"▸存 ▸算" *`, the same without marks, or one `OR` the other."""
        titled = _phrase((_TITLED + word for word in phrase.words), go_on=phrase.open)
        told = _phrase(phrase.words, go_on=phrase.open)
        return {Part.TITLE: titled, Part.TEXT: told, Part.ANY: f"({titled} OR {told})"}[part]

    def within(self, slug: str) -> str:
        """Write `"‖chips"`."""
        return _phrase((_category(slug),))

    def every(self, conditions: Sequence[str]) -> str:
        """Join by AND."""
        return "(" + " AND ".join(conditions) + ")"

    def some(self, conditions: Sequence[str]) -> str:
        """Join by OR."""
        return "(" + " OR ".join(conditions) + ")"

    def but(self, condition: str, other: str) -> str:
        """Join by NOT, which takes two here."""
        return f"({condition} NOT {other})"


class Tsvector:
    """PostgreSQL's tsvector, written out with places: no parser and no locale of the server has a say in the terms."""

    table: ClassVar[TableClause] = table("search", column("id"), column("words", TSVECTOR))
    id: ClassVar[ColumnElement[Any]] = table.c.id
    add: ClassVar[Insert] = insert(table).values(id=bindparam("id"), words=cast(bindparam("words"), TSVECTOR))

    def row(self, entry: Entry) -> Mapping[str, object]:
        """Return each term with its place and weight (`'存':1A`), the body's behind a gap."""
        titled, end = _placed(entry.title, "A", 0)
        told, _ = _placed(entry.body, "D", end + 1)
        categories = [f"'{_category(slug)}'" for slug in entry.slugs]
        return {"id": entry.id, "words": " ".join([*titled, *told, *categories])}

    def meets(self, condition: str) -> ColumnElement[bool]:
        """Return `words @@ condition`."""
        asked: Cast[str] = cast(condition, TSQUERY)
        return self.table.c.words.op("@@", is_comparison=True)(asked)

    def has(self, phrase: Phrase, part: Part) -> str:
        """Write `('存':A <-> '算':*A)`."""
        weights = {Part.TITLE: "A", Part.TEXT: "D", Part.ANY: "AD"}[part]
        *head, last = phrase.words
        written = [*(f"'{word}':{weights}" for word in head), f"'{last}':{'*' if phrase.open else ''}{weights}"]
        return "(" + " <-> ".join(written) + ")"

    def within(self, slug: str) -> str:
        """Write `'‖chips'`."""
        return f"'{_category(slug)}'"

    def every(self, conditions: Sequence[str]) -> str:
        """Join by `&`."""
        return "(" + " & ".join(conditions) + ")"

    def some(self, conditions: Sequence[str]) -> str:
        """Join by `|`."""
        return "(" + " | ".join(conditions) + ")"

    def but(self, condition: str, other: str) -> str:
        """Write `& !`."""
        return f"({condition} & !{other})"


def index_of(database: str) -> Index:
    """Return the index of the kind of database that SQLAlchemy calls `database`."""
    return Fts5() if database == "sqlite" else Tsvector()


def _category(slug: str) -> str:
    return _BREAK + slug.replace("-", _HYPHEN)


def _phrase(words: Iterable[str], *, go_on: bool = False) -> str:
    return f'"{" ".join(words)}"{" *" if go_on else ""}'


def _spaced(text: str, mark: str = "") -> Iterator[str]:
    for term in terms(text):
        if term.apart:
            yield _BREAK
        yield mark + term.word


_LAST_PLACE = 16_383
"""The greatest there is in a tsvector, which keeps 256 of a term: what stands behind can't be part of a phrase."""


def _placed(text: str, weight: str, before: int) -> tuple[list[str], int]:
    written: list[str] = []
    for term in terms(text):
        before += _step(term)
        if before > _LAST_PLACE:
            break
        written.append(f"'{term.word}':{before}{weight}")
    return written, before


def _step(term: Term) -> int:
    return 2 if term.apart else 1
