"""What an error of the Bot API means for a delivery."""

from dataclasses import replace

from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, TelegramError

from adapters.telegram.transport import Flood, NotSent, Unreadable
from bot.errors import ChatGone, ChatMoved, DeliveryError, NotDelivered, RateLimited, Rejected, Unknown, Vanished
from bot.models import Chat, ChatKind

_TOPIC_LOST = ("message thread not found", "topic_deleted", "topic_closed")
_GONE = (
    "chat not found",
    "peer_id_invalid",
    "group chat was deactivated",
    "group chat is deactivated",
    "not enough rights to send text",
    "have no rights to send a message",
    "need administrator rights in the channel chat",
    "chat_write_forbidden",
    "chat_send_plain_forbidden",
    "chat_restricted",
)
_VANISHED = (
    "message to edit not found",
    "message can't be edited",
    "message to delete not found",
    "message_id_invalid",
)


class Unchanged(Rejected):
    """The message is already so."""


def verdict(error: TelegramError, chat: Chat | None) -> DeliveryError:
    """Return what `error`, the answer to a call for `chat`, means."""
    reason = error.message
    result: DeliveryError = Unknown(reason)
    if unreadable(error):
        result = Unknown("the answer is not Telegram's; is there a proxy in between?")
    elif isinstance(error, Flood):
        result = RateLimited(reason, retry_after=error.seconds, scope="unknown")
    elif isinstance(error, ChatMigrated) and chat is not None:
        result = ChatMoved(reason, chat=replace(chat, address=str(error.new_chat_id), kind=ChatKind.GROUP))
    elif isinstance(error, Forbidden):
        result = ChatGone(reason)
    elif isinstance(error, BadRequest):
        result = _refusal(reason, chat)
    elif isinstance(error, InvalidToken):
        result = NotDelivered("Telegram refused the token")
    elif isinstance(error, NotSent | Conflict):
        result = NotDelivered(reason)
    return result


def unreadable(error: TelegramError) -> bool:
    """Tell whether the answer was something else than the Bot API's JSON, whatever its status."""
    return isinstance(error, Unreadable) or isinstance(error.__cause__, Unreadable)


def _refusal(reason: str, chat: Chat | None) -> DeliveryError:
    text = reason.lower()
    if "message is not modified" in text:
        return Unchanged(reason)
    if any(words in text for words in _TOPIC_LOST):
        return ChatMoved(reason, chat=replace(chat, topic="")) if chat and chat.topic else ChatGone(reason)
    if any(words in text for words in _GONE):
        return ChatGone(reason)
    if any(words in text for words in _VANISHED):
        return Vanished(reason)
    return Rejected(reason)
