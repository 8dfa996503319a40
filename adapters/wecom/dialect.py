"""How text looks in a WeCom robot's markdown, and how it is measured."""

import re

from markupsafe import Markup

from bot.contract import Capability, Size

_UNSPEAKABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_OBEYED = str.maketrans({"*": "＊", "_": "＿", "`": "｀", "[": "［", "]": "］", "<": "＜", "\\": "＼", "|": "｜"})
_AT_LINE_START = re.compile(r"^[#>]", re.MULTILINE)
_WIDE = {"#": "＃", ">": "＞"}
_ADDRESS = re.compile(r"(https?://[\w.~:/?#@!$&'()+,;=%-]+)", re.ASCII)
_NUMBER = re.compile(r"^([0-9]{1,9})[.)](?= )", re.MULTILINE)
_LINK = re.compile(r"\[([^\[\]]*)\]\(([^()\s]*)\)")
_LINE_STYLE = re.compile(r"^(?:#{1,6} |>[ ]?)+", re.MULTILINE)
_STYLE = re.compile(r"\*\*|`")


class WecomDialect:
    """The markdown of WeCom robots. `limits`: UTF-8 bytes of a message, 4096 by the documentation of the robots.

    No escape is documented, and `<@name>` calls people: what would be obeyed is shown by its full-width twin. The
    size counts the numbers of items as `numbered` writes them.
    """

    platform = "wecom"
    limits: Size = (4096,)
    capabilities = frozenset({Capability.CARDS, Capability.MENTION})

    def escape(self, text: str) -> Markup:
        """Return `text` so that WeCom shows it all but letter for letter; addresses stay whole."""
        pieces = _ADDRESS.split(_UNSPEAKABLE.sub("", str(text)))
        pieces[::2] = [piece.translate(_OBEYED) for piece in pieces[::2]]
        shown = _AT_LINE_START.sub(lambda sign: _WIDE[sign[0]], "".join(pieces))
        return Markup(shown)  # noqa: S704 - this is the escaping

    def measure(self, markup: str) -> Size:
        """Return the UTF-8 bytes of `markup` as either markdown has it."""
        return (len(numbered(markup).encode("utf-8", "surrogatepass")),)

    def plain(self, markup: str) -> str:
        """Return the text of `markup` without any style, each link as `text (url)` unless that is too long."""
        text = _bare(_LINK.sub(_written_out, markup))
        return text if self.measure(str(self.escape(text))) <= self.limits else _bare(_LINK.sub(r"\1", markup))


def numbered(markup: str) -> str:
    """Return `markup` with the numbers at line starts written so that no list is made of them, to be counted anew."""
    return _NUMBER.sub(r"\1．", markup)


def _bare(markup: str) -> str:
    return _STYLE.sub("", _LINE_STYLE.sub("", markup))


def _written_out(link: re.Match[str]) -> str:
    text, url = link.groups()
    return text if text == url else f"{text} ({url})"
