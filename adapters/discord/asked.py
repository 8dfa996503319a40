"""What somebody asked by a slash command, a button, a menu or a form, as a command; what they are typing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from adapters.discord.looks import ASKS, MENU, NEW_MESSAGE, typed
from adapters.discord.places import MANAGES
from bot.contract import Suggest
from bot.models import Actor, Chat, ChatKind, Command

_EVERYTHING = "all"
"""What a menu with nothing chosen means."""


class Kind(IntEnum):
    """How it was asked, by Discord's numbers."""

    COMMAND = 2
    COMPONENT = 3
    TYPING = 4
    FORM = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """One interaction. `content` is Discord's own; `pressed` is the label of the button, where it was one.

    `permissions` are the asker's in that channel; `on_message` tells whether there is a message to be changed.
    """

    id: int
    token: str
    application: int
    kind: int
    content: Mapping[str, Any]
    actor: Actor
    chat: Chat
    locale: str
    permissions: int = 0
    pressed: str = ""
    on_message: bool = False

    @property
    def manages(self) -> bool:
        """Whether the asker may manage the channel."""
        return bool(self.permissions & MANAGES)

    @property
    def public(self) -> bool:
        """Whether others read along."""
        return self.chat.kind is not ChatKind.PRIVATE

    @property
    def custom_id(self) -> str:
        """What the button, menu or form is called; empty for commands."""
        return str(self.content.get("custom_id") or "")

    @property
    def in_place(self) -> bool:
        """Whether the message it was asked on is to be changed."""
        return self.on_message and not self.custom_id.startswith(NEW_MESSAGE)


def form_wanted(asked: Asked) -> tuple[str, str] | None:
    """Return the press and the label of the form a button asks for; None when it asks for none."""
    if asked.kind != Kind.COMPONENT or not asked.custom_id.startswith(ASKS):
        return None
    data, _, label = asked.custom_id.removeprefix(ASKS).partition("\n")
    return data, label.strip() or data


def command_of(asked: Asked, handle: object, before: Mapping[tuple[str, str], str]) -> Command:
    """Return the command an interaction gives; `before` is what goes in front of an option, by command and option."""
    if asked.kind == Kind.COMMAND:
        name = str(asked.content.get("name") or "")
        in_front = {option: sign for (command, option), sign in before.items() if command == name}
        words = " ".join(_given(asked.content.get("options") or (), in_front))
    else:
        name, _, words = _press(asked).partition(" ")
    return Command(
        name=name.lower(),
        words=words.strip(),
        actor=asked.actor,
        chat=asked.chat,
        locale=asked.locale,
        handle=handle,
        in_place=asked.in_place,
    )


def suggest_of(asked: Asked) -> Suggest:
    """Return what is being typed, into which option of which command."""
    options = asked.content.get("options") or ()
    focused: Mapping[str, Any] = next((option for option in options if option.get("focused")), {})
    return Suggest(
        name=str(asked.content.get("name") or ""),
        option=str(focused.get("name") or ""),
        typed=str(focused.get("value") or ""),
        chat=asked.chat,
        locale=asked.locale,
    )


def _press(asked: Asked) -> str:
    """Return the press, with what was chosen or typed behind it."""
    data = asked.custom_id.partition("\n")[0]
    if asked.kind == Kind.FORM:
        return " ".join([data.removeprefix(NEW_MESSAGE), *typed(asked.content.get("components") or ())])
    if data.startswith(MENU):
        chosen = [str(value) for value in asked.content.get("values") or ()]
        return " ".join([data.removeprefix(MENU), *(chosen or [_EVERYTHING])])
    return data.removeprefix(NEW_MESSAGE)


def _given(options: Sequence[Mapping[str, Any]], in_front: Mapping[str, str]) -> Iterator[str]:
    for option in options:
        if "value" in option:
            sign = in_front.get(str(option.get("name")), "")
            yield sign + str(option["value"]).removeprefix(sign)
        yield from _given(option.get("options") or (), in_front)
