"""Forgetting a chat: what is known of it is said, and erased once that is confirmed."""

from bot.commands import words
from bot.commands.ask import Ask
from bot.commands.keys import key
from bot.commands.places import Place, managed
from bot.models import ChatKind, Reply
from bot.store import Known

_SURE = "sure"


async def forget(ask: Ask) -> Reply:
    """Say what is known of the chat and ask; the button, good for a day, erases all of it.

    In a private chat what its reader said of categories is known too: the words stay, but not whose they are.
    """
    first, _, rest = ask.words.partition(" ")
    when, _, behind = rest.partition(" ") if first == _SURE else ("", "", ask.words)
    place = await managed(ask, words.read_wish(behind, ask.categories, ask.today).target)
    if when == str(ask.today):
        return await _erased(ask, place)
    known = await ask.store.subscriptions.known(place.chat)
    signed = await ask.store.verdicts.number(ask.who) if _is_own(place) else 0
    if known is None and not signed:
        return _forgotten(place, None, 0)
    subscription = await ask.store.subscriptions.get(place.chat)
    return Reply(
        template="forget",
        values={
            "known": known,
            "verdicts": signed,
            "since": known.first_day if known else None,
            "subscription": subscription,
            "away": ask.away(subscription) if subscription else None,
            "today": ask.today,
            "address": place.chat.address,
            "name": place.chat.title,
            "chat": place.title,
        },
        buttons=((key("forget", place.press(f"forget {_SURE} {ask.today}")),),),
    )


async def _erased(ask: Ask, place: Place) -> Reply:
    async with ask.turn:
        erased = await ask.store.subscriptions.forget(place.chat)
        unsigned = await ask.store.verdicts.forget(ask.who) if _is_own(place) else 0
    return _forgotten(place, erased, unsigned)


def _forgotten(place: Place, erased: Known | None, unsigned: int) -> Reply:
    return Reply(template="forgotten", values={"known": erased, "verdicts": unsigned, "chat": place.title})


def _is_own(place: Place) -> bool:
    return place.chat.kind is ChatKind.PRIVATE
