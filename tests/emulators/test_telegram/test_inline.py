"""Inline mode of the emulator is as strict as Telegram's."""

from typing import Any

import aiohttp
import pytest
from telegram import Bot

from tests.emulators.telegram import TelegramEmulator
from tests.emulators.test_telegram import call


def article(number: str = "1", text: str = "<b>x</b>", **rest: Any) -> dict[str, Any]:
    said = {"message_text": text, "parse_mode": "HTML"}
    return {"type": "article", "id": number, "title": "T", "input_message_content": said, **rest}


async def test_inline__the_question_as_the_library_reads_it(emulator: TelegramEmulator, bot: Bot) -> None:
    query = emulator.inline.asks(7, "chips", offset="5")
    (update,) = await bot.get_updates(timeout=1)
    assert update.inline_query is not None
    assert (update.inline_query.id, update.inline_query.query, update.inline_query.offset) == (query, "chips", "5")
    assert await update.inline_query.answer([], cache_time=0)
    assert (await bot.get_me()).supports_inline_queries


@pytest.mark.parametrize(
    ("results", "rest", "reason"),
    [
        ([article(str(number)) for number in range(51)], {}, "RESULTS_TOO_MUCH"),
        ([article(), article()], {}, "RESULT_ID_DUPLICATE"),
        ([article("é" * 33)], {}, "RESULT_ID_INVALID"),
        ([article(title="")], {}, "title is empty"),
        ([article(text="<b>x")], {}, "can't parse entities"),
        ([article(text="x" * 4097)], {}, "message is too long"),
        ([article()], {"next_offset": "é" * 33}, "NEXT_OFFSET_INVALID"),
        ([article()], {"cache_time": -1}, "cache_time"),
        ([{**article(), "type": "photo"}], {}, "articles only"),
    ],
)
async def test_inline__refuses(
    emulator: TelegramEmulator, http: aiohttp.ClientSession, results: object, rest: dict[str, Any], reason: str
) -> None:
    query = emulator.inline.asks(7, "x")
    status, refused = await call(http, emulator, "answerInlineQuery", inline_query_id=query, results=results, **rest)
    assert status == 400
    assert reason in refused["description"]
    status, _ = await call(http, emulator, "answerInlineQuery", inline_query_id=query, results=[article()])
    assert status == 200
    status, late = await call(http, emulator, "answerInlineQuery", inline_query_id=query, results=[article()])
    assert "query is too old" in late["description"]
