"""The methods that write, change and delete messages."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.emulators.telegram.markup import Reader, check_keyboard, check_length
from tests.emulators.telegram.places import Json, Message, Place
from tests.emulators.telegram.refusal import bad_request
from tests.emulators.telegram.world import World

ENTITIES = 100
DELETABLE_SECONDS = 48 * 3600


@dataclass(kw_only=True, slots=True)
class Sending:
    """Carries out the sends. `violations` are what Telegram would silently spoil; `remember` keeps the messages."""

    world: World
    reader: Reader = field(default_factory=Reader)
    violations: list[str] = field(default_factory=list)
    remember: bool = True
    sent: int = 0
    edited: int = 0
    deleted: int = 0
    first_at: float | None = None
    last_at: float | None = None
    per_chat: Counter[int] = field(default_factory=Counter)

    def methods(self) -> dict[str, Callable[[Json], Any]]:
        return {
            "sendMessage": self.send_message,
            "editMessageText": self.edit_text,
            "editMessageReplyMarkup": self.edit_markup,
            "deleteMessage": self.delete,
            "sendChatAction": self.chat_action,
        }

    def send_message(self, params: Json) -> Json:
        text, entities = self._content(params)
        place = self.world.find(params.get("chat_id"))
        place.check_writable()
        thread = _thread(place, params)
        self._check_reply(place, params)
        markup = params.get("reply_markup")
        self._check(place, params, text, entities)
        message = Message(
            message_id=next(place.numbers),
            chat_id=place.id,
            thread_id=thread,
            raw=params["text"],
            text=text,
            entities=entities,
            reply_markup=markup,
            method="sendMessage",
            params=params,
        )
        if self.remember:
            place.messages.append(message)
            place.by_number[message.message_id] = message
        self._count(message)
        return self.world.shown(message)

    def edit_text(self, params: Json) -> Json:
        text, entities = self._content(params)
        message, place = self._editable(params)
        markup = params.get("reply_markup")
        self._check(place, params, text, entities)
        message.change(raw=params["text"], text=text, entities=entities, reply_markup=markup)
        self.edited += 1
        return self.world.shown(message)

    def edit_markup(self, params: Json) -> Json:
        message, _ = self._editable(params)
        markup = params.get("reply_markup")
        check_keyboard(markup)
        message.change(raw=message.raw, text=message.text, entities=message.entities, reply_markup=markup)
        self.edited += 1
        return self.world.shown(message)

    def delete(self, params: Json) -> bool:
        place = self.world.find(params.get("chat_id"))
        place.check_open()
        message = self.world.message(place, params.get("message_id"), "delete")
        if time.time() - message.date > DELETABLE_SECONDS:
            raise bad_request("message can't be deleted for everyone")
        message.deleted = True
        self.deleted += 1
        return True

    def chat_action(self, params: Json) -> bool:
        place = self.world.find(params.get("chat_id"))
        place.check_writable()
        _thread(place, params)
        return True

    def _count(self, message: Message) -> None:
        self.sent += 1
        self.per_chat[message.chat_id] += 1
        self.first_at = message.sent_at if self.first_at is None else self.first_at
        self.last_at = message.sent_at

    def forget_counts(self) -> None:
        self.sent = self.edited = self.deleted = 0
        self.first_at = self.last_at = None
        self.per_chat.clear()

    def _content(self, params: Json) -> tuple[str, list[Json]]:
        mode = params.get("parse_mode") or ""
        text, entities = self.reader.read(str(params.get("text") or ""), mode)
        return text, entities if mode else list(params.get("entities") or entities)

    def _check(self, place: Place, params: Json, text: str, entities: list[Json]) -> None:
        check_length(text)
        check_keyboard(params.get("reply_markup"))
        for what in self.reader.spoilt(str(params["text"]), params.get("parse_mode") or ""):
            self.violations.append(f"chat {place.id}: {what} in {text[:40]!r}")
        if len(entities) > ENTITIES:
            self.violations.append(f"chat {place.id}: {len(entities)} entities in {text[:40]!r}; Telegram drops some")

    def _editable(self, params: Json) -> tuple[Message, Place]:
        if params.get("message_id") is None:
            raise bad_request("message identifier is not specified")
        place = self.world.find(params.get("chat_id"))
        place.check_writable()
        return self.world.message(place, params["message_id"], "edit"), place

    def _check_reply(self, place: Place, params: Json) -> None:
        reply = params.get("reply_parameters") or {}
        number = reply.get("message_id", params.get("reply_to_message_id"))
        if number is None or reply.get("allow_sending_without_reply") or params.get("allow_sending_without_reply"):
            return
        known = {typed["message_id"] for typed in place.typed} | place.by_number.keys()
        if int(number) not in known:
            raise bad_request("message to be replied not found")


def _thread(place: Place, params: Json) -> int | None:
    if params.get("message_thread_id") is None:
        return None
    thread = int(params["message_thread_id"])
    if thread not in place.topics:
        raise bad_request("message thread not found")
    if thread in place.closed_topics and place.bot not in ("creator", "administrator"):
        raise bad_request("TOPIC_CLOSED")
    return thread
