"""Nothing but the macros of `markup/` makes markup, whatever a template does with a value."""

from io import StringIO
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from jinja2 import TemplateError, UndefinedError

from adapters.telegram.dialect import TelegramDialect
from bot.contract import Dialect
from bot.models import Category, Reply
from bot.render import Renderer
from tests.unit.dialects import StarDialect

CATEGORIES = (Category(slug="chips", zh="芯片*技术", en="Chips & <b>"),)
HOSTILE = "<b>&amp; **x** [red] @everyone _a_ \x1f\x1b[31m\"'"
STAR = StarDialect()
SAFE_STAR = r"<b>&amp; \*\*x\*\* \[red\] @" + "\u200b" + r"everyone \_a\_ \[31m" + "\"'"
SAFE_TELEGRAM = "&lt;b&gt;&amp;amp; **x** [red] @everyone _a_ [31m&quot;&#39;"

MARKUP = {
    "telegram": "{% macro bold(content) %}<b>{{ content }}</b>{% endmacro %}",
    "star": "{% macro bold(content) %}**{{ content }}**{% endmacro %}",
}
PO = """
msgid ""
msgstr ""
"Language: zh_CN\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

msgid "Hello *%(name)s*"
msgstr "你好 *%(name)s* & <100%%>"

msgid "%(num)s <item>"
msgid_plural "%(num)s <items>"
msgstr[0] "%(num)s 条 <*>"
"""


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    for name in ("markup", "replies", "locale/zh_CN/LC_MESSAGES"):
        (tmp_path / name).mkdir(parents=True)
    for platform, text in MARKUP.items():
        (tmp_path / "markup" / f"{platform}.j2").write_text(text)
    (tmp_path / "digest.j2").write_text("")
    (tmp_path / "buttons.j2").write_text("{% macro say(x) %}{{ x }}{% endmacro %}")
    with (tmp_path / "locale/zh_CN/LC_MESSAGES/digestbot.mo").open("wb") as compiled:
        write_mo(compiled, read_po(StringIO(PO)))
    return tmp_path


def said(templates: Path, source: str, dialect: Dialect, language: str = "en", **values: object) -> str:
    (templates / "replies" / "it.j2").write_text(source)
    reply = Reply(template="it", values={"x": HOSTILE, **values})
    (part,) = Renderer(templates).reply(reply, dialect, language, categories=CATEGORIES)
    return part.markup


WAYS = {
    "value": ("{{ x }}", "{x}"),
    "concat": ("{{ 'a' ~ x ~ m.bold('b') }}", "a{x}{b}"),
    "plus": ("{{ m.bold('b') + x }}", "{b}{x}"),
    "plus in front": ("{{ x + m.bold('b') }}", "{x}{b}"),
    "format operator": ("{{ (m.bold('b') ~ '%s') % x }}", "{b}{x}"),
    "format method": ("{{ (m.bold('b') ~ '{}').format(x) }}", "{b}{x}"),
    "join filter": ("{{ [x, m.bold('b')] | join(x) }}", "{x}{x}{b}"),
    "join method": ("{{ m.bold('b').join([x, x]) }}", "{x}{b}{x}"),
    "default filter": ("{{ missing | default(x) }}", "{x}"),
    "map": ("{% for y in [x] | map('trim') %}{{ y }}{% endfor %}", "{x}"),
    "macro": ("{% macro f(y) %}{{ y }}{% endmacro %}{{ f(x) ~ x }}", "{x}{x}"),
    "macro and plus": ("{% macro f(y) %}{{ y }}{% endmacro %}{{ f(x) + x }}", "{x}{x}"),
    "call block": (
        "{% macro f() %}{{ caller() + x }}{% endmacro %}{% call f() %}{{ x }}{% endcall %}",
        "{x}{x}",
    ),
    "set block": ("{% set y %}{{ x }}{% endset %}{{ y + x }}", "{x}{x}"),
    "in markup": ("{{ m.bold(x) }}", "{bx}"),
    "filter block": ("{% filter trim %}{{ x }}{% endfilter %}", "{x}"),
    "gettext": ("{{ _('%(y)s', y=x) }}", "{x}"),
    "trans": ("{% trans y=x %}{{ y }}{% endtrans %}", "{x}"),
    "trans of markup": ("{% trans y=m.bold(x) %}{{ y }}{% endtrans %}", "{bx}"),
    "ternary": ("{{ x if x else '' }}", "{x}"),
}


