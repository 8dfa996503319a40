"""A digest as HTML, to be read: made of its blocks, never of its Markdown, and washed once more."""

import re
from collections import OrderedDict
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import nh3
from markupsafe import Markup

from bot.models import Digest
from bot.render import Pages
from bot.store import Store

_REMEMBERED = 64
"""Digests whose HTML is kept: a feed and the days that are read most."""
_TAGS: Final = {
    *("a", "article", "blockquote", "br", "code", "div", "em", "figcaption", "figure", "h2", "h3", "h4", "img", "li"),
    *("p", "pre", "s", "section", "span", "strong", "ul"),
}
_ATTRIBUTES: Final = {
    "a": {"aria-label", "class", "href"},
    "article": {"class", "id"},
    "img": {"alt", "loading", "src"},
    **{tag: {"class"} for tag in ("div", "h2", "h3", "li", "p", "section", "span", "ul")},
}
_HAN = re.compile("[\u3400-\u9fff\U00020000-\U000323af]")
_KANA = re.compile("[\u3040-\u30ff]")
_HAN_SHARE = 0.2


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """A digest and its HTML. `tongue` is the language it is written in, as a tag; empty where that is not known."""

    digest: Digest
    html: Markup
    tongue: str


class Prose:
    """Writes the HTML of revisions, which never change, and remembers it."""

    def __init__(self, store: Store, pages: Pages) -> None:
        self._store = store
        self._pages = pages
        self._written: OrderedDict[tuple[int, str, bool], Text] = OrderedDict()

    async def of(self, revision_id: int, language: str, *, linked: bool = True) -> Text:
        """Return that revision, its few words around the text in `language`. A `linked` one leads on in the archive."""
        key = revision_id, language, linked
        if key not in self._written:
            self._written[key] = await self._write(revision_id, language, linked=linked)
            if len(self._written) > _REMEMBERED:
                self._written.popitem(last=False)
        self._written.move_to_end(key)
        return self._written[key]

    async def _write(self, revision_id: int, language: str, *, linked: bool) -> Text:
        digest = await self._store.digests.revision(revision_id)
        values = {
            "digest": digest,
            "sections": tuple((name, tuple(items)) for name, items in groupby(digest.items, lambda item: item.section)),
            "linked": linked,
            "taxonomy": await self._store.categories.all(),
        }
        written = self._pages.page("digest", language, values)
        return Text(digest=digest, html=wash(written), tongue=tongue(digest))


def wash(html: str) -> Markup:
    """Return `html` without anything that could run, or lead elsewhere than to the web."""
    washed = nh3.clean(
        html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes={"http", "https"}, link_rel="noopener noreferrer"
    )
    return Markup(washed)  # noqa: S704 - this is the sanitising


def tongue(digest: Digest) -> str:
    """Return the language `digest` is written in as far as its script tells: `zh-CN`, `ja`, or nothing."""
    text = "".join((digest.title, *(item.title for item in digest.items), *(block.text for block in digest.lead)))
    if _KANA.search(text):
        return "ja"
    letters = sum(map(str.isalpha, text))
    return "zh-CN" if letters and len(_HAN.findall(text)) / letters > _HAN_SHARE else ""
