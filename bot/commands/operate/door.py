"""Who may operate, and where it is answered."""

from collections.abc import Awaitable, Callable

from bot.commands.ask import Ask, Refused
from bot.commands.plain import unknown_command
from bot.models import ChatKind, Reply

Handler = Callable[[Ask], Awaitable[Reply]]


def operators_only(handler: Handler) -> Handler:
    """Return `handler` for operators in private; in a group it says nothing but where to ask."""

    async def guarded(ask: Ask) -> Reply:
        if not ask.operates:
            return await unknown_command(ask)
        if ask.command.chat.kind is not ChatKind.PRIVATE:
            raise Refused("operate_in_private")
        return await handler(ask)

    return guarded
