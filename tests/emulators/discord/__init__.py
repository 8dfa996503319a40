"""Discord on a loopback socket: REST and gateway, people, guilds and trouble, as strict as Discord."""

from tests.emulators.discord.faults import ANSWERS, SENDS, Fault, Rule
from tests.emulators.discord.interaction import Answer, Choice, Interaction, Kind
from tests.emulators.discord.message import Message
from tests.emulators.discord.places import EVERYONE, Channel, ChannelKind, Guild, Permission, Person
from tests.emulators.discord.pointing import pointed_at
from tests.emulators.discord.server import APPLICATION, DiscordEmulator

__all__ = [
    "ANSWERS",
    "APPLICATION",
    "EVERYONE",
    "SENDS",
    "Answer",
    "Channel",
    "ChannelKind",
    "Choice",
    "DiscordEmulator",
    "Fault",
    "Guild",
    "Interaction",
    "Kind",
    "Message",
    "Permission",
    "Person",
    "Rule",
    "pointed_at",
]
