"""What people do: type, press, block, kick, add, move."""

import asyncio
import itertools
import time

from tests.emulators.telegram.asking import Asking
from tests.emulators.telegram.markup import Reader
from tests.emulators.telegram.places import ANONYMOUS_ADMIN, PRESENT, Json, Message, Person, Place, Status, membership
from tests.emulators.telegram.updates import Updates
from tests.emulators.telegram.world import World

Who = Place | Person | int
Where = Place | int


class Acts:
    """Turns acts into updates for the bot. `asked_at` is when a chat last wanted an answer (time.monotonic()).

    A press that the bot has heard of is to be answered within `answer_within` seconds: so long a button shows that it
    was pressed, and how long that is Telegram does not say.
    """

    answer_within = 5.0

    def __init__(self, world: World, updates: Updates, asking: Asking, reader: Reader) -> None:
        self._world, self._updates, self._asking, self._reader = world, updates, asking, reader
        self._queries = itertools.count(7_000_000_001)
        self.asked_at: dict[int, float] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}

    def types(
        self, user: Who, text: str, chat: Where | None, topic: int | None, reply_to: Message | None, *, anonymous: bool
    ) -> Json:
        place = self._place(user, chat)
        return self._says(user, place, self._typed(place, text, topic), reply_to, anonymous=anonymous)

    def shares(self, user: Who, location: Json, chat: Where | None) -> Json:
        place = self._place(user, chat)
        return self._says(user, place, {**self._blank(place), "location": location})

    def _place(self, user: Who, chat: Where | None) -> Place:
        return self._world.at(chat) if chat is not None else self._world.chats[self._world.person(user).id]

    def _says(
        self, user: Who, place: Place, content: Json, reply_to: Message | None = None, *, anonymous: bool = False
    ) -> Json:
        if place.kind == "private" and place.bot == "kicked":
            raise LookupError("who blocked the bot can't write to it; unblock first")
        if place.kind == "channel":
            content["sender_chat"] = place.json()
        elif anonymous:
            content |= {"from": ANONYMOUS_ADMIN, "sender_chat": place.json()}
        else:
            content["from"] = self._world.person(user).json()
        if reply_to is not None:
            content |= self._replying(place, reply_to)
        if place.kind == "private" and place.bot == "left":
            place.bot = "member"
        place.typed.append(content)
        if place.bot not in PRESENT:
            return content
        self.asked_at[place.id] = time.monotonic()
        self._updates.put("channel_post" if place.kind == "channel" else "message", content)
        return content

    def presses(self, user: Who, message: Message, named: str) -> str:
        button = message.button(named)
        if "callback_data" not in button:
            raise LookupError(f"button {named!r} gives the bot nothing")
        if message.deleted:
            raise LookupError("the message is deleted")
        query = str(next(self._queries))
        self._asking.open_callbacks.add(query)
        self.asked_at[message.chat_id] = time.monotonic()
        content = {
            "id": query,
            "from": self._world.person(user).json(),
            "message": self._world.shown(message),
            "chat_instance": str(abs(message.chat_id) * 31),
            "data": button["callback_data"],
        }
        self._await_answer(query, self._updates.put("callback_query", content))
        return query

    def _await_answer(self, query: str, update: int | None) -> None:
        if update is not None:
            loop = asyncio.get_running_loop()
            self._timers[query] = loop.call_later(self.answer_within, self._note_silence, query, update)

    def _note_silence(self, query: str, update: int) -> None:
        """Note that the bot has not answered; one that is away has all the time until it is back."""
        if query not in self._asking.open_callbacks:
            return
        if any(one["update_id"] == update for one in self._updates.pending):
            self._await_answer(query, update)
        else:
            self._asking.violations.append(f"press {query} was not answered within {self.answer_within:g} s")

    def close(self) -> None:
        for timer in self._timers.values():
            timer.cancel()

    def bot_status(self, place: Place, status: Status, by: Person | None) -> None:
        """Change what the bot is in a place, and tell it."""
        me, was = self._world.me, place.bot
        place.bot = status
        who = by.json() if by else self._someone(place)
        change = {"chat": place.json(), "from": who, "date": int(time.time())}
        change |= {"old_chat_member": membership(me, was), "new_chat_member": membership(me, status)}
        self._updates.put("my_chat_member", change)
        if was in ("left", "kicked") and status not in ("left", "kicked") and place.kind in ("group", "supergroup"):
            joined = {**self._blank(place), "from": who, "new_chat_members": [me]}
            self._updates.put("message", joined)

    def migrates(self, old: Place, new_id: int) -> Place:
        new = self._world.group(new_id, title=old.title, members=old.members, bot=old.bot)
        new.anonymous = set(old.anonymous)
        leaving = {**self._blank(old), "from": self._someone(old), "migrate_to_chat_id": new_id}
        old.moved_to = new_id
        arriving = {**self._blank(new), "from": ANONYMOUS_ADMIN, "sender_chat": new.json()}
        self._updates.put("message", leaving)
        self._updates.put("message", {**arriving, "migrate_from_chat_id": old.id})
        return new

    def deletes_topic(self, place: Place, topic: int) -> None:
        place.topics.discard(topic)
        place.deleted_topics.add(topic)
        for message in place.messages:
            message.deleted = message.deleted or message.thread_id == topic

    def _typed(self, place: Place, text: str, topic: int | None) -> Json:
        content = {**self._blank(place), "text": text}
        if entities := self._reader.found(text):
            content["entities"] = entities
        if topic is not None:
            if topic in place.deleted_topics:
                raise LookupError(f"topic {topic} is deleted")
            self._world.topic(place, topic)
            opened = {"name": f"Topic {topic}", "icon_color": 7322096}
            head = {"message_id": topic, "chat": place.json(), "date": int(time.time()), "from": self._someone(place)}
            head |= {"message_thread_id": topic, "is_topic_message": True, "forum_topic_created": opened}
            content |= {"message_thread_id": topic, "is_topic_message": True, "reply_to_message": head}
        return content

    def _replying(self, place: Place, to: Message) -> Json:
        """A reply; in a supergroup without topics it bears a thread id that is no topic's."""
        reply: Json = {"reply_to_message": self._world.shown(to)}
        if place.kind == "supergroup" and not place.forum:
            reply["message_thread_id"] = to.message_id
        return reply

    def _blank(self, place: Place) -> Json:
        return {"message_id": next(place.numbers), "date": int(time.time()), "chat": place.json()}

    def _someone(self, place: Place) -> Json:
        if place.person:
            return place.person.json()
        creators = [
            user for user, status in place.members.items() if status == "creator" and user in self._world.people
        ]
        return self._world.people[creators[0]].json() if creators else ANONYMOUS_ADMIN
