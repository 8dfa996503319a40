"""The mark of a correction: on every part, and without moving a cut."""

import pytest

from adapters.telegram.dialect import TelegramDialect
from bot.categories import default_taxonomy
from bot.contract import Dialect
from bot.editions import cut
from bot.models import Part
from tests.fakes import TODAY, digest
from tests.unit.commanding import RENDERER
from tests.unit.dialects import TerminalDialect

LINE = "\n\x1b[3m✎ Corrected\x1b[23m"
BEHIND = " · \x1b[3m✎ Corrected\x1b[23m"


def printed(dialect: Dialect, items: int, *, corrected: bool, language: str = "en") -> tuple[Part, ...]:
    edition = cut(digest(TODAY, items=items))
    return RENDERER.edition(edition, dialect, language, categories=default_taxonomy().categories, corrected=corrected)


@pytest.mark.parametrize("limit", range(240, 700, 23))
def test_corrected__the_mark_moves_no_cut_and_fits(limit: int) -> None:
    dialect = TerminalDialect(limits=(limit,))
    for items in range(1, 12):
        plain = [part.markup for part in printed(dialect, items, corrected=False)]
        marked = [part.markup for part in printed(dialect, items, corrected=True)]
        assert [part.replace(LINE, "").replace(BEHIND, "") for part in marked] == plain
        assert all("✎ Corrected" in part for part in marked)
        assert all(dialect.measure(part) <= (limit,) for part in marked)


def test_corrected__telegram_says_it_in_chinese_too() -> None:
    first, second, *_ = printed(TelegramDialect(), 60, corrected=True, language="zh-CN")
    assert "✎" in first.markup.splitlines()[1]
    assert "✎" in second.markup.splitlines()[0]
