"""A message of the bot's, with what it said before."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.emulators.discord.refusal import Json

EPHEMERAL = 1 << 6
LOADING = 1 << 7
SUPPRESS_NOTIFICATIONS = 1 << 12
COMPONENTS_V2 = 1 << 15
BUTTON, SELECTS = 2, (3, 5, 6, 7, 8)
_LINK = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """What a message said before an edit."""

    content: str
    embeds: list[Json]
    components: list[Json]

    @property
    def text(self) -> str:
        """Everything a reader sees, line by line, without buttons."""
        return "\n".join(line for line in (self.content, *_spoken(self.embeds), *_displays(self.components)) if line)


@dataclass(kw_only=True, slots=True, eq=False)
class Message:
    """A message of the bot's; `method` is the call that made it, `params` what that carried.

    `sent_at` and `edited_at` are of time.monotonic(). An ephemeral one stands in no channel.
    """

    id: int
    channel_id: int
    method: str
    params: Json
    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    flags: int = 0
    nonce: str | None = None
    answers: Json | None = None
    """Discord's `interaction_metadata`, when the message answers somebody."""
    sent_at: float = field(default_factory=time.monotonic)
    edited_at: float | None = None
    history: list[Version] = field(default_factory=list)
    deleted: bool = False
    crossposted: bool = False

    @property
    def edits(self) -> int:
        return len(self.history)

    @property
    def silent(self) -> bool:
        """Whether it arrived without a sound."""
        return bool(self.flags & SUPPRESS_NOTIFICATIONS)

    @property
    def ephemeral(self) -> bool:
        return bool(self.flags & EPHEMERAL)

    @property
    def allowed_mentions(self) -> Json | None:
        mentions: Json | None = self.params.get("allowed_mentions")
        return mentions

    @property
    def text(self) -> str:
        """Everything a reader sees, line by line, without buttons."""
        return self._version().text

    @property
    def buttons(self) -> list[list[str]]:
        """The labels of the buttons, row by row; rows without any are left out."""
        rows = [[_label(part) for part in walk([row]) if part.get("type") == BUTTON] for row in self.components]
        return [row for row in rows if row]

    @property
    def selects(self) -> list[Json]:
        """The select menus as they were sent."""
        return [part for part in walk(self.components) if part.get("type") in SELECTS]

    def button(self, named: str) -> Json:
        """Return the button whose label or custom id is `named`, or the only one whose label holds it."""
        every = [part for part in walk(self.components) if part.get("type") == BUTTON]
        exact = [part for part in every if named in (_label(part), part.get("custom_id"))]
        near = [part for part in every if named in _label(part)]
        found = exact[:1] or near
        if len(found) != 1:
            raise LookupError(f"no button {named!r} among {self.buttons}")
        if found[0].get("style") == _LINK or found[0].get("disabled"):
            raise LookupError(f"button {named!r} is a link, or disabled")
        return found[0]

    def select(self, custom_id: str) -> Json:
        """Return the select menu of that custom id; an empty one names the only menu."""
        found = [menu for menu in self.selects if custom_id in ("", menu["custom_id"])]
        if len(found) != 1:
            raise LookupError(f"no menu {custom_id!r} among {[menu['custom_id'] for menu in self.selects]}")
        return found[0]

    def change(self, payload: Json) -> None:
        """Say something else from now on; what `payload` leaves out stays."""
        if self.flags & LOADING:
            self.flags &= ~LOADING
        else:
            self.history.append(self._version())
            self.edited_at = time.monotonic()
        self.content = self.content if "content" not in payload else payload["content"] or ""
        for what in ("embeds", "components", "attachments"):
            if what in payload:
                setattr(self, what, payload[what] or [])
        self.flags |= int(payload.get("flags") or 0) & COMPONENTS_V2
        self.params = payload

    def json(self, author: Json) -> Json:
        edited = _stamp(self.edited_at) if self.edited_at else None
        shown: Json = {"id": str(self.id), "channel_id": str(self.channel_id), "type": 20 if self.answers else 0}
        shown |= {"author": author, "timestamp": _stamp(self.sent_at), "edited_timestamp": edited, "tts": False}
        shown |= {"content": self.content, "embeds": [{"type": "rich", **embed} for embed in self.embeds]}
        shown |= {"components": self.components, "attachments": self.attachments, "flags": self.flags, "pinned": False}
        shown |= {"mention_everyone": False, "mentions": [], "mention_roles": []}
        if self.nonce is not None:
            shown["nonce"] = self.nonce
        return {**shown, "interaction_metadata": self.answers} if self.answers else shown

    def _version(self) -> Version:
        return Version(content=self.content, embeds=self.embeds, components=self.components)


def _stamp(moment: float) -> str:
    return datetime.fromtimestamp(time.time() - time.monotonic() + moment, UTC).isoformat()


def _label(button: Json) -> str:
    return button.get("label") or (button.get("emoji") or {}).get("name") or ""


def walk(parts: list[Json]) -> Iterator[Json]:
    """Every component, nested ones included, in order."""
    for part in parts:
        yield part
        yield from walk(part.get("components") or [])
        yield from walk([inner for key in ("component", "accessory") if (inner := part.get(key))])


def _displays(components: list[Json]) -> list[str]:
    return [part["content"] for part in walk(components) if part.get("type") == 10]


def _spoken(embeds: list[Json]) -> Iterator[str]:
    for embed in embeds:
        yield (embed.get("author") or {}).get("name", "")
        yield embed.get("title") or ""
        yield embed.get("description") or ""
        for entry in embed.get("fields") or []:
            yield from (entry["name"], entry["value"])
        yield (embed.get("footer") or {}).get("text", "")
