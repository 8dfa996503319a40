"""What can go wrong on purpose, by rule."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

SENDS = ("sendMessage", "editMessageText")


class Fault(StrEnum):
    """A way to fail."""

    FLOOD = "flood"
    """429 with `retry_after`."""
    BAD_MARKUP = "bad markup"
    """400 can't parse entities, however sound the markup is."""
    SERVER_ERROR = "server error"
    """500 with a JSON body."""
    BAD_GATEWAY = "bad gateway"
    """502 with an HTML body, as a proxy in between answers."""
    HANG = "hang"
    """Take the call and never answer."""
    HANG_UP = "hang up"
    """Take the call and close the connection."""
    SLOW = "slow"
    """Be late by `delay` seconds, and up to `jitter` more: on the way in, or with `recorded` on the way back."""


@dataclass(kw_only=True, slots=True)
class Rule:
    """A fault, where and how often: after the first `skip` calls `times` of them (None: all), each with `chance`.

    With `recorded` the message is there all the same: the outcome the caller can't know.
    """

    fault: Fault
    chat: int | None = None
    methods: Sequence[str] = SENDS
    recorded: bool = False
    times: int | None = 1
    skip: int = 0
    chance: float = 1.0
    retry_after: int = 1
    delay: float = 0.0
    jitter: float = 0.0
    hits: int = 0


@dataclass(slots=True)
class Faults:
    """The rules in force. `seed` makes chance and jitter repeatable."""

    seed: int = 0
    rules: list[Rule] = field(default_factory=list)
    _random: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)  # noqa: S311

    def due(self, method: str, chat: int | None) -> list[Rule]:
        """The rules that hit this call: every slow one, and the first of the others."""
        if not self.rules:
            return []
        hits = list(self._hits(method, chat))
        others = [rule for rule in hits if rule.fault is not Fault.SLOW][:1]
        chosen = [rule for rule in hits if rule.fault is Fault.SLOW] + others
        for rule in chosen:
            rule.hits += 1
            if rule.times is not None:
                rule.times -= 1
        self.rules = [rule for rule in self.rules if rule.times != 0]
        return chosen

    def _hits(self, method: str, chat: int | None) -> Iterator[Rule]:
        for rule in self.rules:
            if method not in rule.methods or rule.chat not in (None, chat):
                continue
            if rule.skip > 0:
                rule.skip -= 1
            elif rule.chance >= 1 or self._random.random() < rule.chance:
                yield rule

    def lateness(self, rules: Sequence[Rule], *, recorded: bool) -> float:
        """How many seconds late this call is on one of its two ways."""
        return sum(
            rule.delay + self._random.random() * rule.jitter
            for rule in rules
            if rule.fault is Fault.SLOW and rule.recorded is recorded
        )
