"""`/resend`: once more to those whom a digest did not reach."""

from bot.commands.ask import Ask
from bot.commands.keys import key
from bot.commands.operate.order import press, read_order
from bot.models import Reply
from bot.schedule import ONE_DAY


async def resend(ask: Ask) -> Reply:
    """Say how many deliveries failed; once confirmed, plan them again, except those to chats that are paused."""
    order = read_order(ask)
    failed = await ask.store.resends.failed(order.day)
    if failed.number and order.mark == failed.number:
        planned = await ask.store.resends.plan(order.day, ask.now, deadline=ask.now + ONE_DAY)
        return Reply(template="resent", values={"day": order.day, "failed": planned})
    sure = key("resend", press("resend", order.day, failed.number), number=failed.number)
    return Reply(
        template="resend",
        values={"day": order.day, "failed": failed, "stale": order.pressed},
        buttons=((sure,),) if failed.number else (),
    )
