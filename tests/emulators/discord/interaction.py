"""What somebody asked of the bot by a command, button, menu or form, and what it answered."""

import time
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

from tests.emulators.discord.message import Message
from tests.emulators.discord.places import Channel, Person
from tests.emulators.discord.refusal import Json


class Kind(IntEnum):
    """How it was asked."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


class Answer(IntEnum):
    """Discord's types of first answers."""

    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


DEFERRED = (Answer.DEFERRED_MESSAGE, Answer.DEFERRED_UPDATE)


class Choice(NamedTuple):
    """A suggestion of autocomplete's."""

    name: str
    value: str | int | float


@dataclass(kw_only=True, slots=True, eq=False)
class Interaction:
    """An interaction. `type` and `data` are the first answer's; moments are of time.monotonic().

    `message` is what `@original` means to the bot: the answer, or the message an update changes.
    """

    id: int
    token: str
    kind: Kind
    name: str
    person: Person
    channel: Channel
    source: Message | None = None
    form: "Interaction | None" = None
    """What opened the form that this submits."""
    asked_at: float = field(default_factory=time.monotonic)
    tried: bool = False
    expired: bool = False
    type: Answer | None = None
    data: Json = field(default_factory=dict)
    ephemeral: bool = False
    message: Message | None = None
    followups: list[Message] = field(default_factory=list)
    acknowledged_at: float | None = None
    answered_at: float | None = None

    @property
    def latency(self) -> float:
        """Seconds to the first answer, be it a deferral; infinite while there is none."""
        return float("inf") if self.acknowledged_at is None else self.acknowledged_at - self.asked_at

    @property
    def answered_after(self) -> float:
        """Seconds to the first answer that says something; infinite while there is none."""
        return float("inf") if self.answered_at is None else self.answered_at - self.asked_at

    @property
    def choices(self) -> list[Choice]:
        return [Choice(choice["name"], choice["value"]) for choice in self.data.get("choices", [])]

    @property
    def text(self) -> str:
        """What the asker reads: the answer and the follow-ups, line by line."""
        said = [self.message] if self.message is not None and self.type is not Answer.MODAL else []
        return "\n".join(message.text for message in [*said, *self.followups] if not message.deleted)

    def metadata(self) -> Json:
        """Discord's `interaction_metadata` of a message that answers this."""
        owners = {"0": str(self.channel.guild.id if self.channel.guild else 0)}
        shown = {"id": str(self.id), "type": int(self.kind), "user": self.person.json()}
        return {**shown, "authorizing_integration_owners": owners, "name": self.name}
