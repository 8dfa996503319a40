"""What a publisher writes: a digest, its items, and their categories."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """A stretch of text in one style. Runs with a `url` are links."""

    text: str
    bold: bool = False
    italic: bool = False
    strike: bool = False
    code: bool = False
    url: str | None = None


class BlockKind(StrEnum):
    """What a block of text is, whatever a platform makes of it."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    BULLET = "bullet"
    QUOTE = "quote"
    CODE = "code"
    ROW = "row"
    """A row of a table; its cells are joined by a bar."""
    IMAGE = "image"
    """One run: the text is the description, the url the picture."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """A line or paragraph of text.

    Nested lists and quotes are flat: `depth` counts the levels around this one (0 is the outermost), `marker`
    is what stands before a bullet (`•` or `3.`), empty when the block continues the bullet above.
    """

    kind: BlockKind = BlockKind.PARAGRAPH
    runs: tuple[Run, ...]
    depth: int = 0
    marker: str = ""

    @property
    def text(self) -> str:
        """The text alone, without any style."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One story of a digest.

    `number` is its place, from 1. `section` (the heading it stands under) and `tags` are what the document says
    of its category; `categories` are the slugs it belongs to, the primary one first, given by `bot.categories`.
    """

    number: int
    title: str
    url: str | None = None
    body: tuple[Block, ...] = ()
    section: str | None = None
    tags: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Digest:
    """A day's whole. `categories` are the names the document lists: a hint and an order, not a limit."""

    day: date
    title: str
    written_at: datetime | None = None
    categories: tuple[str, ...] = ()
    lead: tuple[Block, ...] = ()
    items: tuple[Item, ...]
    commentary: tuple[Block, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """What is wrong with a document, where (`line` counts from 1), and how to mend it."""

    line: int
    severity: Literal["error", "warning"]
    what: str
    mend: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Category:
    """A subject. The slug is ASCII, stable, and at most 24 bytes, so that it fits button data and deep links."""

    slug: str
    zh: str
    en: str
    aliases: tuple[str, ...] = ()

    def name(self, language: str) -> str:
        """Return the name in `language` (a tag such as `zh-CN` or `en`)."""
        return self.zh if language.startswith("zh") else self.en


class Format(StrEnum):
    """How much of each item an edition carries."""

    FULL = "full"
    BRIEF = "brief"
    """Title and first sentence."""
    HEADLINES = "headlines"
    NEWS = "news"
    """Cards with title and first sentence, on platforms that have cards; on others as `BRIEF`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Edition:
    """One subscription's cut of a digest. `total` counts the items of the uncut one; no `categories` means all."""

    day: date
    title: str
    lead: tuple[Block, ...] = ()
    items: tuple[Item, ...]
    commentary: tuple[Block, ...] = ()
    categories: tuple[str, ...] = ()
    total: int
    format: Format = Format.FULL
