"""How text looks on Discord (its Markdown, in the description of an embed), how it is measured, and what fits."""

import re

from markupsafe import Markup

from bot.contract import Capability, Size

_UNSPEAKABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_ADDRESS = re.compile(r"https?://[\w/?#&=%.~:@!$+,;-]+")
_SIGNS = re.compile(r"[\\*_~|`<>\[\]@]")
_LINE_STARTS = re.compile(r"^(\s*)(-#|[-+#]|\d+(?=\.(?:\s|$)))", re.MULTILINE)
_TOKEN = re.compile(
    r"""```\n(?P<pre>.*?)\n```
      | `(?P<code>[^`\n]*)`
      | \\(?P<escaped>[^0-9A-Za-z\s])
      | \[(?P<text>(?:\\.|[^\\\]])*)\]\((?P<url>[^)\s]*)\)
      | (?P<mark>\*{1,3}|~~|^\#{1,3}\ |^>\ )""",
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)


class DiscordDialect:
    """Discord's Markdown. `limits`: UTF-16 units of one embed's description, signs and targets included.

    4096 is in Discord's documentation as "characters"; UTF-16 units are never fewer than what that may mean. The
    6000 of all embeds together are never reached by one description and a footer.
    """

    platform = "discord"
    limits: Size = (4096,)
    capabilities = frozenset(
        {Capability.EDIT, Capability.DELETE, Capability.IDEMPOTENT, Capability.BUTTONS, Capability.MENUS}
    )

    def escape(self, text: str) -> Markup:
        """Return `text` so that Discord shows it letter for letter, and calls nobody.

        Addresses stay as they are: Discord links them itself, and would take a backslash for a part of them.
        """
        shown = _UNSPEAKABLE.sub("", str(text))
        pieces, end = [], 0
        for address in _ADDRESS.finditer(shown):
            pieces += [_escape(shown[end : address.start()]), address[0]]
            end = address.end()
        return Markup("".join([*pieces, _escape(shown[end:])]))  # noqa: S704 - this is the escaping

    def measure(self, markup: str) -> Size:
        """Return the UTF-16 units of `markup`."""
        text = str(markup)
        return (len(text) + sum(character > "\uffff" for character in text),)

    def plain(self, markup: str) -> str:
        """Return the text without any style, each link as `text (url)`; the targets go where they would not fit."""
        text = _TOKEN.sub(_written_out, str(markup))
        fits = self.measure(str(self.escape(text))) <= self.limits
        return text if fits else text_of(markup)


def text_of(markup: str) -> str:
    """Return the text of `markup` alone, without styles and link targets."""
    return _TOKEN.sub(_bare, str(markup))


def _escape(text: str) -> str:
    signs = _SIGNS.sub(r"\\\g<0>", text)
    return _LINE_STARTS.sub(_at_line_start, signs)


def _at_line_start(match: re.Match[str]) -> str:
    space, sign = match.groups()
    return f"{space}{sign}\\" if sign.isdecimal() else f"{space}\\{sign}"


def _bare(token: re.Match[str]) -> str:
    if token["text"] is not None:
        return text_of(token["text"])
    return next((token[name] for name in ("pre", "code", "escaped") if token[name] is not None), "")


def _written_out(token: re.Match[str]) -> str:
    bare = _bare(token)
    return f"{bare} ({token['url']})" if token["url"] and bare != token["url"] else bare
