"""From what a chat has to what it should have: which messages to send, edit and delete. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from bot.models import Part, PartRecord, PartState


class Act(Enum):
    """What is done with one message."""

    SEND = auto()
    EDIT = auto()
    DELETE = auto()


@dataclass(frozen=True, kw_only=True, slots=True)
class Printed:
    """A part as it should be shown; `shows` is its fingerprint."""

    part: Part
    shows: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One message to send, edit or delete. `known` is what the ledger has of it, None before its first try."""

    act: Act
    number: int
    wanted: Printed | None = None
    known: PartRecord | None = None

    @property
    def tries(self) -> int:
        """How often it was tried before, without anybody knowing what came of it."""
        return self.known.attempts if self.known and self.known.state is not PartState.SENT else 0

    @property
    def untold(self) -> int:
        """How many of the tries before the platform did not answer."""
        return self.known.untold if self.known and self.known.state is not PartState.SENT else 0

    @property
    def part(self) -> Part:
        """The message to show. Raises ValueError for a deletion, which shows none."""
        if self.wanted is None:
            raise ValueError("nothing to say in this step")
        return self.wanted.part

    @property
    def message_id(self) -> str:
        """The message to change. Raises ValueError where the ledger has none."""
        if self.known is None or self.known.message_id is None:
            raise ValueError("no message to change in this step")
        return self.known.message_id


def changes(has: Mapping[int, PartRecord], wants: Sequence[Printed]) -> tuple[Change, ...]:
    """Return the steps, in order, after which a chat that `has` these messages has what it `wants`.

    A message that says the right thing already is left alone. One whose sending ended in nobody knows what, and that
    has no id to edit it by, is sent again.
    """
    steps = [step for wanted in wants if (step := _change(has.get(wanted.part.number), wanted))]
    surplus = [known for number, known in sorted(has.items()) if number > len(wants) and known.message_id]
    return (*steps, *(Change(act=Act.DELETE, number=known.number, known=known) for known in surplus))


def _change(known: PartRecord | None, wanted: Printed) -> Change | None:
    number = wanted.part.number
    if known is None or known.shows is None:
        return Change(act=Act.SEND, number=number, wanted=wanted, known=known)
    if known.state is PartState.SENT and known.shows == wanted.shows:
        return None
    act = Act.EDIT if known.message_id else Act.SEND
    return Change(act=act, number=number, wanted=wanted, known=known)
