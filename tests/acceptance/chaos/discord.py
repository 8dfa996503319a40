"""Discord's side: channels, direct messages, a thread and a forum; a send that is repeated by its nonce is dropped."""

from collections.abc import Iterator, Sequence
from typing import Any

from adapters.discord import DiscordDialect
from bot.contract import Dialect
from bot.models import Chat, ChatKind, Part
from tests.acceptance.application import DISCORD_TOKEN
from tests.acceptance.chaos.plan import WISHES, Plan, Weather
from tests.acceptance.chaos.side import Face, Shown
from tests.acceptance.chaos.weather import brew
from tests.acceptance.seeding import Subscriber
from tests.emulators.discord import ChannelKind, DiscordEmulator, Message
from tests.emulators.telegram import Rule

Json = dict[str, Any]
GUILD, FORUM, THREAD, FIRST = 1, 30, 31, 2000
DIRECT = 5
"""Every fifth chat are direct messages."""


class DiscordSide:
    """The subscribers of a bot on Discord, whatever their channels are."""

    def __init__(self, emulator: DiscordEmulator, subscribers: Sequence[Subscriber]) -> None:
        self.dialect: Dialect = DiscordDialect()
        self.settings = {"discord_token": DISCORD_TOKEN, "discord_api_url": emulator.url}
        self.keys: Sequence[str] = ()
        self._emulator = emulator
        self._untold: Sequence[Rule] = ()
        self.subscribers = subscribers

    @property
    def sent(self) -> int:
        return self._emulator.sent

    @property
    def violations(self) -> Sequence[str]:
        return self._emulator.violations

    @property
    def unknowns(self) -> int:
        return sum(rule.hits for rule in self._untold)

    def may_double(self, chat: Chat) -> bool:
        """Posts of a forum have no nonce."""
        return self._emulator.channels[int(chat.address)].kind is ChannelKind.FORUM

    def face(self, part: Part) -> Face:
        return part.markup, tuple(tuple(key.data for key in row) for row in part.keys)

    def standing(self, chat: Chat) -> Sequence[Shown]:
        place = self._emulator.channels[int(chat.address)]
        posts = [one for one in self._emulator.channels.values() if one.parent is place]
        rooms = posts if place.kind is ChannelKind.FORUM else [place]
        return [_shown(message) for room in rooms for message in room.standing]

    def found(self, chat: Chat, message_id: str) -> Shown | None:
        thread, _, number = message_id.rpartition(":")
        message = self._emulator.channels[int(thread or chat.address)].by_id.get(int(number))
        return _shown(message) if message and not message.deleted else None

    def brew(self, plan: Plan) -> None:
        self._emulator.enforce(per_second=20 if plan.weather is Weather.STRICT else 50)
        self._untold = brew(
            self._emulator,
            plan,
            sends=("send_message", "start_thread"),
            changes=("edit_message", "delete_message"),
        )

    def calm(self) -> None:
        self._emulator.calm()


def rooms(emulator: DiscordEmulator, zone: str, number: int) -> Sequence[Subscriber]:
    """Let so many chats wish for something."""
    return [
        Subscriber(chat=chat, zone=zone, subjects=WISHES[at % len(WISHES)])
        for at, chat in enumerate(chats(emulator, number))
    ]


def chats(emulator: DiscordEmulator, number: int) -> Iterator[Chat]:
    """Yield so many chats: a forum and a thread first, then channels and direct messages."""
    emulator.guild(GUILD, locale="zh-CN")
    yield _chat(emulator.forum(FORUM, GUILD, tags=["芯片技术", "Other"], require_tag=True).id)
    yield _chat(emulator.thread(THREAD, emulator.text(FIRST, GUILD)).id)
    for at in range(FIRST + 1, FIRST + number - 1):
        if at % DIRECT:
            yield _chat(emulator.text(at, GUILD).id)
        else:
            yield _chat(emulator.dm(emulator.person(at, locale="zh-CN")).id, ChatKind.PRIVATE)


def _chat(address: int, kind: ChatKind = ChatKind.GROUP) -> Chat:
    return Chat(platform="discord", address=str(address), kind=kind)


def _shown(message: Message) -> Shown:
    now = _face(message.embeds, message.components)
    old = message.history[0] if message.history else None
    return Shown(face=now, first=_face(old.embeds, old.components) if old else now)


def _face(embeds: Sequence[Json], components: Sequence[Json]) -> Face:
    rows = (tuple(button["custom_id"] for button in row["components"]) for row in components)
    return embeds[0]["description"], tuple(rows)
