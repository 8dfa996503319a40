"""What is asked, and what is answered before it is phrased."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.models.digest import Edition
from bot.models.subscription import Chat
from bot.models.week import WeekEdition


@dataclass(frozen=True, kw_only=True, slots=True)
class Actor:
    """Who gave a command. An anonymous admin acts as the chat itself: the address is then the chat's."""

    address: str
    name: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Command:
    """A command as typed (`/day 10-12` is name `day`, words `10-12`) or pressed on a button.

    `handle` is the adapter's own and goes back to it with the answer. `in_place` asks for the message the
    button stands under to be changed rather than a new one sent. One that is not `addressed` to us by name, in a chat
    where other bots may be, may be meant for one of them.
    """

    name: str
    words: str = ""
    actor: Actor
    chat: Chat
    locale: str = ""
    handle: object = None
    in_place: bool = False
    addressed: bool = True


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
    edition: Edition | WeekEdition | None = None
    buttons: tuple[tuple[Button, ...], ...] = ()
    menu: str = ""
    private: bool = False
