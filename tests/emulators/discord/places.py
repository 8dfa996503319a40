"""People, guilds, channels, and what the bot may do in them."""

import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntEnum, IntFlag

from tests.emulators.discord.message import Message
from tests.emulators.discord.refusal import Json, Refused, missing_access, missing_permissions, unknown

_EPOCH_MS = 1_420_070_400_000
_SECOND_ORDER = itertools.count()
JOINED_AT = "2025-01-01T00:00:00+00:00"


def snowflake() -> int:
    """Return a new id: the time in milliseconds since 2015, and a count."""
    return ((int(time.time() * 1000) - _EPOCH_MS) << 22) | (next(_SECOND_ORDER) & 0x3FFFFF)


class Permission(IntFlag):
    """The permissions that matter to the bot, by Discord's bits."""

    NONE = 0
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    USE_APPLICATION_COMMANDS = 1 << 31
    CREATE_PUBLIC_THREADS = 1 << 35
    SEND_MESSAGES_IN_THREADS = 1 << 38


EVERYONE = (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.USE_APPLICATION_COMMANDS
    | Permission.CREATE_PUBLIC_THREADS
    | Permission.SEND_MESSAGES_IN_THREADS
)
EVERY_PERMISSION = (1 << 53) - 1


class ChannelKind(IntEnum):
    """Discord's channel types."""

    TEXT = 0
    DM = 1
    ANNOUNCEMENT = 5
    ANNOUNCEMENT_THREAD = 10
    THREAD = 11
    FORUM = 15


THREADS = (ChannelKind.ANNOUNCEMENT_THREAD, ChannelKind.THREAD)


@dataclass(kw_only=True, slots=True)
class Person:
    """A user; `locale` is the language of their client."""

    id: int
    name: str = "reader"
    locale: str = "en-US"
    dms_open: bool = True

    def json(self) -> Json:
        return user_json(self.id, self.name)


def user_json(user_id: int, name: str, *, bot: bool = False) -> Json:
    shown = {"id": str(user_id), "username": name, "discriminator": "0", "global_name": None if bot else name.title()}
    return {**shown, "avatar": None, "bot": bot, "public_flags": 0, "banner": None, "accent_color": None}


@dataclass(kw_only=True, slots=True)
class Guild:
    """A server. `members` has what each may do beyond `everyone`; `here` is whether the bot is in it."""

    id: int
    name: str = "A guild"
    locale: str = "en-US"
    owner_id: int = 1
    here: bool = True
    members: dict[int, Permission] = field(default_factory=dict)
    everyone: Permission = EVERYONE
    bot: Permission = Permission.NONE
    roles: dict[int, int] = field(default_factory=dict)
    """The role that gives a member (or the bot) more than everybody has, by user id."""

    def permissions(self, user_id: int) -> int:
        given = self.everyone | self.members.get(user_id, Permission.NONE)
        return EVERY_PERMISSION if user_id == self.owner_id or given & Permission.ADMINISTRATOR else int(given)

    def member_json(self, user: Json) -> Json:
        roles = [str(self.roles[int(user["id"])])] if int(user["id"]) in self.roles else []
        times = {"joined_at": JOINED_AT, "premium_since": None, "communication_disabled_until": None}
        return {"user": user, "roles": roles, "nick": None, "avatar": None, "flags": 0, **times, **_UNMUTED}

    def role_jsons(self, bot_id: int) -> list[Json]:
        every = [_role(self.id, "@everyone", self.everyone, 0)]
        for user_id, role_id in self.roles.items():
            more = self.bot if user_id == bot_id else self.members[user_id]
            every.append(_role(role_id, f"role {role_id}", more, len(every)))
        return every

    def json(self, bot_id: int) -> Json:
        plain = {"id": str(self.id), "name": self.name, "owner_id": str(self.owner_id), "preferred_locale": self.locale}
        return {**plain, **_GUILD, "roles": self.role_jsons(bot_id)}


_UNMUTED: Json = {"deaf": False, "mute": False, "pending": False}
_GUILD: Json = {
    "icon": None, "splash": None, "discovery_splash": None, "description": None, "banner": None,
    "vanity_url_code": None,
    "afk_channel_id": None, "afk_timeout": 300, "system_channel_id": None, "system_channel_flags": 0,
    "rules_channel_id": None, "public_updates_channel_id": None, "application_id": None, "verification_level": 0,
    "default_message_notifications": 0, "explicit_content_filter": 0, "mfa_level": 0, "premium_tier": 0,
    "premium_subscription_count": 0, "nsfw_level": 0, "premium_progress_bar_enabled": False, "features": ["NEWS"],
    "emojis": [], "stickers": [],
}  # fmt: skip


def _role(role_id: int, name: str, permissions: Permission, position: int) -> Json:
    colors = {"primary_color": 0, "secondary_color": None, "tertiary_color": None}
    shown = {"id": str(role_id), "name": name, "permissions": str(int(permissions)), "position": position}
    return {**shown, "color": 0, "colors": colors, "hoist": False, "managed": False, "mentionable": False, "flags": 0}


