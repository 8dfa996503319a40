"""What the answers give as examples finds something in the samples that come with the bot."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest

from tests.fakes import intake
from tests.unit.commanding import Room, open_room
from tests.unit.commandline import SAMPLE, SEED

_EXAMPLE = re.compile(r"^(?:<code>)?(/search [^<\n]+?)(?:</code>)? ·", re.MULTILINE)
NEXT_MONTH = datetime(2025, 11, 3, 1, tzinfo=UTC)


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with open_room(tmp_path) as opened:
        for document in (SEED, *sorted(SAMPLE.parent.glob("*.md"))):
            await intake(opened.store).take(document.read_bytes(), origin=document.name, publish=True, force=True)
        opened.now = NEXT_MONTH
        yield opened


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("asked", ["/search", "/help"])
async def test_examples__of_a_search_find_something(room: Room, asked: str, language: str) -> None:
    examples = _EXAMPLE.findall(unescape(room.said(await room.ask(asked), language)))
    assert len(examples) == (4 if asked == "/search" else 1)
    for example in examples:
        assert (await room.ask(example)).template == "search", example
