"""Inline mode: what is typed behind the bot's name in any chat, and the items offered to be said there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from telegram.constants import InlineQueryLimit, ParseMode

from adapters.telegram.letters import NO_PREVIEW
from bot.contract import Suggest, Suggestion
from bot.models import Chat, Part

_CACHED = 60
"""Seconds that Telegram may answer the same question itself: a correction is not to be long in coming."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Inline:
    """A question in inline mode, by Telegram's id of it."""

    query: str
    suggest: Suggest


def inline_of(raw: dict[str, Any], platform: str) -> Inline:
    """Return the question of an `inline_query`. Whoever asks is known by their private chat with the bot."""
    asker = raw["from"]
    suggest = Suggest(
        typed=str(raw["query"]),
        chat=Chat(platform=platform, address=str(asker["id"])),
        locale=str(asker.get("language_code") or ""),
        shared=True,
        after=str(raw["offset"]),
    )
    return Inline(query=str(raw["id"]), suggest=suggest)


def answer(query: str, found: Sequence[Suggestion]) -> dict[str, object]:
    """Return the parameters of `answerInlineQuery`. Language and today are the asker's own, so the answer is too."""
    shown = found[: InlineQueryLimit.RESULTS]
    return {
        "inline_query_id": query,
        "results": [_article(one, one.part) for one in shown if one.part],
        "cache_time": _CACHED,
        "is_personal": True,
        "next_offset": shown[-1].after if shown else "",
    }


def _article(one: Suggestion, part: Part) -> dict[str, object]:
    said = {"message_text": part.markup, "parse_mode": ParseMode.HTML, "link_preview_options": NO_PREVIEW}
    article: dict[str, object] = {"type": "article", "id": one.value, "title": one.label, "input_message_content": said}
    return {**article, "description": one.description} if one.description else article
