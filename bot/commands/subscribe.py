"""Subscribing, and leaving again."""

from dataclasses import replace

from bot.commands import words
from bot.commands.ask import Ask
from bot.commands.categories import choose
from bot.commands.coming import Coming, coming
from bot.commands.keys import Rows, key, unknown
from bot.commands.places import Place, managed
from bot.commands.settings import amend
from bot.models import Reply, Subscription, SubscriptionState


async def start(ask: Ask) -> Reply:
    """Greet in one screen; a deep link's `cat_<slug>` subscribes to that category."""
    if ask.words.startswith(words.START_PREFIX):
        return await subscribe(ask)
    wanted = await ask.wanted(ask.command.chat)
    on = wanted.state is SubscriptionState.ON
    first = key("settings", "settings") if on else key("subscribe", "subscribe")
    return Reply(
        template="start",
        values={"subscription": wanted, "on": on, "coming": await coming(ask, wanted)},
        buttons=((first,), (key("today", "+today"), key("categories", "categories"))),
    )


async def subscribe(ask: Ask) -> Reply:
    """Switch the subscription on, with what the words wish for; what they leave out stays as it was."""
    wish = words.read_wish(ask.words, ask.categories)
    place = await managed(ask, wish.target)
    if wish.unread:
        return unknown(ask, wish.unread, lambda near: place.press(f"subscribe {near.slug}"), "unknown_wish")
    was = await ask.wanted(place.chat)
    subscription = await ask.change(place.chat, lambda known: _switched(ask, amend(known, wish), SubscriptionState.ON))
    following = await coming(ask, subscription)
    return Reply(
        template="subscribed",
        values={
            "subscription": subscription,
            "coming": following,
            "chat": place.title,
            "tail": place.tail,
            "back": was.state is SubscriptionState.PAUSED,
            "other": wish.hour.other if wish.hour else None,
        },
        buttons=_after(place, following),
    )


async def unsubscribe(ask: Ask) -> Reply:
    """Switch the subscription off; its settings stay. Named categories alone are a matter of choosing."""
    wish = words.read_wish(ask.words, ask.categories)
    place = await managed(ask, wish.target)
    if wish.categories or wish.unread:
        return choose(ask, place, await ask.wanted(place.chat))
    was = await ask.wanted(place.chat)
    if was.state is not SubscriptionState.OFF:
        await ask.change(place.chat, lambda known: _switched(ask, known, SubscriptionState.OFF))
    return Reply(
        template="unsubscribed",
        values={"chat": place.title, "was_on": was.state is not SubscriptionState.OFF},
        buttons=((key("come_back", place.press("subscribe")),),),
    )


def _switched(ask: Ask, subscription: Subscription, state: SubscriptionState) -> Subscription:
    if subscription.state is state:
        return subscription
    return replace(subscription, state=state, since=ask.now, reason="")


def _after(place: Place, following: Coming) -> Rows:
    more = (key("settings", place.press("settings")), key("categories", place.press("categories")))
    if following.missed and not place.elsewhere:
        return ((key("read_today", "+today"),), more)
    return (more,)
