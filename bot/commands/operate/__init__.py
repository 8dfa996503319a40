"""What operators ask and order in their private chat; to everybody else these commands do not exist."""

from collections.abc import Mapping

from bot.commands.operate.categorise import categorise
from bot.commands.operate.door import Handler, operators_only
from bot.commands.operate.preview import preview
from bot.commands.operate.push import push
from bot.commands.operate.resend import resend
from bot.commands.operate.retract import retract
from bot.commands.operate.status import status

OPERATE: Mapping[str, Handler] = {
    "categorise": operators_only(categorise),
    "status": operators_only(status),
    "preview": operators_only(preview),
    "push": operators_only(push),
    "resend": operators_only(resend),
    "retract": operators_only(retract),
}

__all__ = ["OPERATE"]
