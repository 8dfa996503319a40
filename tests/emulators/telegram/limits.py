"""Telegram's rate limits, as exact sliding windows."""

import math
from collections import deque
from dataclasses import dataclass, field


@dataclass(slots=True)
class Window:
    """At most `most` in any `seconds`."""

    most: int
    seconds: float
    _times: deque[float] = field(default_factory=deque)

    def wait(self, now: float) -> float:
        """Seconds until the next one is let in; 0 now."""
        while self._times and self._times[0] <= now - self.seconds:
            self._times.popleft()
        return 0.0 if len(self._times) < self.most else self._times[0] + self.seconds - now

    def take(self, now: float) -> None:
        self._times.append(now)


@dataclass(kw_only=True, slots=True)
class Limits:
    """The limits in force: over all, for a chat, and for a group or channel (ids below zero). 0 is none.

    What is paid for has a limit over all of its own.
    """

    per_second: int = 30
    paid_per_second: int = 1000
    per_chat_per_second: int = 1
    per_group_per_minute: int = 20
    _all: dict[bool, list[Window]] = field(init=False, default_factory=dict)
    _chats: dict[int, list[Window]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for paid, most in ((False, self.per_second), (True, self.paid_per_second)):
            self._all[paid] = [Window(most, 1.0)] if most else []

    def refuse(self, chat: int, now: float, *, paid: bool = False) -> int:
        """Whole seconds this send has to wait; 0 when it is let in, and then it counts."""
        windows = self._all[paid] + self._of(chat)
        wait = max((window.wait(now) for window in windows), default=0.0)
        if wait > 0:
            return max(1, math.ceil(wait))
        for window in windows:
            window.take(now)
        return 0

    def _of(self, chat: int) -> list[Window]:
        if chat not in self._chats:
            self._chats[chat] = [Window(self.per_chat_per_second, 1.0)] if self.per_chat_per_second else []
            if chat < 0 and self.per_group_per_minute:
                self._chats[chat].append(Window(self.per_group_per_minute, 60.0))
        return self._chats[chat]
