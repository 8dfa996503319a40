"""Inline mode: people type behind the bot's name in any chat, and the bot offers what could be said there."""

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.emulators.telegram.markup import Reader, check_keyboard, check_length
from tests.emulators.telegram.places import Json, Person, Place
from tests.emulators.telegram.refusal import bad_request
from tests.emulators.telegram.updates import Updates
from tests.emulators.telegram.world import World

RESULTS = 50
ID_BYTES = OFFSET_BYTES = 64
QUERY = 256
ENTITIES = 100
_EXPIRED = "query is too old and response timeout expired or query ID is invalid"


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """An article on offer: `text` and `entities` are what would be said, as Telegram's parser reads it."""

    id: str
    title: str
    description: str
    text: str
    entities: list[Json]


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What the bot offered."""

    results: tuple[Result, ...]
    next_offset: str
    cache_time: int
    is_personal: bool


@dataclass(kw_only=True, slots=True)
class Inline:
    """Takes the questions and judges the answers. `answers` is by the id that `asks` gave."""

    world: World
    updates: Updates
    reader: Reader
    answers: dict[str, Answer] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)
    _told: dict[str, asyncio.Event] = field(default_factory=dict)
    _queries: "itertools.count[int]" = field(default_factory=lambda: itertools.count(9_000_000_001))

    def methods(self) -> dict[str, Callable[[Json], Any]]:
        return {"answerInlineQuery": self.answer}

    def asks(self, user: Place | Person | int, query: str, *, offset: str = "", chat_type: str = "sender") -> str:
        """Let a person type `query` behind the bot's name; returns the id of the question."""
        if len(query) > QUERY:
            raise ValueError(f"clients send {QUERY} characters at most")
        number = str(next(self._queries))
        self.open.add(number)
        self._told[number] = asyncio.Event()
        asker = self.world.person(user).json()
        content = {"id": number, "from": asker, "query": query, "offset": offset, "chat_type": chat_type}
        self.updates.put("inline_query", content)
        return number

    async def answered(self, query: str, seconds: float = 5.0) -> Answer:
        """Wait for the answer to a question. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            await self._told[query].wait()
        return self.answers[query]

    def answer(self, params: Json) -> bool:
        number = str(params.get("inline_query_id", ""))
        if number not in self.open:
            raise bad_request(_EXPIRED)
        results = params.get("results")
        if not isinstance(results, list):
            raise bad_request("can't parse inline query results: expected an Array")
        if len(results) > RESULTS:
            raise bad_request("RESULTS_TOO_MUCH")
        offered = tuple(self._result(one) for one in results)
        if len({one.id for one in offered}) < len(offered):
            raise bad_request("RESULT_ID_DUPLICATE")
        offset = str(params.get("next_offset") or "")
        if len(offset.encode()) > OFFSET_BYTES:
            raise bad_request("NEXT_OFFSET_INVALID")
        cache_time = str(params.get("cache_time", 300))
        if not cache_time.isdecimal():
            raise bad_request("can't parse cache_time")
        personal = bool(params.get("is_personal", False))
        self.open.discard(number)
        self._told[number].set()
        self.answers[number] = Answer(
            results=offered, next_offset=offset, cache_time=int(cache_time), is_personal=personal
        )
        return True

    def _result(self, one: Json) -> Result:
        if one.get("type") != "article":
            raise bad_request("this emulator knows articles only")
        if not 1 <= len(str(one.get("id", "")).encode()) <= ID_BYTES:
            raise bad_request("RESULT_ID_INVALID")
        if not one.get("title"):
            raise bad_request("can't parse inline query result: title is empty")
        said = one.get("input_message_content") or {}
        raw, mode = str(said.get("message_text") or ""), str(said.get("parse_mode") or "")
        text, entities = self.reader.read(raw, mode)
        check_length(text)
        check_keyboard(one.get("reply_markup"))
        if len(entities) > ENTITIES:
            raise bad_request(f"{len(entities)} entities: Telegram would drop some")
        if spoilt := self.reader.spoilt(raw, mode):
            raise bad_request(f"{spoilt[0]}: Telegram would take it all the same")
        return Result(
            id=str(one["id"]),
            title=str(one["title"]),
            description=str(one.get("description") or ""),
            text=text,
            entities=entities,
        )
