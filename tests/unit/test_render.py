"""How editions and replies look."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from jinja2 import Environment, UndefinedError

from adapters.telegram.dialect import TelegramDialect
from bot.models import Block, BlockKind, Button, Category, Edition, Item, Key, Reply, Run
from bot.render import Renderer
from tests.unit.dialects import TerminalDialect

TEMPLATES = Path(__file__).parents[2] / "templates"
RENDERER = Renderer(TEMPLATES)
TELEGRAM = TelegramDialect()
CATEGORIES = (
    Category(slug="industry", zh="AI产业", en="AI industry"),
    Category(slug="chips", zh="芯片技术", en="Chips"),
)
DAY = date(2025, 10, 12)


def paragraph(*runs: Run | str) -> Block:
    return Block(runs=tuple(Run(text=run) if isinstance(run, str) else run for run in runs))


def edition(*items: Item, **others: object) -> Edition:
    values: dict[str, object] = {"day": DAY, "title": "A & B", "items": items, "total": len(items), **others}
    return Edition(**values)  # type: ignore[arg-type]


def shown(wanted: Edition, language: str = "en", *, corrected: bool = False) -> str:
    (part,) = RENDERER.edition(wanted, TELEGRAM, language, categories=CATEGORIES, corrected=corrected)
    return part.markup


def body(*blocks: Block) -> str:
    """The markup of an item's body."""
    return shown(edition(Item(number=1, title="x", body=blocks))).split("1. <b>x</b>\n", 1)[1]


def test_edition__title_lead_items_commentary() -> None:
    wanted = edition(
        Item(number=3, title="Linked <it>", url="https://example.com/a?b=1&c=2", body=(paragraph("One."),)),
        Item(number=11, title="Bare"),
        lead=(paragraph("A ", Run(text="bold", bold=True), " lead."), paragraph("Two.")),
        commentary=(paragraph("Said", Run(text="!", italic=True)),),
    )
    assert shown(wanted) == (
        "<b>A &amp; B</b>\n\n"
        "<blockquote>A <b>bold</b> lead.\n\nTwo.</blockquote>\n\n"
        '3. <a href="https://example.com/a?b=1&amp;c=2"><b>Linked &lt;it&gt;</b></a>\nOne.\n\n'
        "11. <b>Bare</b>\n\n"
        "<blockquote expandable>Said<i>!</i></blockquote>"
    )


def test_edition__a_cut_names_its_categories_in_their_order() -> None:
    wanted = edition(Item(number=1, title="x"), categories=("chips", "industry", "unheard"))
    assert shown(wanted, "zh-CN").startswith("<b>A &amp; B</b>\n<i>AI产业 · 芯片技术 · unheard</i>\n\n1. ")
    assert "<i>AI industry · Chips · unheard</i>" in shown(wanted, "en-GB")


def test_edition__corrected_says_so() -> None:
    wanted = edition(Item(number=1, title="x"))
    assert shown(wanted, "zh-CN", corrected=True).startswith("<b>A &amp; B</b>\n<i>✎ 已更正</i>\n\n1. ")
    assert "更正" not in shown(wanted, "zh-CN")


def test_edition__nothing_in_it() -> None:
    wanted = edition(categories=("chips",), total=4)
    assert shown(wanted) == "<b>A &amp; B</b>\n<i>Chips</i>\n\nNothing in these categories that day."


def test_edition__an_unknown_language_is_english() -> None:
    assert "Nothing in these" in shown(edition(categories=("chips",)), "fr")


def test_edition__buttons_stand_under_the_last_part() -> None:
    items = [Item(number=n, title="x" * 1500) for n in range(1, 6)]
    buttons = [[Button(label="category", values={"slug": "chips"}, press="category chips")]]
    parts = RENDERER.edition(edition(*items), TELEGRAM, "zh", categories=CATEGORIES, buttons=buttons)
    assert [part.keys for part in parts] == [(), (), ((Key(label="芯片技术", data="category chips"),),)]


