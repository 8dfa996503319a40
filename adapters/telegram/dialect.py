"""How text looks on Telegram (HTML parse mode), how it is measured, and what fits into one message."""

import re

from markupsafe import Markup

from bot.contract import Capability, Size

_UNSPEAKABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_TAG = re.compile(r"<[^>]*>")
_LINK = re.compile(r"""<a\s[^>]*?href=(["'])(.*?)\1[^>]*>(.*?)</a\s*>""", re.DOTALL | re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:(lt|gt|amp|quot)|#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6}));")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_LAST_CODE_POINT = 0x10FFFF


class TelegramDialect:
    """Telegram's HTML. `limits`: UTF-16 units of the parsed text, entities, UTF-8 bytes as sent.

    4096 and 100 are in the Bot API's documentation (the latter as what the server keeps: it drops formatting
    beyond it without a word); 32768 is in the source of the Bot API server.
    """

    platform = "telegram"
    limits: Size = (4096, 100, 32768)
    capabilities = frozenset({Capability.EDIT, Capability.DELETE, Capability.BUTTONS, Capability.LOCATION})

    def escape(self, text: str) -> Markup:
        """Return `text` so that Telegram shows it letter for letter; what no client can show is dropped.

        Telegram knows no `&apos;`, hence the number.
        """
        shown = _UNSPEAKABLE.sub("", str(text)).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return Markup(shown.replace('"', "&quot;").replace("'", "&#39;"))  # noqa: S704 - this is the escaping

    def measure(self, markup: str) -> Size:
        """Return UTF-16 units once parsed, opening tags, and UTF-8 bytes; an upper bound of what Telegram counts."""
        text = text_of(markup)
        units = len(text.encode("utf-16-le", "surrogatepass")) // 2
        return units, markup.count("<") - markup.count("</"), len(markup.encode("utf-8", "surrogatepass"))

    def plain(self, markup: str) -> str:
        """Return the text without any style, each link as `text (url)`; the targets go where they would not fit."""
        text = text_of(_LINK.sub(_written_out, markup))
        sizes = self.measure(str(self.escape(text)))
        fits = all(size <= limit for size, limit in zip(sizes, self.limits, strict=True))
        return text if fits else text_of(markup)


def text_of(markup: str) -> str:
    """Return the text of `markup` alone, without styles and link targets."""
    text = _TAG.sub("", markup)
    return _REFERENCE.sub(_character, text) if "&" in text else text


def _written_out(link: re.Match[str]) -> str:
    url, text = link[2], link[3]
    return text if text_of(text) == text_of(url) else f"{text} ({url})"


def _character(reference: re.Match[str]) -> str:
    name, decimal, hexadecimal = reference.groups()
    if name:
        return _NAMED[name]
    code = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(code) if 0 < code <= _LAST_CODE_POINT else reference[0]
