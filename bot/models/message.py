"""What goes out: messages in a platform's own markup."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True, slots=True)
class Key:
    """A button as it is shown; `data` (at most 64 bytes, Telegram's limit) comes back when it is pressed.

    `option` makes it one of the part's menu, set when `on`; `asks` is the label of a field to be filled in first.
    Platforms without menus and forms leave both aside. Where nobody can be answered, a link may stand for it that says
    `/start` and the data, without its `+` and with `_` for its spaces.
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

    `dated` is the day as its language writes it, empty in what was stored before there was that. `subjects` are all the
    names and slugs of the categories its items belong to, the most frequent first.
    """

    day: date
    title: str
    dated: str = ""
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A message as a chat page shows it; its number stays when it changes. Number 0 is a passing word.

    `mine` was said by the reader, `pushed` came unasked, perhaps `silent`.
    """

    number: int
    markup: str
    keys: tuple[tuple[Key, ...], ...] = ()
    mine: bool = False
    pushed: bool = False
    silent: bool = False
    edited: bool = False
    gone: bool = False
