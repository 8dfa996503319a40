"""The front matter: title, date and categories, each with its line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

import yaml

from bot.markdown.dates import read_moment
from bot.markdown.problems import Problems, shown

LARGEST = 16 * 1024
"""Characters of front matter read; PyYAML takes about a second for a megabyte."""

_SEPARATOR = re.compile(r"[,，、;；]")
_KEY = re.compile(r"^\s*[\"']?[A-Za-z_][\w-]*[\"']?\s*:(?:\s|$)", re.MULTILINE)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\\s]+")
_QUOTE = "put the value in quotes, or see docs/digest-format.md for the front matter"


@dataclass(frozen=True, kw_only=True)
class FrontMatter:
    """What stands between the first two `---`; a line is 0 where the document does not say."""

    title: str = ""
    title_line: int = 0
    day: date | None = None
    written_at: datetime | None = None
    day_line: int = 0
    categories: tuple[str, ...] = ()


def looks_like_front_matter(content: str) -> bool:
    """Tell front matter from a lead that stands between two rules."""
    return not content.strip() or _KEY.search(content) is not None


def read_front_matter(content: str, line: int, problems: Problems) -> FrontMatter:
    """Read `content`, whose first line is line `line` of the document."""
    node = _compose(content, line, problems)
    if node is None:
        return FrontMatter()
    if not isinstance(node, yaml.MappingNode):
        problems.fail(line, "the front matter is no list of names and values", "write lines such as title: ...")
        return FrontMatter()
    values = _known(node, line, problems)
    day, written_at = _day(values.get("date"), line, problems)
    return FrontMatter(
        title=_title(values.get("title"), line, problems),
        title_line=_line(values.get("title"), line),
        day=day,
        written_at=written_at,
        day_line=_line(values.get("date"), line),
        categories=_categories(values.get("categories"), line, problems),
    )


def _compose(content: str, line: int, problems: Problems) -> yaml.Node | None:
    if len(content) > LARGEST:
        problems.fail(line, f"the front matter is longer than {LARGEST} characters", "close it with a line ---")
        return None
    try:
        return yaml.compose(content, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problems.fail(line + (mark.line if mark else 0), f"the front matter is faulty: {error.problem}", _QUOTE)
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError):  # the last three escape from PyYAML itself
        problems.fail(line, "the front matter can't be read as YAML", _QUOTE)
    return None


def _known(node: yaml.MappingNode, line: int, problems: Problems) -> dict[str, yaml.Node]:
    values: dict[str, yaml.Node] = {}
    for key, value in node.value:
        name = str(key.value).strip().lower() if isinstance(key, yaml.ScalarNode) else ""
        if name not in {"title", "date", "categories"}:
            continue
        if name in values:
            problems.warn(_line(key, line), f"{name} is given twice; the last one counts", "take one away")
        values[name] = value
    return values


def _line(node: yaml.Node | None, line: int) -> int:
    return line + node.start_mark.line if node else 0


def _text(node: yaml.Node | None) -> str | None:
    """Return the text of a scalar, empty for null; None for a list or mapping."""
    if node is None or node.tag == "tag:yaml.org,2002:null":
        return ""
    return _CONTROL.sub(" ", node.value).strip() if isinstance(node, yaml.ScalarNode) else None


def _title(node: yaml.Node | None, line: int, problems: Problems) -> str:
    text = _text(node)
    if text is None:
        problems.warn(_line(node, line), "the title is no text", 'write title: "..."')
    return text or ""


def _day(node: yaml.Node | None, line: int, problems: Problems) -> tuple[date | None, datetime | None]:
    text = _text(node)
    if node is None or text == "":
        return None, None
    moment = read_moment(text) if text else None
    if moment is None:
        what = "the date is no text" if text is None else f"not a date: {shown(text)}"
        problems.warn(_line(node, line), what, "write it as 2025-10-12T09:00:00+08:00 or 2025-10-12")
        return None, None
    return moment


def _categories(node: yaml.Node | None, line: int, problems: Problems) -> tuple[str, ...]:
    if node is None:
        return ()
    names: list[str] = []
    for entry in node.value if isinstance(node, yaml.SequenceNode) else [node]:
        text = _text(entry)
        if text is None:
            problems.warn(_line(entry, line), "a category is no text", 'write categories: ["...", "..."]')
            continue
        names += _names(text, whole=isinstance(node, yaml.SequenceNode))
    return tuple(dict.fromkeys(names))


def _names(text: str, *, whole: bool) -> Iterator[str]:
    parts = [text] if whole else _SEPARATOR.split(text)
    return (part.strip() for part in parts if part.strip())
