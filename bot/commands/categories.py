"""Which categories a chat wants: buttons that tick and untick."""

from collections.abc import Collection
from dataclasses import replace

from bot.commands import words
from bot.commands.ask import Ask
from bot.commands.keys import MOST_CATEGORIES, key, rows, unknown
from bot.commands.places import Place, managed, readable
from bot.commands.spelling import granting
from bot.commands.words import Wish
from bot.models import Category, Reply, Subscription, SubscriptionState


async def categories(ask: Ask) -> Reply:
    """Show the categories as buttons; named ones (`/categories 芯片技术`) become the choice."""
    wish = words.read_choice(ask.words, ask.categories)
    chosen = wish.categories
    if chosen is None and not wish.unread:
        place = await readable(ask, wish.target)
        return choose(ask, place, await ask.wanted(place.chat))
    place = await managed(ask, wish.target)
    if chosen is None or wish.unread:
        return _unread(ask, place, wish)
    return choose(ask, place, await ask.change(place.chat, lambda known: replace(known, categories=chosen)))


def _unread(ask: Ask, place: Place, wish: Wish) -> Reply:
    """Say what is no category: words that mean nothing, or a setting that has a command of its own."""
    is_setting = not words.read_wish(" ".join(wish.unread), ask.categories, ask.today).unread
    template = "only_categories" if is_setting else "unknown_category"
    return unknown(ask, wish.unread, granting("categories", wish, place), template, tail=place.tail)


async def pick(ask: Ask) -> Reply:
    """Add categories to the choice, or choose all (`pick all`). Picking twice is picking once."""
    return await _tick(ask, add=True)


async def drop(ask: Ask) -> Reply:
    """Take categories out of the choice; when the last one goes, it is all of them again."""
    return await _tick(ask, add=False)


async def _tick(ask: Ask, *, add: bool) -> Reply:
    wish = words.read_choice(ask.words, ask.categories)
    place = await managed(ask, wish.target)
    if wish.categories is None:
        return choose(ask, place, await ask.wanted(place.chat))
    named = wish.categories

    def ticked(known: Subscription) -> Subscription:
        if not named:
            return replace(known, categories=frozenset())
        return replace(known, categories=known.categories | named if add else known.categories - named)

    return choose(ask, place, await ask.change(place.chat, ticked))


def choose(ask: Ask, place: Place, subscription: Subscription) -> Reply:
    """Return the categories as buttons, the chosen ones ticked."""
    chosen = subscription.categories
    shown = most_wanted(ask.categories, chosen)
    keys = [
        key(
            "category",
            place.press(f"{'drop' if category.slug in chosen else 'pick'} {category.slug}"),
            on=category.slug in chosen,
            option=category.slug,
            slug=category.slug,
        )
        for category in shown
    ]
    everything = (key("all_categories", place.press("pick all"), on=not chosen),)
    off = subscription.state is not SubscriptionState.ON
    last = (key("subscribe", place.press("subscribe")),) if off else ()
    return Reply(
        template="choose_categories",
        values={
            "subscription": subscription,
            "chat": place.title,
            "tail": place.tail,
            "off": off,
            "more": len(ask.categories) - len(shown),
        },
        buttons=(everything, *rows(keys, 2), (*last, key("settings", place.press("settings")))),
        menu=place.press("categories"),
    )


def most_wanted(known: tuple[Category, ...], chosen: Collection[str]) -> tuple[Category, ...]:
    """Return as many categories as there are buttons for, the chosen ones among them, in their usual order."""
    if len(known) <= MOST_CATEGORIES:
        return known
    first = sorted(known, key=lambda category: category.slug not in chosen)[:MOST_CATEGORIES]
    return tuple(category for category in known if category in first)
