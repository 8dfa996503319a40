"""What the ledger knows of a delivery and its parts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from bot.models.digest import Format
from bot.models.subscription import Chat
from bot.models.week import Week


class DeliveryState(StrEnum):
    """Where a delivery stands; all but the first two are final."""

    PLANNED = "planned"
    CLAIMED = "claimed"
    SENT = "sent"
    EMPTY = "empty"
    """Nothing in the chat's categories that day."""
    FAILED = "failed"
    """Refused for good; the chat is paused where that is why."""
    UNKNOWN = "unknown"
    """Some part may or may not have arrived, and the retry limit is reached."""
    EXPIRED = "expired"
    """The local day ended before anything could be sent."""


class PartState(StrEnum):
    """Where a part stands; `SENDING` is written before the call."""

    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True, slots=True)
class PartRecord:
    """What the ledger knows of one part: `shows` is the fingerprint of what its message says, None: there is none.

    `attempts` counts those that arrived or may have; certain refusals do not count. So many of them were `untold`: the
    platform did not say what came of them. Of the others the process itself did not live to hear it.
    """

    number: int
    state: PartState
    attempts: int
    untold: int = 0
    message_id: str | None = None
    shows: str | None = None

    @property
    def astray(self) -> bool:
        """Whether it may have arrived as a message that nobody can name: none can change that, or delete it."""
        return bool(self.attempts and self.state is not PartState.SENT and not self.message_id)


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """A row of the ledger claimed by a process, `claimed_by`: one subscription, one occasion.

    `edition` is the key of the stored parts it has begun to send, and `revision_id` what they were made of; `published`
    is the day's revision now: None when it was retracted; `follows` is the last that messages there were to follow,
    which one that corrects nothing does not change. `wanted` is false when the subscription, or the week, was
    switched off meanwhile, or is away that day; `silent` and `tells_empty` are its wishes now. `deadline` (UTC) is when
    it may no longer begin. `base` is the delivery whose messages this one changes, None for one that brings the digest
    itself; `cut_short` when a withdrawal stopped that half-way. `parts` are the messages the chat has of the digest:
    the base's or its own. `notices` are messages of its own beside them.

    A week's has its Sunday as its `day` and no revision of its own: `revisions` are those published of its days now.
    """

    id: int
    claimed_by: str
    chat: Chat
    day: date
    occasion: str
    base: int | None = None
    cut_short: bool = False
    revision_id: int | None
    revisions: tuple[int, ...] = ()
    published: int | None
    follows: int | None = None
    categories: frozenset[str]
    format: Format
    language: str
    mention: tuple[str, ...] = ()
    silent: bool = False
    tells_empty: bool = False
    edition: str | None
    wanted: bool
    attempts: int
    deadline: datetime
    parts: Mapping[int, PartRecord] = field(default_factory=dict)
    notices: Mapping[int, PartRecord] = field(default_factory=dict)

    @property
    def says(self) -> int | None:
        """The revision that its messages are to say when it is done; None: they are to be gone."""
        there = any(part.shows for part in self.parts.values())
        return self.follows if self.base and there else self.published

    @property
    def withdraws(self) -> bool:
        """Whether it was planned because the digest was taken back."""
        return self.occasion.startswith("retraction:")

    @property
    def begun(self) -> bool:
        """Whether the chat has, or may have, some of it: then it is finished whatever the hour."""
        return any(part.shows or part.attempts for part in self.parts.values())

    @property
    def week(self) -> Week | None:
        """The week it brings; None for a day's digest and what changes one."""
        return Week.of(self.day) if self.revision_id is None else None
