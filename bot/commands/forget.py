"""Forgetting a chat: what is known of it is said, and erased once that is confirmed."""

from bot.commands import words
from bot.commands.ask import Ask
from bot.commands.keys import key
from bot.commands.places import managed
from bot.models import ChatKind, Reply

_SURE = "sure"


async def forget(ask: Ask) -> Reply:
    """Say what is known of the chat and ask; the button, good for a day, erases all of it."""
    first, _, rest = ask.words.partition(" ")
    when, _, behind = rest.partition(" ") if first == _SURE else ("", "", ask.words)
    place = await managed(ask, words.read_wish(behind, ask.categories, ask.today).target)
    subscriptions = ask.store.subscriptions
    if when == str(ask.today):
        async with ask.turn:
            erased = await subscriptions.forget(place.chat)
            if place.chat.kind is ChatKind.PRIVATE:
                await ask.store.verdicts.forget(ask.who)
        return Reply(template="forgotten", values={"known": erased, "chat": place.title})
    known = await subscriptions.known(place.chat)
    if known is None:
        return Reply(template="forgotten", values={"known": None, "chat": place.title})
    subscription = await subscriptions.get(place.chat)
    return Reply(
        template="forget",
        values={
            "known": known,
            "since": known.first_day,
            "subscription": subscription,
            "away": ask.away(subscription) if subscription else None,
            "address": place.chat.address,
            "name": place.chat.title,
            "chat": place.title,
        },
        buttons=((key("forget", place.press(f"forget {_SURE} {ask.today}")),),),
    )
