"""Jinja in a platform's own escaping: what no macro of `markup/` made is escaped, wherever it comes from."""

import re
from collections.abc import Callable, Iterable, MutableMapping
from types import CodeType, SimpleNamespace
from typing import Any, Protocol

from jinja2 import (
    BaseLoader,
    BytecodeCache,
    Environment,
    StrictUndefined,
    Template,
    nodes,
    pass_context,
    pass_eval_context,
)
from jinja2.bccache import Bucket
from jinja2.nodes import EvalContext
from jinja2.runtime import Context, Macro
from markupsafe import Markup

from bot.render.marks import GLUE, mark_filters
from bot.render.pieces import stretches
from bot.render.words import Words, name_category

_MARKUP = "markup/"
CONTROLS = dict.fromkeys([*range(0x09), *range(0x0B, 0x20), *range(0x7F, 0xA0)])
_PLACE = re.compile(r"%\((\w+)\)s|%(%)")
_FILTERS = frozenset(
    {
        "abs",
        "batch",
        "count",
        "default",
        "dictsort",
        "first",
        "groupby",
        "int",
        "items",
        "join",
        "last",
        "length",
        "list",
        "map",
        "max",
        "min",
        "reject",
        "rejectattr",
        "round",
        "select",
        "selectattr",
        "slice",
        "sort",
        "string",
        "sum",
        "trim",
        "unique",
    }
)
"""Those of Jinja's filters that make or break no markup; any other (`safe`!) is unknown here."""


class Escaper(Protocol):
    """The half of a Dialect that this file needs."""

    platform: str

    def escape(self, text: str) -> Markup:
        """Return `text` so that the platform shows it letter for letter."""


class Compiled(BytecodeCache):
    """What the templates of one platform became, kept in memory: in all languages it is the same."""

    def __init__(self) -> None:
        self._codes: dict[str, CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what is known of a template."""
        bucket.code = self._codes.get(bucket.key)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what a template became."""
        if bucket.code:
            self._codes[bucket.key] = bucket.code


class PlatformEnvironment(Environment):
    """The templates in one platform's markup and one language."""

    def __init__(self, loader: BaseLoader, dialect: Escaper, words: Words, compiled: Compiled) -> None:
        self.markup = _markup_class(dialect)
        self._platform = dialect.platform
        super().__init__(
            loader=loader,
            autoescape=True,
            undefined=StrictUndefined,
            finalize=_finalizer(self.markup),
            trim_blocks=True,
            lstrip_blocks=True,
            optimized=False,
            auto_reload=False,
            bytecode_cache=compiled,
            extensions=["jinja2.ext.i18n"],
        )
        self.install_null_translations(newstyle=True)  # type: ignore[attr-defined]  # the extension adds it
        self.policies["ext.i18n.trimmed"] = True
        self.filters = {name: self.filters[name] for name in _FILTERS}
        self.filters.update(_filters(self.markup, words))
        self.globals.update(_gettext(self.markup, words), esc=self.markup("\x1b"))

    def load_marks(self) -> None:
        """Offer the macros of the platform's markup to every template as `m`."""
        module = self.get_template(f"{_MARKUP}{self._platform}.j2").module
        macros = {name: value for name, value in vars(module).items() if isinstance(value, Macro)}
        self.globals["m"] = SimpleNamespace(**{name: self._glued(macro) for name, macro in macros.items()})

    def _glued(self, macro: Macro) -> Callable[..., Markup]:
        def mark(*args: object, **kwargs: object) -> Markup:
            return self.markup(str.replace(macro(*args, **kwargs), "\n", GLUE))

        return mark

    def _generate(
        self,
        source: nodes.Template,
        name: str | None,
        filename: str | None,
        defer_init: bool = False,  # noqa: FBT001, FBT002
    ) -> str:
        """Escape what stands literally in a template too, unless it is one that makes markup."""
        if not (name or "").startswith(_MARKUP):
            for literal in source.find_all(nodes.TemplateData):
                literal.data = str(self.markup.escape(literal.data))
        return super()._generate(source, name, filename, defer_init)


class _PlatformMacro(Macro):
    def _invoke(self, arguments: list[Any], autoescape: bool) -> str:  # noqa: FBT001
        environment = self._environment
        assert isinstance(environment, PlatformEnvironment)  # noqa: S101
        return environment.markup(super()._invoke(arguments, autoescape))


class _PlatformTemplate(Template):
    """A template whose compiled code escapes as its environment does; Jinja's own would write HTML entities."""

    @classmethod
    def _from_namespace(
        cls,
        environment: Environment,
        namespace: MutableMapping[str, Any],
        globals: MutableMapping[str, Any],  # noqa: A002
    ) -> Template:
        assert isinstance(environment, PlatformEnvironment)  # noqa: S101
        markup = environment.markup
        namespace["Markup"] = markup
        namespace["escape"] = markup.escape
        namespace["markup_join"] = lambda values: markup("").join(values)
        namespace["Macro"] = _PlatformMacro
        return super()._from_namespace(environment, namespace, globals)


PlatformEnvironment.template_class = _PlatformTemplate


def _markup_class(dialect: Escaper) -> type[Markup]:
    class PlatformMarkup(Markup):
        __slots__ = ()

        @classmethod
        def escape(cls, value: Any, /) -> "PlatformMarkup":  # noqa: ANN401
            if isinstance(value, Markup):
                return cls(value)
            return cls(dialect.escape(str(value).translate(CONTROLS)))

    return PlatformMarkup


def _finalizer(markup: type[Markup]) -> Callable[[EvalContext, object], Markup]:
    @pass_eval_context  # keeps Jinja from finalizing constants at compile time, after escaping them as HTML
    def finalize(_: EvalContext, value: object) -> Markup:
        return markup.escape("" if value is None else value)

    return finalize


def _gettext(markup: type[Markup], words: Words) -> dict[str, Callable[..., Markup]]:
    def fill(message: str, values: dict[str, object]) -> Markup:
        pieces: list[str] = []
        end = 0
        for place in _PLACE.finditer(message):
            pieces.append(markup.escape(message[end : place.start()]))
            pieces.append(markup.escape(values[place[1]] if place[1] else "%"))
            end = place.end()
        return markup("").join([*pieces, markup.escape(message[end:])])

    def gettext(message: str, /, **values: object) -> Markup:
        return fill(words.gettext(message), values)

    def ngettext(singular: str, plural: str, num: int, /, **values: object) -> Markup:
        return fill(words.ngettext(singular, plural, num), {"num": num, **values})

    def pgettext(context: str, message: str, /, **values: object) -> Markup:
        return fill(words.pgettext(context, message), values)

    return {"_": gettext, "gettext": gettext, "ngettext": ngettext, "pgettext": pgettext}


def _filters(markup: type[Markup], words: Words) -> dict[str, Callable[..., object]]:
    def join(values: Iterable[object], between: object = "") -> Markup:
        return markup.escape(between).join(markup.escape(value) for value in values)

    @pass_context
    def category(context: Context, slug: str) -> str:
        taxonomy: Any = context.resolve("taxonomy")
        return name_category(slug, taxonomy, words.language)

    return {
        **mark_filters(markup),
        "join": join,
        "barred": lambda content: markup(str.replace(markup.escape(content), GLUE, "\n").replace("\n", "\n▎ ")),
        "stretches": stretches,
        "category": category,
        "day": words.day,
        "day_from": words.day_from,
        "full_day": words.full_day,
        "span": words.span,
        "clock": words.clock,
        "weekdays": words.weekdays,
        "zone": words.zone,
    }
