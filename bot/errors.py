"""Every error of ours.

DigestbotError
├── ConfigError            a setting is wrong or missing
│   └── Occupied           what it names is held by another process, which may let it go
├── BadDocument            not a digest, or one with faults; carries the problems by line
├── BadCommand             a wrong command; carries the template that explains it
├── NoAnswer               the model has no word on categories: the rules decide
├── StoreError             the database can't be used
│   ├── NoDatabase         there is none yet, and this is not who makes it
│   ├── StoreConflict      it refuses a row: what that belongs to is gone, or it is there already
│   └── BadAddress         the setting that says where it is names none
├── BackupError            a backup can't be taken or brought back, though the database may be well
└── DeliveryError          what an adapter may raise
    ├── RateLimited        wait, then send the same again
    ├── ChatGone           blocked, kicked, deleted: pause
    ├── ChatMoved          the same chat has a new address
    ├── Rejected           our markup was bad: send plain
    │   └── Vanished       the message to be changed is not there: send it anew
    ├── NotDelivered       certainly not there: try again
    └── Unknown            may have arrived
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from bot.models import Chat, Problem


class DigestbotError(Exception):
    """The root: its text tells a person what happened and what to do next."""


class ConfigError(DigestbotError):
    """A setting is wrong; the text names every faulty variable."""


class Occupied(ConfigError):
    """A port or a token is held by another process, which may let it go: trying again later is of use."""


class StoreError(DigestbotError):
    """The database can't be opened, read or written."""


class NoDatabase(StoreError):
    """There is no database yet at `place`, as the setting says, and it is not to be made."""

    def __init__(self, place: Path) -> None:
        made = "`digestbot load FILE` or `digestbot run` makes one"
        super().__init__(f"there is no database {place.absolute()}: {made}, if that is the place")
        self.place = place


class StoreConflict(StoreError):
    """A row breaks a constraint of the database, or has a value that it does not take."""


class BadAddress(StoreError):
    """The setting names no database that can ever be opened here: its address is faulty, or its driver is missing."""


class BackupError(DigestbotError):
    """A backup can't be taken or brought back."""


class NoAnswer(DigestbotError):
    """A model gave no usable answer; the text holds no secret. `unreachable`: it is not worth asking again at once."""

    def __init__(self, reason: str, *, unreachable: bool = False) -> None:
        super().__init__(reason)
        self.unreachable = unreachable


class BadDocument(DigestbotError):
    """A document that is no digest, or is refused; `problems` say why, by line."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(problem.what for problem in problems if problem.severity == "error"))
        self.problems = problems


class BadCommand(DigestbotError):
    """A command we can't follow; `template` and `values` phrase why, with an example of a right one."""

    def __init__(self, template: str, **values: object) -> None:
        super().__init__(template)
        self.template = template
        self.values: Mapping[str, object] = values


class DeliveryError(DigestbotError):
    """What became of a send that did not succeed. The text is safe to log and show: it holds no secret."""


class RateLimited(DeliveryError):
    """Wait `retry_after` seconds; `scope` says whether the chat or the whole account is held."""

    def __init__(self, reason: str, *, retry_after: float, scope: Literal["chat", "account", "unknown"]) -> None:
        super().__init__(reason)
        self.retry_after = retry_after
        self.scope = scope


class ChatGone(DeliveryError):
    """The chat can't be reached any more: blocked, kicked, deleted, no permission."""


class ChatMoved(DeliveryError):
    """The chat lives on as `chat`; send again there."""

    def __init__(self, reason: str, *, chat: Chat) -> None:
        super().__init__(reason)
        self.chat = chat


class Rejected(DeliveryError):
    """The platform could not read our markup or content."""


class Vanished(Rejected):
    """The message to be changed is not there any more, or can't be changed any more."""


class NotDelivered(DeliveryError):
    """The message certainly did not arrive: no connection, or an answer that says so."""


class Unknown(DeliveryError):
    """The message may have arrived: no answer in time, or a server error behind the border."""
