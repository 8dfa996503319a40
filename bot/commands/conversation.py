"""A conversation: a command comes in, its answer goes out by the same adapter, before any push."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

import structlog

from bot.commands.handle import Commands
from bot.commands.sharing import Offer
from bot.contract import Adapter, ChatEvent, EventKind, Suggest, Suggestion
from bot.errors import ChatGone, DeliveryError, RateLimited, Rejected, StoreError
from bot.models import Category, Command, Part, Reply
from bot.pacing import Lane, Pacer
from bot.render import Renderer
from bot.store import Store

log = structlog.get_logger()

_SORRY = Reply(template="try_again", private=True)
_LABEL = 100
"""Characters of a suggestion's label, as the contract says."""
_REASONS = {EventKind.BLOCKED: "the reader blocked the bot", EventKind.KICKED: "the bot was removed from the chat"}


class Conversation:
    """Listens to one account."""

    def __init__(
        self,
        *,
        store: Store,
        commands: Commands,
        renderer: Renderer,
        adapter: Adapter,
        pacer: Pacer,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._commands = commands
        self._renderer = renderer
        self._adapter = adapter
        self._pacer = pacer
        self._clock = clock

    async def on_command(self, command: Command) -> None:
        """Answer a command. What goes wrong on the way out is logged: nobody is there to be told."""
        try:
            reply, parts = await self._answer(command)
            await self._respond(command, parts, private=reply.private)
        except ChatGone as error:
            await self._store.subscriptions.pause(command.chat, str(error), self._clock())
        except (DeliveryError, StoreError) as error:
            log.warning("no answer sent", command=command.name, kind=type(error).__name__, reason=str(error))

    async def on_suggest(self, suggest: Suggest) -> tuple[Suggestion, ...]:
        """Return what somebody who is typing could mean; nothing while the store can't be asked."""
        try:
            return await (self._offered(suggest) if suggest.shared else self._commands.suggest(suggest))
        except StoreError as error:
            log.warning("no suggestions", option=suggest.option, reason=str(error))
            return ()

    async def on_chat_event(self, event: ChatEvent) -> None:
        """Pause, resume or move what the chat has subscribed to."""
        log.info("chat event", kind=event.kind, chat=event.chat.address)
        match event.kind:
            case EventKind.BLOCKED | EventKind.KICKED:
                await self._store.subscriptions.pause(event.chat, _REASONS[event.kind], self._clock())
            case EventKind.BACK | EventKind.JOINED:
                await self._store.subscriptions.resume(event.chat, self._clock())
            case EventKind.MIGRATED if event.moved_to:
                await self._store.subscriptions.move(event.chat, event.moved_to, self._clock())

    async def _offered(self, suggest: Suggest) -> tuple[Suggestion, ...]:
        offers = await self._commands.offer(suggest)
        language, categories = await asyncio.gather(self._commands.language(suggest), self._store.categories.all())
        return tuple(self._suggestion(offer, language, categories) for offer in offers)

    def _suggestion(self, offer: Offer, language: str, categories: Sequence[Category]) -> Suggestion:
        """Return an item with the message that says most of it: one is all that can be shared."""
        described = {"day": offer.day, "extract": offer.extract}
        dialect = self._adapter.dialect
        lengths = (self._renderer.edition(one, dialect, language, categories=categories) for one in offer.editions)
        parts = next((parts for parts in lengths if len(parts) == 1), None)
        shortest = parts or self._renderer.edition(offer.editions[-1], dialect, language, categories=categories)
        return Suggestion(
            label=offer.item.title[:_LABEL],
            value=f"{offer.day}/{offer.item.number}",
            description=self._renderer.phrase("phrases", "offered", language, values=described),
            part=shortest[0],
            after=offer.after,
        )

    async def _answer(self, command: Command) -> tuple[Reply, tuple[Part, ...]]:
        try:
            reply = await self._commands.handle(command, self._adapter)
            language, categories = await asyncio.gather(self._commands.language(command), self._store.categories.all())
        except StoreError as error:
            log.error("store unavailable", reason=str(error))
            reply, language, categories = _SORRY, self._commands.spoken(command.locale), ()
        return reply, self._renderer.reply(reply, self._adapter.dialect, language, categories=categories)

    async def _respond(self, command: Command, parts: tuple[Part, ...], *, private: bool) -> None:
        """Send part by part, each in its turn; only the first can take the place of the pressed message."""
        for part in parts:
            await self._respond_once(command, part, private=private)
            command = replace(command, in_place=False)

    async def _respond_once(self, command: Command, part: Part, *, private: bool) -> None:
        """Answer, once more after a flood wait, and without markup where the platform can't read ours."""
        try:
            await self._in_turn(command, part, private=private)
        except RateLimited as error:
            if self._adapter.pace.answers_are_free:
                await asyncio.sleep(error.retry_after)
            else:
                self._pacer.refused(command.chat, error)
            await self._in_turn(command, part, private=private)
        except Rejected as error:
            log.error("markup rejected", command=command.name, reason=str(error))
            dialect = self._adapter.dialect
            plain = replace(part, markup=str(dialect.escape(dialect.plain(part.markup))))
            await self._in_turn(command, plain, private=private)

    async def _in_turn(self, command: Command, part: Part, *, private: bool) -> None:
        if self._adapter.pace.answers_are_free:
            await self._adapter.respond(command, (part,), private=private)
            return
        async with self._pacer.turn(command.chat, Lane.REPLY):
            await self._adapter.respond(command, (part,), private=private)
