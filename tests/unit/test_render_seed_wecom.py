"""A real digest as WeCom's robots say it; the golden files are read by people, and change only on purpose."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from adapters.wecom import WecomDialect
from bot.editions import cut
from bot.markdown import parse
from bot.models import Format, Part
from bot.render import Renderer

TESTS = Path(__file__).parents[1]
BETWEEN = "\n=====\n"


def wecom(format: Format) -> tuple[Part, ...]:  # noqa: A002
    name = "2025-10-12.md"
    digest = parse((TESTS / "seed" / name).read_bytes(), name=name).digest
    return Renderer(TESTS.parent / "templates").edition(
        cut(digest, format=format), WecomDialect(), "zh-CN", categories=()
    )


@pytest.mark.parametrize(
    ("wanted", "messages", "golden"),
    [
        (Format.FULL, 3, "wecom-2025-10-12.md"),
        (Format.BRIEF, 1, "wecom-2025-10-12-brief.md"),
        (Format.HEADLINES, 1, "wecom-2025-10-12-headlines.md"),
    ],
)
def test_seed__reads_as_it_was_approved(wanted: Format, messages: int, golden: str) -> None:
    parts = wecom(wanted)
    assert len(parts) == messages
    assert BETWEEN.join(part.markup for part in parts) + "\n" == (TESTS / "golden" / golden).read_text(encoding="utf-8")
    assert all(len(part.markup.encode()) <= 4096 for part in parts)


def test_seed__cards_are_as_they_were_approved() -> None:
    said = [part.markup or [asdict(card) for card in part.cards] for part in wecom(Format.NEWS)]
    golden = (TESTS / "golden" / "wecom-2025-10-12-news.json").read_text(encoding="utf-8")
    assert said == json.loads(golden)
