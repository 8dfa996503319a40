"""People, places, and the messages that stand in them."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from tests.emulators.telegram.refusal import Refused, bad_request, forbidden

Kind = Literal["private", "group", "supergroup", "channel"]
Status = Literal["creator", "administrator", "member", "restricted", "left", "kicked"]
Json = dict[str, Any]

ANONYMOUS_ADMIN: Json = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
PRESENT = frozenset({"creator", "administrator", "member", "restricted"})


@dataclass(kw_only=True, slots=True)
class Person:
    """A user. Bots know a language only where the client tells it."""

    id: int
    first_name: str = "Reader"
    username: str = ""
    language_code: str = ""

    def json(self) -> Json:
        shown: Json = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        if self.username:
            shown["username"] = self.username
        if self.language_code:
            shown["language_code"] = self.language_code
        return shown


@dataclass(kw_only=True, slots=True)
class Version:
    """What a message said before an edit."""

    raw: str
    text: str
    entities: list[Json]
    reply_markup: Json | None


@dataclass(kw_only=True, slots=True)
class Message:
    """A message of the bot's: `raw` as it was sent, `text` and `entities` as Telegram's parser read them.

    `sent_at` and `edited_at` are of time.monotonic(); `date` is in epoch seconds, and may be set back to age it.
    """

    message_id: int
    chat_id: int
    thread_id: int | None
    raw: str
    text: str
    entities: list[Json]
    reply_markup: Json | None
    method: str
    params: Json
    sent_at: float = field(default_factory=time.monotonic)
    date: int = field(default_factory=lambda: int(time.time()))
    edited_at: float | None = None
    history: list[Version] = field(default_factory=list)
    deleted: bool = False

    @property
    def edits(self) -> int:
        return len(self.history)

    @property
    def silent(self) -> bool:
        """Whether it arrived without a sound."""
        return self.params.get("disable_notification") is True

    @property
    def buttons(self) -> list[list[str]]:
        """The labels, row by row."""
        return [[button["text"] for button in row] for row in self.keyboard]

    @property
    def keyboard(self) -> list[list[Json]]:
        rows: list[list[Json]] = (self.reply_markup or {}).get("inline_keyboard", [])
        return rows

    def button(self, named: str) -> Json:
        """Return the button whose label or callback data is `named`, or the only one whose label holds it."""
        every = [button for row in self.keyboard for button in row]
        exact = [button for button in every if named in (button["text"], button.get("callback_data"))]
        near = [button for button in every if named in button["text"]]
        if exact:
            return exact[0]
        if len(near) == 1:
            return near[0]
        raise LookupError(f"no button {named!r} among {self.buttons}")

    def change(self, *, raw: str, text: str, entities: list[Json], reply_markup: Json | None) -> None:
        """Say something else from now on. Raises Refused when it is the same."""
        if (text, entities, reply_markup) == (self.text, self.entities, self.reply_markup):
            raise bad_request(
                "message is not modified: specified new message content and reply markup are exactly the same "
                "as a current content and reply markup of the message"
            )
        self.history.append(
            Version(raw=self.raw, text=self.text, entities=self.entities, reply_markup=self.reply_markup)
        )
        self.raw, self.text, self.entities, self.reply_markup = raw, text, entities, reply_markup
        self.edited_at = time.monotonic()


@dataclass(kw_only=True, slots=True)
class Place:
    """A chat. `bot` is the bot's own status in it, `members` that of users, by id."""

    id: int
    kind: Kind
    title: str = ""
    username: str = ""
    forum: bool = False
    person: Person | None = None
    bot: Status = "member"
    members: dict[int, Status] = field(default_factory=dict)
    anonymous: set[int] = field(default_factory=set)
    topics: set[int] = field(default_factory=set)
    deleted_topics: set[int] = field(default_factory=set)
    closed_topics: set[int] = field(default_factory=set)
    messages: list[Message] = field(default_factory=list)
    typed: list[Json] = field(default_factory=list)
    moved_to: int | None = None
    closed: str = ""
    """Why nobody can write here any more (`user is deactivated`)."""
    numbers: Iterator[int]
    by_number: dict[int, Message] = field(default_factory=dict)

    @property
    def standing(self) -> list[Message]:
        """The messages that are not deleted."""
        return [message for message in self.messages if not message.deleted]

    @property
    def last(self) -> Message:
        return self.standing[-1]

    def json(self) -> Json:
        if self.person:
            shown: Json = {"id": self.id, "type": "private", "first_name": self.person.first_name}
        else:
            shown = {"id": self.id, "type": self.kind, "title": self.title}
        if self.username:
            shown["username"] = self.username
        if self.forum:
            shown["is_forum"] = True
        return shown

    def check_open(self) -> None:
        """Raise Refused unless the bot may act here."""
        if self.moved_to is not None:
            raise bad_request("group chat was upgraded to a supergroup chat", migrate_to_chat_id=self.moved_to)
        if self.closed:
            raise forbidden(self.closed)
        if self.bot not in PRESENT:
            raise self._shut()

    def check_writable(self) -> None:
        """Raise Refused unless the bot may write here."""
        self.check_open()
        if self.kind == "channel" and self.bot not in ("creator", "administrator"):
            raise bad_request("need administrator rights in the channel chat")
        if self.bot == "restricted":
            raise bad_request("not enough rights to send text messages to the chat")

    def _shut(self) -> Refused:
        if self.kind == "private":
            return forbidden(
                "bot was blocked by the user" if self.bot == "kicked" else "bot can't initiate conversation with a user"
            )
        if self.bot == "kicked":
            return forbidden(f"bot was kicked from the {self.kind} chat")
        return forbidden(f"bot is not a member of the {self.kind} chat")

    def status_of(self, user_id: int) -> Status:
        if self.kind == "private":
            return "member"
        return self.members.get(user_id, "left")


class Call(NamedTuple):
    """A call of the bot's; `at` is of time.monotonic()."""

    method: str
    params: Json
    at: float


def membership(user: Json, status: Status, *, anonymous: bool = False) -> Json:
    """A ChatMember as the Bot API shows it."""
    member: Json = {"user": user, "status": status}
    if status == "creator":
        member["is_anonymous"] = anonymous
    elif status == "administrator":
        member |= {"can_be_edited": False, "is_anonymous": anonymous, **dict.fromkeys(_RIGHTS, True)}
    elif status == "kicked":
        member["until_date"] = 0
    elif status == "restricted":
        member |= {"is_member": True, "until_date": 0, **dict.fromkeys(_PERMISSIONS, False)}
    return member


_RIGHTS = (
    "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members", "can_promote_members",
    "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories", "can_delete_stories",
    "can_post_messages", "can_edit_messages", "can_pin_messages", "can_manage_topics",
)  # fmt: skip
_PERMISSIONS = (
    "can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos", "can_send_videos",
    "can_send_video_notes", "can_send_voice_notes", "can_send_polls", "can_send_other_messages",
    "can_add_web_page_previews", "can_change_info", "can_invite_users", "can_pin_messages", "can_manage_topics",
)  # fmt: skip