@pytest.mark.parametrize("way", WAYS)
def test_escaping__markdown_like(templates: Path, way: str) -> None:
    source, expected = WAYS[way]
    wanted = expected.replace("{x}", SAFE_STAR).replace("{b}", "**b**").replace("{bx}", f"**{SAFE_STAR}**")
    assert said(templates, source, STAR) == wanted


@pytest.mark.parametrize("way", WAYS)
def test_escaping__telegram(templates: Path, way: str) -> None:
    source, expected = WAYS[way]
    wanted = expected.replace("{x}", SAFE_TELEGRAM).replace("{b}", "<b>b</b>")
    assert said(templates, source, TelegramDialect()) == wanted.replace("{bx}", f"<b>{SAFE_TELEGRAM}</b>")


def test_escaping__what_stands_in_a_template_is_text_too(templates: Path) -> None:
    source = "/subscribe_all *now* <hour> {{ 'it*s' }}"
    assert said(templates, source, STAR) == r"/subscribe\_all \*now\* <hour> it\*s"
    assert said(templates, source, TelegramDialect()) == "/subscribe_all *now* &lt;hour&gt; it*s"


def test_escaping__translations_are_text(templates: Path) -> None:
    source = "{% trans name=m.bold('x') %}Hello *{{ name }}*{% endtrans %}"
    assert said(templates, source, TelegramDialect(), "zh-CN") == "你好 *<b>x</b>* &amp; &lt;100%&gt;"
    assert said(templates, source, STAR, "zh-CN") == r"你好 \***x**\* & <100%>"


def test_escaping__plural_forms(templates: Path) -> None:
    source = "{% trans count=n %}{{ count }} <item>{% pluralize %}{{ count }} <items>{% endtrans %}"
    assert said(templates, source, TelegramDialect(), n=1) == "1 &lt;item&gt;"
    assert said(templates, source, TelegramDialect(), n=2) == "2 &lt;items&gt;"
    source = "{{ ngettext('%(num)s <item>', '%(num)s <items>', n) }}"
    assert said(templates, source, STAR, "zh-CN", n=7) == r"7 条 <\*>"


def test_escaping__category_names(templates: Path) -> None:
    source = "{{ 'chips' | category }}{{ 'new_one' | category }}"
    assert said(templates, source, STAR, "zh") == r"芯片\*技术new\_one"
    assert said(templates, source, TelegramDialect()) == "Chips &amp; &lt;b&gt;new_one"


@pytest.mark.parametrize("name", ["safe", "escape", "replace", "indent", "tojson", "urlize", "format", "upper"])
def test_escaping__no_filter_that_makes_or_breaks_markup(templates: Path, name: str) -> None:
    with pytest.raises(TemplateError, match=f"No filter named '{name}'"):
        said(templates, f"{{{{ x | {name} }}}}", STAR)


def test_escaping__a_missing_value_is_an_error(templates: Path) -> None:
    with pytest.raises(UndefinedError, match="nowhere"):
        said(templates, "{{ nowhere }}", STAR)
    with pytest.raises(UndefinedError):
        said(templates, "{{ m.sparkle(x) }}", STAR)


def test_escaping__none_is_silent(templates: Path) -> None:
    assert said(templates, "a{{ none }}b", STAR) == "ab"


def test_phrase__is_text_without_markup(templates: Path) -> None:
    assert Renderer(templates).phrase("buttons", "say", "en", values={"x": "a & <b> *c*"}) == "a & <b> *c*"
