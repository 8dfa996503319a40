"""The draft of an item -> Item."""

from dataclasses import replace

from bot.markdown.blocks import blocks, paragraph
from bot.markdown.outline import Draft
from bot.markdown.problems import Problems, shown
from bot.markdown.runs import Line, Notes, read_lines
from bot.markdown.titles import Head, read_head, read_link_line, take_tags
from bot.models import Block, BlockKind, Item, Run


def read_items(drafts: list[Draft], problems: Problems) -> tuple[tuple[Item, ...], tuple[int, ...]]:
    """Return the items of `drafts`, numbered from 1 in their order, and the line of each.

    An item with neither title nor text is left out with a warning.
    """
    items: list[Item] = []
    lines: list[int] = []
    for draft in drafts:
        item = _item(draft, len(items) + 1, problems)
        if item is None:
            problems.warn(
                draft.start.line, "an item is empty; it is left out", "give it a title or take its number away"
            )
            continue
        items.append(item)
        lines.append(draft.start.line)
    _warn_of_doubles(items, lines, problems)
    return tuple(items), tuple(lines)


def _item(draft: Draft, number: int, problems: Problems) -> Item | None:
    notes = Notes(problems=problems, place=f"item {number}")
    lines = read_lines(draft.start.title, notes)
    head = read_head(lines[0]) if lines else Head(title="")
    url, body = _body(draft, head, lines, notes)
    body, tags = _without_tags(body)
    title = head.title
    if not title:
        title = _first_words(body) or url or ""
        if not title:
            return None
        problems.warn(draft.start.line, f"item {number} has no title", "write one behind its number")
    tags = tuple(dict.fromkeys((*head.tags, *tags)))
    return Item(number=number, title=title, url=url, body=body, section=draft.section, tags=tags)


def _body(draft: Draft, head: Head, lines: list[Line], notes: Notes) -> tuple[str | None, tuple[Block, ...]]:
    """Return the item's link, which may stand on the line after the title, and its body."""
    url, nodes = head.url, draft.nodes
    pictures = tuple(piece for line in lines[:1] for piece in line.pieces if not isinstance(piece, Run))
    first = [Line(number=lines[0].number, pieces=(*head.rest, *pictures))] if head.rest or pictures else []
    text = [*first, *lines[1:]]
    if not text and nodes and nodes[0].kind == "paragraph" and not nodes[0].mark:
        text, nodes = read_lines(nodes[0].inline, notes), nodes[1:]
    if url is None and text and not first and (found := read_link_line(text[0])):
        url = found[0]
        text = text[1:] if found[1] else text
    return url, (*paragraph(text), *blocks(nodes, notes))


def _without_tags(body: tuple[Block, ...]) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    last = body[-1] if body else None
    if last is None or last.kind not in {BlockKind.PARAGRAPH, BlockKind.BULLET}:
        return body, ()
    runs, tags = take_tags(last.runs)
    if not tags:
        return body, ()
    return (*body[:-1], replace(last, runs=runs)) if runs else body[:-1], tags


def _first_words(body: tuple[Block, ...]) -> str:
    text = next((block.text for block in body if block.text.strip()), "")
    return shown(text)


def _warn_of_doubles(items: list[Item], lines: list[int], problems: Problems) -> None:
    seen: dict[str, int] = {}
    for item, line in zip(items, lines, strict=True):
        first = seen.setdefault(item.title, item.number)
        if first != item.number:
            what = f"item {item.number} has the same title as item {first}: {shown(item.title)}"
            problems.warn(line, what, "take one of them away or tell them apart")
