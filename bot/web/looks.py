"""How a platform's markup looks: HTML for a page, drawn the way the platform draws it, with nothing alive in it."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markupsafe import Markup

from bot.markdown.emphasis import Inline

Look = Callable[[Mapping[str, Any]], Markup]

_TAGS = {
    *("a", "b", "blockquote", "br", "code", "em", "h1", "h2", "h3", "h4", "h5", "h6", "i", "li", "ol", "p", "pre"),
    *("s", "strong", "u"),
}
_ATTRIBUTES = {"a": {"href"}, "blockquote": {"expandable"}, "ol": {"start"}}
_GAP = "gap"
"""The class of a block that stands below a blank line: platforms keep those, CommonMark does not."""
_BLOCKS = ("blockquote", "h1", "h2", "h3", "ol", "p", "pre")
_BEHIND_QUOTE = re.compile(r"(</blockquote>|</pre>)\n")
_ADDRESS = re.compile(r"://[\w/?#&=%.~:@!$+,;-]*[\w/?#&=%~@$+-]")
_INDENT = re.compile(r"^(> )?( +)", re.MULTILINE)
_SCHEME = re.compile(r"https?\Z")
_NUMBER = re.compile(r"(\d{1,9})\. +(?=\S)")


def telegram(body: Mapping[str, Any]) -> Markup:
    """Draw the text of a `sendMessage`. A quote ends its line, so the line end behind it is not drawn."""
    return _clean(_BEHIND_QUOTE.sub(r"\1", body["text"]))


def discord(body: Mapping[str, Any]) -> Markup:
    """Draw the description of an embed."""
    return _clean(_discord().render(_indented(body["embeds"][0]["description"])))


def wecom(body: Mapping[str, Any]) -> Markup:
    """Draw what a robot says, unless that is cards, which have no markup."""
    said = body.get(body["msgtype"], {}).get("content", "")
    return _clean(_wecom().render(_indented(said)))


@cache
def looks() -> Mapping[str, Look]:
    """Return the look of each platform."""
    return {"telegram": telegram, "discord": discord, "wecom": wecom}


def _indented(markup: str) -> str:
    """Return `markup` with the spaces at line starts as such that CommonMark keeps."""
    return _INDENT.sub(lambda found: (found[1] or "") + "\u00a0" * len(found[2]), markup)


def _clean(html: str) -> Markup:
    """Return `html` without anything that could run, call or lead elsewhere than to the web."""
    cleaned = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        allowed_classes={tag: {_GAP} for tag in _BLOCKS},
        url_schemes={"http", "https"},
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )
    return Markup(cleaned)  # noqa: S704 - this is the sanitising


@cache
def _discord() -> MarkdownIt:
    """Return Discord's Markdown as far as digests use it: a number makes a list of its line alone."""
    parser = _parser("backticks", "emphasis", "escape", "link", "newline", "strikethrough")
    parser.block.ruler.enableOnly(["blockquote", "fence", "heading", "paragraph"])
    parser.block.ruler.before("paragraph", "number", _number, {"alt": ["paragraph", "blockquote"]})
    parser.inline.ruler.push("address", _address)
    return parser


@cache
def _wecom() -> MarkdownIt:
    """Return the markdown of WeCom's robots: no escapes, no lists."""
    parser = _parser("backticks", "emphasis", "link", "newline")
    parser.block.ruler.enableOnly(["blockquote", "heading", "paragraph"])
    return parser


def _parser(*rules: str) -> MarkdownIt:
    """Return a parser with these rules of inline markup, in which a line end is a line end, and HTML is text."""
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True})
    parser.inline = Inline()
    parser.inline.ruler.enableOnly(["text", *rules])
    styles = [name for name in ("emphasis", "strikethrough") if name in rules]
    parser.inline.ruler2.enableOnly(["balance_pairs", "fragments_join", *styles])
    parser.core.ruler.after("block", "gaps", _keep_gaps)
    return parser


def _keep_gaps(state: StateCore) -> None:
    lines = state.src.split("\n")
    for token in state.tokens:
        if token.map and token.map[0] and token.type != "inline" and not lines[token.map[0] - 1].strip("> "):
            token.attrJoin("class", _GAP)


def _number(state: StateBlock, start: int, _end: int, silent: bool) -> bool:  # noqa: FBT001 (the signature of a rule)
    """Read one numbered line."""
    line = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    found = _NUMBER.match(line)
    if found is None or silent:
        return found is not None
    place = [start, start + 1]
    opened = state.push("ordered_list_open", "ol", 1)
    opened.attrs, opened.map = {"start": int(found[1])}, place
    state.push("list_item_open", "li", 1)
    text = state.push("inline", "", 0)
    text.content, text.map, text.children = line[found.end() :], place, []
    state.push("list_item_close", "li", -1)
    state.push("ordered_list_close", "ol", -1)
    state.line = start + 1
    return True


def _address(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 (the signature of a rule)
    """Read a bare address, which Discord makes a link: at its colon, the scheme being read as text already."""
    rest = _ADDRESS.match(state.src, state.pos)
    scheme = _SCHEME.search(state.pending)
    if silent or state.linkLevel or rest is None or scheme is None:
        return False
    address = scheme[0] + rest[0]
    state.pending = state.pending[: scheme.start()]
    opened = state.push("link_open", "a", 1)
    opened.attrs = {"href": state.md.normalizeLink(address)}
    state.push("text", "", 0).content = address
    state.push("link_close", "a", -1)
    state.pos = rest.end()
    return True
