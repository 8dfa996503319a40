"""Help, and words that are no command."""

from bot.commands import words
from bot.commands.archive import day
from bot.commands.ask import Ask
from bot.commands.category import category
from bot.commands.keys import key
from bot.commands.search import results
from bot.commands.week import week
from bot.errors import BadCommand
from bot.models import Button, ChatKind, Reply

OFFERED = frozenset({"subscribe", "unsubscribe"})
"""Commands that change something as soon as they are named, and so only where they are named as commands."""


async def help_(ask: Ask) -> Reply:
    """List what can be asked."""
    values = {"unknown": "", "operates": _operates_here(ask)}
    return Reply(template="help", values=values, buttons=((_today(), key("settings", "settings")),))


async def offer(ask: Ask) -> Reply:
    """Offer, by its button, the command that was named without a slash (`offer unsubscribe`)."""
    if ask.words not in OFFERED:
        return await unknown_command(ask)
    return Reply(template="offer", values={"name": ask.words}, buttons=((key(ask.words, ask.words),),))


async def unknown_command(ask: Ask) -> Reply:
    """Say that there is no such command, and list those there are; nothing of what may be another bot's.

    What an old button asks leaves its screen.
    """
    if not ask.command.addressed:
        return Reply(template="silence")
    values = {"unknown": ask.command.name[:32], "operates": _operates_here(ask)}
    return Reply(template="help", values=values, private=ask.command.in_place)


async def in_channel(_: Ask) -> Reply:
    """Answer nothing that all readers of a channel would be sent: anyone may press the buttons under a post."""
    return Reply(template="in_channel", private=True)


async def plain(ask: Ask) -> Reply:
    """Answer words that read as a week, a day or a category, or that find something; to all others say how to ask."""
    try:
        if words.asks_for_week(ask.words, ask.today, ask.categories):
            return await week(ask)
        question = await ask.question()
    except BadCommand as error:
        return Reply(template=error.template, values=error.values)
    if ask.words and not question.unread:
        return await (category if question.categories and not question.day else day)(ask)
    if found := await results(ask):
        return found
    return Reply(template="hint", buttons=((_today(), key("categories", "categories"), key("help", "help")),))


def _operates_here(ask: Ask) -> bool:
    return ask.operates and ask.command.chat.kind is ChatKind.PRIVATE


def _today() -> Button:
    return key("today", "today")
