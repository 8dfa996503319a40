"""Filters for markup that is made of signs around and before the text, as kinds of Markdown are."""

import re
from collections.abc import Callable
from urllib.parse import quote

from markupsafe import Markup

GLUE = "\x1f"
"""Stands for a line end inside a macro's markup, where a reply is not to be cut."""
_EDGE = "\\s“”‘’《》〈〉「」『』【】〔〕（）、，。：；！？…—·"
_HUG = re.compile(f"([{_EDGE}]*)(.*?)([{_EDGE}]*)", re.DOTALL)
_KEPT = "!#$%&'*+,/:;=?@~-._"
"""What an address keeps: all that URLs allow, without the brackets that end an address in Markdown."""

_ESCAPED = re.compile(r"\\([^0-9A-Za-z\s])")


def mark_filters(markup: type[Markup]) -> dict[str, Callable[..., Markup]]:
    """Return the filters by name; only templates of `markup/` should need them."""

    def led(content: object, mark: str, blank: str | None = None) -> Markup:
        """Put `mark` before every line, `blank` before an empty one."""
        lines = str.replace(markup.escape(content), GLUE, "\n").split("\n")
        blank = mark.rstrip() if blank is None else blank
        return markup("\n".join((mark + line).rstrip() if line.strip() else blank for line in lines))

    def hugged(content: object, sign: str) -> Markup:
        """Put `sign` on both sides, close to letters: beside spaces and Chinese punctuation it would be no markup."""
        match = _HUG.fullmatch(markup.escape(content))
        before, inside, after = match.groups() if match else ("", "", "")
        return markup(f"{before}{sign}{inside}{sign}{after}") if inside else markup(before + after)

    def without(content: object, signs: str) -> Markup:
        """Take away `signs`, which escaped text does not have."""
        return markup(re.sub(f"[{re.escape(signs)}]", "", markup.escape(content)))

    def verbatim(content: object, signs: str) -> Markup:
        """Leave text as it is but for `signs`, where nothing else is obeyed: in code."""
        if isinstance(content, Markup):
            return without(content, signs)
        return markup(re.sub(f"[{re.escape(signs)}]", lambda sign: markup.escape(sign[0]), str(content)))

    def swapped(content: object, signs: str, others: str) -> Markup:
        """Put `others` in place of `signs`, one for one, where nothing is obeyed, a backslash neither: in code."""
        text = _ESCAPED.sub(r"\1", content) if isinstance(content, Markup) else str(content)
        return markup(str.translate(text, str.maketrans(signs, others)))

    def relabelled(content: object) -> Markup:
        """Put look-alikes in place of brackets, which would end a link's text, and break up addresses in it."""
        text = str.replace(markup.escape(content), "\\[", "［").replace("\\]", "］")
        return markup(text.replace("://", ":\u200b//"))

    def target(url: str) -> Markup:
        """Write an address so that no bracket or space in it ends it."""
        return markup(quote(url, safe=_KEPT))

    return {
        "led": led,
        "hugged": hugged,
        "without": without,
        "verbatim": verbatim,
        "swapped": swapped,
        "relabelled": relabelled,
        "target": target,
    }
