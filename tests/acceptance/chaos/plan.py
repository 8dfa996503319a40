"""What a round will do, drawn from its seed: the same seed makes the same round."""

import random
from dataclasses import dataclass
from enum import StrEnum

from tests.acceptance.documents import SUBJECTS

WISHES: tuple[tuple[str, ...], ...] = ((), (), (), SUBJECTS[:4], SUBJECTS[:1], ("政策监管",))
"""Everything, which takes several parts; something of it; nothing that occurs."""
SENTENCES = (24, 36, 40)
"""An item's sentences that make a digest of two, three and four parts."""


class News(StrEnum):
    """What the publisher does meanwhile."""

    NONE = "-"
    REVISION = "revision"
    RETRACTION = "retraction"


class Weather(StrEnum):
    """What the platforms are like."""

    FAIR = "fair"
    """Slow answers only."""
    DEAF = "deaf"
    """Some calls vanish, and are never answered."""
    ROUGH = "rough"
    """Floods, server errors and broken connections, before and after the message is there."""
    STRICT = "strict"
    """Limits tighter than the bot thinks, for each chat and for all."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stop:
    """One life of the process: after so many seconds it is killed or told to end.

    An `early` one is counted from the start, not from when the bot is ready.
    """

    gently: bool
    early: bool
    after: float
    news: News
    sentences: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """A round. `slow` are the seconds, at most, that a call takes on each of its ways."""

    seed: int
    stops: tuple[Stop, ...]
    weather: Weather
    slow: float


def draw(seed: int) -> Plan:
    """Return the round of a seed."""
    dice = random.Random(seed)  # noqa: S311
    story = dice.choice((False, False, True, True, True))
    number = dice.randint(2, 5)
    return Plan(
        seed=seed,
        stops=tuple(_stop(dice, place, story=story) for place in range(number)),
        weather=dice.choice((Weather.FAIR, Weather.FAIR, Weather.DEAF, Weather.ROUGH, Weather.STRICT)),
        slow=dice.choice((0.0, 0.2, 0.5, 1.0)),
    )


def _stop(dice: random.Random, place: int, *, story: bool) -> Stop:
    gently, early = dice.random() < 0.2, dice.random() < 0.1
    news = dice.choices(tuple(News), weights=(5, 4, 1))[0] if story and place else News.NONE
    return Stop(
        gently=gently and not early,
        early=early,
        after=dice.uniform(0.0, 1.5) if early else dice.uniform(0.0 if place else 1.0, 3.5),
        news=news,
        sentences=dice.choice(SENTENCES),
    )
