"""A platform as a round sees it: who reads there, what stands there, and what it is like there meanwhile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.contract import Dialect
from bot.models import Chat, Part
from tests.acceptance.chaos.plan import Plan
from tests.acceptance.seeding import Subscriber

Face = tuple[str, tuple[tuple[str, ...], ...]]
"""What a message shows: its text, and what its buttons give, row by row."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A message as it stands, and as it stood before it was ever edited."""

    face: Face
    first: Face


class Side(Protocol):
    """One platform's emulator with its chats. `settings` are what the bot needs to meet them."""

    @property
    def dialect(self) -> Dialect: ...

    @property
    def settings(self) -> Mapping[str, str]: ...

    @property
    def subscribers(self) -> Sequence[Subscriber]: ...

    @property
    def keys(self) -> Sequence[str]:
        """The secrets that no log may tell."""

    @property
    def sent(self) -> int: ...

    @property
    def violations(self) -> Sequence[str]: ...

    @property
    def unknowns(self) -> int:
        """How many sends stand, by the weather, without their sender having been told."""

    def may_double(self, chat: Chat) -> bool:
        """Tell whether a send of which nobody knows what became of it may stand there twice."""

    def face(self, part: Part) -> Face:
        """Return what a message of `part` shows."""

    def standing(self, chat: Chat) -> Sequence[Shown]:
        """Return what a chat shows, the oldest first."""

    def found(self, chat: Chat, message_id: str) -> Shown | None:
        """Return the message that the bot knows by this id, if it stands."""

    def brew(self, plan: Plan) -> None:
        """Let it be as planned."""

    def calm(self) -> None:
        """Let all be well again."""
