"""`/retract`: a digest taken back from everybody."""

from bot.commands.ask import Ask
from bot.commands.keys import key
from bot.commands.operate.order import press, read_order
from bot.commands.operate.preview import nothing_loaded
from bot.models import DeliveryState, Reply

_OPEN = (DeliveryState.PLANNED, DeliveryState.CLAIMED)


async def retract(ask: Ask) -> Reply:
    """Say how many chats have the digest; once confirmed, withdraw it: what was sent is taken back by the tick."""
    order = read_order(ask)
    published = (await ask.store.digests.publications([order.day])).get(order.day)
    if published is None:
        return await nothing_loaded(ask, order.day)
    sent_since = ask.now - ask.settings.correct_for
    reach = await ask.store.corrections.reach(order.day, sent_since=sent_since)
    number = sum(reach.values())
    if order.mark == published.revision_id and await ask.store.digests.retract(order.day, only=order.mark):
        return Reply(template="retracted", values={"day": order.day, "number": number})
    counts = await ask.store.status.counts(order.day)
    sure = key("retract", press("retract", order.day, published.revision_id), number=number)
    return Reply(
        template="retract",
        values={
            "day": order.day,
            "number": number,
            "waiting": sum(count for (_, state), count in counts.items() if state in _OPEN),
            "stale": order.pressed,
        },
        buttons=((sure,),),
    )