def test_edition__continued_parts_begin_with_the_short_title() -> None:
    items = [Item(number=n, title="x" * 1500) for n in range(1, 6)]
    wanted = edition(*items, title="很长很长的标题" * 5, categories=("chips",))
    parts = RENDERER.edition(wanted, TELEGRAM, "zh", categories=CATEGORIES)
    assert parts[0].markup.startswith(f"<b>{'很长很长的标题' * 5} (1/3)</b>\n<i>芯片技术</i>\n\n1. ")
    assert parts[1].markup.startswith("<b>很长很长的标题很长很长的标题很长很长的标题很长很… (2/3)</b>\n\n3. ")


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ((Run(text="a<", bold=True, italic=True),), "<b><i>a&lt;</i></b>"),
        ((Run(text="a", strike=True),), "<s>a</s>"),
        ((Run(text="a&b", code=True, bold=True),), "<code>a&amp;b</code>"),
        ((Run(text="a", code=True, url="https://example.com"),), '<a href="https://example.com">a</a>'),
        ((Run(text="a", bold=True, url="https://wiki:8080/a.b"),), "<b>a</b> (https://wiki:8080/a.b)"),
        ((Run(text="http://wiki/", url="http://wiki/"),), "http://wiki/"),
        ((Run(text="a", bold=True, url="https://example.com"),), '<a href="https://example.com"><b>a</b></a>'),
    ],
)
def test_edition__styles(runs: tuple[Run, ...], expected: str) -> None:
    assert body(Block(runs=runs)) == expected


def test_edition__lists_nest_and_continue() -> None:
    def bullet(text: str, *, depth: int = 0, marker: str = "•") -> Block:
        return Block(kind=BlockKind.BULLET, runs=(Run(text=text),), depth=depth, marker=marker)

    blocks = (paragraph("Two:"), bullet("one"), bullet("more", marker=""), bullet("in", depth=1, marker="1."))
    assert body(*blocks, paragraph("End.")) == "Two:\n• one\n   more\n    1. in\n\nEnd."


def test_edition__quotes_are_one_quote_and_never_within_another() -> None:
    quotes = (
        Block(kind=BlockKind.QUOTE, runs=(Run(text="one"),)),
        Block(kind=BlockKind.QUOTE, runs=(Run(text="two"),), depth=1),
    )
    assert body(paragraph("He said:"), *quotes) == "He said:\n\n<blockquote>one\ntwo</blockquote>"
    assert "<blockquote>one\ntwo</blockquote>" in shown(edition(Item(number=1, title="x"), lead=quotes))


def test_edition__code_tables_headings_and_pictures() -> None:
    assert body(Block(kind=BlockKind.CODE, runs=(Run(text="if a < b:\n    go"),))) == "<pre>if a &lt; b:\n    go</pre>"
    rows = [Block(kind=BlockKind.ROW, runs=(Run(text=f"a | {n}"),)) for n in range(2)]
    assert body(paragraph("T:"), *rows) == "T:\n\na | 0\na | 1"
    heading = Block(kind=BlockKind.HEADING, runs=(Run(text="H", bold=True),))
    assert body(heading, paragraph("p")) == "<b>H</b>\n\np"
    picture = Block(kind=BlockKind.IMAGE, runs=(Run(text="", url="https://example.com/p.png"),))
    assert body(picture) == '🖼 <a href="https://example.com/p.png">Picture</a>'


def test_edition__in_a_terminal() -> None:
    item = Item(number=1, title="Chips", url="https://example.com/a", body=(paragraph("Less [red] & more."),))
    wanted = edition(item, lead=(paragraph("One."), paragraph("Two.")))
    dialect = TerminalDialect()
    (part,) = RENDERER.edition(wanted, dialect, "en", categories=())
    assert dialect.plain(part.markup) == (
        "A & B\n\n▎ One.\n▎ \n▎ Two.\n\n1. Chips https://example.com/a\nLess [red] & more."
    )
    assert "\x1b[1mChips\x1b[22m" in part.markup


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    (tmp_path / "replies").mkdir()
    for name in ("markup", "digest.j2", "locale"):
        (tmp_path / name).symlink_to(TEMPLATES / name)
    (tmp_path / "buttons.j2").write_text("{% macro say(text) %}{{ text }}{% endmacro %}")
    return tmp_path


def answers(templates: Path, source: str, reply: Mapping[str, object]) -> list[str]:
    (templates / "replies/it.j2").write_text(source)
    values: dict[str, object] = {"template": "it", **reply}
    parts = Renderer(templates).reply(Reply(**values), TELEGRAM, "en", categories=CATEGORIES)  # type: ignore[arg-type]
    return [part.markup for part in parts]


