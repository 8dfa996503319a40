"""The renderer: templates, languages and dialects brought together."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Protocol

from jinja2 import FileSystemLoader
from jinja2.environment import TemplateModule
from markupsafe import Markup

from bot.contract import Capability, Dialect
from bot.models import About, Button, Category, Edition, Format, Key, Part, Reply, WeekEdition
from bot.render.cards import cards_of
from bot.render.cutting import Press, lay_out
from bot.render.environment import Compiled, PlatformEnvironment
from bot.render.marks import GLUE
from bot.render.pieces import Piece, PieceKind, pieces_of
from bot.render.weeks import pieces_of_week
from bot.render.words import name_category, read_words, words_of

MAX_PRESS = 64
"""Bytes of a button's command (Telegram's callback_data, the shortest of the platforms)."""
NEW_MESSAGE = "+"
"""Before a button's command: the answer is a new message, the one the button stands under stays."""
_ON = "✓ "
_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")
"""What conditions leave in a template; one blank line is enough."""
_SAID = re.compile(r"(?:replies/)?\w+\.j2")
"""The templates of what a platform says; the others are markup and pages."""

Keys = tuple[tuple[Key, ...], ...]


class _Plain:
    """No platform's dialect: the text of buttons and menus, where markup would show."""

    platform = "plain"

    def escape(self, text: str) -> Markup:
        return Markup(text)  # noqa: S704


class Renderer:
    """Phrases replies and editions; construct it once, for `templates`."""

    def __init__(self, templates: Path) -> None:
        self._loader = FileSystemLoader(templates)
        self._words = read_words(templates)
        self._environments: dict[tuple[str, str], PlatformEnvironment] = {}
        self._compiled: dict[str, Compiled] = {}

    def prepare(self, dialect: Dialect) -> None:
        """Compile all that is said on a platform, in every language: else who asks first would wait for it.

        It takes a good part of a second, and may be called in a thread beside all others.
        """
        said = [name for name in self._loader.list_templates() if _SAID.fullmatch(name)]
        everywhere = [name for name in said if "/" not in name]
        for language in self._words:
            for speaker, names in ((dialect, said), (_Plain(), everywhere)):
                environment = self._environment(speaker, language)
                for name in names:
                    environment.get_template(name)

    def edition(
        self,
        edition: Edition | WeekEdition,
        dialect: Dialect,
        language: str,
        *,
        categories: Sequence[Category],
        buttons: Sequence[Sequence[Button]] = (),
        corrected: bool = False,
    ) -> tuple[Part, ...]:
        """Return the messages of `edition`, cut by the dialect's limits, `buttons` under the last.

        Where it is wanted as cards, those follow the title, the lead, and the items that can't be cards.
        """
        press = self._press(dialect, language, _names(edition, categories, language), corrected=corrected)
        keys = self.keys(buttons, language, categories) if Capability.BUTTONS in dialect.capabilities else ()
        as_cards = Capability.CARDS in dialect.capabilities
        if isinstance(edition, WeekEdition) or edition.format is not Format.NEWS or not as_cards:
            about = self._about(edition, language, categories)
            pieces = self._pieces(edition, language, categories)
            return tuple(replace(part, about=about) for part in _parts(lay_out(pieces, press), keys))
        words = replace(edition, items=tuple(item for item in edition.items if not item.url))
        pieces = [piece for piece in pieces_of(words) if piece.kind is not PieceKind.NOTHING]
        return numbered(
            [*_parts(lay_out(pieces, press), keys), *(Part(cards=cards) for cards in cards_of(edition.items))]
        )

    def reply(
        self, reply: Reply, dialect: Dialect, language: str, *, categories: Sequence[Category]
    ) -> tuple[Part, ...]:
        """Return the messages of `reply`: what `replies/<template>.j2` says, then its edition, buttons under the last.

        A reply longer than a message is cut between lines; one that says nothing is no message. The buttons of an
        edition in several messages bring new ones: in place they would replace its last message alone.
        """
        environment = self._environment(dialect, language)
        template = environment.get_template(f"replies/{reply.template}.j2")
        said = template.render(reply.values, taxonomy=categories, edition=reply.edition).strip("\n")
        said = _BLANK_LINES.sub("\n\n", said)
        pieces = [Piece(kind=PieceKind.NOTE, markup=line) for line in said.split("\n")] if said.strip() else []
        names: tuple[str, ...] = ()
        if reply.edition:
            pieces += self._pieces(reply.edition, language, categories)
            names = _names(reply.edition, categories, language)
        press = self._press(dialect, language, names, corrected=False)
        menu = reply.menu if Capability.MENUS in dialect.capabilities else ""
        texts = lay_out(pieces, press)
        keys = self.keys(reply.buttons, language, categories, menu=bool(menu))
        parts = _parts(texts, _for_new_messages(keys) if reply.edition and len(texts) > 1 else keys)
        if reply.edition:
            about = self._about(reply.edition, language, categories)
            parts = tuple(replace(part, about=about) for part in parts)
        return (*parts[:-1], replace(parts[-1], menu=menu)) if parts and menu else parts

    def phrase(
        self,
        template: str,
        macro: str,
        language: str,
        *,
        values: Mapping[str, object] | None = None,
        categories: Sequence[Category] = (),
    ) -> str:
        """Return what `macro` of `<template>.j2` says, as text without markup: for buttons, menus and terminals."""
        return _say(self._plain(template, language, categories), macro, values or {})

    def keys(
        self,
        buttons: Sequence[Sequence[Button]],
        language: str,
        categories: Sequence[Category],
        *,
        menu: bool = False,
    ) -> Keys:
        """Return `buttons` phrased by `buttons.j2`; a `menu` shows itself what is set in it.

        Raises ValueError for a command too long for a button.
        """
        if not buttons:
            return ()
        labels = self._plain("buttons", language, categories)
        return tuple(tuple(_key(button, labels, menu=menu) for button in row) for row in buttons)

    def _pieces(self, edition: Edition | WeekEdition, language: str, categories: Sequence[Category]) -> list[Piece]:
        if isinstance(edition, Edition):
            return pieces_of(edition)

        def name(slug: str) -> str:
            return name_category(slug, categories, language) if slug else self.phrase("week", "other", language)

        return pieces_of_week(edition, self._title(edition, language), name)

    def _title(self, edition: Edition | WeekEdition, language: str) -> str:
        """Return what its publisher called a day's edition, or what we call a week's."""
        if isinstance(edition, Edition):
            return edition.title
        return self.phrase("week", "title", language, values={"week": edition.week})

    def _about(self, edition: Edition | WeekEdition, language: str, categories: Sequence[Category]) -> About:
        counted = Counter(slug for item in edition.items for slug in item.categories)
        known = {category.slug: category for category in categories}
        found = [known[slug] for slug, _ in counted.most_common() if slug in known]
        names = dict.fromkeys(name for category in found for name in (category.zh, category.en, category.slug))
        dated = words_of(language, self._words).full_day(edition.day)
        return About(day=edition.day, title=self._title(edition, language), dated=dated, subjects=tuple(names))

    def _plain(self, template: str, language: str, categories: Sequence[Category]) -> TemplateModule:
        environment = self._environment(_Plain(), language)
        return environment.get_template(f"{template}.j2").make_module({"taxonomy": categories})

    def _press(self, dialect: Dialect, language: str, names: Sequence[str], *, corrected: bool) -> Press:
        module = self._environment(dialect, language).get_template("digest.j2").module
        draw = _drawer(module, dialect, names)
        return Press(
            draw=partial(draw, corrected=corrected),
            widest=partial(draw, corrected=True),
            measure=dialect.measure,
            plain=lambda markup: dialect.plain(markup.replace(GLUE, "\n")),
            limits=dialect.limits,
        )

    def _environment(self, dialect: Dialect | _Plain, language: str) -> PlatformEnvironment:
        words = words_of(language, self._words)
        key = dialect.platform, words.language
        if key not in self._environments:
            compiled = self._compiled.setdefault(dialect.platform, Compiled())
            environment = PlatformEnvironment(self._loader, dialect, words, compiled)
            if not isinstance(dialect, _Plain):
                environment.load_marks()
            self._environments[key] = environment
        return self._environments[key]


