"""Reading rendered parts as a platform and its readers would."""

import html
import json
import re
from collections.abc import Sequence
from typing import Any

import tdjson

from adapters.telegram.dialect import TelegramDialect, text_of
from bot.contract import Dialect, Size
from bot.models import Part

tdjson.td_execute(json.dumps({"@type": "setLogVerbosityLevel", "new_verbosity_level": 0}).encode())


def telegram(limits: Size) -> TelegramDialect:
    dialect = TelegramDialect()
    dialect.limits = limits
    return dialect


def within(part: Part, dialect: Dialect) -> bool:
    return all(unit <= limit for unit, limit in zip(dialect.measure(part.markup), dialect.limits, strict=True))


def parse(markup: str) -> dict[str, Any]:
    """What Telegram's own parser makes of `markup`."""
    query = {"@type": "parseTextEntities", "text": markup, "parse_mode": {"@type": "textParseModeHTML"}}
    answer: dict[str, Any] = json.loads(tdjson.td_execute(json.dumps(query).encode()) or b"")
    return answer


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def below_the_title(texts: Sequence[str]) -> list[str]:
    """The texts of parts without the short title that stands above all but the first."""
    return [texts[0], *(text.partition("\n")[2] for text in texts[1:])]


def links_in(parts: Sequence[Part]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for part in parts:
        for url, text in re.findall(r'<a href="([^"]*)">(.*?)</a>', part.markup, re.DOTALL):
            found.append((html.unescape(url), squeezed(text_of(text))))
    return found
