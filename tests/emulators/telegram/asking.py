"""The methods that ask about chats and members, and set up the bot's menu."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.emulators.telegram.places import PRESENT, Json, Place, membership
from tests.emulators.telegram.refusal import bad_request, forbidden
from tests.emulators.telegram.world import World

COMMANDS = 100
CALLBACK_TEXT = 200
_EXPIRED = "query is too old and response timeout expired or query ID is invalid"


@dataclass(kw_only=True, slots=True)
class Asking:
    """Answers what the bot asks. `commands` is the menu by (scope, language); a scope of a chat is `chat:-100`.

    `violations` get what people would have to put up with: a press that is answered twice.
    """

    world: World
    violations: list[str]
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    descriptions: dict[tuple[str, str], str] = field(default_factory=dict)
    open_callbacks: set[str] = field(default_factory=set)
    answered_callbacks: dict[str, Json] = field(default_factory=dict)

    def methods(self) -> dict[str, Callable[[Json], Any]]:
        return {
            "getMe": self.get_me,
            "getChat": self.get_chat,
            "getChatMember": self.get_member,
            "getChatAdministrators": self.get_administrators,
            "answerCallbackQuery": self.answer_callback,
            "setMyCommands": self.set_commands,
            "getMyCommands": self.get_commands,
            "deleteMyCommands": self.delete_commands,
            "setMyDescription": self.set_description,
            "setMyShortDescription": self.set_short_description,
        }

    def get_me(self, _: Json) -> Json:
        abilities = {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": True}
        return {**self.world.me, **abilities}

    def get_chat(self, params: Json) -> Json:
        place = self.world.find(params.get("chat_id"))
        if not place.username or place.kind == "private":
            place.check_open()
        gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
        accepted = dict.fromkeys(gifts, False)
        return {**place.json(), "accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": accepted}

    def get_member(self, params: Json) -> Json:
        place = self._watched(params)
        user_id = int(params.get("user_id") or 0)
        if user_id == self.world.me["id"]:
            return membership(self.world.me, place.bot)
        person = self.world.people.get(user_id)
        if person is None:
            raise bad_request("PARTICIPANT_ID_INVALID")
        return membership(person.json(), place.status_of(user_id), anonymous=user_id in place.anonymous)

    def get_administrators(self, params: Json) -> list[Json]:
        place = self._watched(params)
        if place.kind == "private":
            raise bad_request("there are no administrators in the private chat")
        return [
            membership(self.world.people[user_id].json(), status, anonymous=user_id in place.anonymous)
            for user_id, status in place.members.items()
            if status in ("creator", "administrator")
        ]

    def answer_callback(self, params: Json) -> bool:
        query = str(params.get("callback_query_id", ""))
        if query in self.answered_callbacks:
            self.violations.append(f"press {query} was answered twice")
        if query not in self.open_callbacks:
            raise bad_request(_EXPIRED)
        if len(params.get("text") or "") > CALLBACK_TEXT:
            raise bad_request("MESSAGE_TOO_LONG")
        self.open_callbacks.discard(query)
        self.answered_callbacks[query] = params
        return True

    def set_commands(self, params: Json) -> bool:
        commands = params.get("commands") or []
        if len(commands) > COMMANDS:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        for command in commands:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
                raise bad_request("BOT_COMMAND_INVALID")
            if not 1 <= len(command["description"]) <= 256:
                raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        self.commands[self._menu(params)] = commands
        return True

    def get_commands(self, params: Json) -> list[Json]:
        return self.commands.get(self._menu(params), [])

    def delete_commands(self, params: Json) -> bool:
        self.commands.pop(self._menu(params), None)
        return True

    def set_description(self, params: Json) -> bool:
        return self._describe("description", params, 512)

    def set_short_description(self, params: Json) -> bool:
        return self._describe("short_description", params, 120)

    def _describe(self, what: str, params: Json, limit: int) -> bool:
        text = params.get(what) or ""
        if len(text) > limit:
            raise bad_request(f"{what.upper()}_TOO_LONG")
        self.descriptions[what, params.get("language_code") or ""] = text
        return True

    def _menu(self, params: Json) -> tuple[str, str]:
        scope = params.get("scope") or {"type": "default"}
        language = params.get("language_code") or ""
        if language and not re.fullmatch(r"[a-z]{2}", language):
            raise bad_request("LANGUAGE_CODE_INVALID")
        place = f":{self.world.find(scope['chat_id']).id}" if "chat_id" in scope else ""
        return f"{scope['type']}{place}", language

    def _watched(self, params: Json) -> Place:
        place = self.world.find(params.get("chat_id"))
        if place.kind == "channel" and place.bot not in PRESENT:
            raise forbidden("bot is not a member of the channel chat")
        place.check_open()
        if place.kind == "channel" and place.bot not in ("creator", "administrator"):
            raise bad_request("member list is inaccessible")
        return place
