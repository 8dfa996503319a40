"""A real digest as Telegram shows it; the golden files are read by people, and change only on purpose."""

from pathlib import Path

import pytest

from adapters.telegram.dialect import TelegramDialect
from bot.editions import cut
from bot.markdown import parse
from bot.models import Digest, Format, Part
from bot.render import Renderer
from tests.unit.rendered import parse as parse_html

TESTS = Path(__file__).parents[1]
RENDERER = Renderer(TESTS.parent / "templates")
TELEGRAM = TelegramDialect()


@pytest.fixture(scope="module")
def digest() -> Digest:
    name = "2025-10-12.md"
    parsed = parse((TESTS / "seed" / name).read_bytes(), name=name)
    assert parsed.digest is not None
    return parsed.digest


def telegram(digest: Digest, format: Format = Format.FULL) -> tuple[Part, ...]:  # noqa: A002
    return RENDERER.edition(cut(digest, format=format), TELEGRAM, "zh-CN", categories=())


@pytest.mark.parametrize(
    ("wanted", "golden"),
    [(Format.FULL, "telegram-2025-10-12.html"), (Format.BRIEF, "telegram-2025-10-12-brief.html")],
)
def test_seed__reads_as_it_was_approved(digest: Digest, wanted: Format, golden: str) -> None:
    (part,) = telegram(digest, wanted)
    assert part.markup + "\n" == (TESTS / "golden" / golden).read_text(encoding="utf-8")


def test_seed__telegram_takes_it(digest: Digest) -> None:
    (part,) = telegram(digest)
    links = [
        entity for entity in parse_html(part.markup)["entities"] if entity["type"]["@type"] == "textEntityTypeTextUrl"
    ]
    assert [link["type"]["url"] for link in links] == [item.url for item in digest.items]
    assert all(size <= limit for size, limit in zip(TELEGRAM.measure(part.markup), TELEGRAM.limits, strict=True))
