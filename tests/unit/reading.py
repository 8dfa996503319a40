"""Reading sample documents in tests."""

import pytest

from bot.errors import BadDocument
from bot.markdown import Parsed, parse
from bot.models import Block, Digest, Item, Problem, Run

TOP = "# 日报 2025-10-12\n\n"


def read(text: str, name: str = "") -> Digest:
    """Return the digest of a document that must have no problem at all."""
    parsed = parse(text.encode(), name=name)
    assert parsed.problems == ()
    return parsed.digest


def read_with_warnings(text: str, name: str = "") -> Parsed:
    """Return what is parsed of a document that must have warnings."""
    parsed = parse(text.encode(), name=name)
    assert parsed.problems
    assert {problem.severity for problem in parsed.problems} == {"warning"}
    return parsed


def items(text: str) -> tuple[Item, ...]:
    """Return the items of a document with a heading on top."""
    return read(TOP + text).items


def refusal(source: str | bytes, name: str = "2025-10-12.md") -> Problem:
    """Return the one error of a document that must be refused."""
    with pytest.raises(BadDocument) as caught:
        parse(source.encode() if isinstance(source, str) else source, name=name)
    (error,) = (problem for problem in caught.value.problems if problem.severity == "error")
    assert error.what in str(caught.value)
    assert error.mend
    return error


def texts(blocks: tuple[Block, ...]) -> list[str]:
    """Return the text of each block."""
    return [block.text for block in blocks]


def bold(blocks: tuple[Block, ...]) -> list[str]:
    """Return the bold stretches."""
    return [run.text for block in blocks for run in block.runs if run.bold]


def links(blocks: tuple[Block, ...]) -> list[Run]:
    """Return the link runs."""
    return [run for block in blocks for run in block.runs if run.url]
