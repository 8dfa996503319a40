"""Dialects to render for in tests: one that counts bytes, as WeCom does, in the console's markup."""

import re
from dataclasses import dataclass

from markupsafe import Markup

from bot.contract import Capability, Size

_STYLE = re.compile("\x1b\\[[0-9;]*m")


@dataclass
class TerminalDialect:
    """A terminal's escape sequences; `limits` is in UTF-8 bytes of the text alone."""

    limits: Size = (4096,)
    platform: str = "console"
    capabilities: frozenset[Capability] = frozenset()

    def escape(self, text: str) -> Markup:
        return Markup(text.replace("\x1b", ""))  # noqa: S704 - this is the escaping

    def measure(self, markup: str) -> Size:
        return (len(self.plain(markup).encode()),)

    def plain(self, markup: str) -> str:
        return _STYLE.sub("", markup)


@dataclass
class StarDialect:
    """Markdown-like markup: what HTML leaves alone (`*`, `_`, `@`) is dangerous here, and `<` is not."""

    limits: Size = (2000,)
    platform: str = "star"
    capabilities: frozenset[Capability] = frozenset()

    def escape(self, text: str) -> Markup:
        return Markup(re.sub(r"([*_\[\]\\])", r"\\\1", text).replace("@", "@\u200b"))  # noqa: S704 - this is the escaping

    def measure(self, markup: str) -> Size:
        return (len(markup),)

    def plain(self, markup: str) -> str:
        return markup
