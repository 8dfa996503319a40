"""Forums: a post for each day, named after its digest, with what follows of it inside."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import structlog

from adapters.discord.dialect import text_of
from adapters.discord.looks import Json
from adapters.discord.rest import Rest
from adapters.discord.verdicts import Archived, Locked, NoChannel
from bot.errors import NotDelivered, Unknown
from bot.models import Part

_NAME_MOST, _TAGS_MOST = 100, 5
_NEEDS_TAG = 1 << 4
_KEPT = 1000

log = structlog.get_logger(__name__)


def address_of(thread: object, message_id: object) -> str:
    """Return the message id under which a message in a forum's post is found again."""
    return f"{thread}:{message_id}"


class Posts:
    """The posts of one account. Which thread a day's post is, is remembered, and after a restart looked up."""

    def __init__(self, rest: Rest) -> None:
        self._rest = rest
        self._threads: dict[tuple[str, str], str] = {}
        self._me = ""

    async def send(self, forum: str, part: Part, message: Json) -> str:
        """Write `part`, as the `message` it is, as a new post or into the day's post where it goes on.

        Where that was deleted or locked meanwhile, in a new one. Return where it is found again.
        """
        name = name_of(part)
        room = await self._rest.look_up("GET", f"/channels/{forum}")
        if part.number > 1 and (thread := await self._thread(forum, name, room)):
            try:
                said = await self._rest.call("POST", f"/channels/{thread}/messages", message, bucket=thread)
                return address_of(thread, said["id"])
            except (NoChannel, Locked, Archived) as error:
                log.info("the day's post is closed, opening a new one", forum=forum, reason=str(error))
        body = {"name": name, "message": message, "applied_tags": _tags(part, room)}
        post = await self._rest.call("POST", f"/channels/{forum}/threads", body, bucket=forum)
        self._remember(forum, name, str(post["id"]))
        if not isinstance(post.get("message"), dict):
            raise Unknown("Discord's answer names no message")
        return address_of(post["id"], post["message"]["id"])

    def _remember(self, forum: str, name: str, thread: str) -> None:
        self._threads[forum, name] = thread
        if len(self._threads) > _KEPT:
            del self._threads[next(iter(self._threads))]

    async def _thread(self, forum: str, name: str, room: Mapping[str, Any]) -> str | None:
        """Return our newest post of that name which is still active."""
        if known := self._threads.get((forum, name)):
            return known
        if not self._me:
            self._me = str((await self._rest.look_up("GET", "/users/@me"))["id"])
        try:
            active = await self._rest.look_up("GET", f"/guilds/{room['guild_id']}/threads/active")
        except KeyError as error:
            raise NotDelivered("Discord's answer names no server") from error
        ours = [
            int(thread["id"])
            for thread in active["threads"]
            if (thread.get("parent_id"), thread.get("name"), thread.get("owner_id")) == (forum, name, self._me)
        ]
        return str(max(ours)) if ours else None


def name_of(part: Part) -> str:
    """Return what a post is called: its digest's title, with the day unless that says it; else its first line."""
    if part.about is None:
        lines = text_of(part.markup).strip().splitlines()
        return (lines[0] if lines else "…")[:_NAME_MOST]
    title, day = part.about.title, part.about.day
    if f"{day:%m%d}" in re.sub(r"\D", "", title):
        return title[:_NAME_MOST]
    return f"{title[: _NAME_MOST - 13]} · {day}"


def _tags(part: Part, forum: Mapping[str, Any]) -> Sequence[str]:
    """Return the forum's tags that are called as the edition's categories; any one where it needs one."""
    offered = [tag for tag in forum.get("available_tags") or () if not tag.get("moderated")]
    by_name = {str(tag["name"]).strip().casefold(): str(tag["id"]) for tag in offered}
    subjects = part.about.subjects if part.about else ()
    found = list(dict.fromkeys(by_name[name.casefold()] for name in subjects if name.casefold() in by_name))
    if not found and int(forum.get("flags") or 0) & _NEEDS_TAG and offered:
        found = [str(offered[0]["id"])]
    return found[:_TAGS_MOST]
