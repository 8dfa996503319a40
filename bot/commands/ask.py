"""What every command is given, and how its answer names a chat."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.commands import words
from bot.commands.words import Question
from bot.config import Settings
from bot.contract import Dialect
from bot.errors import BadCommand
from bot.models import Actor, Category, Chat, Command, Format, Slot, Subscription, SubscriptionState
from bot.schedule import still_away
from bot.sorting import Sorter
from bot.store import Store


class Refused(BadCommand):
    """The actor may not do this; the answer is for them alone."""


class Gate(Protocol):
    """The part of an Adapter that knows who manages which chat, and what its platform can do."""

    @property
    def dialect(self) -> Dialect:
        """How the platform looks, and what it can do."""

    async def may_manage(self, chat: Chat, actor: Actor) -> bool:
        """Tell whether `actor` may change the subscription of `chat`."""

    async def find_chat(self, name: str) -> Chat:
        """Return the chat called `name` (`@channel` or an address). Raises ChatGone if the bot can't see it."""


@dataclass(frozen=True, kw_only=True)
class Ask:
    """A command with all it takes to answer it. `subscription` is that of its chat, switched on or not.

    `turn` is held while a subscription is changed, so that two presses at once both count.
    """

    command: Command
    store: Store
    gate: Gate
    settings: Settings
    now: datetime
    categories: tuple[Category, ...]
    sorter: Sorter
    language: str
    subscription: Subscription | None
    turn: asyncio.Lock

    @property
    def words(self) -> str:
        """What was typed behind the command's name."""
        return self.command.words.strip()

    @property
    def today(self) -> date:
        """The date where the chat is."""
        zone = self.subscription.slot.zone if self.subscription else self.settings.zone
        return self.now.astimezone(ZoneInfo(zone)).date()

    @property
    def who(self) -> str:
        """The actor, as what they decide is signed: `telegram:12345`."""
        return f"{self.command.chat.platform}:{self.command.actor.address}"

    @property
    def operates(self) -> bool:
        """Whether the actor is one of the operators."""
        return (self.command.chat.platform, self.command.actor.address) in self.settings.admins

    @property
    def chosen(self) -> frozenset[str]:
        """The slugs the chat has chosen; none means all."""
        return self.subscription.categories if self.subscription else frozenset()

    @property
    def format(self) -> Format:
        """How much of each item the chat wants."""
        return self.subscription.format if self.subscription else Format.FULL

    async def question(self) -> Question:
        """Return what the words ask of the archive.

        Where it is still the day before, a digest that is out already can be read all the same. Raises BadCommand.
        """
        try:
            return words.read_question(self.words, self.today, self.categories)
        except BadCommand as error:
            day = error.values.get("day")
            if not isinstance(day, date) or not await self.store.digests.publications([day]):
                raise
            return words.read_question(self.words, self.today, self.categories, last=day)

    def away(self, subscription: Subscription) -> date | None:
        """Return the day an absence ends; None when there is none, or it is over where the subscription is."""
        today = self.now.astimezone(ZoneInfo(subscription.slot.zone)).date()
        return still_away(subscription.away_until, today)

    async def wanted(self, chat: Chat) -> Subscription:
        """Return the subscription of `chat`, or what a new one would be: switched off, with the usual settings."""
        known = self.subscription if chat == self.command.chat else await self.store.subscriptions.get(chat)
        return known or Subscription(
            chat=chat,
            slot=Slot(zone=self.settings.zone, at=self.settings.send_at),
            language=self.language,
            state=SubscriptionState.OFF,
            since=self.now,
        )

    async def change(self, chat: Chat, amend: Callable[[Subscription], Subscription]) -> Subscription:
        """Store the subscription of `chat` as amended, and return it."""
        async with self.turn:
            known = await self.store.subscriptions.get(chat)
            amended = replace(amend(known or await self.wanted(chat)), chat=chat)
            if amended != known:
                await self.store.subscriptions.put(amended)
        return amended
