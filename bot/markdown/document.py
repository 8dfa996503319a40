"""A document as a whole: bytes -> Digest, or the reasons why not."""

import re
from dataclasses import dataclass
from datetime import date

from markdown_it.token import Token
from markdown_it.utils import EnvType

from bot.markdown.blocks import blocks
from bot.markdown.dates import file_date, find_date
from bot.markdown.decoding import decode
from bot.markdown.front_matter import FrontMatter, looks_like_front_matter, read_front_matter
from bot.markdown.grammar import DEEPEST, tokens
from bot.markdown.heading import Heading, take_heading
from bot.markdown.items import read_items
from bot.markdown.outline import outline
from bot.markdown.pieces import cut_pieces
from bot.markdown.problems import Problems, shown
from bot.markdown.refusal import Lines, refuse_no_items, refuse_page, refuse_substance
from bot.markdown.runs import Notes
from bot.markdown.tree import grow
from bot.models import Digest, Problem

LARGEST = 2 * 1024 * 1024
"""Bytes of a document; a hundred times a long digest."""

_MARKUP = re.compile(r"[-!#$%&*+:<=>@\\\]^_`{|}~]")
_MOST_MARKUP = 50_000
"""Signs of markup; some rules of CommonMark take long on nothing but signs."""
_MOST_LINES = 10_000
_MOST_BRACKETS = 5_000
"""Square brackets: each may start a link and is looked at some forty times."""
_OPENED = re.compile(r"-{3,}[ \t]*\n(?:title|date|categories)[ \t]*:")
_UNOPENED = re.compile(r"(?:title|date|categories)[ \t]*:")
_BURIED = re.compile(r"^-{3,}[ \t]*\n(?:title|date|categories)[ \t]*:.*\n(?:.+\n)*?-{3,}[ \t]*$", re.MULTILINE)
"""Front matter below something else, such as a model's `Here is today's digest:`."""
_UNDERLINE = re.compile(r"={3,}[ \t]*")


@dataclass(frozen=True, kw_only=True, slots=True)
class Parsed:
    """A digest, and the warnings about its document."""

    digest: Digest
    problems: tuple[Problem, ...]


def parse(source: bytes, *, name: str = "") -> Parsed:
    """Read the digest in `source`; `name` is that of its file, which may carry the date.

    Raises BadDocument with the problems, errors and warnings, when it is none.
    """
    problems = Problems()
    text = _read(source, problems)
    if text is None or problems.failed:
        raise problems.refuse()
    digest = _digest(text, name, problems)
    if digest is None or problems.failed:
        raise problems.refuse()
    return Parsed(digest=digest, problems=problems.by_line())


def lines_of(source: bytes) -> tuple[str, ...]:
    """Return the lines that problems are named by; none when it is no text that could be a digest."""
    text = decode(source, Problems()) if len(source) <= LARGEST else None
    return tuple((text or "").split("\n"))


def _read(source: bytes, problems: Problems) -> str | None:
    """Return the text of a document that may be a digest, ending with a line end, its first line not blank."""
    if len(source) > LARGEST:
        problems.fail(1, f"larger than {LARGEST // 1024} KiB", "split it into one digest a day")
        return None
    text = decode(source, problems)
    if text is None:
        return None
    refuse_page(text, problems)
    if text.count("\n") > _MOST_LINES:
        problems.fail(_MOST_LINES, f"more than {_MOST_LINES} lines", "split it into one digest a day")
    if text.count("[") > _MOST_BRACKETS or len(_MARKUP.findall(text)) > _MOST_MARKUP:
        problems.fail(1, "more markup than any digest has", "load a digest of ordinary length")
    body = text.lstrip(" \t\n\ufeff\u200b")
    start = text.rfind("\n", 0, len(text) - len(body)) + 1
    problems.skipped = text.count("\n", 0, start)
    return text[start:].rstrip() + "\n"


