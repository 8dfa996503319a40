"""Languages: every sentence is translated, and days, hours and places read as people write them."""

import re
from collections.abc import Sequence
from datetime import date, time
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import PoFileError, read_po

from bot.render.words import Words, read_words

TEMPLATES = Path(__file__).parents[2] / "templates"
CATALOGUE = TEMPLATES / "locale/zh_CN/LC_MESSAGES/digestbot.po"
PLACE = re.compile(r"%\(\w+\)s")


@pytest.fixture(scope="module")
def words() -> dict[str, Words]:
    return read_words(TEMPLATES)


def forms(message: str | Sequence[str] | None) -> tuple[str, ...]:
    return (message,) if isinstance(message, str) else tuple(message or ())


def said_in_templates() -> set[tuple[str, ...]]:
    with (TEMPLATES / "babel.cfg").open() as source:
        methods, options = parse_mapping_cfg(source)  # type: ignore[no-untyped-call]
    found = extract_from_dir(TEMPLATES, methods, options)
    return {forms(message) for _file, _line, message, _comments, _context in found}


def test_catalogue__has_every_sentence_of_the_templates() -> None:
    catalogue = read_po(BytesIO(CATALOGUE.read_bytes()), abort_invalid=True)
    translated = {
        forms(entry.id)[0] for entry in catalogue if entry.id and all(forms(entry.string)) and not entry.fuzzy
    }
    missing = {message[0] for message in said_in_templates()} - translated
    assert not missing


def test_catalogue__has_no_sentence_that_nobody_says() -> None:
    catalogue = read_po(BytesIO(CATALOGUE.read_bytes()), abort_invalid=True)
    said = {message[0] for message in said_in_templates()}
    assert not {forms(entry.id)[0] for entry in catalogue if entry.id} - said


def test_catalogue__keeps_the_places_for_values() -> None:
    catalogue = read_po(BytesIO(CATALOGUE.read_bytes()), abort_invalid=True)
    for entry in catalogue:
        wanted = {place for form in forms(entry.id) for place in PLACE.findall(form)}
        for form in forms(entry.string):
            assert set(PLACE.findall(form)) <= wanted, entry.id
            assert wanted - set(PLACE.findall(form)) <= {"%(num)s", "%(count)s"}, entry.id


def test_day__as_people_write_it(words: dict[str, Words]) -> None:
    day = date(2025, 10, 12)
    assert (words["zh"].day(day), words["en"].day(day)) == ("10月12日 周日", "Sun 12 Oct")
    assert (words["zh"].full_day(day), words["en"].full_day(day)) == ("2025年10月12日 周日", "Sun 12 Oct 2025")


def test_clock__has_two_digits(words: dict[str, Words]) -> None:
    assert words["en"].clock(time(7, 5)) == "07:05"


@pytest.mark.parametrize(
    ("days", "zh", "en"),
    [
        ({1, 2, 3, 4, 5}, "周一–周五", "Mon–Fri"),
        ({1, 3, 6, 7}, "周一、周三、周六–周日", "Mon, Wed, Sat–Sun"),
        ({7}, "周日", "Sun"),
        (range(1, 8), "周一–周日", "Mon–Sun"),
    ],
)
def test_weekdays__neighbours_are_a_stretch(words: dict[str, Words], days: set[int], zh: str, en: str) -> None:
    assert (words["zh"].weekdays(days), words["en"].weekdays(days)) == (zh, en)


def test_zone__is_a_city(words: dict[str, Words]) -> None:
    assert (words["zh"].zone("Asia/Shanghai"), words["en"].zone("Asia/Shanghai")) == ("上海", "Shanghai")
    assert words["en"].zone("America/Argentina/Buenos_Aires") == "Buenos Aires"
    assert words["en"].zone("UTC")


def test_read_words__a_broken_catalogue_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "locale/zh_CN/LC_MESSAGES"
    path.mkdir(parents=True)
    (path / "digestbot.po").write_text('msgid "a"\nsurprise\n')
    with pytest.raises(PoFileError):
        read_words(tmp_path)