@dataclass(frozen=True, kw_only=True, slots=True)
class Tag:
    """A forum's tag."""

    id: int
    name: str

    def json(self) -> Json:
        return {"id": str(self.id), "name": self.name, "moderated": False, "emoji_id": None, "emoji_name": None}


@dataclass(kw_only=True, slots=True, eq=False)
class Channel:
    """A place for messages. `denied` is what the bot may not do here; a thread takes that from its parent."""

    id: int
    kind: ChannelKind
    name: str = ""
    guild: Guild | None = None
    parent: "Channel | None" = None
    person: Person | None = None
    tags: list[Tag] = field(default_factory=list)
    require_tag: bool = False
    applied_tags: list[int] = field(default_factory=list)
    denied: Permission = Permission.NONE
    archived: bool = False
    locked: bool = False
    deleted: bool = False
    messages: list[Message] = field(default_factory=list)
    by_id: dict[int, Message] = field(default_factory=dict)

    @property
    def standing(self) -> list[Message]:
        """The messages that are not deleted."""
        return [message for message in self.messages if not message.deleted]

    @property
    def last(self) -> Message:
        return self.standing[-1]

    @property
    def tag_names(self) -> list[str]:
        """The names of the tags a forum post bears."""
        known = {tag.id: tag.name for tag in self.parent.tags} if self.parent else {}
        return [known[tag] for tag in self.applied_tags]

    @property
    def is_thread(self) -> bool:
        return self.kind in THREADS

    def bot_permissions(self) -> int:
        if self.guild is None:
            return int(EVERYONE)
        given = self.guild.everyone | self.guild.bot
        above = self.parent.denied if self.is_thread and self.parent else Permission.NONE
        return EVERY_PERMISSION if given & Permission.ADMINISTRATOR else int(given & ~self.denied & ~above)

    def check_visible(self) -> None:
        """Raise Refused unless the bot is here and sees the channel."""
        if self.deleted:
            raise unknown("Channel")
        if self.guild and not (self.guild.here and self.bot_permissions() & Permission.VIEW_CHANNEL):
            raise missing_access()

    def check_writable(self, payload: Json, *, post: bool = False) -> None:
        """Raise Refused unless the bot may write `payload` here; `post` is a new one in a forum."""
        self.check_visible()
        if self.person and not self.person.dms_open:
            raise Refused(403, 50007, "Cannot send messages to this user")
        if (self.kind is ChannelKind.FORUM) is not post:
            raise Refused(400, 50008, "Cannot send messages in a non-text channel")
        if self.locked:
            raise Refused(403, 160005, "Thread is locked")
        if any(not self.bot_permissions() & need for need in self._needs(payload)):
            raise missing_permissions()

    def check_unarchived(self) -> None:
        if self.archived:
            raise Refused(400, 50083, "Thread is archived")

    def _needs(self, payload: Json) -> Iterator[Permission]:
        yield Permission.SEND_MESSAGES_IN_THREADS if self.is_thread else Permission.SEND_MESSAGES
        if payload.get("embeds"):
            yield Permission.EMBED_LINKS
        if payload.get("attachments"):
            yield Permission.ATTACH_FILES

    def json(self, bot_id: int) -> Json:
        last = str(self.messages[-1].id) if self.messages else None
        shown: Json = {"id": str(self.id), "type": int(self.kind), "last_message_id": last, "flags": 0}
        if self.person:
            return {**shown, "recipients": [self.person.json()]}
        assert self.guild
        parent = str(self.parent.id) if self.parent else None
        shown |= {"guild_id": str(self.guild.id), "name": self.name, "parent_id": parent, "rate_limit_per_user": 0}
        return {**shown, **(self._thread_json(bot_id) if self.is_thread else self._room_json(bot_id))}

    def _thread_json(self, bot_id: int) -> Json:
        now = datetime.now(UTC).isoformat()
        state: Json = {"archived": self.archived, "locked": self.locked, "auto_archive_duration": 4320}
        state |= {"archive_timestamp": now, "create_timestamp": now}
        count = len(self.messages)
        counts: Json = {"message_count": count, "member_count": 1, "total_message_sent": count, "owner_id": str(bot_id)}
        return {**counts, "thread_metadata": state, "applied_tags": [str(tag) for tag in self.applied_tags]}

    def _room_json(self, bot_id: int) -> Json:
        overwrite: Json = {"id": str(bot_id), "type": 1, "allow": "0", "deny": str(int(self.denied))}
        shown: Json = {"position": 0, "nsfw": False, "topic": None}
        shown["permission_overwrites"] = [overwrite] if self.denied else []
        if self.kind is ChannelKind.FORUM:
            shown |= {"available_tags": [tag.json() for tag in self.tags], "flags": (1 << 4) * self.require_tag}
            shown |= {"default_reaction_emoji": None, "default_sort_order": None, "default_forum_layout": 0}
        return shown