def numbered(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Return `parts` as the messages of one edition."""
    return tuple(replace(part, number=number, of=len(parts)) for number, part in enumerate(parts, 1))


def _say(module: TemplateModule, macro: str, values: Mapping[str, object]) -> str:
    return str(getattr(module, macro)(**values)).strip()


def _key(button: Button, labels: TemplateModule, *, menu: bool) -> Key:
    if len(button.press.encode()) > MAX_PRESS:
        raise ValueError(f"{button.press!r} is longer than the {MAX_PRESS} bytes a button holds")
    label = _say(labels, button.label, button.values)
    ticked = button.on and not (menu and button.option)
    asks = _say(labels, button.asks, {}) if button.asks else ""
    return Key(label=_ON + label if ticked else label, data=button.press, on=button.on, option=button.option, asks=asks)


def _for_new_messages(keys: Keys) -> Keys:
    return tuple(
        tuple(replace(key, data=NEW_MESSAGE + key.data.removeprefix(NEW_MESSAGE)) for key in row) for row in keys
    )


class _Draw(Protocol):
    def __call__(self, piece: Piece, number: int, of: int, *, corrected: bool) -> str: ...


def _drawer(module: TemplateModule, dialect: Dialect, names: Sequence[str]) -> _Draw:
    drawn: dict[int, tuple[Piece, str]] = {}

    def draw(piece: Piece, number: int, of: int, *, corrected: bool) -> str:
        if piece.kind is PieceKind.NOTE:
            return piece.markup or str(dialect.escape(piece.title))
        if piece.kind in (PieceKind.HEADER, PieceKind.RUNNING):
            return str(getattr(module, piece.kind)(piece, number, of, names, corrected))
        if id(piece) not in drawn:
            drawn[id(piece)] = piece, str(getattr(module, piece.kind)(piece))
        return drawn[id(piece)][1]

    return draw


def _names(edition: Edition | WeekEdition, categories: Sequence[Category], language: str) -> tuple[str, ...]:
    """Return the categories a day's edition is cut to; a week's has them above their stories."""
    if isinstance(edition, WeekEdition):
        return ()
    order = {category.slug: place for place, category in enumerate(categories)}
    slugs = sorted(edition.categories, key=lambda slug: (order.get(slug, len(order)), slug))
    return tuple(name_category(slug, categories, language) for slug in slugs)


def _parts(texts: Sequence[str], keys: Keys) -> tuple[Part, ...]:
    parts = [
        Part(number=number, of=len(texts), markup=text.replace(GLUE, "\n")) for number, text in enumerate(texts, 1)
    ]
    if not parts:
        return ()
    return (*parts[:-1], replace(parts[-1], keys=keys))
