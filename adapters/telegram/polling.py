"""Updates by long polling, patient with the network and strict with a second instance."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Never, TypeVar

import structlog
from telegram.constants import UpdateType
from telegram.error import Conflict, InvalidToken, TelegramError

from adapters.telegram.api import BotApi
from adapters.telegram.transport import Flood
from adapters.telegram.verdicts import unreadable
from bot.errors import ConfigError, Occupied

WANTED = [
    str(kind)
    for kind in (UpdateType.MESSAGE, UpdateType.CALLBACK_QUERY, UpdateType.MY_CHAT_MEMBER, UpdateType.INLINE_QUERY)
]
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0

T = TypeVar("T")
log = structlog.get_logger(__name__)


async def poll(api: BotApi, take: Callable[[dict[str, Any]], None], *, wait: int) -> Never:
    """Give every update to `take`, for ever. A webhook set before is taken off; what is pending there is kept."""
    await keep_trying(lambda: api.call("deleteWebhook", drop_pending_updates=False))
    offset = 0
    while True:
        updates = await keep_trying(partial(api.poll, offset=offset, wait=wait, allowed_updates=WANTED))
        for update in updates:
            offset = int(update["update_id"]) + 1
            take(update)


async def keep_trying(attempt: Callable[[], Awaitable[T]]) -> T:
    """Return the result of `attempt`, made again with growing pauses while Telegram can't be reached.

    Raises ConfigError when that is no use: the token is refused, or another instance has it, which is Occupied.
    """
    pause = _FIRST_PAUSE
    while True:
        try:
            return await attempt()
        except TelegramError as error:
            give_up_if_final(error)
            seconds = error.seconds if isinstance(error, Flood) else pause
            log.warning("no updates from Telegram; trying again", reason=error.message[:200], seconds=seconds)
        await asyncio.sleep(seconds)
        pause = min(pause * 2, _LONGEST_PAUSE)


def give_up_if_final(error: TelegramError) -> None:
    """Raise ConfigError when the token is refused, and Occupied when another instance has it."""
    if unreadable(error):
        return
    if isinstance(error, Conflict):
        raise Occupied(
            "DIGESTBOT_TELEGRAM_TOKEN: another instance listens with this token; "
            "stop it, or give this one a token of its own"
        ) from error
    if isinstance(error, InvalidToken):
        raise ConfigError("DIGESTBOT_TELEGRAM_TOKEN: Telegram refuses it; copy it anew from @BotFather") from error
