"""Telegram's updates as commands and chat events."""

import re
from dataclasses import dataclass

from telegram import CallbackQuery, ChatMember, ChatMemberUpdated, Message, Update, User
from telegram import Chat as TelegramChat
from telegram.constants import ChatMemberStatus, ChatType

from bot.contract import ChatEvent, EventKind
from bot.models import Actor, Chat, ChatKind, Command

PLATFORM = "telegram"
NEW_MESSAGE = "+"
"""Before a button's data: answer with a new message instead of changing the one it stands under."""

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@(\w+))?(?:\s+(.*))?", re.DOTALL)
_KINDS = {ChatType.PRIVATE: ChatKind.PRIVATE, ChatType.CHANNEL: ChatKind.CHANNEL}
_THERE = frozenset({ChatMemberStatus.MEMBER, ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.OWNER})


@dataclass(frozen=True, kw_only=True, slots=True)
class Handle:
    """What an answer needs: the message asked with or pressed under, and the press to acknowledge, if it was one."""

    message_id: int
    press: str = ""


def translate(update: Update, username: str) -> Command | ChatEvent | None:
    """Return what `update` means to the bot called `username`; None if nothing."""
    if update.callback_query is not None:
        return _pressed(update.callback_query)
    if update.my_chat_member is not None:
        return _standing(update.my_chat_member)
    if update.message is not None:
        return _moved(update.message) or _typed(update.message, username)
    return None


def chat_of(kind: str, address: int, title: str | None, topic: int | None = None) -> Chat:
    """Return the chat with Telegram's `kind` and id."""
    return Chat(
        platform=PLATFORM,
        address=str(address),
        topic=str(topic or ""),
        kind=_KINDS.get(ChatType(kind), ChatKind.GROUP),
        title=title or "",
    )


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
        chat=_place(message) if isinstance(message, Message) else _chat(message.chat),
        locale=_locale(query.from_user),
        handle=Handle(message_id=message.message_id, press=query.id),
        in_place=not query.data.startswith(NEW_MESSAGE),
    )


def _standing(change: ChatMemberUpdated) -> ChatEvent | None:
    """Read a change of the bot's own standing in a chat."""
    before, now = _may_write(change.old_chat_member), _may_write(change.new_chat_member)
    private = change.chat.type == ChatType.PRIVATE
    if before == now:
        return None
    if now and (private or _is_there(change.old_chat_member)):
        kind = EventKind.BACK
    elif now:
        kind = EventKind.JOINED
    elif private:
        kind = EventKind.BLOCKED
    elif not _is_there(change.new_chat_member):
        kind = EventKind.KICKED
    else:
        return None  # still there, but muted: the next send is refused with the reason
    return ChatEvent(kind=kind, chat=_chat(change.chat), actor=_person(change.from_user))


def _moved(message: Message) -> ChatEvent | None:
    if message.migrate_to_chat_id is None:
        return None
    old = _chat(message.chat)
    new = chat_of(ChatType.SUPERGROUP, message.migrate_to_chat_id, old.title)
    return ChatEvent(kind=EventKind.MIGRATED, chat=old, moved_to=new)


def _may_write(member: ChatMember) -> bool:
    if member.status == ChatMemberStatus.RESTRICTED:
        return _is_there(member) and bool(getattr(member, "can_send_messages", False))
    return _is_there(member)


def _is_there(member: ChatMember) -> bool:
    return member.status in _THERE or bool(getattr(member, "is_member", False))


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
    return _chat(message.chat, message.message_thread_id if message.is_topic_message else None)


def _chat(chat: TelegramChat, topic: int | None = None) -> Chat:
    return chat_of(chat.type, chat.id, chat.effective_name, topic)
