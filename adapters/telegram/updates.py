"""Telegram's updates as commands, chat events and questions in inline mode."""

import re
from dataclasses import dataclass
from typing import Any

from telegram import CallbackQuery, Message, Update, User
from telegram import Chat as TelegramChat
from telegram.constants import ChatMemberStatus, ChatType

from adapters.telegram.inline import Inline, inline_of
from adapters.telegram.links import NEW_MESSAGE
from bot.contract import ChatEvent, EventKind
from bot.models import Actor, Chat, ChatKind, Command

PLATFORM = "telegram"

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@(\w+))?(?:\s+(.*))?", re.DOTALL)
_KINDS = {ChatType.PRIVATE: ChatKind.PRIVATE, ChatType.CHANNEL: ChatKind.CHANNEL}
_THERE = frozenset({ChatMemberStatus.MEMBER, ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.OWNER})


@dataclass(frozen=True, kw_only=True, slots=True)
class Handle:
    """What an answer needs: the message asked with or pressed under, and the press to acknowledge, if it was one."""

    message_id: int
    press: str = ""


def translate(raw: dict[str, Any], username: str) -> Command | ChatEvent | Inline | None:
    """Return what an update means to the bot called `username`; None if nothing.

    Raises KeyError, TypeError, ValueError or AttributeError for what is no update of Telegram's.
    """
    if "my_chat_member" in raw:
        return _standing(raw["my_chat_member"])
    if "inline_query" in raw:
        return inline_of(raw["inline_query"], PLATFORM)
    update = Update.de_json(raw)
    if update.callback_query is not None:
        return _pressed(update.callback_query)
    if update.message is not None:
        return _moved(update.message) or _located(update.message) or _typed(update.message, username)
    return None


def chat_from(raw: dict[str, Any]) -> Chat:
    """Return the chat of Telegram's JSON."""
    name = " ".join(filter(None, (raw.get("first_name"), raw.get("last_name"))))
    return _chat(raw["type"], raw["id"], raw.get("title") or name)


def _typed(message: Message, username: str) -> Command | None:
    text = (message.text or "").strip()
    found = _COMMAND.fullmatch(text)
    private = message.chat.type == ChatType.PRIVATE
    if found is None and not (private and text):
        return None
    name, addressee, words = found.groups() if found else ("", None, text)
    if addressee and addressee.lower() != username.lower():
        return None
    return Command(
        name=name.lower(),
        words=(words or "").strip(),
        actor=_author(message),
        chat=_place(message),
        locale=_locale(message.from_user),
        handle=Handle(message_id=message.message_id),
        addressed=private or bool(addressee),
    )


def _located(message: Message) -> Command | None:
    """Read a location that is sent in private; in a group it is meant for the others."""
    if message.location is None or message.chat.type != ChatType.PRIVATE:
        return None
    return Command(
        name="here",
        words=f"{message.location.latitude:.4f} {message.location.longitude:.4f}",
        actor=_author(message),
        chat=_place(message),
        locale=_locale(message.from_user),
        handle=Handle(message_id=message.message_id),
    )


def _pressed(query: CallbackQuery) -> Command | None:
    """Read a press. Under an inaccessible (too old) message Telegram tells the chat, but no topic."""
    message = query.message
    if message is None or not query.data:
        return None
    name, _, words = query.data.removeprefix(NEW_MESSAGE).partition(" ")
    return Command(
        name=name,
        words=words.strip(),
        actor=_person(query.from_user),
        chat=_place(message) if isinstance(message, Message) else _whole(message.chat),
        locale=_locale(query.from_user),
        handle=Handle(message_id=message.message_id, press=query.id),
        in_place=not query.data.startswith(NEW_MESSAGE),
    )


def _standing(change: dict[str, Any]) -> ChatEvent | None:
    """Read a change of the bot's own standing in a chat.

    Not by the library: it refuses a member that lacks any of the rights it knows, and Bot API servers differ there.
    """
    old, new = change["old_chat_member"], change["new_chat_member"]
    private = change["chat"]["type"] == ChatType.PRIVATE
    if _is_there(old) and not _is_there(new):
        kind = EventKind.BLOCKED if private else EventKind.KICKED
    elif _is_there(new) and not _is_there(old):
        kind = EventKind.BACK if private else EventKind.JOINED
    elif _may_write(new) and not _may_write(old):
        kind = EventKind.BACK
    else:
        return None  # if muted just now, the next send is refused with the reason
    return ChatEvent(kind=kind, chat=chat_from(change["chat"]), actor=_person(User.de_json(change["from"])))


def _moved(message: Message) -> ChatEvent | None:
    if message.migrate_to_chat_id is None:
        return None
    old = _whole(message.chat)
    new = _chat(ChatType.SUPERGROUP, message.migrate_to_chat_id, old.title)
    return ChatEvent(kind=EventKind.MIGRATED, chat=old, moved_to=new)


def _is_there(member: dict[str, Any]) -> bool:
    return member["status"] in _THERE or bool(member.get("is_member"))


def _may_write(member: dict[str, Any]) -> bool:
    if member["status"] == ChatMemberStatus.RESTRICTED:
        return bool(member.get("is_member") and member.get("can_send_messages"))
    return _is_there(member) and bool(member.get("can_post_messages", True))


def _author(message: Message) -> Actor:
    """Return who wrote: an anonymous admin writes as the group, others may write as a channel of theirs."""
    if message.sender_chat is not None:
        return Actor(address=str(message.sender_chat.id), name=message.sender_chat.title or "")
    if message.from_user is not None:
        return _person(message.from_user)
    return Actor(address=str(message.chat.id), name=message.chat.title or "")


def _person(user: User) -> Actor:
    return Actor(address=str(user.id), name=user.full_name)


def _locale(user: User | None) -> str:
    return (user.language_code if user else None) or ""


def _place(message: Message) -> Chat:
    """Return the chat with its topic. A thread without `is_topic_message` is only a chain of replies."""
    topic = message.message_thread_id if message.is_topic_message else None
    return _whole(message.chat, topic)


def _whole(chat: TelegramChat, topic: int | None = None) -> Chat:
    return _chat(chat.type, chat.id, chat.effective_name, topic)


def _chat(kind: str, address: int, title: str | None, topic: int | None = None) -> Chat:
    return Chat(
        platform=PLATFORM,
        address=str(address),
        topic=str(topic or ""),
        kind=_KINDS.get(ChatType(kind), ChatKind.GROUP),
        title=title or "",
    )