def _digest(text: str, name: str, problems: Problems) -> Digest | None:
    front, text, flat, definitions = _parse(text, problems)
    _warn_of_loose_definitions(flat, definitions, problems)
    pieces = cut_pieces(grow(flat), text.split("\n"))
    heading, pieces = take_heading(pieces, front.title)
    parts = outline(pieces, problems)
    items, lines = read_items(parts.drafts, problems)
    if not items:  # what is no digest needs no date either
        refuse_no_items(text, problems)
        return None
    day = _day(front, heading, name, problems)
    if day is None:
        return None
    digest = Digest(
        day=day,
        title=_title(front, heading, day, problems),
        written_at=front.written_at,
        categories=front.categories,
        lead=tuple(blocks(parts.lead, Notes(problems=problems, place="the lead"))),
        items=items,
        commentary=tuple(blocks(parts.commentary, Notes(problems=problems, place="the commentary"))),
    )
    where = Lines(
        title=front.title_line or heading.line,
        lead=parts.lead[0].line if parts.lead else 1,
        items=lines,
        commentary=parts.commentary[0].line if parts.commentary else 1,
    )
    refuse_substance(digest, where, problems)
    return digest


def _parse(text: str, problems: Problems) -> tuple[FrontMatter, str, list[Token], EnvType]:
    """Return the front matter, the text as parsed, its tokens and its link definitions."""
    text = _with_title_marked(text)
    flat, definitions = tokens(text)
    front = FrontMatter()
    if not flat or flat[0].type != "front_matter":
        if _OPENED.match(text):
            problems.fail(1, "the front matter is not closed", "write a line --- below it")
        elif _UNOPENED.match(text):
            problems.fail(1, "the front matter is not opened", "write a line --- above it")
        elif found := _BURIED.search(text):
            line = text.count("\n", 0, found.start()) + 1
            problems.fail(line, "the front matter is not at the top", "take away what stands above it")
    elif looks_like_front_matter(flat[0].content):
        front = read_front_matter(flat[0].content, 2, problems)
    else:  # two rules around a lead
        text = text.replace("-", "*", len(text) - len(text.lstrip("-")))
        flat, definitions = tokens(text)
    if any(token.level >= DEEPEST - 1 for token in flat):
        line = next(token.map[0] + 1 for token in flat if token.level >= DEEPEST // 2 and token.map)
        problems.fail(line, f"lists and quotes nested more than {DEEPEST // 2} deep", "write it flatter")
    return front, text, flat, definitions


def _with_title_marked(text: str) -> str:
    """Return `text` with a first line that is underlined with `===` written as a heading."""
    title, _, rest = text.partition("\n")
    line, end, rest = rest.partition("\n")
    return f"# {title}\n{end}{rest}" if _UNDERLINE.fullmatch(line) else text


def _warn_of_loose_definitions(flat: list[Token], definitions: EnvType, problems: Problems) -> None:
    """Warn of a definition `[1]: https://...` that no link refers to: it would vanish."""
    used = {child.attrs.get("href", child.attrs.get("src")) for token in flat for child in token.children or []}
    for label, definition in definitions.get("references", {}).items():
        if definition["href"] not in used:
            what = f"no link refers to [{shown(label.lower())}]; its address is not shown"
            problems.warn(definition["map"][0] + 1, what, "write [text](address) where it belongs")


def _day(front: FrontMatter, heading: Heading, name: str, problems: Problems) -> date | None:
    """Return the day: the front matter's, else the heading's, else the file name's; notes those that disagree."""
    title_day = find_date(front.title)
    found = [
        ("front matter", front.day, front.day_line),
        ("title", title_day, front.title_line),
        ("heading", heading.day, heading.line),
        ("file name", file_date(name), 0),
    ]
    said = [(place, day, line) for place, day, line in found if day]
    if not said and problems.failed:  # faulty front matter may well have one
        return None
    if not said:
        what = "there is no date in the front matter, the heading or the file name"
        problems.fail(1, what, "write date: 2025-10-12 in the front matter, or name the file 2025-10-12.md")
        return None
    first, day, line = said[0]
    for place, other, at in said[1:]:
        if other != day:
            what = f"the {place} says {other}, the {first} {day}; the {first} counts"
            problems.warn(at or line, what, "make them agree")
    return day


def _title(front: FrontMatter, heading: Heading, day: date, problems: Problems) -> str:
    if title := front.title or heading.title:
        return title
    problems.warn(1, f"there is no title; {day} stands in for it", 'write title: "..." in the front matter')
    return day.isoformat()
