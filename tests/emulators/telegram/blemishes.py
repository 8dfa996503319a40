"""What Telegram takes and spoils without a word: links it drops, names it does not know, quotes within quotes."""

import re
from collections.abc import Callable, Iterator
from html.entities import html5
from itertools import accumulate

_LINK = re.compile(r"""<a\s+href\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+)""", re.IGNORECASE)
_NAMED = re.compile(r"&([A-Za-z]+;)")
_KNOWN = ("lt;", "gt;", "amp;", "quot;")
_QUOTE = re.compile(r"<(/?)blockquote\b", re.IGNORECASE)


def blemishes(html: str, is_link: Callable[[str], bool]) -> Iterator[str]:
    """Yield what is spoilt of text that was taken; `is_link` tells whether Telegram makes a link of such a text."""
    for link in dict.fromkeys(_LINK.findall(html)):
        if not is_link(f"{link}>x</a>"):
            yield f"{link}> is no link"
    for name in dict.fromkeys(_NAMED.findall(html)):
        if name in html5 and name not in _KNOWN:
            yield f"&{name} is shown as it is"
    if max(accumulate(-1 if closing else 1 for closing in _QUOTE.findall(html)), default=0) > 1:
        yield "a quote stands within a quote"
