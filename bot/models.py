"""The values that travel through the bot: frozen, keyword-only, free of I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import Literal

from pydantic import SecretStr

# ------------------------------------------------------------------ a digest


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """A stretch of text in one style. Runs with a `url` are links."""

    text: str
    bold: bool = False
    italic: bool = False
    strike: bool = False
    code: bool = False
    url: str | None = None


class BlockKind(StrEnum):
    """What a block of text is, whatever a platform makes of it."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    BULLET = "bullet"
    QUOTE = "quote"
    CODE = "code"
    ROW = "row"
    """A row of a table; its cells are joined by a bar."""
    IMAGE = "image"
    """One run: the text is the description, the url the picture."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """A line or paragraph of text.

    Nested lists and quotes are flat: `depth` counts the levels around this one (0 is the outermost), `marker`
    is what stands before a bullet (`•` or `3.`), empty when the block continues the bullet above.
    """

    kind: BlockKind = BlockKind.PARAGRAPH
    runs: tuple[Run, ...]
    depth: int = 0
    marker: str = ""

    @property
    def text(self) -> str:
        """The text alone, without any style."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One story of a digest.

    `number` is its place, from 1. `section` (the heading it stands under) and `tags` are what the document says
    of its category; `categories` are the slugs it belongs to, the primary one first, given by `bot.categories`.
    """

    number: int
    title: str
    url: str | None = None
    body: tuple[Block, ...] = ()
    section: str | None = None
    tags: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Digest:
    """A day's whole. `categories` are the names the document lists: a hint and an order, not a limit."""

    day: date
    title: str
    written_at: datetime | None = None
    categories: tuple[str, ...] = ()
    lead: tuple[Block, ...] = ()
    items: tuple[Item, ...]
    commentary: tuple[Block, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """What is wrong with a document, where (`line` counts from 1), and how to mend it."""

    line: int
    severity: Literal["error", "warning"]
    what: str
    mend: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Category:
    """A subject. The slug is ASCII, stable, and at most 24 bytes, so that it fits button data and deep links."""

    slug: str
    zh: str
    en: str
    aliases: tuple[str, ...] = ()

    def name(self, language: str) -> str:
        """Return the name in `language` (a tag such as `zh-CN` or `en`)."""
        return self.zh if language.startswith("zh") else self.en


class Format(StrEnum):
    """How much of each item an edition carries."""

    FULL = "full"
    BRIEF = "brief"
    """Title and first sentence."""
    HEADLINES = "headlines"
    NEWS = "news"
    """Cards with title and first sentence, on platforms that have cards; on others as `BRIEF`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Edition:
    """One subscription's cut of a digest. `total` counts the items of the uncut one; no `categories` means all."""

    day: date
    title: str
    lead: tuple[Block, ...] = ()
    items: tuple[Item, ...]
    commentary: tuple[Block, ...] = ()
    categories: tuple[str, ...] = ()
    total: int
    format: Format = Format.FULL


# ------------------------------------------------------------------ who gets it, and when


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """When a chat wants its digest: a local time in an IANA zone, on ISO weekdays (1 is Monday)."""

    zone: str
    at: time
    days: frozenset[int] = frozenset(range(1, 8))


class SubscriptionState(StrEnum):
    """Whether a subscription is served. It is never deleted."""

    ON = "on"
    OFF = "off"
    """The reader's own wish."""
    PAUSED = "paused"
    """The chat can't be reached; the subscription comes back with its settings."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Subscription:
    """What a chat wants and when. `since` (UTC) is when `state` began; `reason` says why it is paused.

    `categories` are slugs; none means all. `mention` are the people (by the platform's id, or `@all`) who are called
    when it arrives.
    """

    chat: Chat
    slot: Slot
    categories: frozenset[str] = frozenset()
    format: Format = Format.FULL
    language: str
    mention: tuple[str, ...] = ()
    state: SubscriptionState = SubscriptionState.ON
    since: datetime
    reason: str = ""


# ------------------------------------------------------------------ what is asked and answered


@dataclass(frozen=True, kw_only=True, slots=True)
class Actor:
    """Who gave a command. An anonymous admin acts as the chat itself: the address is then the chat's."""

    address: str
    name: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Command:
    """A command as typed (`/day 10-12` is name `day`, words `10-12`) or pressed on a button.

    `handle` is the adapter's own and goes back to it with the answer. `in_place` asks for the message the
    button stands under to be changed rather than a new one sent.
    """

    name: str
    words: str = ""
    actor: Actor
    chat: Chat
    locale: str = ""
    handle: object = None
    in_place: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Button:
    """A button of a Reply, not yet phrased: `label` names a macro of `templates/buttons.j2`, `values` its arguments.

    `press` is the command it gives (`day 2025-10-11`). `on` marks a toggle that is set. One with an `option` stands
    for that option of the reply's menu, where a platform has menus; one that `asks` (a macro's name too) wants words
    typed behind its press, where a platform has forms.
    """

    label: str
    values: Mapping[str, object] = field(default_factory=dict)
    press: str
    on: bool = False
    option: str = ""
    asks: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """An answer, not yet phrased: the template's name and values; an edition is rendered part by part.

    `menu` is the command that the buttons' options, as many as are chosen, go behind.
    """

    template: str
    values: Mapping[str, object] = field(default_factory=dict)
    edition: Edition | None = None
    buttons: tuple[tuple[Button, ...], ...] = ()
    menu: str = ""
    private: bool = False


# ------------------------------------------------------------------ what goes out


@dataclass(frozen=True, kw_only=True, slots=True)
class Key:
    """A button as it is shown; `data` (at most 64 bytes, Telegram's limit) comes back when it is pressed.

    `option` makes it one of the part's menu, set when `on`; `asks` is the label of a field to be filled in first.
    Platforms without menus and forms leave both aside.
    """

    label: str
    data: str
    on: bool = False
    option: str = ""
    asks: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """A linked title with a few words beneath, drawn by the platform: plain text, no markup."""

    title: str
    description: str = ""
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class About:
    """What an edition is about, in plain text, for platforms that show it beside the message.

    `subjects` are all the names and slugs of the categories its items belong to, the most frequent first.
    """

    day: date
    title: str
    subjects: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One message of an edition or reply, in a platform's own markup; `number` counts from 1 to `of`.

    A message of `cards` has no markup, and one with a `mention` calls these people; both only where a platform's
    capabilities say so.
    """

    number: int = 1
    of: int = 1
    markup: str = ""
    keys: tuple[tuple[Key, ...], ...] = ()
    menu: str = ""
    about: About | None = None
    cards: tuple[Card, ...] = ()
    mention: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """A platform's word that a message is there; `message_id` is None where it gives no id."""

    message_id: str | None


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

    `attempts` counts those that arrived or may have; certain refusals do not count.
    """

    number: int
    state: PartState
    attempts: int
    message_id: str | None = None
    shows: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """A claimed row of the ledger: one subscription, one occasion.

    `edition` is the key of the stored parts it has begun to send, and `revision_id` what they were made of;
    `published` is the day's revision now: None when it was retracted. `wanted` is false when the subscription was
    switched off meanwhile. `deadline` (UTC) is when it may no longer begin. `base` is the delivery whose messages
    this one changes, None for one that brings the digest itself; `cut_short` when a withdrawal stopped that half-way.
    `parts` are the messages the chat has of the digest: the base's or its own. `notices` are messages of its own beside
    them.
    """

    id: int
    chat: Chat
    day: date
    occasion: str
    base: int | None = None
    cut_short: bool = False
    revision_id: int
    published: int | None
    categories: frozenset[str]
    format: Format
    language: str
    mention: tuple[str, ...] = ()
    edition: str | None
    wanted: bool
    attempts: int
    deadline: datetime
    parts: Mapping[int, PartRecord] = field(default_factory=dict)
    notices: Mapping[int, PartRecord] = field(default_factory=dict)

    @property
    def withdraws(self) -> bool:
        """Whether it was planned because the digest was taken back."""
        return self.occasion.startswith("retraction:")

    @property
    def begun(self) -> bool:
        """Whether the chat has, or may have, some of it: then it is finished whatever the hour."""
        return any(part.shows or part.attempts for part in self.parts.values())
