"""A Bot API that counts: so many messages in any one second, one a second to a chat, at some distance."""

import asyncio
import hashlib
import json
import random
import sys
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from benchmarks.stub import FIRST_MESSAGE_ID, Wire, message, result_of, serve

ASKERS = 9_000_000
"""Chats from here on ask; those below have subscribed."""
_SECOND = 1.0
_WORDS = ("/today", "/days", "/settings", "/help", "/day 2025-10-12")
_TOO_MANY = (
    b'{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 1","parameters":{"retry_after":1}}'
)


@dataclass(frozen=True, kw_only=True)
class Terms:
    """The platform's limits, and how far away it is. Times in seconds.

    `jitter` is the most by which a message may be late on its way there, evenly spread. While the expected `pushes`
    arrive somebody asks something every `ask_every` seconds on average.
    """

    per_second: int = 30
    round_trip: float = 0.05
    jitter: float = 0.0
    pushes: int
    ask_every: float = 1.0


@dataclass
class Seen:
    """All that arrived, in the clock that the processes of a machine share."""

    window: deque[float] = field(default_factory=deque)
    last_to: dict[int, float] = field(default_factory=dict)
    pushes: dict[int, list[str]] = field(default_factory=dict)
    arrivals: list[float] = field(default_factory=list)
    answers: int = 0
    refused: dict[str, int] = field(default_factory=lambda: {"account": 0, "chat": 0})
    asked: dict[int, float] = field(default_factory=dict)
    handed: dict[int, float] = field(default_factory=dict)
    latencies: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)


class Platform:
    """Judges what arrives, and hands out what readers ask."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._seen = Seen()
        self._dice = random.Random(terms.pushes)
        self._pending: deque[dict[str, Any]] = deque()
        self._poll: Callable[[bytes], None] | None = None
        self._asking: asyncio.Task[None] | None = None

    def later(self, act: Callable[[], object], *, jitter: bool = False) -> None:
        """Do something once a message is through, one way."""
        late = self._dice.uniform(0, self._terms.jitter) if jitter else 0.0
        asyncio.get_running_loop().call_later(self._terms.round_trip / 2 + late, act)

    # ------------------------------------------------------------------ messages

    def arrive(self, sent: dict[str, Any]) -> bytes | None:
        """Take a message in, or return None where that is one too many."""
        now, chat = time.monotonic(), int(sent["chat_id"])
        if limit := self._limit_passed(now, chat):
            self._seen.refused[limit] += 1
            return None
        self._seen.window.append(now)
        self._seen.last_to[chat] = now
        self._note(now, chat, sent["text"])
        return message(FIRST_MESSAGE_ID + len(self._seen.arrivals) + self._seen.answers, chat)

    def _limit_passed(self, now: float, chat: int) -> str | None:
        window = self._seen.window
        while window and window[0] <= now - _SECOND:
            window.popleft()
        if len(window) >= self._terms.per_second:
            return "account"
        return "chat" if now - self._seen.last_to.get(chat, -_SECOND) < _SECOND else None

    def _note(self, now: float, chat: int, text: str) -> None:
        if chat >= ASKERS:
            self._seen.answers += 1
            if chat in self._seen.handed:
                self._seen.latencies.append(now - self._seen.handed.pop(chat))
                self._seen.waits.append(now - self._seen.asked.pop(chat))
            return
        self._seen.arrivals.append(now)
        self._seen.pushes.setdefault(chat, []).append(fingerprint(text))
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask())

    # ------------------------------------------------------------------ updates

    def poll(self, answer: Callable[[bytes], None], timeout: float) -> None:
        """Hand out what was asked, at once or when something is."""
        self._poll = answer
        self._hand_out()
        asyncio.get_running_loop().call_later(timeout, self._end_poll, answer)

    def _end_poll(self, answer: Callable[[bytes], None]) -> None:
        if self._poll is answer:
            self._poll = None
            self.later(lambda: answer(b'{"ok":true,"result":[]}'))

    def _hand_out(self) -> None:
        if self._poll is None or not self._pending:
            return
        answer, self._poll = self._poll, None
        updates = list(self._pending)
        self._pending.clear()
        for update in updates:
            self._seen.handed[update["message"]["chat"]["id"]] = time.monotonic()
        self.later(partial(answer, json.dumps({"ok": True, "result": updates}).encode()))

    def ask(self, update: dict[str, Any]) -> None:
        """Have an update for who polls, now or next."""
        self._seen.asked[update["message"]["chat"]["id"]] = time.monotonic()
        self._pending.append(update)
        self._hand_out()

    async def _ask(self) -> None:
        number = 0
        while len(self._seen.arrivals) < self._terms.pushes:
            await asyncio.sleep(self._dice.expovariate(1 / self._terms.ask_every))
            number += 1
            self.ask(question(number, self._dice.choice(_WORDS)))

    def report(self) -> dict[str, Any]:
        """Return all that was seen; times in seconds.

        `latencies` run from the update leaving to the answer arriving, `waits` from the moment somebody asks.
        """
        seen = self._seen
        return {
            "arrivals": seen.arrivals,
            "pushes": list(seen.pushes.items()),
            "answers": seen.answers,
            "refused": seen.refused,
            "latencies": seen.latencies,
            "waits": seen.waits,
            "unanswered": len(seen.asked),
        }


class Counting(Wire):
    """A connection to the platform."""

    def __init__(self, platform: Platform) -> None:
        super().__init__()
        self._platform = platform

    def asked(self, method: str, body: bytes) -> None:
        """Take a request on its way."""
        platform = self._platform
        if method == "sendMessage":
            platform.later(partial(self._arrived, json.loads(body)), jitter=True)
        elif method == "getUpdates":
            wait = float(json.loads(body).get("timeout", 0))
            platform.later(lambda: platform.poll(self.answer, wait))
        elif method == "report":
            self.answer(json.dumps(platform.report()).encode())
        else:
            self.answer(result_of(method))

    def _arrived(self, sent: dict[str, Any]) -> None:
        taken = self._platform.arrive(sent)
        if taken:
            self._platform.later(partial(self.answer, taken))
        else:
            self._platform.later(partial(self.answer, _TOO_MANY, b"429 Too Many Requests"))


def question(number: int, words: str) -> dict[str, Any]:
    """Return the update in which somebody who never asked before asks something."""
    chat = ASKERS + number
    person = {"id": chat, "first_name": "Asker", "language_code": "zh-hans"}
    command = words.partition(" ")[0]
    return {
        "update_id": number,
        "message": {
            "message_id": number,
            "date": 1760227200,
            "chat": {"id": chat, "type": "private", "first_name": "Asker"},
            "from": {**person, "is_bot": False},
            "text": words,
            "entities": [{"type": "bot_command", "offset": 0, "length": len(command)}],
        },
    }


def fingerprint(text: str) -> str:
    """Return a short name for a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _main() -> None:
    terms = Terms(**json.loads(sys.argv[1]))

    async def stand() -> None:
        platform = Platform(terms)
        await serve(lambda: Counting(platform))

    asyncio.run(stand())


if __name__ == "__main__":
    _main()
