"""The Bot API on a loopback socket: people, places and trouble, as strict as Telegram."""

from tests.emulators.telegram.faults import SENDS, Fault, Rule
from tests.emulators.telegram.places import Message, Person, Place
from tests.emulators.telegram.server import TelegramEmulator

__all__ = ["SENDS", "Fault", "Message", "Person", "Place", "Rule", "TelegramEmulator"]
