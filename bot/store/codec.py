"""How values that are not columns are written: blocks, parts and lists as JSON, weekdays and slugs as words."""

from collections.abc import Iterable
from typing import Final

from pydantic import TypeAdapter

from bot.models import Block, Days, Part, Workdays

_BLOCKS: Final = TypeAdapter(tuple[Block, ...])
_PARTS: Final = TypeAdapter(tuple[Part, ...])
_WORDS: Final = TypeAdapter(tuple[str, ...])


def blocks_to_json(blocks: tuple[Block, ...]) -> str:
    """Write blocks, leaving out what is at its default."""
    return _BLOCKS.dump_json(blocks, exclude_defaults=True).decode()


def blocks_from_json(text: str) -> tuple[Block, ...]:
    """Read what `blocks_to_json` wrote."""
    return _BLOCKS.validate_json(text)


def parts_to_json(parts: tuple[Part, ...]) -> str:
    """Write the parts of an edition."""
    return _PARTS.dump_json(parts, exclude_defaults=True).decode()


def parts_from_json(text: str) -> tuple[Part, ...]:
    """Read what `parts_to_json` wrote."""
    return _PARTS.validate_json(text)


def words_to_json(words: Iterable[str]) -> str:
    """Write a list of words."""
    return _WORDS.dump_json(tuple(words)).decode()


def words_from_json(text: str) -> tuple[str, ...]:
    """Read what `words_to_json` wrote."""
    return _WORDS.validate_json(text)


def slugs_to_text(slugs: Iterable[str]) -> str:
    """Write slugs so that equal sets are equal texts."""
    return ",".join(sorted(slugs))


def slugs_from_text(text: str) -> frozenset[str]:
    """Read what `slugs_to_text` wrote."""
    return frozenset(text.split(",")) if text else frozenset()


def names_to_text(names: Iterable[str]) -> str:
    """Write names that hold no comma, in their order."""
    return ",".join(names)


def names_from_text(text: str) -> tuple[str, ...]:
    """Read what `names_to_text` wrote."""
    return tuple(text.split(",")) if text else ()


def days_to_text(days: Days) -> str:
    """Write ISO weekdays as `12345`, a country's working days as `cn`."""
    return str(days) if isinstance(days, Workdays) else "".join(str(day) for day in sorted(days))


def days_from_text(text: str) -> Days:
    """Read what `days_to_text` wrote. Raises ValueError for anything else."""
    return frozenset(int(digit) for digit in text) if text.isdecimal() else Workdays(text)
