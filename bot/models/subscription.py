"""Who gets it, and when."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum

from pydantic import SecretStr

from bot.models.digest import Format


class ChatKind(StrEnum):
    """Who reads along."""

    PRIVATE = "private"
    GROUP = "group"
    CHANNEL = "channel"
    """One to many: whatever is said there goes to all its readers, so nothing is answered there."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Chat:
    """A place on a platform: `address` is the platform's own id, `topic` the thread or forum topic in it.

    Where the platform's id is itself a secret (a webhook's key), that is the `credential`, and the address is ours.
    """

    platform: str
    address: str
    topic: str = ""
    kind: ChatKind = field(default=ChatKind.PRIVATE, compare=False)
    title: str = field(default="", compare=False)
    credential: SecretStr | None = field(default=None, repr=False, compare=False)

    @property
    def place(self) -> str:
        """Where it is on its platform, to a person."""
        return f"{self.address}/{self.topic}" if self.topic else self.address

    @property
    def called(self) -> str:
        """Its name to a person: its title, if it has one, and where it is."""
        return f"{self.title} ({self.place})" if self.title else self.place


class Workdays(StrEnum):
    """A country whose working days are meant: they move with its holidays, and no weekdays say which they are."""

    CHINA = "cn"


Weekdays = frozenset[int]
"""ISO weekdays, 1 is Monday; at least one."""
Days = Weekdays | Workdays
EVERY_DAY: Weekdays = frozenset(range(1, 8))


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """When a chat wants its digest: a local time in an IANA zone, on some weekdays or a country's working days.

    Raises ValueError for weekdays that are none, or not of this world.
    """

    zone: str
    at: time
    days: Days = EVERY_DAY

    def __post_init__(self) -> None:
        if not isinstance(self.days, Workdays) and not (self.days and self.days <= EVERY_DAY):
            raise ValueError(f"weekdays are some of 1 to 7, not {sorted(self.days)}")


class SubscriptionState(StrEnum):
    """Whether a subscription is served. It is never deleted."""

    ON = "on"
    OFF = "off"
    """The reader's own wish."""
    PAUSED = "paused"
    """The chat can't be reached, or an operator holds it back; the subscription comes back with its settings."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Subscription:
    """What a chat wants and when. `since` (UTC) is when `state` began; `reason` says why it is paused.

    One that is `absent` is paused because the chat can't be reached, and comes back with it; others by a person's wish.
    `categories` are slugs; none means all. `mention` are the people (by the platform's id, or `@all`) who are called
    when it arrives. `silent` ones arrive without a sound; `tells_empty` ones say so when a day has nothing in the
    categories; `weekly` ones get the week on Sundays too. Local days before `away_until` bring nothing.
    """

    chat: Chat
    slot: Slot
    categories: frozenset[str] = frozenset()
    format: Format = Format.FULL
    language: str
    mention: tuple[str, ...] = ()
    silent: bool = False
    tells_empty: bool = False
    weekly: bool = False
    away_until: date | None = None
    state: SubscriptionState = SubscriptionState.ON
    since: datetime
    reason: str = ""
    absent: bool = False
