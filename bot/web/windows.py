"""Windows: what a platform shows of a digest, drawn from the very messages that its adapter would send."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from bot.contract import Dialect, Size
from bot.delivery import Cut, Manuscript, print_out
from bot.models import Part
from bot.render import Renderer, measure
from bot.web.looks import looks

_NEARLY = 0.9
"""From which share of a limit on a measure is nearly full."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Measure:
    """A size against its limit, in one of a platform's units."""

    size: int
    limit: int

    @property
    def high(self) -> float:
        """From where on it is nearly full."""
        return _NEARLY * self.limit


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """One message: `body` is what is sent, `drawn` its text as the platform shows it, `measures` by unit."""

    number: int
    body: Mapping[str, Any]
    drawn: Markup
    measures: tuple[Measure, ...]
    cards: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """All messages of an edition on one platform; none when nothing is in its categories."""

    platform: str
    messages: tuple[Message, ...]


@dataclass(frozen=True, kw_only=True)
class Window:
    """A platform to look at: `said` is what its adapter sends for a part, as it goes over the wire."""

    dialect: Dialect
    said: Callable[[Part], Mapping[str, Any]]

    def show(self, of: Manuscript, renderer: Renderer, cut: Cut) -> Shown:
        """Return the messages of one cut. Pure: it may run in a thread."""
        parts = print_out(of, renderer, self.dialect, cut)
        return Shown(platform=self.dialect.platform, messages=tuple(self._message(part) for part in parts))

    def _message(self, part: Part) -> Message:
        body = self.said(part)
        return Message(
            number=part.number,
            body=body,
            drawn=looks()[self.dialect.platform](body),
            measures=_measures(*measure(part, self.dialect)),
            cards=bool(part.cards),
        )


def _measures(sizes: Size, limits: Size) -> tuple[Measure, ...]:
    return tuple(Measure(size=size, limit=limit) for size, limit in zip(sizes, limits, strict=True))
