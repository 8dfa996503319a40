"""How text looks in a terminal: ECMA-48 styles, and nothing else that a terminal would obey."""

import re

from markupsafe import Markup

from bot.contract import Capability, Size

_OBEYED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""Control characters, lone surrogates, and the marks that turn the direction of what follows."""
_STYLE = re.compile("\x1b\\[[0-9;]*m")
_TAB = "    "


class ConsoleDialect:
    """A terminal's own. `limits` is in characters, and beyond what any digest has: a terminal scrolls."""

    platform = "console"
    limits: Size = (10**9,)
    capabilities = frozenset({Capability.EDIT, Capability.DELETE, Capability.BUTTONS})

    def escape(self, text: str) -> Markup:
        """Return `text` without what a terminal would obey instead of showing it."""
        return Markup(printable(str(text)))  # noqa: S704 - this is the escaping

    def measure(self, markup: str) -> Size:
        """Return the characters of the text alone."""
        return (len(self.plain(markup)),)

    def plain(self, markup: str) -> str:
        """Return the text without its styles; links are written out in it already."""
        return _STYLE.sub("", markup)


def printable(text: str) -> str:
    """Return `text` without what a terminal would obey, line ends aside."""
    return _OBEYED.sub("", text).replace("\t", _TAB)
