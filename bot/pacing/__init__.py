"""How fast an account sends: evenly spaced, replies before pushes, each chat within its own limit."""

from bot.pacing.allowance import Lane
from bot.pacing.pacer import Pacer, Turn

__all__ = ["Lane", "Pacer", "Turn"]
