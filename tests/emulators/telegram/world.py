"""Who and where: the people and places one bot can meet."""

import itertools
import time
from collections.abc import Iterator, Mapping
from typing import Any

from tests.emulators.telegram.places import Json, Kind, Message, Person, Place, Status
from tests.emulators.telegram.refusal import Refused, bad_request


class World:
    """People and places by id. Private chats and basic groups share one count of messages, others have their own."""

    def __init__(self, token: str, username: str) -> None:
        self.token = token
        self.me: Json = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Digest",
            "username": username,
        }
        self.chats: dict[int, Place] = {}
        self.people: dict[int, Person] = {}
        self._shared = itertools.count(1)

    @property
    def messages(self) -> list[Message]:
        """Every message the bot sent, chat by chat."""
        return [message for place in self.chats.values() for message in place.messages]

    def private(
        self,
        user_id: int,
        *,
        language_code: str = "",
        first_name: str = "Reader",
        username: str = "",
        started: bool = True,
    ) -> Place:
        """A person with their private chat. The bot can't write before they `started` it."""
        person = Person(id=user_id, first_name=first_name, username=username, language_code=language_code)
        self.people[user_id] = person
        status: Status = "member" if started else "left"
        return self._keep(Place(id=user_id, kind="private", person=person, bot=status, numbers=self._shared))

    def group(
        self,
        chat_id: int,
        *,
        kind: Kind = "supergroup",
        forum: bool = False,
        title: str = "A group",
        username: str = "",
        members: Mapping[int, Status] | None = None,
        bot: Status = "member",
    ) -> Place:
        """A group, supergroup or forum; its id is below zero."""
        return self._public(chat_id, kind, title=title, username=username, members=members, bot=bot, forum=forum)

    def channel(
        self,
        chat_id: int,
        *,
        username: str = "",
        title: str = "A channel",
        members: Mapping[int, Status] | None = None,
        bot: Status = "administrator",
    ) -> Place:
        """A channel; a `username` (without @) makes it public."""
        return self._public(chat_id, "channel", title=title, username=username, members=members, bot=bot)

    def topic(self, chat: Place | int, thread_id: int) -> int:
        """Open a topic in a forum."""
        place = self.at(chat)
        if not place.forum:
            raise ValueError(f"{place.title!r} is no forum")
        place.topics.add(thread_id)
        return thread_id

    def at(self, chat: Place | int) -> Place:
        return chat if isinstance(chat, Place) else self.chats[chat]

    def person(self, who: Place | Person | int) -> Person:
        if isinstance(who, Person):
            return who
        return self.people[who.id if isinstance(who, Place) else who]

    def find(self, chat_id: Any) -> Place:
        """The place a call names by id or @username. Raises Refused."""
        if isinstance(chat_id, str) and chat_id.startswith("@"):
            named = (place for place in self.chats.values() if place.username.lower() == chat_id[1:].lower())
            place = next((place for place in named if place.kind in ("channel", "supergroup")), None)
        else:
            place = self.chats.get(_number(chat_id))
        if place is None:
            raise bad_request("chat not found")
        return place

    def named_in(self, params: Json) -> int | None:
        """The id of the chat that a call is for; none of one that is not there by that name."""
        chat_id = params.get("chat_id")
        if type(chat_id) is int:
            return chat_id
        try:
            return None if chat_id is None else self.find(chat_id).id
        except Refused:
            return None

    def message(self, place: Place, message_id: Any, what: str) -> Message:
        """A message of the bot's that still stands. Raises Refused."""
        number = _number(message_id)
        message = place.by_number.get(number)
        if message is None and any(typed["message_id"] == number for typed in place.typed):
            raise bad_request("message can't be edited" if what == "edit" else f"message can't be {what}d")
        if message is None or message.deleted:
            raise bad_request(f"message to {what} not found")
        return message

    def shown(self, message: Message) -> Json:
        """A message of the bot's, as the Bot API shows it."""
        place = self.chats[message.chat_id]
        shown: Json = {"message_id": message.message_id, "chat": place.json(), "date": message.date}
        shown |= {"sender_chat": place.json()} if place.kind == "channel" else {"from": self.me}
        shown["text"] = message.text
        if message.entities:
            shown["entities"] = message.entities
        if message.reply_markup and "inline_keyboard" in message.reply_markup:
            shown["reply_markup"] = message.reply_markup
        if message.edits:
            shown["edit_date"] = int(time.time())
        if message.thread_id is not None:
            shown |= {"message_thread_id": message.thread_id, "is_topic_message": True}
        return shown

    def _public(self, chat_id: int, kind: Kind, *, members: Mapping[int, Status] | None, **rest: Any) -> Place:
        if chat_id >= 0:
            raise ValueError("the id of a group or channel is below zero")
        numbers: Iterator[int] = self._shared if kind == "group" else itertools.count(1)
        return self._keep(Place(id=chat_id, kind=kind, members=dict(members or {}), numbers=numbers, **rest))

    def _keep(self, place: Place) -> Place:
        self.chats[place.id] = place
        return place


def _number(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0
