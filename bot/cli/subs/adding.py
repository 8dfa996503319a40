"""`digestbot subs add`: a group of WeCom subscribes by its robot's key."""

import secrets
from dataclasses import replace
from typing import Annotated

import typer

from adapters.wecom import WecomDialect
from bot import config
from bot.app import House, house
from bot.cli import terminal
from bot.cli.subs import options
from bot.cli.waiting import finish, warn_unattended
from bot.config import Settings
from bot.masking import tail
from bot.models import Chat, ChatKind, Format, Slot, Subscription
from bot.store import Entry


@options.wished
def add(
    platform: Annotated[
        str, typer.Argument(metavar="PLATFORM", help="**wecom**; elsewhere chats subscribe by themselves.")
    ],
    wish: options.Wish,
    *,
    key: options.NeededKey,
) -> None:
    """Subscribe a WeCom group by the key of its robot, as first sentences unless **--format** says otherwise.

    It gets every digest that falls due from now on. The key is kept in the database, and shown by its last four
    letters only.
    """
    if platform != WecomDialect.platform:
        message = "only wecom can be added here; on other platforms a chat subscribes by telling the bot /subscribe"
        raise typer.BadParameter(message, param_hint="PLATFORM")
    finish(_add(config.read(), replace(wish, key=key)))


async def _add(settings: Settings, wish: options.Wish) -> None:
    async with house(settings) as at:
        new = options.applied(wish, _usual(at), await at.store.categories.all(), at.clock())
        await refuse_known_key(at, new)
        await at.store.subscriptions.put(new)
        entry = await at.store.roster.find(new.chat)
        if entry:
            say_added(entry)
        await warn_unattended(at)


def _usual(at: House) -> Subscription:
    """Return what a group gets that says nothing else; the address is ours, since the key must not be one."""
    return Subscription(
        chat=Chat(platform=WecomDialect.platform, address=f"r-{secrets.token_hex(4)}", kind=ChatKind.GROUP),
        slot=Slot(zone=at.settings.zone, at=at.settings.send_at),
        format=Format.BRIEF,
        language=at.settings.language,
        since=at.clock(),
    )


async def refuse_known_key(at: House, subscription: Subscription) -> None:
    """Raise typer.BadParameter when another chat has the key already: its robot would speak twice."""
    chat = subscription.chat
    if chat.credential is None:
        return
    known = await at.store.roster.by_credential(chat.platform, chat.credential.get_secret_value())
    if known and known.subscription.chat != chat:
        message = f"that robot is subscribed already, as number {known.number}: digestbot subs edit {known.number}"
        raise typer.BadParameter(message, param_hint="--key")


def say_added(entry: Entry) -> None:
    """Print the number and how to try it."""
    chat = entry.subscription.chat
    title = f" ({chat.title})" if chat.title else ""
    terminal.say(
        f"Subscribed as number {entry.number}: {chat.platform} {chat.address}{title}, "
        f"key {tail(chat.credential)}, {entry.subscription.slot.at:%H:%M} {entry.subscription.slot.zone}."
    )
    terminal.note(f"To see whether it works: digestbot subs test {entry.number}")
