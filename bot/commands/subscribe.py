"""Subscribing, and leaving again."""

from collections.abc import Sequence
from dataclasses import replace

from bot.commands import words
from bot.commands.ask import Ask
from bot.commands.categories import choose
from bot.commands.coming import Coming, coming
from bot.commands.keys import Rows, key, shortened, unknown
from bot.commands.places import Place, managed
from bot.commands.settings import amend
from bot.commands.spelling import half_read
from bot.commands.words import Wish
from bot.models import Reply, Subscription, SubscriptionState


async def subscribe(ask: Ask) -> Reply:
    """Switch the subscription on, with what the words wish for; what they leave out stays as it was."""
    wish = words.read_wish(ask.words, ask.categories, ask.today)
    place = await managed(ask, wish.target)
    if wish.unread:
        return half_read(ask, "subscribe", wish, place)
    return await _subscribed(ask, place, wish)


async def linked(ask: Ask) -> Reply:
    """Subscribe by a link to one category, of which there may be none by that name any more."""
    wish = words.read_wish(ask.words, ask.categories, ask.today)
    place = await managed(ask, None)
    if not wish.categories or wish.unread:
        typed = ask.words.removeprefix(words.START_PREFIX).split()
        return unknown(ask, typed, lambda near: f"start {words.START_PREFIX}{near.slug}")
    return await _subscribed(ask, place, wish, linked=min(wish.categories))


async def _subscribed(ask: Ask, place: Place, wish: Wish, *, linked: str = "") -> Reply:
    """Switch it on; who subscribes wants it now, so that an absence is over unless one is wished for."""
    kept = wish == Wish(target=wish.target, away_until=wish.away_until)
    wish = wish if wish.away_until else replace(wish, away_until=words.BACK)
    was = await ask.wanted(place.chat)

    def switched(known: Subscription) -> Subscription:
        wished = replace(wish, categories=_joined(known, linked)) if linked else wish
        return _switched(ask, amend(known, wished, ask.now), SubscriptionState.ON)

    subscription = await ask.change(place.chat, switched)
    following = await coming(ask, subscription)
    gets_all = linked if linked not in subscription.categories else ""
    return Reply(
        template="subscribed",
        values={
            "subscription": subscription,
            "coming": following,
            "chat": place.title,
            "tail": place.tail,
            "back": was.state is SubscriptionState.PAUSED,
            "kept": kept,
            "other": wish.hour.other if wish.hour else None,
            "linked": gets_all,
        },
        buttons=(*_only(gets_all), *_after(place, following)),
    )


def _joined(known: Subscription, slug: str) -> frozenset[str]:
    """Return the choice that a link to `slug` makes: a link adds, and takes nothing from who gets everything."""
    gets_all = known.state is not SubscriptionState.OFF and not known.categories
    return known.categories if gets_all else known.categories | {slug}


def _only(slug: str) -> Rows:
    return ((key("only", f"categories {slug}", slug=slug),),) if slug else ()


async def unsubscribe(ask: Ask) -> Reply:
    """Switch the subscription off; its settings stay. Named categories alone are a matter of choosing.

    Other words may mean a part of it, such as the week: they change nothing, and the button is for who meant all.
    """
    wish = words.read_choice(ask.words, ask.categories)
    place = await managed(ask, wish.target)
    if wish.unread:
        return _unsure(place, wish.unread)
    if wish.categories:
        return choose(ask, place, await ask.wanted(place.chat))
    was = await ask.wanted(place.chat)
    if was.state is not SubscriptionState.OFF:
        await ask.change(place.chat, lambda known: _switched(ask, known, SubscriptionState.OFF))
    return Reply(
        template="unsubscribed",
        values={"chat": place.title, "was_on": was.state is not SubscriptionState.OFF},
        buttons=((key("come_back", place.press("subscribe")),),),
    )


def _unsure(place: Place, unread: Sequence[str]) -> Reply:
    more = (key("settings", place.press("settings")), key("categories", place.press("categories")))
    values = {"typed": shortened(unread), "chat": place.title}
    return Reply(template="unsure", values=values, buttons=((key("unsubscribe", place.press("unsubscribe")),), more))


def _switched(ask: Ask, subscription: Subscription, state: SubscriptionState) -> Subscription:
    if subscription.state is state:
        return subscription
    return replace(subscription, state=state, since=ask.now, reason="", absent=False)


def _after(place: Place, following: Coming) -> Rows:
    more = (key("settings", place.press("settings")), key("categories", place.press("categories")))
    if following.missed and not place.elsewhere:
        return ((key("read_today", "+today"),), more)
    return (more,)
