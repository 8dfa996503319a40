"""`/push`: today's digest now, to those whose hour is still to come."""

from bot.commands.ask import Ask
from bot.commands.keys import key
from bot.commands.operate.order import press, read_order
from bot.commands.operate.preview import nothing_loaded
from bot.delivery import Planner
from bot.errors import BadCommand
from bot.models import Reply


async def push(ask: Ask) -> Reply:
    """Say how many are due today's digest later; once confirmed, plan it for them now. Raises BadCommand."""
    order = read_order(ask)
    day = ask.today
    if not order.pressed and order.day != day:
        raise BadCommand("only_today", day=order.day, today=day)
    published = (await ask.store.digests.publications([day])).get(day)
    if published is None:
        return await nothing_loaded(ask, day)
    planner = Planner(ask.store, catch_up=ask.settings.catch_up, correct_for=ask.settings.correct_for)
    if (order.day, order.mark) == (day, published.revision_id):
        return Reply(template="pushed", values={"day": day, "number": await planner.push_now(day, ask.now)})
    waiting = await ask.store.deliveries.waiting(await planner.early(day, ask.now))
    number = sum(waiting.values())
    sure = key("push", press("push", day, published.revision_id), number=number)
    return Reply(
        template="push",
        values={"day": day, "number": number, "stale": order.pressed},
        buttons=((sure,),) if number else (),
    )
