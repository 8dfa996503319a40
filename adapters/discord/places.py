"""Discord's channels as chats. A thread is a chat of its own; a forum's posts all belong to the forum."""

from collections.abc import Mapping
from typing import Any

from bot.models import Chat, ChatKind

PLATFORM = "discord"
DIRECT, ANNOUNCEMENT, FORUM, MEDIA = 1, 5, 15, 16
"""Discord's types of channels."""
POSTED_IN = frozenset({FORUM, MEDIA})
MANAGES = 1 << 4 | 1 << 3
"""Who may manage channels, or is an administrator, by Discord's bits."""


def place(address: object, title: str = "", *, direct: bool = False) -> Chat:
    """Return the chat with that id. Guild channels are groups, announcement channels too: their members may ask."""
    kind = ChatKind.PRIVATE if direct else ChatKind.GROUP
    return Chat(platform=PLATFORM, address=str(address), kind=kind, title=title)


def chat_from(raw: Mapping[str, Any]) -> Chat:
    """Return the chat of Discord's JSON of a channel."""
    if raw["type"] == DIRECT:
        names = [person.get("global_name") or person.get("username") for person in raw.get("recipients", ())]
        return place(raw["id"], ", ".join(filter(None, names)), direct=True)
    return place(raw["id"], f"#{raw.get('name') or raw['id']}")
