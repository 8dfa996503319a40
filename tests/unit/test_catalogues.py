"""The catalogues: `make messages` leaves nothing to do, and each kind of fault is found."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable, Sequence
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
CATALOGUE = Path("locale/zh_CN/LC_MESSAGES/digestbot.po")
PLACE = re.compile(r"%\(\w+\)s")


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    return shutil.copytree(ROOT / "templates", tmp_path / "templates")


def faults(templates: Path) -> list[str]:
    """Return what is wrong with the Chinese catalogue, a line each."""
    path = templates / CATALOGUE
    catalogue = read_po(BytesIO(path.read_bytes()), abort_invalid=True)
    said, known = said_in(templates), {_name(entry): entry for entry in catalogue if entry.id}
    return [
        *(f"missing: {name}" for name in sorted(said - known.keys())),
        *(f"obsolete: {name}" for name in sorted(known.keys() - said)),
        *(f"obsolete: {entry.id}" for entry in catalogue.obsolete.values()),
        *(f"untranslated: {name}" for name, entry in known.items() if not all(_forms(entry.string))),
        *(f"fuzzy: {name}" for name, entry in known.items() if entry.fuzzy),
        *(f"places: {name}" for name, entry in known.items() if not _keeps_places(entry)),
        *_uncompiled(catalogue, path.with_suffix(".mo")),
    ]


def said_in(templates: Path) -> set[str]:
    with (templates / "babel.cfg").open() as source:
        methods, options = parse_mapping_cfg(source)  # type: ignore[no-untyped-call]
    found = extract_from_dir(templates, methods, options)
    return {_named(context, message) for _file, _line, message, _comments, context in found}


def _named(context: str | None, message: str | Sequence[str]) -> str:
    """Return the key of a sentence in the compiled catalogue, where one stands for singular and plural."""
    return f"{context or ''}|{_forms(message)[0]}"


def _name(entry: Message) -> str:
    return _named(entry.context, entry.id)


def _forms(message: str | Iterable[str] | None) -> tuple[str, ...]:
    return (message or "",) if message is None or isinstance(message, str) else tuple(message)


def _keeps_places(entry: Message) -> bool:
    wanted = {frozenset(PLACE.findall(form)) for form in _forms(entry.id)}
    return all(frozenset(PLACE.findall(form)) in wanted for form in _forms(entry.string) if form)


def _uncompiled(catalogue: Catalog, path: Path) -> Iterable[str]:
    with path.open("rb") as compiled:
        known = GNUTranslations(compiled)
    for entry in catalogue:
        if entry.id and _read(known, entry) != _forms(entry.string)[0]:
            yield f"not compiled: {_name(entry)}"


def _read(known: GNUTranslations, entry: Message) -> str:
    sentence, *plural = _forms(entry.id)
    if plural:
        return known.ngettext(sentence, plural[0], 1)
    return known.pgettext(entry.context, sentence) if entry.context else known.gettext(sentence)


def test_catalogue__is_whole() -> None:
    assert len(said_in(ROOT / "templates")) > 300
    assert faults(ROOT / "templates") == []


def test_catalogue__is_as_make_messages_leaves_it(templates: Path) -> None:
    before = {path: path.read_bytes() for path in templates.rglob("*.[mp]o")}
    ended = subprocess.run(
        [
            "make",
            "--assume-old=.venv/.synced",
            "messages",
            "RUN=",
            f"TEMPLATES={templates}",
            f"SENTENCES={templates}/x",
        ],
        cwd=ROOT,
        env={"PATH": f"{ROOT}/.venv/bin:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert len(before) == 2
    assert {path: path.read_bytes() for path in templates.rglob("*.[mp]o")} == before


def _changed(was: str, becomes: str) -> Callable[[Path], None]:
    def change(templates: Path) -> None:
        text = (templates / CATALOGUE).read_text(encoding="utf-8")
        assert was in text
        (templates / CATALOGUE).write_text(text.replace(was, becomes, 1), encoding="utf-8")

    return change


def _says_more(templates: Path) -> None:
    (templates / "replies" / "more.j2").write_text("{{ _('A new sentence.') }}", encoding="utf-8")


def _says_less(templates: Path) -> None:
    (templates / "replies" / "in_channel.j2").write_text("", encoding="utf-8")


TODAY = 'msgid "📰 Today"\nmsgstr "📰 看今天的"\n'


@pytest.mark.parametrize(
    ("spoil", "kind"),
    [
        (_says_more, "missing: |A new sentence."),
        (_says_less, "obsolete: |In a channel everybody"),
        (_changed(TODAY, f"#~ {TODAY}".replace("\nmsgstr", "\n#~ msgstr")), "obsolete: 📰 Today"),
        (_changed(TODAY, 'msgid "📰 Today"\nmsgstr ""\n'), "untranslated: |📰 Today"),
        (_changed(TODAY, f"#, fuzzy\n{TODAY}"), "fuzzy: |📰 Today"),
        (_changed(TODAY, TODAY.replace("看今天的", "看今日的")), "not compiled: |📰 Today"),
        (
            _changed('msgstr "%(day)s的速递没有内容。"', 'msgstr "%(date)s没有内容。"'),
            "places: |%(day)s has nothing in it.",
        ),
        (_changed('msgstr "没有待发布的草稿。"', 'msgstr "%(number)s没有。"'), "places: |No draft waits"),
        (_changed('msgstr "%(day)s的速递没有内容。"', 'msgstr "没有内容。"'), "places: |%(day)s has nothing in it."),
    ],
)
def test_catalogue__a_fault_is_found(templates: Path, spoil: Callable[[Path], None], kind: str) -> None:
    spoil(templates)
    assert any(fault.startswith(kind) for fault in faults(templates)), faults(templates)
