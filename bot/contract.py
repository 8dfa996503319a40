"""What a platform must offer: a dialect (how text looks and is measured) and an adapter (how it is sent)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from markupsafe import Markup

from bot.models import Actor, Chat, Command, Part, Receipt

Size = tuple[int, ...]
"""A text's measure in each of a platform's units; sizes add up when texts are joined."""


class Capability(StrEnum):
    """What a platform can do with a message once it is there."""

    EDIT = "edit"
    DELETE = "delete"
    IDEMPOTENT = "idempotent"
    BUTTONS = "buttons"
    MENUS = "menus"
    """Menus of which several options can be chosen at once."""
    CARDS = "cards"
    """Messages of cards."""
    MENTION = "mention"
    """Calling people by a message of its own."""
    LOCATION = "location"
    """Telling, in a private chat, where the reader is: it comes as the command `here`, words `LATITUDE LONGITUDE`."""


class Dialect(Protocol):
    """A platform's escaping and limits. `platform` names its adapter and `templates/markup/<platform>.j2`."""

    platform: str
    limits: Size
    capabilities: frozenset[Capability]

    def escape(self, text: str) -> Markup:
        """Return `text` so that the platform shows it letter for letter."""

    def measure(self, markup: str) -> Size:
        """Return the size of `markup` in the units of `limits`."""

    def plain(self, markup: str) -> str:
        """Return the text of `markup` without any style, links written out unless that takes it past `limits`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """How fast an account may send: in all and to one chat by the second, to one group by the minute.

    None means that the platform sets no such limit. Where `answers_are_free`, none of them counts answers.
    """

    per_second: float | None
    per_chat_second: float | None = None
    per_group_minute: int | None = None
    answers_are_free: bool = False


class EventKind(StrEnum):
    """What happened to the bot in a chat."""

    JOINED = "joined"
    BLOCKED = "blocked"
    KICKED = "kicked"
    BACK = "back"
    MIGRATED = "migrated"


@dataclass(frozen=True, kw_only=True, slots=True)
class ChatEvent:
    """Something happened to the bot in `chat`; `moved_to` is set when it migrated, `actor` did it where known."""

    kind: EventKind
    chat: Chat
    actor: Actor | None = None
    moved_to: Chat | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Suggest:
    """Somebody is typing the option `option` of the command `name`, in `chat`; `typed` is how far they have come.

    What is `shared` is typed in any chat whatever, for a message to be said there: it is of no command, `chat` is the
    asker's own, and `after` goes on behind the suggestion that had it.
    """

    name: str = ""
    option: str = ""
    typed: str
    chat: Chat
    locale: str = ""
    shared: bool = False
    after: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Suggestion:
    """What could be meant: `label` is read, `value` goes into the command; each at most 100 characters.

    One to be shared says `part`, the whole of it, and its `value` tells it from the others (64 bytes); `after`, if
    anything, is where to go on (64 bytes).
    """

    label: str
    value: str
    description: str = ""
    part: Part | None = None
    after: str = ""


class Listener(Protocol):
    """What an adapter reports to. No call raises; each may take as long as the answer takes."""

    async def on_command(self, command: Command) -> None:
        """Take a command given in a chat."""

    async def on_suggest(self, suggest: Suggest) -> tuple[Suggestion, ...]:
        """Return what could be meant, the likeliest first, at most 25."""

    async def on_chat_event(self, event: ChatEvent) -> None:
        """Take note that the bot was added, blocked, kicked or moved."""


class MenuScope(StrEnum):
    """Who is shown a command."""

    EVERYONE = "everyone"
    MANAGERS = "managers"
    OPERATORS = "operators"
    """In private alone, and only where there are operators."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MenuOption:
    """Something that can be given behind a command. `names` and `descriptions` are by language tag.

    `before` goes in front of what is given, to make words of the command that can't be mistaken.
    """

    name: str
    names: dict[str, str]
    descriptions: dict[str, str]
    before: str = ""
    suggested: bool = False
    """Whether `Listener.on_suggest` has something to say about it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MenuEntry:
    """A command of the menu; `descriptions` by language tag (`zh-CN`, `en`), at most 100 characters each.

    `names` are what it is called in other languages, `options` what can be given behind it, for platforms that know
    these. The answer to a `quiet` one is of interest to the asker alone.
    """

    name: str
    scope: MenuScope
    descriptions: dict[str, str]
    names: dict[str, str] = field(default_factory=dict)
    options: tuple[MenuOption, ...] = ()
    quiet: bool = False


class Adapter(Protocol):
    """A platform, translated. It does not decide, store, phrase or wait, and raises only `DeliveryError`s."""

    dialect: Dialect
    pace: Pace

    async def identify(self) -> str:
        """Return the name of the account, asking the platform.

        Raises ConfigError when it refuses the credentials.
        """

    async def listen(self, listener: Listener) -> None:
        """Report commands and events until cancelled.

        Raises ConfigError when the platform refuses the credentials.
        """

    async def respond(self, command: Command, parts: Sequence[Part], *, private: bool = False) -> None:
        """Answer `command`: in its chat and topic, in place where it asks for that, to the asker alone if `private`.

        May be called again for the same command: what follows is sent as further messages.
        """

    async def may_manage(self, chat: Chat, actor: Actor) -> bool:
        """Tell whether `actor` may change the subscription of `chat`."""

    async def find_chat(self, name: str) -> Chat:
        """Return the chat called `name` (`@channel` or an address). Raises ChatGone if the bot can't see it."""

    async def publish_commands(self, menu: Sequence[MenuEntry]) -> None:
        """Show the menu of commands in the platform's client."""

    async def send(self, chat: Chat, part: Part, *, nonce: str, silent: bool = False) -> Receipt:
        """Send one message; a `silent` one makes no sound where the platform can have it so.

        `nonce` (25 characters at most) names this send for platforms that drop doubles.
        """

    async def edit(self, chat: Chat, message_id: str, part: Part) -> None:
        """Change a message sent before. One that is already so is a success; one that is gone is Vanished."""

    async def delete(self, chat: Chat, message_id: str) -> None:
        """Take a message back."""

    async def close(self) -> None:
        """Release the connections."""
