"""The calls that write, change and delete messages, and open threads."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.emulators.discord.forms import check_message, check_name, check_tags, pings
from tests.emulators.discord.message import COMPONENTS_V2, EPHEMERAL, LOADING, SUPPRESS_NOTIFICATIONS, Message
from tests.emulators.discord.places import Channel, ChannelKind, Permission, snowflake
from tests.emulators.discord.refusal import Json, Refused, missing_permissions, unknown
from tests.emulators.discord.wire import Call
from tests.emulators.discord.world import World

KEPT_FLAGS = COMPONENTS_V2 | EPHEMERAL | LOADING | 1 << 2 | SUPPRESS_NOTIFICATIONS


@dataclass(kw_only=True, slots=True)
class Posting:
    """Carries out the sends. `sent` counts what the bot wrote unasked: messages and forum posts;
    `per_chat` counts the posts of a forum, and what follows in them, as the forum's.

    A nonce is remembered for `nonce_seconds`; `deduplicated` counts the sends it stopped.
    """

    world: World
    remember: bool = True
    nonce_seconds: float = 120.0
    sent: int = 0
    edited: int = 0
    deleted: int = 0
    deduplicated: int = 0
    first_at: float | None = None
    last_at: float | None = None
    per_chat: Counter[int] = field(default_factory=Counter)
    _nonces: dict[str, tuple[float, Message]] = field(default_factory=dict)

    def routes(self) -> list[tuple[str, str, str, Callable[[Call], Any]]]:
        messages, one = "/channels/{channel}/messages", "/channels/{channel}/messages/{message}"
        return [
            ("POST", messages, "send_message", self.send),
            ("PATCH", one, "edit_message", self.edit),
            ("DELETE", one, "delete_message", self.delete),
            ("POST", f"{one}/crosspost", "crosspost", self.crosspost),
            ("POST", f"{one}/threads", "start_thread", self.start_thread),
            ("POST", "/channels/{channel}/threads", "start_thread", self.start_thread),
            ("PATCH", "/channels/{channel}", "edit_channel", self.edit_thread),
            ("PUT", "/channels/{channel}/thread-members/@me", "join_thread", self.join_thread),
            ("POST", "/channels/{channel}/typing", "typing", self.typing),
        ]

    def send(self, call: Call) -> Json:
        channel = self.world.find(call.ids["channel"])
        payload = call.params
        channel.check_writable(payload)
        check_message(payload)
        nonce = None if payload.get("nonce") is None else str(payload["nonce"])
        if nonce and payload.get("enforce_nonce") and (first := self._first(nonce, channel)):
            self.deduplicated += 1
            return first.json(self.world.me)
        message = self.write(call.name, channel, payload)
        if nonce:
            self._nonces[nonce] = (time.monotonic(), message)
        channel.archived = False
        self._count(channel)
        return message.json(self.world.me)

    def write(self, method: str, channel: Channel, payload: Json, *, message_id: int | None = None) -> Message:
        """Let a message stand in a channel, unless it is ephemeral. What it says must have been checked."""
        message = Message(
            id=message_id or snowflake(),
            channel_id=channel.id,
            method=method,
            params=payload,
            content=payload.get("content") or "",
            embeds=payload.get("embeds") or [],
            components=payload.get("components") or [],
            attachments=payload.get("attachments") or [],
            flags=int(payload.get("flags") or 0) & KEPT_FLAGS,
            nonce=None if payload.get("nonce") is None else str(payload["nonce"]),
        )
        self.watch(channel, payload)
        if self.remember and not message.ephemeral:
            channel.messages.append(message)
            channel.by_id[message.id] = message
        return message

    def rewrite(self, message: Message, payload: Json) -> None:
        """Let a message say something else. Raises Refused when Discord would not take the whole."""
        whole = {what: getattr(message, what) for what in ("content", "embeds", "components", "attachments", "flags")}
        if not payload.get("flags"):
            payload = {key: value for key, value in payload.items() if key != "flags"}
        check_message({**whole, **payload})
        self.watch(self.world.channels[message.channel_id], payload)
        message.change(payload)
        self.edited += 1

    def watch(self, channel: Channel, payload: Json) -> None:
        """Note what Discord takes and readers suffer from."""
        where = f"channel {channel.id}"
        if pings(payload):
            self.world.violations.append(f"{where}: {payload['content'][:60]!r} calls people; allow no mentions")
        urls = [embed["url"] for embed in payload.get("embeds") or [] if embed.get("url")]
        if len(urls) != len(set(urls)):
            self.world.violations.append(f"{where}: two embeds with one url; Discord shows only the first")

    def edit(self, call: Call) -> Json:
        channel, message = self._standing(call)
        channel.check_writable(call.params)
        channel.check_unarchived()
        self.rewrite(message, call.params)
        return message.json(self.world.me)

    def delete(self, call: Call) -> None:
        channel, message = self._standing(call)
        channel.check_visible()
        channel.check_unarchived()
        message.deleted = True
        self.deleted += 1

    def crosspost(self, call: Call) -> Json:
        channel, message = self._standing(call)
        if channel.kind is not ChannelKind.ANNOUNCEMENT:
            raise Refused(400, 50024, "Cannot execute action on this channel type")
        channel.check_writable({})
        if message.crossposted:
            raise Refused(400, 40033, "This message was already crossposted")
        message.crossposted = True
        return message.json(self.world.me)

    def start_thread(self, call: Call) -> Json:
        parent = self.world.find(call.ids["channel"])
        payload = call.params
        if parent.kind is ChannelKind.FORUM:
            return self._post(call.name, parent, payload)
        parent.check_visible()
        if not parent.bot_permissions() & Permission.CREATE_PUBLIC_THREADS:
            raise missing_permissions()
        check_name(payload.get("name") or "")
        thread_id = self._standing(call)[1].id if "message" in call.ids else snowflake()
        thread = Channel(id=thread_id, kind=ChannelKind.THREAD, name=payload["name"], parent=parent)
        return self.world.keep_thread(thread).json(self.world.id)

    def _post(self, method: str, forum: Channel, payload: Json) -> Json:
        """A post is a thread whose first message bears the thread's id."""
        said = payload.get("message") or {}
        forum.check_writable(said, post=True)
        check_name(payload.get("name") or "")
        tags = [int(tag) for tag in payload.get("applied_tags") or []]
        check_tags(tags, {tag.id for tag in forum.tags}, required=forum.require_tag)
        check_message(said)
        post = Channel(id=snowflake(), kind=ChannelKind.THREAD, name=payload["name"], parent=forum, applied_tags=tags)
        message = self.write(method, post, said, message_id=post.id)
        self.world.keep_thread(post)
        self._count(post)
        return {**post.json(self.world.id), "message": message.json(self.world.me)}

    def edit_thread(self, call: Call) -> Json:
        thread = self.world.find(call.ids["channel"])
        thread.check_visible()
        if not thread.is_thread or thread.locked:
            raise missing_permissions()
        payload = call.params
        if "name" in payload:
            check_name(payload["name"])
            thread.name = payload["name"]
        thread.archived = bool(payload.get("archived", thread.archived))
        if "applied_tags" in payload and thread.parent:
            tags = [int(tag) for tag in payload["applied_tags"]]
            known = {tag.id for tag in thread.parent.tags}
            check_tags(tags, known, required=thread.parent.require_tag)
            thread.applied_tags = tags
        return thread.json(self.world.id)

    def join_thread(self, call: Call) -> None:
        self.world.find(call.ids["channel"]).check_visible()

    def typing(self, call: Call) -> None:
        self.world.find(call.ids["channel"]).check_writable({})

    def forget_nonces(self) -> None:
        """Let every nonce be older than Discord remembers."""
        self._nonces.clear()

    def forget_counts(self) -> None:
        self.sent = self.edited = self.deleted = self.deduplicated = 0
        self.first_at = self.last_at = None
        self.per_chat.clear()

    def _first(self, nonce: str, channel: Channel) -> Message | None:
        """Return the message this nonce was used for, while it is remembered."""
        at, first = self._nonces.get(nonce, (0.0, None))
        if first is None or time.monotonic() - at > self.nonce_seconds:
            return None
        if first.channel_id != channel.id:
            self.world.violations.append(f"channel {channel.id}: nonce {nonce} was another channel's; nothing is sent")
        return first

    def _standing(self, call: Call) -> tuple[Channel, Message]:
        channel = self.world.find(call.ids["channel"])
        channel.check_visible()
        message = channel.by_id.get(int(call.ids["message"]) if call.ids["message"].isdecimal() else 0)
        if message is None or message.deleted:
            raise unknown("Message")
        return channel, message

    def _count(self, channel: Channel) -> None:
        self.sent += 1
        forum = channel.parent if channel.parent and channel.parent.kind is ChannelKind.FORUM else None
        self.per_chat[forum.id if forum else channel.id] += 1
        self.last_at = time.monotonic()
        self.first_at = self.last_at if self.first_at is None else self.first_at