def test_reply__values_and_edition_before_its_items(templates: Path) -> None:
    wanted = {"values": {"who": "<You>"}, "edition": edition(Item(number=1, title="x"))}
    source = "Hello {{ who }}, {{ edition.day | day }}:\n"
    assert answers(templates, source, wanted) == ["Hello &lt;You&gt;, Sun 12 Oct:\n\n<b>A &amp; B</b>\n\n1. <b>x</b>"]


def test_reply__a_silent_template_adds_nothing(templates: Path) -> None:
    assert answers(templates, "\n  \n", {"edition": edition(Item(number=1, title="x"))}) == [
        "<b>A &amp; B</b>\n\n1. <b>x</b>"
    ]
    assert answers(templates, "{# nothing #}", {}) == []


def test_reply__conditions_leave_no_holes(templates: Path) -> None:
    assert answers(templates, "a\n\n{% if false %}\nb\n{% endif %}\n\n\nc\n", {}) == ["a\n\nc"]


def test_reply__buttons(templates: Path) -> None:
    (templates / "replies/it.j2").write_text("Choose & go")
    rows = (
        (
            Button(label="say", values={"text": "A & <b>"}, press="a"),
            Button(label="say", values={"text": "B"}, press="b", on=True),
        ),
        (Button(label="say", values={"text": "C"}, press="c"),),
    )
    (part,) = Renderer(templates).reply(Reply(template="it", buttons=rows), TELEGRAM, "en", categories=())
    assert part.markup == "Choose &amp; go"
    assert part.keys == (
        (Key(label="A & <b>", data="a"), Key(label="✓ B", data="b", on=True)),
        (Key(label="C", data="c"),),
    )


def test_reply__a_command_too_long_for_a_button(templates: Path) -> None:
    (templates / "replies/it.j2").write_text("x")
    fits = Button(label="say", values={"text": "x"}, press="天" * 21 + "x")
    too_long = Button(label="say", values={"text": "x"}, press="天" * 21 + "xy")
    renderer = Renderer(templates)
    assert renderer.reply(Reply(template="it", buttons=((fits,),)), TELEGRAM, "en", categories=())[0].keys
    with pytest.raises(ValueError, match="64 bytes"):
        renderer.reply(Reply(template="it", buttons=((too_long,),)), TELEGRAM, "en", categories=())


def test_reply__an_edition_of_several_parts_keeps_its_title_with_its_items(templates: Path) -> None:
    items = [Item(number=n, title="x" * 3000) for n in (1, 2)]
    first, second, third = answers(templates, "{{ 'word ' * 400 }}", {"edition": edition(*items)})
    assert "A &amp; B" not in first
    assert second.startswith("<b>A &amp; B (2/3)</b>\n\n1. ")
    assert third.startswith("<b>A &amp; B (3/3)</b>\n\n2. ")


@pytest.mark.parametrize(("length", "press"), [(300, "day 2025-10-11"), (3000, "+day 2025-10-11")])
def test_reply__buttons_under_several_parts_replace_none_of_them(templates: Path, length: int, press: str) -> None:
    (templates / "replies/it.j2").write_text("")
    wanted = edition(*(Item(number=n, title="x" * length) for n in (1, 2)))
    rows = ((Button(label="say", values={"text": "A"}, press="day 2025-10-11"),),)
    reply = Reply(template="it", edition=wanted, buttons=rows)
    *before, last = Renderer(templates).reply(reply, TELEGRAM, "en", categories=())
    assert [part.keys for part in before] == [()] * (length // 3000)
    assert last.keys == ((Key(label="A", data=press),),)


def test_reply__without_a_value_is_an_error(templates: Path) -> None:
    with pytest.raises(UndefinedError, match="who"):
        answers(templates, "Hello {{ who }}", {})


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_prepare__nothing_is_left_to_compile_when_somebody_asks(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    prepared = Renderer(TEMPLATES)
    prepared.prepare(TELEGRAM)
    monkeypatch.setattr(Environment, "compile", None)
    reply = Reply(template="help", values={"unknown": "x"}, buttons=((Button(press="days", label="all_days"),),))
    assert prepared.reply(reply, TELEGRAM, language, categories=CATEGORIES)
    assert prepared.edition(edition(Item(number=1, title="x")), TELEGRAM, language, categories=CATEGORIES)
    with pytest.raises(TypeError):
        Renderer(TEMPLATES).reply(reply, TELEGRAM, language, categories=CATEGORIES)
