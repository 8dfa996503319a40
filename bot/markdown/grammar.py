"""The Markdown we read: CommonMark with tables and strikethrough, without HTML, kinder to Chinese."""

from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.utils import EnvType
from mdit_py_plugins.front_matter import front_matter_plugin

from bot.markdown.addresses import escape_address, is_web_address
from bot.markdown.emphasis import Inline
from bot.markdown.links import placeholder
from bot.markdown.starts import number_headings, start

DEEPEST = 40
"""Levels of lists and quotes; each takes several frames of the stack."""


def tokens(text: str) -> tuple[list[Token], EnvType]:
    """Return the tokens of `text`, which must end with a line end, and its link definitions."""
    environment: EnvType = {}
    return _parser().parse(text, environment), environment


class _Markdown(MarkdownIt):
    """Leaves addresses as written; only those of web pages make a link."""

    def validateLink(self, url: str) -> bool:  # noqa: N802
        return is_web_address(url)

    def normalizeLink(self, url: str) -> str:  # noqa: N802
        return escape_address(url)

    def normalizeLinkText(self, link: str) -> str:  # noqa: N802
        return link


@cache
def _parser() -> MarkdownIt:
    # Without `code`, text indented by a drifting publisher stays text; without `lheading`, `text\n---` stays a rule.
    parser = _Markdown("commonmark", {"maxNesting": DEEPEST, "html": False})
    parser.use(front_matter_plugin).disable(["code", "html_block", "html_inline", "lheading"]).enable("table")
    inline = Inline()
    inline.ruler.enableOnly([*parser.inline.ruler.get_active_rules(), "strikethrough"])
    inline.ruler2.enableOnly([*parser.inline.ruler2.get_active_rules(), "strikethrough"])
    inline.ruler.after("image", "placeholder", placeholder)
    parser.inline = inline
    parser.block.ruler.before("list", "start", start, {"alt": ["paragraph", "reference", "blockquote"]})
    parser.core.ruler.after("block", "number_headings", number_headings)
    return parser
