"""The settings screen: all that is set, and a button for each."""

from datetime import date, time

from bot.commands.ask import Ask
from bot.commands.coming import coming
from bot.commands.keys import Rows, key
from bot.commands.places import Place
from bot.commands.words import Wish
from bot.models import Button, Reply, Subscription, SubscriptionState


async def screen(ask: Ask, place: Place, subscription: Subscription, wish: Wish | None = None) -> Reply:
    """Return the settings screen; with a `wish` it says that this is saved now."""
    other = wish.hour.other if wish and wish.hour else None
    away = ask.away(subscription)
    following = await coming(ask, subscription)
    return Reply(
        template="settings",
        values={
            "subscription": subscription,
            "state": subscription.state.value,
            "away": away,
            "coming": following,
            "chat": place.title,
            "tail": place.tail,
            "saved": wish is not None,
            "other": other,
        },
        buttons=_keys(place, subscription, other=other, away=away, today=following.today),
    )


def _keys(place: Place, subscription: Subscription, *, other: time | None, away: date | None, today: date) -> Rows:
    slot = subscription.slot
    on, off = (subscription.state is state for state in (SubscriptionState.ON, SubscriptionState.OFF))
    pause = () if off else (key("away", place.press("set away"), until=away, today=today),)
    last = key("unsubscribe", place.press("unsubscribe")) if on else key("subscribe", place.press("subscribe"))
    back = (key("back_now", place.press("settings back")),) if on and away else ()
    instead = ((key("rather", place.press(f"set at {other:%H:%M}"), at=other),),) if other else ()
    return (
        *instead,
        (
            key("hour", place.press("set at"), asks="ask_hour", at=slot.at),
            key("zone", place.press("set zone"), asks="ask_zone", name=slot.zone),
        ),
        (key("days", place.press("set days"), days=slot.days), key("categories", place.press("categories"))),
        (
            key("format", place.press("set format"), name=subscription.format.value),
            key("language", place.press("set language"), tag=subscription.language),
        ),
        (
            _switch(place, "silent", subscription.silent, on="silent", off="sound"),
            _switch(place, "weekly", subscription.weekly, on="weekly", off="no-weekly"),
        ),
        (
            _switch(place, "tells_empty", subscription.tells_empty, on="tell-empty", off="hide-empty"),
            *pause,
        ),
        (*back, last),
    )


def _switch(place: Place, label: str, now: bool, *, on: str, off: str) -> Button:  # noqa: FBT001
    """Return a button that gives the words for the other state, so that pressing it twice is pressing it once."""
    return key(label, place.press(f"settings {off if now else on}"), on=now)
