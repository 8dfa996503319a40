"""What readers can ask, one small function per command; platform-neutral."""

from bot.commands.conversation import Conversation
from bot.commands.handle import Commands
from bot.commands.menu import menu

__all__ = ["Commands", "Conversation", "menu"]
