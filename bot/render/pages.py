"""Pages for a browser: HTML by Jinja, every value escaped, in the language of whoever looks."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from bot.render.pieces import stretches
from bot.render.words import SOURCE_LANGUAGE, Words, name_category, read_words


class Pages:
    """The templates of `web/`; construct it once, for `templates`. `static` is what pages are dressed with."""

    def __init__(self, templates: Path) -> None:
        self.static = templates / "web" / "static"
        loader = FileSystemLoader(templates / "web")
        self._environments = {
            language: _environment(loader, words) for language, words in read_words(templates).items()
        }

    def page(self, template: str, language: str, values: Mapping[str, object]) -> str:
        """Return `web/<template>.j2` with `values` in it; `language` is a tag such as `zh-CN`."""
        known = self._environments.get(language.partition("-")[0].lower()) or self._environments[SOURCE_LANGUAGE]
        return known.get_template(f"{template}.j2").render(values, language=language)


def _environment(loader: FileSystemLoader, words: Words) -> Environment:
    environment = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(  # type: ignore[attr-defined]  # the extension adds it
        words.gettext, words.ngettext, newstyle=True, pgettext=words.pgettext
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.filters |= {
        "day": words.day,
        "full_day": words.full_day,
        "short_day": words.short_day,
        "month": words.month,
        "clock": words.clock,
        "number": words.number,
        "weekdays": words.weekdays,
        "zone": words.zone,
        "category": _category_in(words),
        "stretches": stretches,
    }
    return environment


def _category_in(words: Words) -> Any:  # noqa: ANN401 - a filter of Jinja's
    @pass_context
    def category(context: Context, slug: str) -> str:
        return name_category(slug, context.resolve("taxonomy"), words.language)  # type: ignore[arg-type]

    return category
