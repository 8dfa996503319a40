"""From a command to its reply."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.categories import find
from bot.commands.archive import day, days, today, yesterday
from bot.commands.ask import Ask, Gate, Refused
from bot.commands.categories import categories, drop, pick
from bot.commands.category import category
from bot.commands.forget import forget
from bot.commands.menu import spoken_names
from bot.commands.operate import OPERATE
from bot.commands.plain import OFFERED, help_, in_channel, offer, plain, unknown_command
from bot.commands.search import item, search
from bot.commands.settings import here, set_one, settings
from bot.commands.sharing import Offer, Sharing
from bot.commands.start import start
from bot.commands.subscribe import subscribe, unsubscribe
from bot.commands.suggest import Suggestions
from bot.commands.week import week
from bot.commands.words import even
from bot.config import Settings
from bot.contract import Suggest, Suggestion
from bot.errors import BadCommand
from bot.models import Category, ChatKind, Command, Reply
from bot.sorting import Sorter
from bot.store import Store

Handler = Callable[[Ask], Awaitable[Reply]]

HANDLERS: Mapping[str, Handler] = {
    "": plain,
    "start": start,
    "subscribe": subscribe,
    "unsubscribe": unsubscribe,
    "settings": settings,
    "set": set_one,
    "here": here,
    "categories": categories,
    "pick": pick,
    "drop": drop,
    "today": today,
    "yesterday": yesterday,
    "day": day,
    "days": days,
    "category": category,
    "search": search,
    "item": item,
    "week": week,
    "forget": forget,
    "help": help_,
    "offer": offer,
    **OPERATE,
}


class Commands:
    """Answers what readers ask, whatever the platform. `clock` gives the time, aware, in UTC."""

    def __init__(self, store: Store, settings: Settings, clock: Callable[[], datetime], sorter: Sorter) -> None:
        self._store = store
        self._sorter = sorter
        self._settings = settings
        self._clock = clock
        self._turn = asyncio.Lock()
        self._names = spoken_names()
        self._suggestions = Suggestions(store, settings, clock)
        self._sharing = Sharing(store, settings, clock)

    async def handle(self, command: Command, gate: Gate) -> Reply:
        """Return the answer to any command, wrong ones included. Raises StoreError alone."""
        subscription = await self._store.subscriptions.get(command.chat)
        categories = await self._store.categories.all()
        meant = self._meant(command, categories)
        ask = Ask(
            command=meant,
            store=self._store,
            gate=gate,
            settings=self._settings,
            now=self._clock(),
            categories=categories,
            sorter=self._sorter,
            language=subscription.language if subscription else self.spoken(command.locale),
            subscription=subscription,
            turn=self._turn,
        )
        try:
            return await _handler(meant)(ask)
        except BadCommand as error:
            return _explained(error, command)

    def _meant(self, command: Command, categories: Sequence[Category]) -> Command:
        """Return the command whose name is all that was said, without a slash; any other as it is."""
        name = None if command.name else self._names.get(even(command.words).rstrip("!.。"))
        if name is None or find(command.words, categories):
            return command
        return replace(command, name="offer", words=name) if name in OFFERED else replace(command, name=name, words="")

    async def suggest(self, suggest: Suggest) -> tuple[Suggestion, ...]:
        """Return what somebody who is typing could mean. Raises StoreError."""
        return await self._suggestions.of(suggest)

    async def offer(self, suggest: Suggest) -> tuple[Offer, ...]:
        """Return what somebody could share. Raises StoreError."""
        return await self._sharing.of(suggest)

    async def language(self, command: Command | Suggest) -> str:
        """Return the language to answer in: the chat's own, else that of the client, else the setting.

        Ask for it after `handle`, which may change it.
        """
        subscription = await self._store.subscriptions.get(command.chat)
        return subscription.language if subscription else self.spoken(command.locale)

    def spoken(self, locale: str) -> str:
        """Return the language for a client that speaks `locale`; the setting where it does not tell."""
        if not locale:
            return self._settings.language
        return "zh-CN" if locale.casefold().startswith("zh") else "en"


def _explained(error: BadCommand, command: Command) -> Reply:
    """Return what is wrong, for the actor alone where others need not hear it.

    So it is for who pressed a button: in place of the screen it would take that screen's buttons along.
    """
    alone = command.in_place or isinstance(error, Refused)
    return Reply(template=error.template, values=error.values, private=alone)


def _handler(command: Command) -> Handler:
    if command.chat.kind is ChatKind.CHANNEL:
        return in_channel
    return HANDLERS.get(command.name.casefold(), unknown_command)
