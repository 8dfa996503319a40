"""How text looks on a chat page: HTML, of which nothing but our own markup is obeyed."""

import html
import re

import markupsafe
from markupsafe import Markup

from bot.contract import Capability, Size

_UNSPEAKABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_TAG = re.compile(r"<[^>]*>")
_LINK = re.compile(r'<a href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)


class WebDialect:
    """A page's own. `limits` is in characters, beyond what any digest has: a page scrolls."""

    platform = "web"
    limits: Size = (10**9,)
    capabilities = frozenset({Capability.EDIT, Capability.DELETE, Capability.BUTTONS})

    def escape(self, text: str) -> Markup:
        """Return `text` so that a browser shows it letter for letter."""
        return markupsafe.escape(_UNSPEAKABLE.sub("", str(text)))

    def measure(self, markup: str) -> Size:
        """Return the characters of the text alone."""
        return (len(html.unescape(_TAG.sub("", markup))),)

    def plain(self, markup: str) -> str:
        """Return the text without its tags, links written out."""
        written = _LINK.sub(r"\2 (\1)", markup)
        return html.unescape(_TAG.sub("", written))
