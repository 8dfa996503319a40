"""Which chat a command is about, and whether its actor may change it."""

from dataclasses import dataclass

from bot.commands.ask import Ask, Refused
from bot.errors import BadCommand, ChatGone, DeliveryError
from bot.models import Chat, ChatKind


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """The chat a command is about; `elsewhere` when that is another than the one it was given in."""

    chat: Chat
    elsewhere: bool = False

    def press(self, words: str) -> str:
        """Return the button press that gives the command `words` about this chat."""
        return f"{words} @{self.chat.address}" if self.elsewhere else words

    @property
    def tail(self) -> str:
        """What a typed command ends with to be about this chat."""
        return self.press("")

    @property
    def title(self) -> str:
        """How the answer names the chat; empty where the answer stands in it."""
        return (self.chat.title or self.chat.address) if self.elsewhere else ""


async def readable(ask: Ask, target: str | None) -> Place:
    """Return the chat to look at. Anyone may look at their own; another's only its managers may.

    Raises BadCommand when there is no such chat for this actor.
    """
    return await managed(ask, target) if target else Place(chat=ask.command.chat)


async def managed(ask: Ask, target: str | None) -> Place:
    """Return the chat to change. Raises Refused when the actor may not, BadCommand when it can't be found."""
    place = await _elsewhere(ask, target) if target else Place(chat=ask.command.chat)
    if not await _may_manage(ask, place.chat):
        raise Refused("refused", chat=place.title, kind=place.chat.kind.value)
    return place


async def _elsewhere(ask: Ask, target: str) -> Place:
    if ask.command.chat.kind is not ChatKind.PRIVATE:
        raise Refused("elsewhere_in_private", target=target)
    try:
        chat = await ask.gate.find_chat(target)
    except ChatGone as error:
        raise BadCommand("chat_not_found", target=target) from error
    except DeliveryError as error:
        raise BadCommand("try_again") from error
    if chat == ask.command.chat:
        return Place(chat=chat)
    if chat.kind is ChatKind.PRIVATE:  # nobody manages somebody else's own chat
        raise BadCommand("chat_not_found", target=target)
    return Place(chat=chat, elsewhere=True)


async def _may_manage(ask: Ask, chat: Chat) -> bool:
    try:
        return await ask.gate.may_manage(chat, ask.command.actor)
    except ChatGone as error:
        raise BadCommand("chat_not_found", target=chat.title or chat.address) from error
    except DeliveryError as error:
        raise BadCommand("try_again") from error
