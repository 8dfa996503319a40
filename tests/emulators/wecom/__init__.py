"""WeCom's webhook on a loopback socket: robots and trouble, counting bytes as WeCom does."""

from tests.emulators.wecom.faults import Fault, Rule
from tests.emulators.wecom.robots import Message, Robot
from tests.emulators.wecom.server import WecomEmulator

__all__ = ["Fault", "Message", "Robot", "Rule", "WecomEmulator"]
