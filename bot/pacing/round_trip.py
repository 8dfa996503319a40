"""How long the way to the platform and back takes at the least, learnt from its answers."""

import math

ENOUGH = 100
"""So many answers are seen before the quickest of them is believed: jitter hides the way itself from a few."""
BELIEVED = 0.8
"""The part of the quickest that is built on."""


class RoundTrip:
    """The least that a call takes from its sending to its answer. It only ever shrinks: a longer way does no harm."""

    def __init__(self) -> None:
        self._quickest = math.inf
        self._answers = 0

    def learn(self, seconds: float) -> None:
        """Take note of an answer that took so long."""
        self._quickest = min(self._quickest, seconds)
        self._answers += 1

    @property
    def least(self) -> float:
        """How many seconds pass at least between a sending and its answer; 0 as long as nobody knows."""
        return BELIEVED * self._quickest if self._answers >= ENOUGH else 0.0
