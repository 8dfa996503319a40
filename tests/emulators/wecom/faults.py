"""What can go wrong on purpose, by rule."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Fault(StrEnum):
    """A way to fail."""

    BUSY = "busy"
    """errcode -1."""
    TOO_OFTEN = "too often"
    """errcode 45009, which says not how long to wait."""
    AT_ONCE = "at once"
    """errcode 45033, too many calls at the same time."""
    DISABLED = "disabled"
    """errcode 93004."""
    BAD_CONTENT = "bad content"
    """errcode 40058, however sound the content is."""
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
    key: str | None = None
    recorded: bool = False
    times: int | None = 1
    skip: int = 0
    chance: float = 1.0
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

    def due(self, key: str) -> tuple[Sequence[Rule], Rule | None]:
        """The slow rules that hit this call, and the first of the others."""
        hits = [rule for rule in self.rules if self._strikes(rule, key)]
        slow = [rule for rule in hits if rule.fault is Fault.SLOW]
        other = next((rule for rule in hits if rule.fault is not Fault.SLOW), None)
        for rule in [*slow, *([other] if other else [])]:
            rule.hits += 1
            if rule.times is not None:
                rule.times -= 1
        self.rules = [rule for rule in self.rules if rule.times != 0]
        return slow, other

    def lateness(self, slow: Sequence[Rule]) -> float:
        """How many seconds these rules take together."""
        return sum(rule.delay + self._random.random() * rule.jitter for rule in slow)

    def _strikes(self, rule: Rule, key: str) -> bool:
        if rule.key not in (None, key):
            return False
        if rule.skip > 0:
            rule.skip -= 1
            return False
        return rule.chance >= 1 or self._random.random() < rule.chance
